"""What one page tells of a street or a site on a day: coverage, gaps, branches, guides, what is due."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from liangxin.coverage.queries import (
    CoverageRow,
    coverage_table,
    organisations_without_party,
    sliced_organisations,
)
from liangxin.coverage.terms import Base, Group, Grouping, ReasonCode, Slice
from liangxin.insight.queries.locator import Locator, locator
from liangxin.kernel.permissions import Permission, may
from liangxin.kernel.viewer import Viewer
from liangxin.registry.models import (
    Area,
    PartyCoverage,
    PartyOrganisationVersion,
    Posting,
    Site,
)
from liangxin.registry.queries import organisations_in_scope, true_at
from liangxin.registry.queries.people import members, working_at
from liangxin.registry.queries.sites import described_sites, visible_streets
from liangxin.registry.queries.terms_of_office import (
    due_condition,
    warning_months,
    with_term_since,
)
from liangxin.registry.queries.versions import party_organisation_versions
from liangxin.registry.terms import PartyKind

MOST_SITES = 8
REASONS = (ReasonCode.OWN_BRANCH, ReasonCode.JOIN, ReasonCode.GUIDE)


@dataclass(frozen=True, kw_only=True)
class Due:
    """How many committees are past their term, and how many come to its end."""

    over: int
    near: int


@dataclass(frozen=True, kw_only=True)
class PlaceState:
    """The state of one place; counts are of what the viewer may see.

    `reasons` are (code, number) of what lacks a Party organisation, `branches` (kind, number) of those
    that stand; `members` is None where they are not the viewer's business.
    """

    row: CoverageRow
    reasons: tuple[tuple[str, int], ...]
    branches: tuple[tuple[str, int], ...]
    guides: int
    served: int
    members: int | None


@dataclass(frozen=True, kw_only=True)
class StreetState:
    """A street's page: its state, the sites with the widest gaps, and the elections due."""

    state: PlaceState
    sites: tuple[tuple[CoverageRow, str], ...]
    due: Due | None


def street_rows(viewer: Viewer, *, at: date, base: Base) -> dict[str, CoverageRow]:
    """Coverage of each street by its key as text, out of the one table of the day."""
    table = coverage_table(viewer, at=at, base=base, by=Grouping.STREET)
    return {row.key: row for row in table.rows}


def street_state(viewer: Viewer, street: Area, *, at: date, base: Base) -> StreetState:
    """The page of one street; ask only for one the viewer may see."""
    branches = _standing(viewer, at=at).filter(street=street)
    state = _state(
        viewer,
        Group(Grouping.STREET, str(street.pk)),
        at=at,
        base=base,
        branches=Counter(branches.order_by().values_list("kind", flat=True)),
    )
    sites = _widest_gaps(viewer, street, at=at, base=base)
    return StreetState(state=state, sites=sites, due=_due(viewer, branches, at=at))


def site_state(viewer: Viewer, site: Site, *, at: date, base: Base) -> PlaceState:
    """The state of one site; ask only for one the viewer may see."""
    branches = site_branches(viewer, site, at=at)
    return _state(
        viewer,
        Group(Grouping.SITE, str(site.pk)),
        at=at,
        base=base,
        branches=Counter(one.kind for one in branches),
    )


def site_branches(viewer: Viewer, site: Site, *, at: date) -> Sequence[PartyOrganisationVersion]:
    """The Party organisations that stand on `at` and cover units of the site, by name."""
    units = organisations_in_scope(viewer, at=at).filter(site=site).order_by()
    covered = PartyCoverage.objects.filter(
        true_at(at), organisation_id__in=units.values("organisation_id")
    ).order_by()
    standing = _standing(viewer, at=at)
    return list(standing.filter(party_organisation_id__in=covered.values("party_organisation_id")))


