"""Everything one page tells of an organisation on a day, as far as the viewer may know it."""

from dataclasses import dataclass
from datetime import date

from liangxin.coverage.queries import Reason, WouldHelp, reason_for, would_help
from liangxin.insight.queries.locator import Locator, locator
from liangxin.insight.queries.next_steps import NextStep, next_steps
from liangxin.insight.queries.open_matters import OpenMatter, open_matters
from liangxin.insight.queries.timeline import Event, timeline
from liangxin.kernel.models import AuditEntry
from liangxin.kernel.permissions import Permission, roles_with
from liangxin.kernel.viewer import Viewer
from liangxin.registry.models import (
    MassPresence,
    Merge,
    OrganisationVersion,
    PartyCoverage,
    PartyMembership,
    PartyOrganisationVersion,
    Posting,
)
from liangxin.registry.queries import in_scope
from liangxin.registry.queries.changes import industry_title, version_steps
from liangxin.registry.queries.guides import past_postings, postings_of
from liangxin.registry.queries.merged import merges_into_organisation
from liangxin.registry.queries.organisations import (
    editable_versions,
    last_confirmation,
    mass_presences,
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
    merges: tuple[Merge, ...]
    confirmation: AuditEntry | None
    party_organisations: tuple[PartyOrganisationVersion, ...]
    reason: Reason | None
    helps: WouldHelp | None
    postings: tuple[Posting, ...]
    presences: tuple[MassPresence, ...]
    past_coverages: tuple[PartyCoverage, ...]
    past_postings: tuple[Posting, ...]
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
    postings = tuple(postings_of(organisation_id=organisation_id, at=at))
    editable = editable_versions(viewer, at=today).filter(organisation_id=organisation_id).first()
    return Dossier(
        at=at,
        version=version,
        events=timeline(
            viewer, organisation_id=organisation_id, steps=version_steps(versions), at=at
        ),
        merges=tuple(merges_into_organisation(organisation_id)),
        confirmation=last_confirmation(version.organisation, at=at),
        party_organisations=tuple(
            covering_party_organisations(viewer, organisation_id=organisation_id, at=at)
        ),
        reason=reason,
        helps=would_help(viewer, organisation_id=organisation_id, at=at) if reason else None,
        postings=postings,
        presences=tuple(mass_presences(version.organisation, at=at)),
        past_coverages=tuple(past_coverages(organisation_id=organisation_id, at=at)),
        past_postings=tuple(past_postings(organisation_id=organisation_id, at=at)),
        members=_members(viewer, version=version, at=at),
        next_steps=next_steps(
            version, reason=reason, postings=postings, may_edit=editable is not None, at=at
        ),
        place=_place(viewer, version, at=at),
        open_version=editable,
        open_matters=open_matters(viewer, editable, today=today)
        if editable and at == today
        else (),
    )


def _members(
    viewer: Viewer, *, version: OrganisationVersion, at: date
) -> tuple[PartyMembership, ...] | None:
    reached = OrganisationVersion.objects.filter(
        in_scope(viewer, at=at, roles=PEOPLE_ROLES), pk=version.pk
    )
    if not reached.exists():
        return None
    return tuple(members_employed_by(viewer, organisation_id=version.organisation_id, at=at))


def _place(viewer: Viewer, version: OrganisationVersion, *, at: date) -> Locator | None:
    lon, lat = version.lon, version.lat
    if lon is None and version.site:
        lon, lat = version.site.lon, version.site.lat
    if lon is None or lat is None:
        return None
    return locator(list(visible_streets(viewer, at=at)), lon=lon, lat=lat, here=version.street_id)
