"""The best target around each host and group at given prices, and what no choice can exceed."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from liangxin.optimize.distinct import distinct
from liangxin.optimize.targets._kernels import best_star
from liangxin.optimize.targets.columns import (
    Columns,
    Prices,
    first_target,
    join_target,
    star_target,
)
from liangxin.optimize.targets.problem import Floats, Ints, TargetProblem
from liangxin.optimize.targets.reach import Reach, Star
from liangxin.optimize.targets.solution import Target

JOINS_A_GROUP = 8  # columns a group may add in one round; the bound weighs all of them


@dataclass(frozen=True)
class Priced:
    """Targets worth more than their prices, and a bound valid at these prices."""

    targets: tuple[Target, ...]
    bound: float


@dataclass(frozen=True)
class _Weighed:
    """Parallel arrays, the host first: firm, metres, members, what it is worth, what a member costs."""

    items: Ints
    way_m: Floats
    members: Ints
    value: Floats
    price: Floats


def priced(
    problem: TargetProblem, reach: Reach, columns: Columns, prices: Prices, *, slack: float
) -> Priced:
    """Weigh every host, group and first member at the prices, over all pairs."""
    found: list[Target] = []
    bound = float(prices.firm.sum()) + float(prices.place @ problem.groups.places)
    bound += sum(price * problem.quota[street] for street, price in prices.street.items())
    for star in reach.stars:
        excess, target = _best_branch(problem, star.host, _weighed(problem, star, prices))
        bound += max(0.0, excess)
        if target is not None and excess > slack:
            found.append(target)
    for group in range(len(problem.groups)):
        bound += _joins(problem, reach, group, prices, slack=slack, found=found)
    for unit in np.flatnonzero(problem.firms.first_gain > 0).tolist():
        worth = first_target(problem, unit).value - prices.firm[unit] - prices.member[unit]
        bound += max(0.0, float(worth)) if problem.firms.members[unit] == 0 else 0.0
    return Priced(tuple(found), bound)


def branches_of_every_size(problem: TargetProblem, star: Star, prices: Prices) -> Iterator[Target]:
    """The best branch around a host for each number of units, members today and new members."""
    rules, weighed = problem.rules, _weighed(problem, star, prices)
    for wanted in range(rules.max_units * rules.min_members * (rules.most_new + 1)):
        _, target = _best_branch(problem, star.host, weighed, wanted=wanted)
        if target is not None:
            yield target


def _weighed(problem: TargetProblem, star: Star, prices: Prices) -> _Weighed:
    """The firms around a host that a best branch may hold, at the prices."""
    firms, rules = problem.firms, problem.rules
    members = firms.members[star.items]
    first = np.where(members == 0, firms.first_gain[star.items], 0.0)
    value = firms.gain[star.items] + first - prices.firm[star.items] - rules.way_cost * star.way_m
    price = prices.member[star.items] + rules.member_cost
    kept = _undominated(members, value, price, most_new=rules.most_new)
    return _Weighed(star.items[kept], star.way_m[kept], members[kept], value[kept], price[kept])


def _best_branch(
    problem: TargetProblem, host: int, around: _Weighed, *, wanted: int = -1
) -> tuple[float, Target | None]:
    rules = problem.rules
    limit = np.array(
        [rules.max_units, rules.min_members, rules.max_members, rules.most_new], np.int64
    )
    chosen = np.full(len(around.items), -1, np.int64)
    is_empty = bool(around.members[0] == 0)
    excess = float(
        best_star(around.members, around.value, around.price, is_empty, limit, wanted, chosen)
    )
    if not np.isfinite(excess):
        return excess, None
    inside = np.flatnonzero(chosen >= 0)
    units, new = around.items[inside].tolist(), chosen[inside].tolist()
    return excess, star_target(problem, units, new, host, around.way_m[inside])


def _undominated(members: Ints, value: Floats, price: Floats, *, most_new: int) -> Ints:
    """Places of the host, of those with members, and of the others that a best branch may need.

    Of firms without members it holds no more than new members allow, whoever is worth most.
    """
    empty = np.flatnonzero(members[1:] == 0) + 1
    kept = [np.zeros(1, np.int64), np.flatnonzero(members[1:] > 0) + 1]
    for new in range(1, most_new + 1):
        order = np.argsort(new * price[empty] - value[empty], kind="stable")
        kept.append(empty[order[: most_new // new]])
    return distinct(np.concatenate(kept))


def _joins(
    problem: TargetProblem,
    reach: Reach,
    group: int,
    prices: Prices,
    *,
    slack: float,
    found: list[Target],
) -> float:
    """Add the joinings worth most; return what this group adds to the bound."""
    items, ways_m = reach.joins[group]
    places = int(problem.groups.places[group])
    if not len(items) or not places:
        return 0.0
    firms, rules = problem.firms, problem.rules
    worth = firms.gain[items] + firms.first_gain[items] - prices.firm[items]
    worth = worth - rules.member_cost - rules.way_cost * ways_m
    worth = worth - prices.member[items] - prices.place[group]
    order = np.argsort(-worth, kind="stable")
    for place in order[: max(JOINS_A_GROUP, places)].tolist():
        if worth[place] > slack:
            found.append(join_target(problem, int(items[place]), group, float(ways_m[place])))
    # Each firm joins a group once, and no more firms than there are places.
    best = worth[order[:places]]
    return float(best[best > 0].sum())
