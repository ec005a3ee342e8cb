"""Planning the neighbourhood of one joint branch anew: what stands and is in order stays as it is."""

from dataclasses import asdict

from liangxin.coverage.models import (
    BranchProposal,
    LeftOutOrganisation,
    ProposedGroup,
    ProposedUnit,
)
from liangxin.coverage.planning.grouping import (
    NO_POSITION,
    GroupedRows,
    grouping_problem,
    left_out_row,
)
from liangxin.coverage.planning.plane import plane_of
from liangxin.coverage.planning.refusing import NotPlannable, refuse_faulty
from liangxin.coverage.planning.storing import Computed, store
from liangxin.coverage.planning.wording import StreetNames, group_sentence, left_out_sentence
from liangxin.coverage.queries.candidates import PlannedOrganisation
from liangxin.coverage.queries.neighbourhood import Neighbourhood, neighbourhood
from liangxin.coverage.terms import GroupMode, LeftOutCode, PlanParameters, ProposalFigures
from liangxin.kernel.audit import ledger_revision
from liangxin.kernel.jobs import Progress
from liangxin.kernel.viewer import Viewer
from liangxin.optimize.grouping import check as grouping_check
from liangxin.optimize.grouping.problem import NONE, GroupingProblem
from liangxin.optimize.grouping.replan import Replan, Star, replan
from liangxin.optimize.grouping.solution import Group, Mode, Solution
from liangxin.optimize.grouping.solve import VERSION
from liangxin.optimize.grouping.warming import warm_up
from liangxin.optimize.stop import Stop
from liangxin.registry.models import Area

READING, GROUPING, STORING, DONE = 0, 20, 90, 100
LONGEST = 300


def compute_replan(proposal: BranchProposal, *, by: Viewer, progress: Progress) -> None:
    """Compute and store a waiting re-plan. Raises NotPlannable, NotAllowed, SettledMeanwhile."""
    parameters = PlanParameters(**proposal.parameters)
    progress.step(READING, DONE, "读取附近的单位和支部")
    revision = ledger_revision()
    near = neighbourhood(by, proposal, parameters=parameters)
    if not near.focus and not near.unplaced:
        raise NotPlannable(
            "附近没有可以重排的单位：单位没有位置，或者没有 1 至 2 名正式党员的单位。"
        )
    plane = plane_of((one.lon, one.lat) for one in near.units)
    problem = grouping_problem(near.units, parameters=parameters, plane=plane, takers=near.takers)
    progress.step(GROUPING, DONE, "准备求解程序，首次使用约需半分钟")
    warm_up()
    found = replan(
        problem,
        before=_before(near, proposal),
        stop=Stop(effort=proposal.effort),
        seed=proposal.seed,
    )
    refuse_faulty([fault.text for fault in grouping_check.faults(problem, found.solution)])
    progress.step(STORING, DONE, "写入方案")
    streets = dict(Area.objects.order_by("pk").values_list("pk", "name"))
    outcome = _Outcome(proposal, near, problem, found.solution, streets)
    values = {
        "solver_version": VERSION,
        "ledger_revision": revision,
        "objective_mm": found.solution.objective_mm,
        "bound_mm": found.solution.bound_mm,
        "seconds": found.solution.seconds,
        "is_reproducible": found.solution.is_reproducible,
        "figures": asdict(outcome.figures()),
        "difference": outcome.difference(found),
    }
    store(proposal, Computed(outcome.rows(), [], values), by=by)


def _before(near: Neighbourhood, proposal: BranchProposal) -> list[Star]:
    """The branch planned anew as it stands; the earlier plan of a unit alone is empty."""
    if proposal.around_branch_id is None or not near.focus:
        return []
    keys = [one.organisation_id for one in near.units[: near.focus]]
    host = keys.index(near.host) if near.host in keys else NONE
    return [Star(units=tuple(range(near.focus)), host=host)]


