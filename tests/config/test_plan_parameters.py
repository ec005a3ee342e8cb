"""Parameters in TOML: read, defaulted from the rules, or refused key by key."""

from pathlib import Path

import pytest
from django.utils import timezone

from liangxin.config.cli.plan_parameters import (
    BadParameters,
    BranchRow,
    PlanSettings,
    read_settings,
)
from liangxin.optimize.grouping.problem import Rules
from liangxin.rulebook import rule

EVERYTHING = """
street_radius_m = 800
industry_radius_m = 2500.5
left_out_mm = 15000
min_members = 3
max_members = 40
min_units = 2
max_units = 4
largest_units = 6
extra_unit_mm = 1000
forbidden = [["a", "b"], [1, 2]]
hosts = ["a", "b"]
not_hosts = ["c"]
[mode_weights]
industry = 1.5
[new_branches_per_street]
"甲街道" = 3
[[branch]]
id = "B1"
x_m = 5
y_m = 6.5
site_id = "T1"
free_units = 2
free_members = 9
"""


def read(folder: Path, text: str, *, is_in_degrees: bool = False) -> PlanSettings:
    path = folder / "params.toml"
    path.write_text(text, encoding="utf-8")
    return read_settings(path, is_in_degrees=is_in_degrees)


def test_names_are_read_as_those_of_the_units_are(tmp_path: Path) -> None:
    text = 'not_hosts = ["Ｕ１ "]\nforbidden = [["Ｕ１", "Ｕ２"]]\n[new_branches_per_street]\n"甲街道（东）" = 3'

    settings = read(tmp_path, text)

    assert (settings.not_hosts, settings.forbidden) == (("U1",), (("U1", "U2"),))
    assert settings.new_branches_per_street == {"甲街道(东)": 3}


def test_settings_without_a_file_are_the_usual_rules() -> None:
    settings = read_settings(None, is_in_degrees=False)

    assert settings == PlanSettings()
    assert settings.rules({}) == Rules()


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("street_radius_m", "joint_branch.street_radius_m"),
        ("industry_radius_m", "joint_branch.industry_radius_m"),
        ("left_out_mm", "joint_branch.left_out_mm"),
        ("min_members", "branch.min_full_members"),
        ("max_members", "branch.max_members"),
        ("max_units", "joint_branch.max_units"),
        ("largest_units", "joint_branch.largest_units"),
        ("extra_unit_mm", "joint_branch.extra_unit_mm"),
    ],
)
def test_usual_rules_are_those_of_the_rulebook(name: str, code: str) -> None:
    assert getattr(Rules(), name) == rule(code, at=timezone.localdate()).value


def test_settings_read_every_parameter(tmp_path: Path) -> None:
    settings = read(tmp_path, EVERYTHING)

    assert settings.rules({"甲街道": 7}) == Rules(
        street_radius_m=800,
        industry_radius_m=2500.5,
        left_out_mm=15000,
        max_members=40,
        max_units=4,
        largest_units=6,
        extra_unit_mm=1000,
        industry_weight=1.5,
        new_groups_per_street={7: 3},
    )
    assert settings.forbidden == (("a", "b"), ("1", "2"))
    assert (settings.hosts, settings.not_hosts) == (("a", "b"), ("c",))
    assert settings.branches == (
        BranchRow(
            id="B1", host="B1", east=5, north=6.5, site_id="T1", free_units=2, free_members=9
        ),
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("street_radius = 5", "street_radius：没有这个参数，是不是 street_radius_m？"),
        ("zzz = 5", "zzz：没有这个参数。可用：street_radius_m、"),
        ("street_radius_m = true", "street_radius_m = True：应是不小于 0 的数。"),
        ("left_out_mm = nan", "left_out_mm = nan：应是不小于 0 的数。"),
        ("left_out_mm = -1", "left_out_mm = -1：应是不小于 0 的数。"),
        ('max_units = "5"', "max_units = '5'：应是 0 到 100,000 的整数。"),
        ("max_units = 5.5", "max_units = 5.5：应是 0 到 100,000 的整数。"),
        ("mode_weights = 2", "mode_weights = 2：应写成表"),
        ("[mode_weights]\nstreets = 2", "mode_weights.streets：没有这个参数，是不是 street？"),
        ("[new_branches_per_street]\n甲 = 1.5", "不合 TOML 写法：第 2 行第 1 个字附近"),
        (
            '[new_branches_per_street]\n"甲" = 1.5',
            "new_branches_per_street.甲 = 1.5：应是 0 到 100,000",
        ),
        ("min_members = 100001", "min_members = 100001：应是 0 到 100,000 的整数。"),
        (f"left_out_mm = {'9' * 5000}", "里有位数太多的数"),
        ('forbidden = ["a", "b"]', "forbidden = 'a'：应是两个不同单位的编号"),
        ('forbidden = [["a", "a"]]', "应是两个不同单位的编号"),
        ('hosts = "a"', "hosts = 'a'：应是单位编号的列表"),
        ("branch = 1", "branch = 1：每个现有支部请各写一段"),
        ('[[branch]]\nid = "B"', "第 1 个 branch 的 x_m：缺少。请写上。"),
        ("[[branch]]\nlon = 117", "第 1 个 branch 的 lon：没有这个参数"),
        ("max_units = 1", "参数互相矛盾：每组单位数应满足"),
        ("min_members = 60", "参数互相矛盾：党员人数的下限"),
        ("[mode_weights]\nsite = 0", "参数互相矛盾：组建方式的权重应大于 0"),
    ],
)
def test_settings_refuse_key_by_key(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(BadParameters) as refused:
        read(tmp_path, text)

    assert said in refused.value.format_message()


def test_settings_refuse_branches_twice_or_out_of_place(tmp_path: Path) -> None:
    branch = '[[branch]]\nid = "B"\nlon = 117\nlat = 31\nfree_units = 1\nfree_members = 3\n'

    assert len(read(tmp_path, branch, is_in_degrees=True).branches) == 1
    with pytest.raises(BadParameters, match="与前面的重复"):
        read(tmp_path, branch * 2, is_in_degrees=True)
    with pytest.raises(BadParameters, match="应是 73 到 136 的数"):
        read(tmp_path, branch.replace("117", "17"), is_in_degrees=True)


def test_settings_refuse_what_cannot_be_read(tmp_path: Path) -> None:
    path = tmp_path / "params.toml"
    path.write_bytes("# 参数\n".encode("gb18030"))

    with pytest.raises(BadParameters, match="不是 UTF-8 文本"):
        read_settings(path, is_in_degrees=False)
    with pytest.raises(BadParameters, match="找不到参数文件"):
        read_settings(tmp_path / "none.toml", is_in_degrees=False)
    with pytest.raises(BadParameters, match="应是一个可以读取的文件"):
        read_settings(tmp_path, is_in_degrees=False)
