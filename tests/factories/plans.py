"""Candidates in the ledger, and proposals of joint branches as the planner would have stored them."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date

from django.utils import timezone

from liangxin.coverage.actions.adoption import adopt_groups
from liangxin.coverage.models import (
    BranchProposal,
    Establishment,
    LeftOutOrganisation,
    ProposedAttachment,
    ProposedGroup,
    ProposedUnit,
)
from liangxin.coverage.queries.members import member_count, with_full_members
from liangxin.coverage.terms import (
    AttachmentKind,
    GroupMode,
    LeftOutCode,
    PlanParameters,
    ProposalFigures,
    ProposalState,
)
from liangxin.kernel.models import User
from liangxin.kernel.viewer import SYSTEM, Viewer
from liangxin.registry.models import (
    Area,
    OrganisationVersion,
    PartyOrganisation,
    Person,
    Site,
)
from liangxin.standards.coordinates import distance_m
from tests.factories import registry

DAY = date(2026, 6, 1)
ADOPTED = date(2026, 6, 2)
LON, LAT = 117.2, 31.8  # where candidates stand unless told
DEGREES_A_METRE = 1 / 111_195  # northwards
PARAMETERS = PlanParameters(
    street_radius_m=1000.0,
    industry_radius_m=3000.0,
    left_out_mm=20000.0,
    min_members=3,
    max_members=50,
    max_units=5,
    largest_units=5,
    extra_unit_mm=2000.0,
    attachment_radius_m=3000.0,
    branch_places=10,
    instructor_places=3,
)
FIGURES = ProposalFigures(
    base=100,
    covered_before=40,
    covered_after=46,
    either_before=60,
    either_after=70,
    candidates=8,
    groups=2,
    joined_units=6,
    members=9,
    to_transfer=3,
    left_out=2,
    own_branch=1,
    already_adopted=0,
    without_members=20,
    attached=10,
    unattached=10,
)


def make_candidate(
    *,
    street: Area | None = None,
    site: Site | None = None,
    members: int = 1,
    elsewhere: int = 0,
    north_m: float = 0.0,
    name: str = "",
    industry_code: str = "",
) -> OrganisationVersion:
    """An operating company with full members in the ledger, `elsewhere` of them not held in it.

    It stands `north_m` metres north of a fixed point, or where its site stands if that has a position.
    """
    facts: dict[str, object] = {"site": site, "industry_code": industry_code}
    if site is None or site.lon is None:
        facts |= {"lon": LON, "lat": LAT + north_m * DEGREES_A_METRE}
    if street or not site:
        facts["street"] = street or registry.make_area()
    if name:
        facts["name"] = name
    version = registry.make_organisation(**facts)
    holder = registry.make_party_organisation().party_organisation if members > elsewhere else None
    for number in range(members):
        held_in = None if number < elsewhere else holder
        registry.make_member(version.organisation, held_in=held_in)
    return version


def make_proposal(
    *,
    streets: Sequence[Area] = (),
    created_by: User | None = None,
    at: date = DAY,
    title: str = "测试方案",
    state: ProposalState = ProposalState.READY,
    parameters: PlanParameters = PARAMETERS,
    figures: ProposalFigures = FIGURES,
) -> BranchProposal:
    """A proposal that is ready to be adopted; groups are added by `make_group`."""
    is_ready = state == ProposalState.READY
    proposal = BranchProposal.objects.create(
        title=title,
        state=state,
        at=at,
        created_by=created_by,
        created_at=timezone.now(),
        parameters=asdict(parameters),
        figures=asdict(figures) if is_ready else {},
        solver_version="test" if is_ready else "",
        objective_mm=10300.0 if is_ready else None,
        bound_mm=10000.0 if is_ready else None,
        seconds=1.5 if is_ready else None,
    )
    proposal.streets.set(streets)
    return proposal


def make_group(
    proposal: BranchProposal,
    units: Sequence[OrganisationVersion] = (),
    *,
    street: Area | None = None,
    mode: GroupMode = GroupMode.STREET,
    into_branch: PartyOrganisation | None = None,
) -> ProposedGroup:
    """A group of candidates, the first of them host; without units three new ones of one street.

    Units' facts, members and transfers are taken from the ledger on the proposal's day.
    """
    if not units:
        shared = street or registry.make_area()
        units = [make_candidate(street=shared, north_m=100.0 * step) for step in range(3)]
    found = [_unit(proposal, version, first=units[0]) for version in units]
    for place, unit in enumerate(found):
        unit.is_host = place == 0 and into_branch is None
        unit.mode = GroupMode.SITE if unit.is_host else mode
    group = ProposedGroup.objects.create(
        proposal=proposal,
        number=proposal.groups.count() + 1,
        host=None if into_branch else units[0].organisation,
        into_branch=into_branch,
        street=units[0].street,
        mode=mode,
        units_count=len(units),
        members=sum(unit.members for unit in found),
        to_transfer=sum(unit.to_transfer for unit in found),
        cost_mm=sum(unit.members * unit.way_m for unit in found),
        longest_way_m=max(unit.way_m for unit in found),
        is_cross_street=len({unit.street_id for unit in found}) > 1,
        reason=f"{len(units)} 个单位同在一个街道，步行可到，凑足正式党员。",
    )
    for unit in found:
        unit.group = group
    ProposedUnit.objects.bulk_create(found)
    return group


def make_establishment(
    group: ProposedGroup | None = None, *, by: Viewer = SYSTEM, today: date = ADOPTED
) -> Establishment:
    """A group adopted the way people adopt it; without one three new candidates of one street."""
    group = group or make_group(make_proposal())
    adoption = adopt_groups(group.proposal, [group.number], by=by, today=today, seen_changes="")
    (made,) = adoption.adopted
    return made


def make_left_out(
    proposal: BranchProposal,
    version: OrganisationVersion | None = None,
    *,
    code: LeftOutCode = LeftOutCode.TOO_FEW_NEAR,
) -> LeftOutOrganisation:
    """A candidate that no group covers."""
    version = version or make_candidate()
    lon, lat = _position(version)
    return LeftOutOrganisation.objects.create(
        proposal=proposal,
        organisation=version.organisation,
        code=code,
        text="附近没有可以一起组建的单位，宜选派党建指导员。",
        name=version.name,
        street=version.street,
        lon=None if code == LeftOutCode.NO_POSITION else lon,
        lat=None if code == LeftOutCode.NO_POSITION else lat,
        members=_members(version, at=proposal.at)[0] or 1,
    )


def make_attachment(
    proposal: BranchProposal,
    version: OrganisationVersion | None = None,
    *,
    to: ProposedGroup | PartyOrganisation | Person | None = None,
    kind: AttachmentKind = AttachmentKind.INSTRUCTOR,
) -> ProposedAttachment:
    """An organisation without members and who keeps in touch; `kind` is told for a person only."""
    version = version or registry.make_organisation()
    if isinstance(to, ProposedGroup):
        kind = AttachmentKind.GROUP
    elif isinstance(to, PartyOrganisation):
        kind = AttachmentKind.BRANCH
    elif to is None:
        kind = AttachmentKind.NONE
    return ProposedAttachment.objects.create(
        proposal=proposal,
        organisation=version.organisation,
        kind=kind,
        group=to if isinstance(to, ProposedGroup) else None,
        party_organisation=to if isinstance(to, PartyOrganisation) else None,
        person=to if isinstance(to, Person) else None,
        way_m=None if to is None else 250.0,
        text="3 公里内没有可以联系的党组织、指导员或联络员。" if to is None else "",
        name=version.name,
        street=version.street,
    )


def _unit(
    proposal: BranchProposal, version: OrganisationVersion, *, first: OrganisationVersion
) -> ProposedUnit:
    (lon, lat), start = _position(version), _position(first)
    members, to_transfer = _members(version, at=proposal.at)
    return ProposedUnit(
        proposal=proposal,
        organisation=version.organisation,
        way_m=distance_m(*start, lon, lat),
        name=version.name,
        street=version.street,
        site_name=version.site.name if version.site else "",
        industry_code=version.industry_code,
        lon=lon,
        lat=lat,
        members=members,
        to_transfer=to_transfer,
    )


def _position(version: OrganisationVersion) -> tuple[float, float]:
    for place in (version, version.site):
        if place is not None and place.lon is not None and place.lat is not None:
            return place.lon, place.lat
    return LON, LAT


def _members(version: OrganisationVersion, *, at: date) -> tuple[int, int]:
    found = OrganisationVersion.objects.filter(pk=version.pk).select_related("organisation")
    count = member_count(with_full_members(found, at=at).get())
    return count.full, count.elsewhere
