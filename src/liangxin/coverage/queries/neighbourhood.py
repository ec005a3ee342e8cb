"""What lies around a joint branch, or a unit that dropped out: the little that a re-plan looks at."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from math import cos, radians

from django.db.models import Q

from liangxin.coverage.models import BranchProposal, EstablishmentUnit
from liangxin.coverage.queries.branch_units import hosts_of, joint_branches
from liangxin.coverage.queries.candidates import (
    PlannedOrganisation,
    planned_organisations,
    without_party,
)
from liangxin.coverage.queries.open_branches import OpenBranch, open_branches
from liangxin.coverage.queries.rules import usual_base
from liangxin.coverage.queries.state import Versions, covered_state
from liangxin.coverage.terms import PlanParameters, Standing
from liangxin.kernel.permissions import Permission, require
from liangxin.kernel.viewer import Viewer
from liangxin.registry.models import PartyCoverage
from liangxin.registry.queries import true_at
from liangxin.standards.coordinates import distance_m

# Units near by that nobody covers and that may complete a branch; all of a district's would be a plan
# of its own.
MOST_HELPING = 12
METRES_A_DEGREE = 111_195
# Where nobody stands near a pole: a degree east is at least this part of one north.
LEAST_COSINE = 0.1


@dataclass(frozen=True, kw_only=True)
class Neighbourhood:
    """What a re-plan looks at; units have 1 to `min_members` - 1 full members and a position.

    `units` are first those that the plan is about (`focus` of them), then a few near by that nobody
    covers. `name` and `host` are those of the branch that is planned anew; '' and None for a unit alone.
    `settled` counts full members of its other units: they stay whatever is planned.
    """

    units: tuple[PlannedOrganisation, ...]
    focus: int
    takers: tuple[OpenBranch, ...]
    unplaced: tuple[PlannedOrganisation, ...]
    name: str
    street_id: int | None
    host: int | None  # key of an organisation
    settled: int


def neighbourhood(
    viewer: Viewer, proposal: BranchProposal, *, parameters: PlanParameters
) -> Neighbourhood:
    """Everything within reach of what the proposal is about, as far as the viewer plans for it.

    Raises NotAllowed.
    """
    require(viewer, Permission.PLAN_BRANCHES)
    at = proposal.at
    inside = covered_state(viewer, at=at, base=usual_base(at)).filter(standing=Standing.IN_BASE)
    covering = _covering(viewer, at=at)
    branch = joint_branches(viewer, at=at).filter(party_organisation=proposal.around_branch_id or 0)
    around = branch.first()
    own = _own(proposal, inside, covering, at=at)
    focus = [one for one in own if 1 <= one.members < parameters.min_members]
    placed = [one for one in focus if one.has_position]
    centre = [(one.lon, one.lat) for one in placed if one.lon is not None and one.lat is not None]
    reach_m = max(parameters.street_radius_m, parameters.industry_radius_m)
    near = inside.filter(_boxed(centre, reach_m))
    free = near.filter(without_party(at)).exclude(organisation_id__in=_in_progress())
    helping = [
        one
        for one in _nearest(planned_organisations(free, at=at), centre, reach_m)
        if 1 <= one.members < parameters.min_members and one not in placed
    ]
    host = hosts_of([proposal.around_branch_id or 0]).get(proposal.around_branch_id or 0)
    return Neighbourhood(
        units=(*placed, *helping[:MOST_HELPING]),
        focus=len(placed),
        takers=_takers(viewer, proposal, near, covering, parameters=parameters, at=at),
        unplaced=tuple(one for one in focus if not one.has_position),
        name=around.name if around else "",
        street_id=around.street_id if around else None,
        host=host,
        settled=sum(one.members for one in own) - sum(one.members for one in focus),
    )


def _covering(viewer: Viewer, *, at: date) -> dict[int, int]:
    """The viewer's joint branch of each unit that one covers."""
    keys = joint_branches(viewer, at=at).order_by().values("party_organisation_id")
    rows = PartyCoverage.objects.filter(true_at(at), party_organisation_id__in=keys).order_by("pk")
    return dict(rows.values_list("organisation_id", "party_organisation_id"))


def _own(
    proposal: BranchProposal, inside: Versions, covering: dict[int, int], *, at: date
) -> list[PlannedOrganisation]:
    """The units that the proposal is about."""
    keys = {unit for unit, branch in covering.items() if branch == proposal.around_branch_id}
    if proposal.around_unit_id is not None:
        keys.add(proposal.around_unit_id)
    return planned_organisations(inside.filter(organisation_id__in=keys), at=at)


def _boxed(centre: Iterable[tuple[float, float]], reach_m: float) -> Q:
    """A condition on versions: they, or their site, stand in a box around one of the places."""
    condition = Q(pk__in=())
    for lon, lat in centre:
        north = reach_m / METRES_A_DEGREE
        east = north / max(cos(radians(lat)), LEAST_COSINE)
        box = {"lon__range": (lon - east, lon + east), "lat__range": (lat - north, lat + north)}
        condition |= Q(**box) | Q(
            lon__isnull=True, **{f"site__{name}": span for name, span in box.items()}
        )
    return condition


def _nearest(
    found: Iterable[PlannedOrganisation], centre: list[tuple[float, float]], reach_m: float
) -> list[PlannedOrganisation]:
    """Those within reach of one of the places, the nearest first."""
    ways = []
    for one in found:
        if one.lon is not None and one.lat is not None:
            way_m = min(distance_m(one.lon, one.lat, lon, lat) for lon, lat in centre)
            if way_m <= reach_m:
                ways.append((way_m, one.organisation_id, one))
    return [one for _, _, one in sorted(ways, key=lambda row: row[:2])]


def _in_progress() -> set[int]:
    opened = EstablishmentUnit.objects.filter(is_open=True).order_by()
    return set(opened.values_list("organisation_id", flat=True))


def _takers(
    viewer: Viewer,
    proposal: BranchProposal,
    near: Versions,
    covering: dict[int, int],
    *,
    parameters: PlanParameters,
    at: date,
) -> tuple[OpenBranch, ...]:
    """Joint branches near by, apart from the one planned anew, that have room for another unit."""
    held = near.filter(organisation_id__in=covering).values_list("organisation_id", flat=True)
    keys = {covering[unit] for unit in held} - {proposal.around_branch_id}
    # Beyond what is usual as well: units that drop out of a branch have to go somewhere.
    most = parameters.largest_units
    return open_branches(viewer, at=at, parameters=parameters, most_units=most, among=keys)
