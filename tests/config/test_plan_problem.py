"""Rows and parameters become arrays; names that nobody knows are refused."""

from dataclasses import replace

import numpy as np
import pytest

from liangxin.config.cli.plan_parameters import BadParameters, BranchRow, PlanSettings
from liangxin.config.cli.plan_problem import plan_question
from liangxin.config.cli.unit_files import UnitFile, UnitRow, UnreadableUnits
from liangxin.optimize.grouping.problem import NONE
from liangxin.standards.coordinates import distance_m

BRANCH = BranchRow(
    id="B1", host="某公司", east=1.0, north=2.0, site_id="T9", free_units=1, free_members=3
)


def row(unit_id: str, members: int = 1, *, group: str = "", is_frozen: bool = False) -> UnitRow:
    return UnitRow(
        line=2,
        unit_id=unit_id,
        members=members,
        east=0.0,
        north=0.0,
        site_id="T1",
        street_id="甲街道",
        industry="",
        pinned_group=group,
        is_frozen=is_frozen,
    )


def file(*rows: UnitRow) -> UnitFile:
    return UnitFile(rows, is_in_degrees=False)


def test_question_sets_apart_who_is_no_candidate() -> None:
    question = plan_question(file(row("a"), row("b", 0), row("c", 3), row("d", 2)), PlanSettings())

    assert question.problem.units.ids == ("a", "d")
    assert (question.ignored, question.own_branch) == (("b",), ("c",))


def test_question_numbers_names_as_they_appear() -> None:
    other = replace(row("b"), site_id="", street_id="乙街道")
    settings = PlanSettings(branches=(BRANCH,), new_branches_per_street={"乙街道": 2})
    problem = plan_question(file(row("a"), other), settings).problem

    assert problem.units.site.tolist() == [0, NONE]
    assert problem.units.street.tolist() == [0, 1]
    assert problem.units.industry.tolist() == [NONE, NONE]
    assert (problem.branches.site.tolist(), problem.branches.street.tolist()) == ([1], [NONE])
    assert problem.rules.new_groups_per_street == {1: 2}


def test_question_keeps_pinned_and_frozen_apart() -> None:
    frozen = [
        row(name, members, group="f", is_frozen=True) for name, members in (("a", 9), ("b", 1))
    ]
    pinned = [row("c", group="p"), row("d", group="p")]
    problem = plan_question(file(*frozen, *pinned), PlanSettings()).problem

    assert problem.frozen == ((0, 1),)
    assert problem.units.pinned.tolist() == [NONE, NONE, 0, 0]


def test_question_knows_who_may_host_and_who_not_together() -> None:
    settings = PlanSettings(forbidden=(("c", "a"), ("a", "b")), hosts=("a", "c"), not_hosts=("c",))
    problem = plan_question(file(row("a"), row("b", 0), row("c")), settings).problem

    assert problem.units.may_host.tolist() == [True, False]
    assert problem.forbidden.tolist() == [[1, 0]]


def test_question_lays_degrees_on_a_plane() -> None:
    here, there = (117.2, 31.8), (117.25, 31.83)
    rows = tuple(
        replace(row(name), east=lon, north=lat) for name, (lon, lat) in (("a", here), ("b", there))
    )
    units = plan_question(UnitFile(rows, is_in_degrees=True), PlanSettings()).problem.units

    apart_m = float(np.hypot(np.diff(units.x_m), np.diff(units.y_m))[0])
    assert apart_m == pytest.approx(distance_m(*here, *there), rel=1e-3)


def test_who_is_no_candidate_moves_no_plane() -> None:
    rows = (row("a"), row("b"), row("没有党员", 0))
    placed = [
        replace(one, east=lon, north=lat)
        for one, (lon, lat) in zip(
            rows, ((117.2, 31.8), (117.25, 31.83), (117.2, 13.8)), strict=True
        )
    ]
    near, far = placed[:2], placed
    plans = [
        plan_question(UnitFile(tuple(rows), is_in_degrees=True), PlanSettings()).problem.units
        for rows in (near, far)
    ]

    assert plans[0].x_m.tolist() == plans[1].x_m.tolist()


def test_question_refuses_degrees_that_no_plane_holds() -> None:
    rows = tuple(
        replace(row(name), east=117.0, north=lat) for name, lat in (("a", 31.0), ("b", 53.0))
    )

    with pytest.raises(UnreadableUnits, match="纬度从 31.00 到 53.00，相差 22.0 度"):
        plan_question(UnitFile(rows, is_in_degrees=True), PlanSettings())


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (PlanSettings(forbidden=(("a", "z"),)), "forbidden 里的“z”：单位名单里没有"),
        (PlanSettings(hosts=("z",)), "hosts 里的“z”：单位名单里没有"),
        (PlanSettings(not_hosts=("z",)), "not_hosts 里的“z”：单位名单里没有"),
        (PlanSettings(new_branches_per_street={"丙": 1}), "“丙”：单位名单里没有这个街道"),
        (PlanSettings(branches=(replace(BRANCH, host="a"),)), "已有支部，不应再在单位名单里"),
    ],
)
def test_question_refuses_names_that_nobody_knows(settings: PlanSettings, said: str) -> None:
    with pytest.raises(BadParameters, match=said):
        plan_question(file(row("a")), settings)


def test_question_refuses_a_frozen_group_of_one() -> None:
    rows = file(row("a", group="f", is_frozen=True), row("b", 0, group="f", is_frozen=True))

    with pytest.raises(UnreadableUnits, match="已定的组里只有这一个有党员的单位"):
        plan_question(rows, PlanSettings())


def test_question_refuses_a_pin_to_a_unit_that_takes_no_part() -> None:
    rows = file(row("a", group="p"), row("b", 5, group="p"), row("c", group="p"))

    with pytest.raises(UnreadableUnits, match="“b”有 5 名正式党员，应单独建支部"):
        plan_question(rows, PlanSettings())


def test_question_lets_units_without_members_be_pinned() -> None:
    rows = file(row("a", group="p"), row("b", 0, group="p"), row("c", group="p"))

    assert plan_question(rows, PlanSettings()).problem.units.pinned.tolist() == [0, 0]
