"""What development targets are computed from: who a proposal leaves without a branch, and who has room."""

from dataclasses import dataclass

from liangxin.coverage.models import BranchProposal, EstablishmentUnit, ProposedGroup, ProposedUnit
from liangxin.coverage.queries.candidates import (
    PlannedOrganisation,
    in_streets,
    planned_organisations,
    without_party,
)
from liangxin.coverage.queries.growth import growth_condition
from liangxin.coverage.queries.rules import coverage_rules, usual_base
from liangxin.coverage.queries.state import covered_state
from liangxin.coverage.terms import GrowthSlice, PlanParameters, Standing
from liangxin.kernel.permissions import Permission, require
from liangxin.kernel.viewer import Viewer


@dataclass(frozen=True, kw_only=True)
class RoomyGroup:
    """A proposed group that may take `places` more units; where its host stands."""

    group: ProposedGroup
    host: ProposedUnit
    site_id: int | None
    places: int


@dataclass(frozen=True, kw_only=True)
class TargetGround:
    """Organisations under no branch with fewer members than one needs, the largest facts of each.

    `staff` is told by organisation where it is filled in; `first_wanted` are firms that by their staff
    should have members and have none.
    """

    firms: tuple[PlannedOrganisation, ...]
    staff: dict[int, int]
    first_wanted: frozenset[int]
    staff_for_member: int
    groups: tuple[RoomyGroup, ...]


def target_ground(viewer: Viewer, proposal: BranchProposal) -> TargetGround:
    """What the viewer's scope holds on the proposal's day beside its groups. Raises NotAllowed."""
    require(viewer, Permission.PLAN_BRANCHES)
    at, parameters = proposal.at, PlanParameters(**proposal.parameters)
    streets = proposal.streets.values_list("pk", flat=True)
    found = in_streets(covered_state(viewer, at=at, base=usual_base(at)), streets)
    found = found.filter(standing=Standing.IN_BASE).order_by()
    settled = {
        *proposal.units.values_list("organisation_id", flat=True),
        *EstablishmentUnit.objects.filter(is_open=True).values_list("organisation_id", flat=True),
    }
    free = found.filter(without_party(at))
    firms = [
        one
        for one in planned_organisations(free, at=at)
        if one.organisation_id not in settled and one.members < parameters.min_members
    ]
    keys = free.values_list("organisation_id", "employees")
    wanted = free.filter(growth_condition(GrowthSlice.NO_MEMBER, at=at))
    return TargetGround(
        firms=tuple(firms),
        staff={key: staff for key, staff in keys if staff is not None},
        first_wanted=frozenset(wanted.values_list("organisation_id", flat=True)),
        staff_for_member=coverage_rules(at).staff_for_member,
        groups=tuple(_roomy(proposal, viewer, parameters=parameters)),
    )


def _roomy(
    proposal: BranchProposal, viewer: Viewer, *, parameters: PlanParameters
) -> list[RoomyGroup]:
    hosts = {
        unit.group_id: unit
        for unit in ProposedUnit.objects.filter(proposal=proposal, is_host=True).order_by("pk")
    }
    sites = dict(
        covered_state(viewer, at=proposal.at, base=usual_base(proposal.at))
        .filter(organisation_id__in=[unit.organisation_id for unit in hosts.values()])
        .values_list("organisation_id", "site_id")
    )
    found = []
    for group in proposal.groups.order_by("number"):
        places = min(
            parameters.max_units - group.units_count, parameters.max_members - group.members
        )
        host = hosts.get(group.pk)
        if host is not None and places > 0:
            site = sites.get(host.organisation_id)
            found.append(RoomyGroup(group=group, host=host, site_id=site, places=places))
    return found
