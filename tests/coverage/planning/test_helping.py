"""What would help a left-out organisation, held against trying every set and every radius."""

from dataclasses import replace
from itertools import combinations
from math import hypot, inf, isinf

import numpy as np
import pytest

from liangxin.coverage.planning.helping import Place, Scene
from liangxin.coverage.terms import HelpKind, PlanParameters
from tests.factories.plans import PARAMETERS

RULES = replace(PARAMETERS, street_radius_m=500.0, industry_radius_m=700.0, largest_units=4)


def place(key: int, *, members: int = 1, x_m: float = 0.0, **facts: int | None) -> Place:
    known = {"site": None, "street": 1, "trade": None} | facts
    return Place(key=key, name=f"第{key}家", members=members, x_m=x_m, y_m=0.0, **known)  # type: ignore[arg-type]


def reaches(one: Place, end: Place, rules: PlanParameters) -> bool:
    if one.key == end.key or (one.site is not None and one.site == end.site):
        return True
    metres = hypot(one.x_m - end.x_m, one.y_m - end.y_m)
    if one.street is not None and one.street == end.street and metres <= rules.street_radius_m:
        return True
    return one.trade is not None and one.trade == end.trade and metres <= rules.industry_radius_m


def can_be_grouped(
    unit: Place, left: list[Place], groups: list[Place], rules: PlanParameters
) -> bool:
    for group in groups:
        fits = (
            group.units < rules.largest_units and group.members + unit.members <= rules.max_members
        )
        if fits and reaches(unit, group, rules):
            return True
    others = [one for one in left if one.key != unit.key]
    for size in range(1, rules.largest_units):
        for chosen in combinations(others, size):
            units = (unit, *chosen)
            total = sum(one.members for one in units)
            if rules.min_members <= total <= rules.max_members and any(
                all(reaches(one, host, rules) for one in units) for host in units
            ):
                return True
    return False


def smallest_radius(
    unit: Place, left: list[Place], groups: list[Place], *, by_street: bool
) -> float:
    if can_be_grouped(unit, left, groups, RULES):
        return 0.0
    ends = [*left, *groups]
    radii = sorted({hypot(a.x_m - b.x_m, a.y_m - b.y_m) for a in left for b in ends})
    for radius in radii:
        rules = (
            replace(RULES, street_radius_m=max(radius, RULES.street_radius_m))
            if by_street
            else replace(RULES, industry_radius_m=max(radius, RULES.industry_radius_m))
        )
        if can_be_grouped(unit, left, groups, rules):
            return radius
    return inf


def random_scene(seed: int) -> tuple[list[Place], list[Place], list[Place]]:
    random = np.random.default_rng(seed)

    def some(count: int, first: int, members: list[int], units: int = 1) -> list[Place]:
        return [
            Place(
                key=first + number,
                name=f"第{first + number}家",
                members=int(random.choice(members)),
                x_m=float(random.uniform(0, 2500)),
                y_m=float(random.uniform(0, 2500)),
                site=1 if random.random() < 0.15 else None,
                street=int(random.integers(1, 3)),
                trade=int(random.integers(1, 4)),
                units=units if random.random() < 0.5 else 4,
            )
            for number in range(count)
        ]

    return some(7, 1, [1, 1, 2]), some(1, 100, [3], units=3), some(4, 200, [0])


@pytest.mark.parametrize("seed", range(30))
def test_radius_is_the_smallest_that_is_enough(seed: int) -> None:
    left, groups, empty = random_scene(seed)
    scene = Scene(left, groups, empty, parameters=RULES)
    for unit in left:
        for by_street in (True, False):
            right = smallest_radius(unit, left, groups, by_street=by_street)
            told = scene.radius_m(unit, by_street=by_street)
            assert told == pytest.approx(right) or (isinf(told) and isinf(right)), (unit, by_street)


@pytest.mark.parametrize("seed", range(30))
def test_a_member_more_is_offered_where_and_only_where_it_is_enough(seed: int) -> None:
    left, groups, empty = random_scene(seed)
    scene = Scene(left, groups, empty, parameters=RULES)
    for unit in left:
        kinds = {one.kind: one for one in scene.helps(unit)}
        if HelpKind.POSSIBLE in kinds:
            continue
        grown = replace(unit, members=unit.members + 1)
        rest = [grown if one.key == unit.key else one for one in left]
        own = grown.members >= RULES.min_members or can_be_grouped(grown, rest, [], RULES)
        assert (HelpKind.OWN_MEMBER in kinds) == own
        near = [one for one in (*left, *empty) if one.key != unit.key and _helps(unit, one, left)]
        assert (HelpKind.NEIGHBOURS_MEMBER in kinds) == bool(near)
        if near:
            best = min(
                near, key=lambda one: (hypot(one.x_m - unit.x_m, one.y_m - unit.y_m), one.key)
            )
            assert kinds[HelpKind.NEIGHBOURS_MEMBER].text.startswith(best.name)


def _helps(unit: Place, one: Place, left: list[Place]) -> bool:
    """Whether some lawful group holds both once `one` has a member more; others without members stay out."""
    grown = replace(one, members=one.members + 1)
    others = [other for other in left if other.key not in (unit.key, one.key)]
    for size in range(RULES.largest_units - 1):
        for chosen in combinations(others, size):
            units = (unit, grown, *chosen)
            total = sum(other.members for other in units)
            if RULES.min_members <= total <= RULES.max_members and any(
                all(reaches(other, host, RULES) for other in units) for host in units
            ):
                return True
    return False


def test_helps_name_the_radius_and_what_it_adds() -> None:
    left = [place(1), place(2, x_m=520.0), place(3, x_m=1000.0)]
    (first, *_) = Scene(left, [], [], parameters=RULES).helps(left[0])
    assert first.kind == HelpKind.STREET_RADIUS
    assert first.text == "同街道距离上限放宽到 520 米（+20 米）"


def test_helps_fall_back_to_a_guide() -> None:
    alone = place(1, street=None)
    (only,) = Scene([alone], [], [], parameters=RULES).helps(alone)
    assert only.kind == HelpKind.GUIDE


def test_helps_say_that_a_group_is_possible() -> None:
    left = [place(1), place(2, members=2, x_m=100.0)]
    (only,) = Scene(left, [], [], parameters=RULES).helps(left[0])
    assert only.kind == HelpKind.POSSIBLE
