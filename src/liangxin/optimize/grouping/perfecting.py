"""A plan bettered to the best there is, where the lifted bound leaves little room for a better one.

A plan cheaper than the one at hand consists of stars whose reduced cost is at most the room between its
cost and the bound: they sum up to no more than that. With a lifted bound these are so few that HiGHS finds the
best of all plans among them, or that there is none. A large instance is taken part by part, the parts cut
in two ways.
"""

from collections.abc import Iterator

import numpy as np

from liangxin.optimize.grouping.building import Builder
from liangxin.optimize.grouping.excerpt import Excerpt, plan_within, recount, write_back
from liangxin.optimize.grouping.instance import Instance
from liangxin.optimize.grouping.kinds import Kinds, KindStars, cheap_stars, may_miss
from liangxin.optimize.grouping.lifting import Lifted, lifted
from liangxin.optimize.grouping.master import Master, Taken
from liangxin.optimize.grouping.plan import Plan, plan_cost
from liangxin.optimize.grouping.problem import NONE, Flags, Floats
from liangxin.optimize.grouping.tiles import branches_of_tiles, cut, tile_excerpts

KEPT = 60  # stars of each host
MOST_NODES = 50  # of the search tree: a limit of work, not of time, so that plans stay the same
LEAST_GAIN = 1e-6  # of the cost
MOST_ITEMS, FEW_ITEMS = 400, 250  # of a part; the larger, the better and the slower
CUTS = (0.5, 0.37, 0.61)  # where each parts a piece: no border of one is a border of another


def perfect_parts(
    instance: Instance, plan: Plan, pi: Floats, *, share: float, most_items: int = MOST_ITEMS
) -> Iterator[float]:
    """Better the plan in place, part by part of one cut; yield what share of the parts is done.

    `pi` are good prices of the items. Groups across borders stay as they are.
    """
    if not instance.items:
        return
    tile = cut(instance, share=share, most_items=most_items)
    parts = tile_excerpts(instance, plan, tile, branches_of_tiles(instance, tile))
    for number, part in enumerate(parts, start=1):
        if len(part.items):
            _perfect_part(part, plan, pi)
        recount(instance, plan)
        yield number / len(parts)


def _perfect_part(part: Excerpt, plan: Plan, pi: Floats) -> None:
    before = plan_within(part, plan)
    better, _ = perfected(part.instance, before, lifted(part.instance, pi[part.items]))
    write_back(part, plan, better)


def perfected(instance: Instance, plan: Plan, found: Lifted) -> tuple[Plan, float]:
    """Return the best plan found that costs less than this one, or this one, and a bound.

    The bound is the lifted one, or what HiGHS proves where none of the stars in question is missing.
    """
    cost_mm = plan_cost(instance, plan)
    below_mm = cost_mm * (1 - LEAST_GAIN)
    room_mm = below_mm - found.bound_mm
    if room_mm <= 0:
        return plan, found.bound_mm
    kinds, graph, prices = found.kinds, found.graph, found.prices
    stars = cheap_stars(kinds, graph, prices, below_mm=room_mm, keep=KEPT)
    master = Master(kinds, found.joins)
    master.add(stars.chosen(np.flatnonzero(_are_lawful(kinds, stars))))
    # Where there are more stars than are kept, what is kept may not go together: what stands does.
    master.add(_stars_of(instance, plan, kinds))
    heavy = np.flatnonzero(prices.weight > 0).tolist()
    master.cut([prices.sets[at] for at in heavy])
    taken, least_mm = master.solve_whole(most_nodes=MOST_NODES, below_mm=below_mm)
    if may_miss(kinds, graph, prices, stars, below_mm=room_mm, keep=KEPT):
        least_mm = found.bound_mm
    if taken is not None:
        plan = min(
            plan,
            _plan_of(instance, master, taken),
            key=lambda kept: plan_cost(instance, kept),
        )
    return plan, max(found.bound_mm, least_mm)


def _stars_of(instance: Instance, plan: Plan, kinds: Kinds) -> KindStars:
    """Return the groups of a plan as stars of kinds, their hosts' kinds first; reduced costs are not told."""
    groups = np.flatnonzero(plan.hosts >= 0)
    hosts, items = plan.hosts[groups], plan.rows[groups]
    own = instance.item_of_unit[hosts]
    rows = np.where(items >= 0, kinds.of_item[items], NONE)
    spot = np.argmax(items == own[:, None], axis=1)
    every = np.arange(len(groups))
    rows[every, spot], rows[every, 0] = rows[:, 0].copy(), kinds.of_item[own]
    offset = hosts - instance.item_start[own]
    host = kinds.instance.item_start[kinds.of_item[own]] + offset
    return KindStars(rows, host, plan.costs[groups], np.zeros(len(groups)))


def _are_lawful(kinds: Kinds, stars: KindStars) -> Flags:
    """Say which stars hold no forbidden pair and not too many members, which the bound does not ask."""
    inside = kinds.instance
    members = np.append(kinds.sizes[:, 1], 0)[stars.rows].sum(axis=1)
    lawful: Flags = members <= inside.limit[4]
    if len(inside.forbidden_item):
        owner = np.repeat(np.arange(inside.items), np.diff(inside.forbidden_start))
        barred = np.unique(owner * inside.items + inside.forbidden_item)
        for one in range(stars.rows.shape[1]):
            for other in range(one):
                pair = stars.rows[:, one] * inside.items + stars.rows[:, other]
                both = (stars.rows[:, one] >= 0) & (stars.rows[:, other] >= 0)
                lawful &= ~(both & np.isin(pair, barred))
    return lawful


def _plan_of(instance: Instance, master: Master, taken: Taken) -> Plan:
    """Return the plan that makes the stars and joins as often as was found."""
    kinds, joins, builder = master.kinds, master.joins, Builder(instance, master.kinds.of_item)
    rows = np.concatenate([stars.rows for stars in master.stars])
    hosts = np.concatenate([stars.host for stars in master.stars])
    costs = np.concatenate([stars.cost for stars in master.stars])
    for star in np.flatnonzero(taken.stars > 0).tolist():
        row = rows[star][rows[star] >= 0].tolist()
        offset = int(hosts[star] - kinds.instance.item_start[row[0]])
        for _ in range(int(taken.stars[star])):
            builder.found(row, host=0, offset=offset, cost_mm=costs[star])
    for at in np.flatnonzero(taken.joins > 0).tolist():
        same = [int(joins.kind[at])] * int(taken.joins[at])
        builder.join(same, branch=int(joins.branch[at]))
    return builder.plan
