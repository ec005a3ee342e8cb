"""Which units may host a joint branch: what a proposal bars by name, and what the ledger tells of each."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

from liangxin.coverage.models import BranchProposal
from liangxin.coverage.queries.candidates import PlannedOrganisation
from liangxin.coverage.queries.planning_scope import PLANNING_ROLES
from liangxin.coverage.terms import PlanParameters
from liangxin.kernel.viewer import Viewer
from liangxin.registry.models import OrganisationVersion
from liangxin.registry.queries import in_scope, true_at


@dataclass(frozen=True, kw_only=True)
class Lack:
    """What a unit lacks to host: by which rule, in words, and how to mend what the ledger tells wrongly."""

    rule: str
    text: str
    helps: str


NO_ROOM: Final = Lack(
    rule="joint_branch.host_needs_room",
    text="台账写明没有会议场所",
    helps="借得到场所的，先在单位资料里把“有会议场所”改为“是”",
)
NO_SECRETARY: Final = Lack(
    rule="joint_branch.host_needs_secretary",
    text="党员的党龄都不够担任书记的一般要求",
    helps="书记由别家党员担任的，另拟方案时去掉这一条",
)


def lacking(one: PlannedOrganisation, parameters: PlanParameters) -> Iterator[Lack]:
    """What a unit lacks to host by the parameters."""
    if parameters.host_needs_room and one.has_meeting_room is False:
        yield NO_ROOM
    if parameters.host_needs_secretary and not one.has_secretary_candidate:
        yield NO_SECRETARY


def may_host(
    one: PlannedOrganisation, parameters: PlanParameters, *, barred: Collection[int] = ()
) -> bool:
    """Whether a unit may host; `barred` are keys of organisations that a proposal names."""
    return one.organisation_id not in barred and not any(lacking(one, parameters))


def barred_units(viewer: Viewer, proposal: BranchProposal) -> list[OrganisationVersion]:
    """The barred units in the viewer's scope on the proposal's day, by name."""
    if not proposal.no_hosts:
        return []
    found = OrganisationVersion.objects.filter(
        true_at(proposal.at),
        in_scope(viewer, at=proposal.at, roles=PLANNING_ROLES),
        organisation_id__in=proposal.no_hosts,
    )
    return list(found.select_related("organisation").order_by("name", "organisation_id"))
