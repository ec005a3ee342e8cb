"""Everything one page tells of an organisation on a day, as far as the viewer may know it."""

from dataclasses import dataclass
from datetime import date

from liangxin.coverage.queries import Reason, WouldHelp, reason_for, would_help
from liangxin.insight.queries.happened import Happened, ended, happened, standing
from liangxin.insight.queries.locator import Locator, locator
from liangxin.insight.queries.next_steps import NextStep, next_steps
from liangxin.insight.queries.open_matters import OpenMatter, open_matters
from liangxin.insight.queries.timeline import Event, timeline
from liangxin.kernel.permissions import Permission, roles_with
from liangxin.kernel.viewer import Viewer
from liangxin.registry.models import (
    OrganisationVersion,
    PartyCoverage,
    PartyMembership,
    PartyOrganisationVersion,
)
from liangxin.registry.queries import in_scope, reached_versions
from liangxin.registry.queries.changes import industry_title, version_steps
from liangxin.registry.queries.organisations import (
    EDITING_ROLES,
    editable_versions,
    organisation_history,
)
from liangxin.registry.queries.party import covering_party_organisations, past_coverages
from liangxin.registry.queries.people import members_employed_by
from liangxin.registry.queries.sites import visible_streets

PEOPLE_ROLES = tuple(sorted(roles_with(Permission.SEE_PEOPLE)))


class NoSuchOrganisation(LookupError):
    """The viewer's ledger has no such organisation on that day."""


@dataclass(frozen=True, kw_only=True)
class Dossier:
    """The facts of one organisation; `members` is None where they are not the viewer's business."""

    at: date
    version: OrganisationVersion
    events: tuple[Event, ...]
    happened: Happened
    party_organisations: tuple[PartyOrganisationVersion, ...]
    reason: Reason | None
    helps: WouldHelp | None
    past_coverages: tuple[PartyCoverage, ...]
    members: tuple[PartyMembership, ...] | None
    next_steps: tuple[NextStep, ...]
    place: Locator | None
    open_version: OrganisationVersion | None
    open_matters: tuple[OpenMatter, ...]

    @property
    def industry(self) -> str:
        code = self.version.industry_code
        return industry_title(code) if code else ""

    @property
    def may_edit(self) -> bool:
        return self.open_version is not None


def organisation_dossier(viewer: Viewer, *, organisation_id: int, at: date, today: date) -> Dossier:
    """The dossier of one organisation on `at`; raises NoSuchOrganisation (also out of scope)."""
    versions = organisation_history(viewer, organisation_id=organisation_id, at=at)
    if not versions:
        raise NoSuchOrganisation(organisation_id)
    version = versions[-1]
    reason = reason_for(version, viewer=viewer, at=at)
    before = happened(viewer, organisation_id=organisation_id, at=at)
    editable = _editable(viewer, version, today=today)
    return Dossier(
        at=at,
        version=version,
        events=timeline(before, organisation_id=organisation_id, steps=version_steps(versions)),
        happened=before,
        party_organisations=_covering(viewer, before, organisation_id=organisation_id),
        reason=reason,
        helps=would_help(viewer, organisation_id=organisation_id, at=at) if reason else None,
        past_coverages=_past_coverages(before, organisation_id=organisation_id),
        members=_members(viewer, version=version, at=at),
        next_steps=next_steps(
            version,
            reason=reason,
            postings=before.postings_now,
            may_edit=editable is not None,
            at=at,
        ),
        place=_place(viewer, version, at=at),
        open_version=editable,
        open_matters=open_matters(viewer, editable, confirmation=before.confirmation, today=today)
        if editable and at == today
        else (),
    )


def _editable(
    viewer: Viewer, version: OrganisationVersion, *, today: date
) -> OrganisationVersion | None:
    """The open version, if the viewer keeps its facts."""
    if version.valid_to is not None:
        found = editable_versions(viewer, at=today)
        return found.filter(organisation_id=version.organisation_id).first()
    scope = in_scope(viewer, at=today, roles=EDITING_ROLES)
    return version if reached_versions([version.pk], scope) else None


def _covering(
    viewer: Viewer, before: Happened, *, organisation_id: int
) -> tuple[PartyOrganisationVersion, ...]:
    if not standing(before.coverages, at=before.at):
        return ()
    found = covering_party_organisations(viewer, organisation_id=organisation_id, at=before.at)
    return tuple(found)


def _past_coverages(before: Happened, *, organisation_id: int) -> tuple[PartyCoverage, ...]:
    if not ended(before.coverages, at=before.at):
        return ()
    return tuple(past_coverages(organisation_id=organisation_id, at=before.at))


def _members(
    viewer: Viewer, *, version: OrganisationVersion, at: date
) -> tuple[PartyMembership, ...] | None:
    if not reached_versions([version.pk], in_scope(viewer, at=at, roles=PEOPLE_ROLES)):
        return None
    return tuple(members_employed_by(viewer, organisation_id=version.organisation_id, at=at))


def _place(viewer: Viewer, version: OrganisationVersion, *, at: date) -> Locator | None:
    lon, lat = version.lon, version.lat
    if lon is None and version.site:
        lon, lat = version.site.lon, version.site.lat
    if lon is None or lat is None:
        return None
    return locator(list(visible_streets(viewer, at=at)), lon=lon, lat=lat, here=version.street_id)
