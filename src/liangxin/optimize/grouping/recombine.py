"""The best plan that can be put together from the groups of several: a small set partitioning.

Units that nothing tells apart count as one kind: the program says how many groups of which kinds are
made, not which of ninety firms of a tower is in which, and so has few symmetries to search through.
"""

from dataclasses import dataclass

import numpy as np

from liangxin.optimize.grouping._kernels_search import OUT
from liangxin.optimize.grouping.building import Builder
from liangxin.optimize.grouping.instance import Instance
from liangxin.optimize.grouping.plan import Plan, branch_cost, plan_cost
from liangxin.optimize.grouping.problem import NONE, Ints
from liangxin.optimize.grouping.program import Program

MOST_ROUNDS = 50


@dataclass(frozen=True, order=True)
class Choice:
    """A group that one of the plans holds: the kinds of its items, the host's kind and unit in it."""

    kinds: tuple[int, ...]
    host_kind: int = NONE
    host_offset: int = 0
    branch: int = NONE


def recombined(instance: Instance, plans: list[Plan]) -> Plan:
    """Return a plan of these plans' groups that costs no more than the best of them."""
    costs = {choice: cost for plan in plans for choice, cost in _choices(instance, plan)}
    choices = sorted(costs)
    best = min(plans, key=lambda plan: plan_cost(instance, plan))
    if instance.items == 0:
        return best
    times = _times(instance, choices, [costs[choice] for choice in choices])
    if times is None:
        return best.copy()
    plan = _plan_of(instance, choices, times, costs)
    return min(best.copy(), plan, key=lambda kept: plan_cost(instance, kept))


def _choices(instance: Instance, plan: Plan) -> list[tuple[Choice, float]]:
    kinds, found = instance.alike, []
    item_of = instance.item_of_unit
    for row in np.flatnonzero(plan.hosts >= 0).tolist():
        items, host = plan.rows[row][plan.rows[row] >= 0], int(plan.hosts[row])
        own = int(item_of[host])
        choice = Choice(
            tuple(sorted(kinds[items].tolist())),
            host_kind=int(kinds[own]),
            host_offset=host - int(instance.item_start[own]),
        )
        found.append((choice, float(plan.costs[row])))
    for branch in range(len(instance.branch_free)):
        joined = np.flatnonzero(plan.where == OUT - 1 - branch)
        if len(joined):
            cost = sum(branch_cost(instance, branch, item) for item in joined.tolist())
            found.append((Choice(tuple(sorted(kinds[joined].tolist())), branch=branch), cost))
    return found


def _times(instance: Instance, choices: list[Choice], costs: list[float]) -> Ints | None:
    """Return how often each choice is made in the best parting, None where none was found."""
    count = np.bincount(instance.alike).astype(np.float64)
    penalty = np.zeros(len(count))
    penalty[instance.alike] = instance.penalty
    rows = [_rows(instance, choice) for choice in choices] + [[kind] for kind in range(len(count))]
    column = np.repeat(np.arange(len(rows)), [len(entries) for entries in rows])
    row = np.array([row for entries in rows for row in entries], np.int64)
    room = np.concatenate([count, np.ones(len(instance.branch_free)), instance.street_room])
    least = np.where(np.arange(len(room)) < len(count), room, -np.inf)
    program = Program({})
    program.add_rows(least, room)
    program.add_columns(np.array([*costs, *penalty]), column, row, np.ones(len(row)))
    values, _ = program.solve_whole(most_rounds=MOST_ROUNDS)
    return None if values is None else values[: len(choices)].astype(np.int64)


def _rows(instance: Instance, choice: Choice) -> list[int]:
    kinds = int(instance.alike.max()) + 1
    rows = list(choice.kinds)
    if choice.branch != NONE:
        return [*rows, kinds + choice.branch]
    street = int(instance.host_street[instance.unit_of_kind[choice.host_kind] + choice.host_offset])
    return rows if street < 0 else [*rows, kinds + len(instance.branch_free) + street]


def _plan_of(
    instance: Instance, choices: list[Choice], times: Ints, costs: dict[Choice, float]
) -> Plan:
    builder = Builder(instance, instance.alike)
    for choice, count in zip(choices, times.tolist(), strict=True):
        for _ in range(count):
            if choice.branch != NONE:
                builder.join(choice.kinds, branch=choice.branch)
                continue
            builder.found(
                builder.taken(choice.kinds),
                host=choice.kinds.index(choice.host_kind),
                offset=choice.host_offset,
                cost_mm=costs[choice],
            )
    return builder.plan
