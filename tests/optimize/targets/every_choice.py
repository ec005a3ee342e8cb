"""The best choice of targets by trying all of them; for a handful of firms only."""

from itertools import combinations, product
from math import hypot, inf

import numpy as np

from liangxin.optimize.targets.problem import NONE, Firms, OpenGroups, Rules, TargetProblem


def random_problem(seed: int, *, firms: int = 7, groups: int = 1) -> TargetProblem:
    """A few firms of two streets on a square of two kilometres."""
    random = np.random.default_rng(seed)

    def codes(size: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        return random.integers(0, 2, size).astype(np.int64)

    members = random.choice([0, 0, 1, 1, 2], firms).astype(np.int64)
    return TargetProblem(
        firms=Firms(
            ids=tuple(f"F{place}" for place in range(firms)),
            members=members,
            x_m=random.uniform(0, 2000, firms),
            y_m=random.uniform(0, 2000, firms),
            site=np.where(random.random(firms) < 0.2, 0, NONE).astype(np.int64),
            street=codes(firms),
            industry=codes(firms),
            gain=random.choice([1.0, 1.0, 40.0], firms) if seed % 2 else np.ones(firms),
            first_gain=np.where(random.random(firms) < 0.3, 0.01, 0.0),
        ),
        groups=OpenGroups(
            ids=tuple(f"G{place}" for place in range(groups)),
            x_m=random.uniform(0, 2000, groups),
            y_m=random.uniform(0, 2000, groups),
            site=np.full(groups, NONE),
            street=codes(groups),
            industry=codes(groups),
            places=np.ones(groups, np.int64),
        ),
        rules=Rules(street_radius_m=900.0, industry_radius_m=1200.0, max_units=4),
        quota={0: int(random.integers(0, 4))},
    )


def best_value(problem: TargetProblem) -> float:
    """The greatest value of any lawful choice."""
    options = list(_options(problem))

    def best(free: frozenset[int], quota: tuple[int, ...], places: tuple[int, ...]) -> float:
        if not free:
            return 0.0
        first = min(free)
        found = best(free - {first}, quota, places)
        for units, new, group, value in options:
            if min(units) != first or not free >= set(units):
                continue
            left = list(quota)
            for unit, added in zip(units, new, strict=True):
                left[int(problem.firms.street[unit])] -= added
            open_places = list(places)
            if group != NONE:
                open_places[group] -= 1
            if min(left) >= 0 and min(open_places, default=0) >= 0:
                rest = best(free - set(units), tuple(left), tuple(open_places))
                found = max(found, value + rest)
        return found

    quota = tuple(problem.quota.get(street, 99) for street in (0, 1))
    places = tuple(problem.groups.places.tolist())
    return best(frozenset(range(len(problem.firms))), quota, places)


def _options(problem: TargetProblem):  # type: ignore[no-untyped-def]
    firms, rules = problem.firms, problem.rules
    for size in range(1, rules.max_units + 1):
        for units in combinations(range(len(firms)), size):
            for new in product(range(rules.most_new + 1), repeat=size):
                value = _branch_value(problem, units, new)
                if value > -inf:
                    yield units, new, NONE, value
    for unit in np.flatnonzero(firms.members == 0).tolist():
        first = float(firms.first_gain[unit]) - rules.member_cost
        if firms.first_gain[unit] > 0:
            yield (unit,), (1,), NONE, first
        for group in range(len(problem.groups)):
            way_m = _way_m(problem, unit, problem.groups, group)
            if way_m < inf:
                value = first + float(firms.gain[unit]) - rules.way_cost * way_m
                yield (unit,), (1,), group, value


def _branch_value(problem: TargetProblem, units: tuple[int, ...], new: tuple[int, ...]) -> float:
    firms, rules = problem.firms, problem.rules
    today, added = int(firms.members[list(units)].sum()), sum(new)
    lawful = 1 <= added <= rules.most_new and today < rules.min_members <= today + added
    for unit, more in zip(units, new, strict=True):
        lawful = lawful and (firms.members[unit] > 0 or more > 0)
    if not lawful:
        return -inf
    value = float(firms.gain[list(units)].sum()) - rules.member_cost * added
    value += sum(float(firms.first_gain[unit]) for unit in units if firms.members[unit] == 0)
    ways = [
        sum(0.0 if unit == host else _way_m(problem, unit, firms, host) for unit in units)
        for host, more in zip(units, new, strict=True)
        if firms.members[host] > 0 or more == added
    ]
    shortest = min(ways, default=inf)
    return value - rules.way_cost * shortest if shortest < inf else -inf


def _way_m(problem: TargetProblem, unit: int, ends: Firms | OpenGroups, end: int) -> float:
    firms, rules = problem.firms, problem.rules
    metres = hypot(firms.x_m[unit] - ends.x_m[end], firms.y_m[unit] - ends.y_m[end])
    if firms.site[unit] != NONE and firms.site[unit] == ends.site[end]:
        return 0.0
    if firms.street[unit] == ends.street[end] and metres <= rules.street_radius_m:
        return metres
    if firms.industry[unit] == ends.industry[end] and metres <= rules.industry_radius_m:
        return metres
    return inf
