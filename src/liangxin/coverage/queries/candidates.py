"""What a proposal is made from: every organisation of a scope without Party organisation, sorted."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q

from liangxin.coverage.models import EstablishmentUnit
from liangxin.coverage.queries.members import MemberCount, full_members, held_elsewhere
from liangxin.coverage.queries.rules import coverage_rules, usual_base
from liangxin.coverage.queries.state import Versions, covered_state, founded_coverages
from liangxin.coverage.terms import Coverage, Standing
from liangxin.kernel.permissions import Permission, require
from liangxin.kernel.viewer import Viewer
from liangxin.registry.queries.retention import years_before
from liangxin.registry.queries.rules import rule_at

DIVISION = 2  # an industry's first two digits: its division (大类) in GB/T 4754
NOBODY = MemberCount()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedOrganisation:
    """What the planner knows of one organisation; `lon` and `lat` are its own, else its site's."""

    organisation_id: int
    name: str
    street_id: int | None
    site_id: int | None
    site_name: str
    industry_code: str
    lon: float | None
    lat: float | None
    members: int
    to_transfer: int
    is_reached_by_work: bool
    has_meeting_room: bool | None = None  # None: not told
    # Whether a full member is long enough in the Party, as far as is told.
    has_secretary_candidate: bool = True

    @property
    def has_position(self) -> bool:
        return self.lon is not None and self.lat is not None


@dataclass(frozen=True, kw_only=True)
class Candidates:
    """A scope on a day: who may be grouped, who is to be attached, and counts of everybody else.

    `to_group` have 1 to `min_members` - 1 full members, `to_attach` none and no work coverage either.
    """

    to_group: tuple[PlannedOrganisation, ...]
    to_attach: tuple[PlannedOrganisation, ...]
    base: int
    covered: int
    either: int
    own_branch: int
    already_adopted: int
    counts_joint: bool  # whether a joint branch counts as organisation coverage in this district
    work_means: tuple[str, ...]  # what counts as work coverage in this district


def candidates(
    viewer: Viewer, *, at: date, street_ids: Iterable[int] = (), min_members: int
) -> Candidates:
    """Sort the viewer's organisations on `at`, those of `street_ids` (empty: all), for planning.

    Everything is counted over the base that the district counts coverage by. Raises NotAllowed.
    """
    require(viewer, Permission.PLAN_BRANCHES)
    found = in_streets(covered_state(viewer, at=at, base=usual_base(at)), street_ids)
    found = found.filter(standing=Standing.IN_BASE).order_by()
    without = planned_organisations(found.filter(without_party(at)), at=at)
    adopted = _in_open_establishments()
    counts = {
        row["coverage"]: row["number"]
        for row in found.values("coverage").annotate(number=Count("pk"))
    }
    covered = counts.get(Coverage.SINGLE, 0) + counts.get(Coverage.JOINT, 0)
    free = [one for one in without if one.organisation_id not in adopted]
    rules = coverage_rules(at)
    return Candidates(
        to_group=tuple(one for one in free if 1 <= one.members < min_members),
        to_attach=tuple(one for one in free if not one.members and not one.is_reached_by_work),
        base=sum(counts.values()),
        covered=covered,
        either=covered + counts.get(Coverage.WORK, 0),
        own_branch=sum(one.members >= min_members for one in free),
        already_adopted=len(without) - len(free),
        counts_joint="joint" in rules.numerator,
        work_means=rules.work_means,
    )


def in_streets(found: Versions, street_ids: Iterable[int]) -> Versions:
    """The versions in some streets; all of them where no street is named."""
    keys = tuple(street_ids)
    return found.filter(street_id__in=keys) if keys else found


def without_party(at: date) -> Q:
    """A condition on stated versions: no Party organisation stands, however the district counts."""
    # A district that counts single branches only still has no use for a second joint one.
    founded = founded_coverages(at).values("organisation_id")
    return Q(coverage__in=(Coverage.WORK, Coverage.NONE)) & ~Q(organisation_id__in=founded)


def planned_organisations(
    found: Versions, *, at: date, among: Q | None = None
) -> list[PlannedOrganisation]:
    """Stated versions as the planner takes them, by organisation; five queries whatever their number.

    `among` is a condition on employments: without it the members of the whole district are counted.
    """
    counts = member_counts(at, among=among)
    leading = _with_secretary_candidate(at, among=among)
    rows = found.order_by("organisation_id").values_list(
        "organisation_id",
        "name",
        "street_id",
        "site_id",
        "site__name",
        "industry_code",
        "lon",
        "lat",
        "site__lon",
        "site__lat",
        "coverage",
        "has_meeting_room",
    )
    return [_planned(row, counts, leading) for row in rows.iterator(chunk_size=5000)]


def member_counts(at: date, *, among: Q | None = None) -> dict[int, MemberCount]:
    """Full members on `at` by organisation that has any; `among` is a condition on employments."""
    employed = full_members(at).filter(among or Q())
    counts = _counted(employed)
    away = _counted(employed.filter(held_elsewhere(at)))
    return {key: MemberCount(full, away.get(key, 0)) for key, full in counts.items()}


def _with_secretary_candidate(at: date, *, among: Q | None) -> frozenset[int]:
    """Organisations with a full member who has been one as long as a secretary generally should."""
    years = rule_at("branch.secretary_min_years", at=at).value
    since = years_before(at, years=int(str(years)))
    employed = full_members(at, since=since).filter(among or Q())
    return frozenset(employed.values_list("organisation_id", flat=True).distinct())


def _counted(employed: Versions) -> dict[int, int]:
    rows = employed.values("organisation_id").annotate(number=Count("person_id", distinct=True))
    return dict(rows.values_list("organisation_id", "number"))


def _in_open_establishments() -> frozenset[int]:
    opened = EstablishmentUnit.objects.filter(is_open=True).order_by()
    return frozenset(opened.values_list("organisation_id", flat=True))


def _planned(
    row: tuple[Any, ...], counts: dict[int, MemberCount], leading: frozenset[int]
) -> PlannedOrganisation:
    key, name, street, site, site_name, industry, lon, lat, site_lon, site_lat, coverage, room = row
    count = counts.get(key, NOBODY)
    return PlannedOrganisation(
        organisation_id=key,
        name=name,
        street_id=street,
        site_id=site,
        site_name=site_name or "",
        industry_code=industry,
        lon=site_lon if lon is None else lon,
        lat=site_lat if lon is None else lat,
        members=count.full,
        to_transfer=count.elsewhere,
        is_reached_by_work=coverage == Coverage.WORK,
        has_meeting_room=room,
        # Of a firm without members nobody lacks years: whoever joins it may bring them.
        has_secretary_candidate=key in leading or not count.full,
    )


def division(industry_code: str) -> int | None:
    """The division (大类) of an industry's code as a number; None where only the section is known."""
    first = industry_code[:DIVISION]
    return int(first) if len(first) == DIVISION and first.isdecimal() else None
