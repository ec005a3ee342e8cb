"""A plan bettered to the best there is, where the lifted bound leaves little room for a better one.

A plan cheaper than the one at hand consists of stars whose reduced cost is at most the room between its
cost and the bound: they sum up to no more than that. With a lifted bound these are so few that HiGHS finds the
best of all plans among them, or that there is none. A large instance is taken part by part, the parts cut
in two ways.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from liangxin.optimize.grouping.building import Builder
from liangxin.optimize.grouping.excerpt import Excerpt, plan_within, recount, write_back
from liangxin.optimize.grouping.instance import Instance
from liangxin.optimize.grouping.kinds import (
    Joins,
    KindGraph,
    Kinds,
    KindStars,
    cheap_stars,
    joins_of,
    kind_graph,
    may_miss,
    stars_within_crowds,
    told_by_crowds,
)
from liangxin.optimize.grouping.lifting import Lifted, lifted
from liangxin.optimize.grouping.master import Master, Taken
from liangxin.optimize.grouping.plan import Plan, plan_cost
from liangxin.optimize.grouping.problem import NONE, Flags, Floats, Ints
from liangxin.optimize.grouping.tiles import branches_of_tiles, cut, tile_excerpts

KEPT = 60  # stars of each host
# Kinds of each class and stars that a host may have, and stars in all, for a proof to be tried.
PROOF_LISTED, PROOF_KEPT, PROOF_STARS = 50, 2000, 25_000
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
    better = perfected(part.instance, before, lifted(part.instance, pi[part.items]))
    write_back(part, plan, better)


def perfected(instance: Instance, plan: Plan, found: Lifted) -> Plan:
    """Return the best plan found that costs less than this one, or this one."""
    question = Question(instance, plan, found)
    if question.room_mm <= 0:
        return plan
    return question.answered(question.stars(found.graph, keep=KEPT))[0]


def proven_best(instance: Instance, plan: Plan, found: Lifted) -> tuple[Plan, float]:
    """Do the same over all stars in question, where they are few enough, and return a bound as well.

    The bound is the lifted one, or what HiGHS proves.
    """
    proven = _proven(instance, plan, found)
    if proven is None:
        # A better plan leaves less room.
        plan = perfected(instance, plan, found)
        proven = _proven(instance, plan, found)
    return proven or (plan, found.bound_mm)


def _proven(instance: Instance, plan: Plan, found: Lifted) -> tuple[Plan, float] | None:
    """Return the best plan and a bound; None where not all stars in question can be written down."""
    question, keep = Question(instance, plan, found), PROOF_KEPT
    room_mm = question.room_mm
    if room_mm <= 0:
        return plan, found.bound_mm
    graph = kind_graph(found.kinds, found.prices.pi, listed=PROOF_LISTED)
    if may_miss(found.kinds, graph, found.prices, below_mm=room_mm, keep=keep):
        return None
    stars = question.stars(graph, keep=keep)
    if len(stars) > PROOF_STARS:
        return None
    whole = replace(question, found=replace(found, joins=_joins_below(found, room_mm)))
    better, least_mm = whole.answered(stars)
    return better, max(found.bound_mm, least_mm)


def _joins_below(found: Lifted, room_mm: float) -> Joins:
    """Return every join that may stand in a plan that costs less."""
    pi = found.prices.pi
    joins = joins_of(found.kinds, pi, most=len(found.kinds))
    return joins.chosen(np.flatnonzero(joins.cost - pi[joins.kind] <= room_mm))


@dataclass(frozen=True)
class Question:
    """Whether there is a plan that costs less than this one."""

    instance: Instance
    plan: Plan
    found: Lifted

    @cached_property
    def cost_mm(self) -> float:
        return plan_cost(self.instance, self.plan)

    @property
    def below_mm(self) -> float:
        """What a plan must cost at most to be called better."""
        return self.cost_mm * (1 - LEAST_GAIN)

    @property
    def room_mm(self) -> float:
        """What no star of a better plan may cost above its prices."""
        return self.below_mm - self.found.bound_mm

    def stars(self, graph: KindGraph, *, keep: int) -> KindStars:
        """Return the stars in question that may stand in a plan, at most so many a host, but those within crowds."""
        kinds, prices = self.found.kinds, self.found.prices
        stars = cheap_stars(kinds, graph, prices, below_mm=self.room_mm, keep=keep)
        return stars.chosen(np.flatnonzero(_are_lawful(kinds, stars)))

    def answered(self, stars: KindStars) -> tuple[Plan, float]:
        """Return the best plan of these stars and the ones that stand, or the plan at hand; none of them costs less than so much."""
        kinds, prices = self.found.kinds, self.found.prices
        master = Master(kinds, self.found.joins)
        master.add(stars_within_crowds(kinds))
        master.add(stars)
        # Where there are more stars than are kept, what is kept may not go together: what stands does.
        standing = told_by_crowds(kinds, _stars_of(self.instance, self.plan, kinds))
        master.add(standing)
        heavy = np.flatnonzero(prices.weight > 0).tolist()
        master.cut([prices.sets[at] for at in heavy])
        start = Taken(self.cost_mm, _times(master, standing), self._joined())
        taken, least_mm = master.solve_whole(start)
        plans = [self.plan, _plan_of(self.instance, master, taken)]
        better = min(plans, key=lambda plan: plan_cost(self.instance, plan))
        return better, min(least_mm, self.below_mm)

    def _joined(self) -> Floats:
        """How often each join stands in the plan."""
        kinds, joins = self.found.kinds, self.found.joins
        items = np.flatnonzero(self.plan.where < NONE)
        branches = (-2 - self.plan.where[items]).tolist()
        often = Counter(zip(branches, kinds.of_item[items].tolist(), strict=True))
        pairs = zip(joins.branch.tolist(), joins.kind.tolist(), strict=True)
        return np.array([often[pair] for pair in pairs], np.float64)


def _times(master: Master, standing: KindStars) -> Floats:
    """How often each star of the master stands, told by those that were added last."""
    last = master.stars[-1]
    both = np.sort(np.concatenate([last.rows, standing.rows]), axis=1)
    _, number = np.unique(both, axis=0, return_inverse=True)
    number = number.ravel()
    times = np.bincount(number[len(last) :], minlength=int(number.max(initial=-1)) + 1)
    before = sum(map(len, master.stars[:-1]))
    return np.concatenate([np.zeros(before), times[number[: len(last)]]])


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
    members = np.append(kinds.offered_sizes[:, 1], 0)[stars.rows].sum(axis=1)
    lawful: Flags = members <= inside.limit[4]
    if len(inside.forbidden_item):
        owner = np.repeat(np.arange(inside.items), np.diff(inside.forbidden_start))
        barred = np.unique(owner * inside.items + inside.forbidden_item)
        for one in range(stars.rows.shape[1]):
            for other in range(one):
                pair = stars.rows[:, one] * inside.items + stars.rows[:, other]
                both = _are_kinds(kinds, stars.rows[:, [one, other]]).all(axis=1)
                lawful &= ~(both & np.isin(pair, barred))
    return lawful


def _are_kinds(kinds: Kinds, rows: Ints) -> Flags:
    known: Flags = (rows >= 0) & (rows < len(kinds))
    return known


def _plan_of(instance: Instance, master: Master, taken: Taken) -> Plan:
    """Return the plan that makes the stars and joins as often as was found."""
    kinds, joins, builder = master.kinds, master.joins, Builder(instance, master.kinds.of_item)
    for at in np.flatnonzero(taken.joins > 0).tolist():
        same = [int(joins.kind[at])] * int(taken.joins[at])
        builder.join(same, branch=int(joins.branch[at]))
    rows = np.concatenate([stars.rows for stars in master.stars])
    hosts = np.concatenate([stars.host for stars in master.stars])
    costs = np.concatenate([stars.cost for stars in master.stars])
    often = np.flatnonzero(taken.stars > 0)
    made = np.repeat(often, np.rint(taken.stars[often]).astype(np.int64)).tolist()
    # Those told by their kinds come first: whoever is left of a crowd is as good as any other.
    told = [builder.taken(rows[star][_are_kinds(kinds, rows[star])]) for star in made]
    builder.let_classes_be_taken(kinds.crowds.of_kind, len(kinds.crowds))
    for star, known in zip(made, told, strict=True):
        items = np.append(known, builder.taken(rows[star][rows[star] >= len(kinds)]))
        host = int(rows[star, 0])
        if host < len(kinds):
            offset = int(hosts[star] - kinds.instance.item_start[host])
            builder.found(items, host=0, offset=offset, cost_mm=costs[star])
        else:  # the first of the crowd, behind those told by their kinds
            builder.found(items, host=len(known))
    return builder.plan
