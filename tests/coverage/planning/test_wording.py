"""The reason of a group begins with the name of what its units share."""

from dataclasses import replace

import pytest

from liangxin.coverage.planning.grouping import grouping_problem
from liangxin.coverage.planning.plane import plane_of
from liangxin.coverage.planning.wording import group_sentence
from liangxin.coverage.queries.candidates import PlannedOrganisation
from liangxin.optimize.grouping.solution import Group, Mode
from tests.factories.plans import LAT, LON, PARAMETERS

STREETS = {1: "测试街道", 2: "邻近街道"}
FIRM = PlannedOrganisation(
    organisation_id=1,
    name="甲测试公司",
    street_id=1,
    site_id=5,
    site_name="测试大厦",
    industry_code="6511",
    lon=LON,
    lat=LAT,
    members=2,
    to_transfer=0,
    is_reached_by_work=False,
)


def sentence(mode: Mode, **facts: object) -> str:
    """The sentence of two units, the second of them with other facts."""
    other = replace(FIRM, organisation_id=2, **facts)  # type: ignore[arg-type]
    placed = [FIRM, other]
    plane = plane_of((one.lon, one.lat) for one in placed)
    problem = grouping_problem(placed, parameters=PARAMETERS, plane=plane)
    group = Group(
        units=(0, 1), host=0, modes=(Mode.SITE, mode), ways_m=(0.0, 300.0), members=4, cost_mm=600.0
    )
    return group_sentence(problem, group, placed=placed, streets=STREETS)


@pytest.mark.parametrize(
    ("mode", "facts", "begins"),
    [
        (Mode.SITE, {}, "测试大厦的 2 家单位"),
        (Mode.STREET, {"site_id": None, "site_name": ""}, "测试街道的 2 家单位"),
        (Mode.INDUSTRY, {"street_id": 2}, "软件和信息技术服务业的 2 家单位"),
        (Mode.INDUSTRY, {"industry_code": "7011"}, "测试街道的 2 家单位"),
        (Mode.INDUSTRY, {"industry_code": "", "street_id": None}, "2 家单位"),
    ],
)
def test_group_sentence_names_what_all_units_share(
    mode: Mode, facts: dict[str, object], begins: str
) -> None:
    assert sentence(mode, **facts).startswith(begins)


def test_group_sentence_is_one_sentence() -> None:
    text = sentence(Mode.STREET, site_id=None)

    assert text == (
        "测试街道的 2 家单位：与牵头单位同一街道的 1 家（距离 300 米），正式党员共 4 名。"
    )
