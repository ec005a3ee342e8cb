"""Two proposals side by side: figures, parameters, groups, and who changed groups."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from liangxin.coverage.models import BranchProposal, ProposedUnit
from liangxin.coverage.queries.plan_rules import plan_rule_rows, plan_value_in_words
from liangxin.coverage.queries.proposals import figures, groups
from liangxin.kernel.viewer import Viewer

# Fewer units in common do not make another group "the same, changed".
LEAST_IN_COMMON = 2


@dataclass(frozen=True, kw_only=True)
class ComparedFigure:
    """One figure of both; a field of ProposalFigures, or a cost of the proposal itself."""

    code: str
    a: float | None
    b: float | None

    @property
    def change(self) -> float | None:
        return None if self.a is None or self.b is None else self.b - self.a


@dataclass(frozen=True, kw_only=True)
class ComparedParameter:
    """A parameter that differs, as the rulebook calls it; both values in words."""

    field: str
    title: str
    unit: str
    a: str
    b: str


@dataclass(frozen=True, kw_only=True)
class ComparedGroup:
    """A group of `a` and the one it became in `b`; numbers, and names of the units that differ."""

    a: int
    b: int
    left: tuple[str, ...]
    joined: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class MovedUnit:
    """A unit whose group differs; None: in no group of that proposal."""

    organisation_id: int
    name: str
    a: int | None
    b: int | None


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Everything that differs between two proposals, within the viewer's scope."""

    figures: tuple[ComparedFigure, ...]
    parameters: tuple[ComparedParameter, ...]
    equal: tuple[tuple[int, int], ...]  # numbers of groups with the same units
    changed: tuple[ComparedGroup, ...]
    only_a: tuple[int, ...]
    only_b: tuple[int, ...]
    moved: tuple[MovedUnit, ...]


def comparison(viewer: Viewer, a: BranchProposal, b: BranchProposal) -> Comparison:
    """Compare two proposals that the viewer may see. Constant number of queries."""
    names: dict[int, str] = {}
    of_a, into_a = _members(viewer, a, names)
    of_b, into_b = _members(viewer, b, names)
    pairs = _matched(of_a, of_b, into_a, into_b)
    changed = [
        ComparedGroup(
            a=first,
            b=second,
            left=_names(of_a[first] - of_b[second], names),
            joined=_names(of_b[second] - of_a[first], names),
        )
        for first, second in pairs
    ]
    differing = [pair for pair in changed if pair.left or pair.joined]
    return Comparison(
        figures=_figures(a, b),
        parameters=_parameters(a, b),
        equal=tuple((pair.a, pair.b) for pair in changed if not (pair.left or pair.joined)),
        changed=tuple(differing),
        only_a=tuple(sorted(set(of_a) - {first for first, _ in pairs})),
        only_b=tuple(sorted(set(of_b) - {second for _, second in pairs})),
        moved=_moved(of_a, of_b, pairs=frozenset(pairs), names=names),
    )


def _members(
    viewer: Viewer, proposal: BranchProposal, names: dict[int, str]
) -> tuple[dict[int, frozenset[int]], dict[int, int | None]]:
    """Organisations by number of group, ascending, and the branch that each joins; learns names on the way."""
    known = list(groups(viewer, proposal).values_list("pk", "number", "into_branch_id"))
    numbers = {key: number for key, number, _ in known}
    found: defaultdict[int, set[int]] = defaultdict(set)
    rows = ProposedUnit.objects.filter(proposal=proposal).order_by("group_id", "organisation_id")
    for group, organisation, name in rows.values_list("group_id", "organisation_id", "name"):
        if group in numbers:
            found[numbers[group]].add(organisation)
            names[organisation] = name
    members = {number: frozenset(found[number]) for number in sorted(found)}
    return members, {number: branch for _, number, branch in known}


def _matched(
    of_a: Mapping[int, frozenset[int]],
    of_b: Mapping[int, frozenset[int]],
    into_a: Mapping[int, int | None],
    into_b: Mapping[int, int | None],
) -> tuple[tuple[int, int], ...]:
    """Which group of `a` became which of `b`: those with the most units in common first.

    What joins a branch, be it one unit alone, is the same group only where it joins the same branch.
    """
    home = {unit: number for number, units in of_b.items() for unit in units}
    common = Counter(
        (number, home[unit]) for number, units in of_a.items() for unit in units if unit in home
    )
    taken_a, taken_b, pairs = set(), set(), []
    for (first, second), units in sorted(common.items(), key=lambda item: (-item[1], item[0])):
        is_alike = units >= LEAST_IN_COMMON or into_a[first] is not None
        is_alike &= into_a[first] == into_b[second]
        if is_alike and first not in taken_a and second not in taken_b:
            taken_a.add(first)
            taken_b.add(second)
            pairs.append((first, second))
    return tuple(sorted(pairs))


def _moved(
    of_a: Mapping[int, frozenset[int]],
    of_b: Mapping[int, frozenset[int]],
    *,
    pairs: frozenset[tuple[int, int]],
    names: Mapping[int, str],
) -> tuple[MovedUnit, ...]:
    in_a = {unit: number for number, units in of_a.items() for unit in units}
    in_b = {unit: number for number, units in of_b.items() for unit in units}
    moved = [
        MovedUnit(organisation_id=unit, name=names[unit], a=in_a.get(unit), b=in_b.get(unit))
        for unit in in_a.keys() | in_b.keys()
        if (in_a.get(unit), in_b.get(unit)) not in pairs
    ]
    return tuple(sorted(moved, key=lambda unit: (unit.name, unit.organisation_id)))


def _names(units: frozenset[int], names: Mapping[int, str]) -> tuple[str, ...]:
    return tuple(sorted(names[unit] for unit in units))


def _figures(a: BranchProposal, b: BranchProposal) -> tuple[ComparedFigure, ...]:
    first, second = _counts(a), _counts(b)
    return tuple(
        ComparedFigure(code=code, a=first.get(code), b=second.get(code))
        for code in dict.fromkeys((*first, *second))
    )


def _counts(proposal: BranchProposal) -> dict[str, float | None]:
    found = figures(proposal)
    counts = asdict(found) if found else {}
    costs = {
        "objective_mm": proposal.objective_mm,
        "bound_mm": proposal.bound_mm,
        "gap": proposal.gap,
    }
    return counts | costs


def _parameters(a: BranchProposal, b: BranchProposal) -> tuple[ComparedParameter, ...]:
    first: dict[str, Any] = a.parameters
    second: dict[str, Any] = b.parameters
    return tuple(
        ComparedParameter(
            field=row.field,
            title=row.title,
            unit=row.unit,
            a=_said(first.get(row.field)),
            b=_said(second.get(row.field)),
        )
        for row in plan_rule_rows(b.at)
        if first.get(row.field) != second.get(row.field)
    )


def _said(value: object) -> str:
    """A value in words; proposals of before a parameter could be set tell none."""
    return "没有这一项" if value is None else plan_value_in_words(value)