def site_guides(viewer: Viewer, site: Site, *, at: date) -> Sequence[Posting]:
    """The postings to units of the site on `at`, by name of the guide, each guide once per role."""
    units = organisations_in_scope(viewer, at=at).filter(site=site).order_by()
    found = Posting.objects.filter(
        true_at(at), organisation_id__in=units.values("organisation_id")
    ).select_related("person")
    seen = {(one.person_id, one.role): one for one in found.order_by("person__name", "-pk")}
    return list(seen.values())


def site_place(viewer: Viewer, site: Site, *, at: date) -> Locator | None:
    """Where the site lies among the viewer's streets; None where its place is not known."""
    if site.lon is None or site.lat is None:
        return None
    streets = list(visible_streets(viewer, at=at))
    return locator(streets, lon=site.lon, lat=site.lat, here=site.street_id)


def _state(
    viewer: Viewer, group: Group, *, at: date, base: Base, branches: Counter[str]
) -> PlaceState:
    table = coverage_table(viewer, at=at, base=base, by=group.by)
    row = next((one for one in table.rows if one.key == group.key), None)
    kinds = [(kind, branches[kind.value]) for kind in PartyKind if branches[kind.value]]
    field = "street_id" if group.by is Grouping.STREET else "site_id"
    units = organisations_in_scope(viewer, at=at).filter(**{field: int(group.key)}).order_by()
    keys = units.values("organisation_id")
    sent = Posting.objects.filter(true_at(at), organisation_id__in=keys).order_by()
    return PlaceState(
        row=row or CoverageRow(key=group.key, title=""),
        reasons=_reasons(viewer, group, at=at, base=base),
        branches=tuple((str(kind.label), number) for kind, number in kinds),
        guides=sent.values("person_id").distinct().count(),
        served=sent.values("organisation_id").distinct().count(),
        members=_members(viewer, Q(**{field: int(group.key)}), at=at),
    )


def _reasons(viewer: Viewer, group: Group, *, at: date, base: Base) -> tuple[tuple[str, int], ...]:
    """As the lists behind them: the first two without a Party organisation, the last without anything."""
    here = Q(street_id=group.key) if group.by is Grouping.STREET else Q(site_id=group.key)
    found = []
    for reason in REASONS:
        rows = organisations_without_party(viewer, at=at, base=base, reason=reason).filter(here)
        if reason is ReasonCode.GUIDE:
            uncovered = sliced_organisations(
                viewer, at=at, base=base, which=Slice.UNCOVERED, groups=(group,)
            )
            rows = rows.filter(pk__in=uncovered.order_by().values("pk"))
        found.append((reason.value, rows.order_by().count()))
    return tuple(found)


def _members(viewer: Viewer, here: Q, *, at: date) -> int | None:
    if not may(viewer, Permission.SEE_PEOPLE):
        return None
    units = organisations_in_scope(viewer, at=at).filter(here)
    return members(viewer, at=at).filter(working_at(units, at=at)).order_by().count()


def _standing(viewer: Viewer, *, at: date) -> QuerySet[PartyOrganisationVersion]:
    return party_organisation_versions(viewer, at=at).filter(
        party_organisation__founded_date__lte=at
    )


def _widest_gaps(
    viewer: Viewer, street: Area, *, at: date, base: Base
) -> tuple[tuple[CoverageRow, str], ...]:
    keys = described_sites(viewer, at=at).filter(street=street).order_by().values_list("pk")
    own = {str(key) for (key,) in keys}
    table = coverage_table(viewer, at=at, base=base, by=Grouping.SITE)
    rows = sorted(
        (row for row in table.rows if row.key in own and row.gap),
        key=lambda row: (-row.gap, row.title),
    )
    return tuple((row, row.key) for row in rows[:MOST_SITES])


def _due(viewer: Viewer, branches: QuerySet[PartyOrganisationVersion], *, at: date) -> Due | None:
    if not may(viewer, Permission.SEE_PEOPLE):
        return None
    rows = with_term_since(branches, viewer=viewer, at=at).order_by()
    over = rows.filter(due_condition(at=at, within_months=0)).count()
    soon = rows.filter(due_condition(at=at, within_months=warning_months(at))).count()
    return Due(over=over, near=soon - over)