class _Outcome:
    """The answer as far as it is about the units in question: only what differs is proposed."""

    def __init__(
        self,
        proposal: BranchProposal,
        near: Neighbourhood,
        problem: GroupingProblem,
        solution: Solution,
        streets: StreetNames,
    ) -> None:
        self.proposal, self.near, self.problem = proposal, near, problem
        self.solution, self.streets = solution, streets
        self.groups = [group for group in solution.groups if self._own(group)]
        self.kept = self._kept()

    def rows(self) -> GroupedRows:
        """Groups that are new, units that join a branch that stands, and who is left without one."""
        rows = GroupedRows([], [], [])
        for group in self.groups:
            if self._joining(group):
                self._add(rows, group)
        rows.left_out.extend(self._left_out())
        return rows

    def figures(self) -> ProposalFigures:
        """Counts over the units looked at."""
        own = self.near.focus + len(self.near.unplaced)
        before = own if self.proposal.around_branch_id else 0
        after = sum(len(self._own(group)) for group in self.groups)
        moved = [unit for group in self.groups for unit in self._joining(group)]
        return ProposalFigures(
            base=own,
            covered_before=before,
            covered_after=after,
            either_before=before,
            either_after=after,
            candidates=len(self.near.units),
            groups=sum(
                bool(self._joining(group)) for group in self.groups if self._into(group) is None
            ),
            joined_units=len(moved),
            joining_units=sum(
                len(self._joining(group)) for group in self.groups if self._into(group) is not None
            ),
            members=sum(self._one(unit).members for unit in moved),
            to_transfer=sum(self._one(unit).to_transfer for unit in moved),
            left_out=own - after,
            own_branch=0,
            already_adopted=0,
            without_members=0,
            attached=0,
            unattached=0,
        )

    def difference(self, found: Replan) -> dict[str, object]:
        """What changes for whom, in sentences, with the numbers of branches looked at and joined."""
        joined = {self.near.takers[one.branch].name for one in self.groups if one.branch != NONE}
        lines = [
            self._line(self._one(unit), group)
            for group in self.groups
            for unit in self._joining(group)
        ]
        lines += [self._nowhere(one) for one in self._left()]
        if self.near.name and self.kept is None and not self.near.settled:
            lines.append(f"“{self.near.name}”的单位都转走以后，登记撤销。")
        return {
            "branches": len(self.near.takers),
            "altered": len(joined),
            "looked_at": len(found.looked_at),
            "units": len(self.near.units),
            "moved": sum(len(self._joining(group)) for group in self.groups),
            "lines": lines,
            "altered_names": sorted(joined),
        }

    def _one(self, unit: int) -> PlannedOrganisation:
        return self.near.units[unit]

    def _own(self, group: Group) -> list[int]:
        """The units of a group that the proposal is about."""
        return [unit for unit in group.units if unit < self.near.focus]

    def _kept(self) -> Group | None:
        """The group as which the branch planned anew goes on: that with most of its members."""
        if self.proposal.around_branch_id is None:
            return None
        new = [group for group in self.groups if group.branch == NONE]
        return max(
            new,
            key=lambda group: sum(self._one(unit).members for unit in self._own(group)),
            default=None,
        )

    def _joining(self, group: Group) -> list[int]:
        """Units of the group that its branch does not cover; all of them where it is new."""
        if group is not self.kept:
            return list(group.units)
        return [unit for unit in group.units if unit >= self.near.focus]

    def _into(self, group: Group) -> tuple[int, str, int | None] | None:
        """Key, name and street of the branch that stands and takes the group in; None for a new one."""
        if group.branch != NONE:
            taker = self.near.takers[group.branch]
            return taker.key, taker.name, taker.street_id
        if group is self.kept and self.proposal.around_branch_id is not None:
            return self.proposal.around_branch_id, self.near.name, self.near.street_id
        return None

    def _left(self) -> list[PlannedOrganisation]:
        grouped = {unit for group in self.groups for unit in group.units}
        return [self._one(unit) for unit in range(self.near.focus) if unit not in grouped]

    def _line(self, unit: PlannedOrganisation, group: Group) -> str:
        into = self._into(group)
        is_own = unit in self.near.units[: self.near.focus]
        before = f"由“{self.near.name}”" if is_own and self.near.name else ""
        return f"“{unit.name}”{before}{f'并入“{into[1]}”' if into else '编入新的联合党支部'}。"

    def _nowhere(self, unit: PlannedOrganisation) -> str:
        if not self.near.name:
            return f"“{unit.name}”附近没有可以加入的支部，由指导员联系。"
        return f"“{unit.name}”附近没有可以加入的支部；退出“{self.near.name}”以后由指导员联系。"

    def _add(self, rows: GroupedRows, group: Group) -> None:
        into, joining = self._into(group), self._joining(group)
        units = [self._one(unit) for unit in joining]
        ways = dict(zip(group.units, group.ways_m, strict=True))
        modes = dict(zip(group.units, group.modes, strict=True))
        mode = max((modes[unit] for unit in joining), key=list(Mode).index)
        host = None if into else self._one(group.host)
        row = ProposedGroup(
            proposal=self.proposal,
            number=len(rows.groups) + 1,
            host_id=host.organisation_id if host else None,
            into_branch_id=into[0] if into else None,
            street_id=into[2] if into else host.street_id if host else None,
            mode=GroupMode(mode.value),
            units_count=len(units),
            members=sum(unit.members for unit in units),
            to_transfer=sum(unit.to_transfer for unit in units),
            cost_mm=sum(self._one(unit).members * ways[unit] for unit in joining),
            longest_way_m=max(ways[unit] for unit in joining),
            is_cross_street=len({unit.street_id for unit in units}) > 1,
            reason=self._reason(group, ways=ways)[:LONGEST],
        )
        rows.groups.append(row)
        for unit in joining:
            one = self._unit_row(row, unit, mode=GroupMode(modes[unit].value), way_m=ways[unit])
            one.is_host = into is None and unit == group.host
            rows.units.append(one)

    def _reason(self, group: Group, *, ways: dict[int, float]) -> str:
        into = self._into(group)
        if into is None:
            return group_sentence(self.problem, group, placed=self.near.units, streets=self.streets)
        joining = self._joining(group)
        names = "、".join(self._one(unit).name for unit in joining)
        longest = max(ways[unit] for unit in joining)
        way = "与牵头单位同在一处" if longest < 1 else f"到牵头单位最远 {longest:.0f} 米"
        return f"{names}就近并入“{into[1]}”，{way}。"

    def _unit_row(
        self, row: ProposedGroup, unit: int, *, mode: GroupMode, way_m: float
    ) -> ProposedUnit:
        one = self._one(unit)
        if one.lon is None or one.lat is None:  # the problem takes placed organisations only
            raise AssertionError(one.organisation_id)
        is_own = unit < self.near.focus
        return ProposedUnit(
            proposal=self.proposal,
            group=row,
            organisation_id=one.organisation_id,
            from_branch_id=self.proposal.around_branch_id if is_own else None,
            mode=mode,
            way_m=way_m,
            name=one.name,
            street_id=one.street_id,
            site_name=one.site_name,
            industry_code=one.industry_code,
            lon=one.lon,
            lat=one.lat,
            members=one.members,
            to_transfer=one.to_transfer,
        )

    def _left_out(self) -> list[LeftOutOrganisation]:
        rows = []
        for left in self.solution.left_out:
            if left.unit >= self.near.focus:
                continue
            text = left_out_sentence(self.problem, left)
            code = LeftOutCode(left.reason.value)
            rows.append(left_out_row(self.proposal, self._one(left.unit), code=code, text=text))
        rows += [
            left_out_row(self.proposal, one, code=LeftOutCode.NO_POSITION, text=NO_POSITION)
            for one in self.near.unplaced
        ]
        return rows
