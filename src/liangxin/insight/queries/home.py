"""What each role finds on its starting page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from liangxin.accounts.queries import audit_entries, holds_no_role, users
from liangxin.coverage.queries import CoverageTable, ReasonCounts, coverage_table, reason_counts
from liangxin.coverage.queries.whose_turn import EstablishmentTasks, establishment_tasks
from liangxin.coverage.terms import Base, Grouping
from liangxin.insight.queries.leavers import leaver_counts
from liangxin.intake.models import Batch
from liangxin.intake.terms import SET_APART, BatchState
from liangxin.kernel.models import AuditEntry
from liangxin.kernel.viewer import Role, Viewer
from liangxin.registry.models import (
    MassPresence,
    Organisation,
    OrganisationVersion,
    PartyMembership,
    PartyOrganisationVersion,
    Post,
    Posting,
)
from liangxin.registry.queries import organisations_in_scope
from liangxin.registry.queries.guides import postings_of, served_organisations
from liangxin.registry.queries.organisations import mass_presences
from liangxin.registry.queries.party import (
    covered_organisations,
    covering_party_organisations,
    described_party_organisations,
    posts,
)
from liangxin.registry.queries.people import members_held_in
from liangxin.registry.queries.terms_of_office import Term, term_of_office

RECENT_BATCHES = 5
RECENT_ENTRIES = 8


@dataclass(frozen=True, kw_only=True)
class Desk:
    """The district office's or an officer's morning: both rates, what to do, where the gaps are."""

    table: CoverageTable
    to_do: ReasonCounts
    establishments: EstablishmentTasks
    leavers: int
    waiting: Sequence[Batch]
    set_apart: int
    batches: Sequence[Batch]
    is_empty: bool


def desk(viewer: Viewer, *, at: date, base: Base) -> Desk:
    """The desk over the viewer's scope; groups are streets, or sites where there is one street."""
    table = coverage_table(viewer, at=at, base=base, by=Grouping.STREET)
    is_empty = not organisations_in_scope(viewer, at=at).exists()
    if len(table.rows) <= 1:
        table = coverage_table(viewer, at=at, base=base, by=Grouping.SITE)
    own = Batch.objects.filter(created_by_id=viewer.user_id)
    waiting = list(own.filter(state=BatchState.DRY)[:RECENT_BATCHES])
    seen = Batch.objects.all() if viewer.sees_district() else own
    return Desk(
        table=table,
        to_do=reason_counts(viewer, at=at, base=base),
        establishments=establishment_tasks(viewer),
        leavers=sum(leaver_counts(viewer, at=at).values()),
        waiting=waiting,
        set_apart=sum(_set_apart(batch) for batch in waiting),
        batches=list(seen.order_by("-id")[:RECENT_BATCHES]),
        is_empty=is_empty,
    )


def _set_apart(batch: Batch) -> int:
    return sum(int(batch.counts.get(outcome, 0)) for outcome in SET_APART)


@dataclass(frozen=True, kw_only=True)
class LedOrganisation:
    """A Party organisation as its secretary needs it."""

    version: PartyOrganisationVersion
    units: Sequence[OrganisationVersion]
    members: Sequence[PartyMembership]
    posts: Sequence[Post]
    term: Term | None


def led_organisations(viewer: Viewer, *, at: date) -> Sequence[LedOrganisation]:
    """The Party organisations the viewer is secretary of, by name."""
    own = [int(scope.key) for scope in viewer.scopes(Role.SECRETARY)]
    found = described_party_organisations(viewer, at=at).filter(party_organisation_id__in=own)
    return [_led(viewer, version, at=at) for version in found]


def _led(viewer: Viewer, version: PartyOrganisationVersion, *, at: date) -> LedOrganisation:
    key = version.party_organisation_id
    held = list(posts(viewer, party_organisation_id=key, at=at))
    return LedOrganisation(
        version=version,
        units=list(covered_organisations(viewer, party_organisation_id=key, at=at)),
        members=list(members_held_in(viewer, party_organisation_id=key, at=at)),
        posts=held,
        term=term_of_office(version, held, at=at),
    )


def served_firms(viewer: Viewer, *, at: date) -> Sequence[OrganisationVersion]:
    """The firms the viewer is posted to as instructor or liaison, by name, each once."""
    firms: dict[int, OrganisationVersion] = {}
    for scope in sorted(viewer.scopes(Role.INSTRUCTOR)):
        for firm in served_organisations(viewer, person_id=int(scope.key), at=at):
            firms[firm.organisation_id] = firm
    return sorted(firms.values(), key=lambda firm: (firm.name, firm.organisation_id))


@dataclass(frozen=True, kw_only=True)
class OwnFirm:
    """A firm as its owner sees it: no member, no number of members."""

    version: OrganisationVersion
    party_organisations: Sequence[PartyOrganisationVersion]
    postings: Sequence[Posting]
    presences: Sequence[MassPresence]


def own_firms(viewer: Viewer, *, at: date) -> Sequence[OwnFirm]:
    """The organisations the viewer owns or manages, by name."""
    keys = [int(scope.key) for scope in viewer.scopes(Role.OWNER)]
    versions = (
        organisations_in_scope(viewer, at=at)
        .filter(organisation_id__in=keys)
        .select_related("organisation", "street", "site", "provenance")
        .order_by("name", "organisation_id")
    )
    return [_own_firm(version, viewer=viewer, at=at) for version in versions]


def _own_firm(version: OrganisationVersion, *, viewer: Viewer, at: date) -> OwnFirm:
    organisation: Organisation = version.organisation
    return OwnFirm(
        version=version,
        party_organisations=list(
            covering_party_organisations(viewer, organisation_id=organisation.pk, at=at)
        ),
        postings=list(postings_of(organisation_id=organisation.pk, at=at)),
        presences=list(mass_presences(organisation, at=at)),
    )


@dataclass(frozen=True, kw_only=True)
class Office:
    """The administrator's start: how the accounts stand, and what was done to them lately."""

    accounts: int
    switched_off: int
    without_role: int
    never_used: int
    recent: Sequence[AuditEntry]


def office(viewer: Viewer, *, at: date) -> Office:
    """Accounts counted, and the newest entries about them; zeros for who does not manage users."""
    found = users(viewer, at=at)
    active = found.filter(is_active=True)
    return Office(
        accounts=found.count(),
        switched_off=found.filter(is_active=False).count(),
        without_role=active.filter(holds_no_role(at=at)).count(),
        never_used=active.filter(last_login__isnull=True).count(),
        recent=list(audit_entries(viewer)[:RECENT_ENTRIES]),
    )
