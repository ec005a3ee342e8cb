"""`liangxin plan branches`: what the operator types, what is written, what never is."""

import json
import random
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from liangxin.config.cli import plan_files, planning
from liangxin.config.cli.commands import main
from liangxin.optimize.grouping.check import Fault
from tests.architecture.source_tree import ROOT
from tests.config.json_schema import schema_faults

HEADER = "unit_id,members,x_m,y_m,site_id,street_id,industry,pinned_group,frozen"
# A tower of three firms, two firms of its street, one far from everybody, one without, one with enough.
DISTRICT = (
    "a,1,0,0,T1,甲街道,65,,",
    "b,1,0,0,T1,甲街道,72,,",
    "c,1,0,0,T1,甲街道,51,,",
    "d,1,5000,0,,甲街道,52,,",
    "e,2,5400,0,,甲街道,53,,",
    "f,1,90000,0,,乙街道,54,,",
    "g,0,0,0,T1,甲街道,65,,",
    "h,8,0,0,T1,甲街道,65,,",
)


def written(folder: Path, *rows: str, name: str = "units.csv") -> Path:
    path = folder / name
    path.write_text("\n".join((HEADER, *rows)) + "\n", encoding="utf-8")
    return path


def run(units: Path, *options: str, out: str = "plan.json") -> Result:
    arguments = ["plan", "branches", str(units), "--out", str(units.parent / out), *options]
    return CliRunner().invoke(main, arguments)


def planned(units: Path, *options: str, params: str = "") -> dict[str, Any]:
    """Plan, hold the file to its schema, and return it."""
    given = units.parent / "params.toml"
    given.write_text(params, encoding="utf-8")
    result = run(units, "--params", str(given), *options)
    assert (result.exit_code, result.stderr) == (0, "")
    plan: dict[str, Any] = json.loads((units.parent / "plan.json").read_text(encoding="utf-8"))
    schema = json.loads((ROOT / "docs" / "plan-branches.schema.json").read_text(encoding="utf-8"))
    assert list(schema_faults(plan, schema)) == []
    return plan


def test_plan_is_written_as_documented(tmp_path: Path) -> None:
    plan = planned(written(tmp_path, *DISTRICT))

    tower, street = plan["groups"]
    assert (tower["units"], tower["mode"], tower["members"], tower["cost_mm"]) == (
        ["a", "b", "c"],
        "site",
        3,
        0,
    )
    assert street == {
        "units": ["d", "e"],
        "host": "e",
        "branch": None,
        "mode": "street",
        "unit_modes": ["street", "site"],
        "unit_ways_m": [400.0, 0.0],
        "members": 3,
        "cost_mm": 400.0,
        "frozen": False,
        "reason": "2 家单位：与牵头单位同一街道的 1 家（距离 400 米），正式党员共 3 名。",
    }
    (uncovered,) = plan["uncovered"]
    assert (uncovered["unit"], uncovered["code"]) == ("f", "too_few_near")
    assert (plan["ignored"], plan["own_branch"]) == (["g"], ["h"])
    assert (plan["objective"], plan["seed"], plan["reproducible"]) == (400.0, 1, True)


def test_plan_tells_a_summary_in_words(tmp_path: Path) -> None:
    result = run(written(tmp_path, *DISTRICT))

    assert result.exit_code == 0
    assert "参加测算 6 家单位：编入 5 家，联合党支部 2 个。" in result.stdout
    assert "未编入 1 家：附近党员不足 3 名，需要选派指导员。" in result.stdout
    assert "总代价 400 人·米" in result.stdout
    assert "任何方案都不会低于 400 人·米（下界），本方案已是最好的" in result.stdout
    assert "另有 1 家没有正式党员，不参加联建。" in result.stdout
    assert result.stdout.endswith(f"方案已写入 {tmp_path / 'plan.json'}。\n")


def test_plan_obeys_what_people_settled(tmp_path: Path) -> None:
    frozen = ("d,1,5000,0,,甲街道,52,f1,1", "f,1,90000,0,,乙街道,54,f1,1")
    rows = (*DISTRICT[:3], frozen[0], DISTRICT[4], frozen[1])
    plan = planned(written(tmp_path, *rows), params='forbidden = [["a", "b"]]')

    assert [group["units"] for group in plan["groups"] if group["frozen"]] == [["d", "f"]]
    assert not any({"a", "b"} <= set(group["units"]) for group in plan["groups"])
    assert plan["params"]["forbidden"] == [["a", "b"]]


def test_plan_lets_units_join_an_existing_branch(tmp_path: Path) -> None:
    branch = 'host = "某公司"\nx_m = 90000\ny_m = 0\nstreet_id = "乙街道"'
    places = "free_units = 1\nfree_members = 2"
    plan = planned(
        written(tmp_path, *DISTRICT), params=f'[[branch]]\nid = "B1"\n{branch}\n{places}'
    )

    assert plan["uncovered"] == []
    last = plan["groups"][-1]
    assert (last["units"], last["branch"], last["host"]) == (["f"], "B1", "某公司")


@pytest.mark.parametrize(
    "rows",
    [DISTRICT[:1], DISTRICT[6:], DISTRICT[5:6]],
    ids=["one unit", "no candidate", "one alone"],
)
def test_plan_of_next_to_nothing_has_no_groups(tmp_path: Path, rows: tuple[str, ...]) -> None:
    plan = planned(written(tmp_path, *rows))

    assert (plan["groups"], plan["objective"], plan["gap"]) == ([], 0, 0)


def test_plan_is_the_same_for_the_same_seed_and_effort(tmp_path: Path) -> None:
    chance = random.Random(5)
    rows = [
        f"u{at},{chance.choice((1, 1, 2))},{chance.randrange(6000)},{chance.randrange(6000)},"
        f"{chance.choice(('', 'T1', 'T2', 'T3'))},s{chance.randrange(3)},{chance.randrange(9)},,"
        for at in range(120)
    ]
    units = written(tmp_path, *rows)
    first, second = (planned(units, "--seed", "7", "--effort", "0.2") for _ in range(2))

    assert first | {"seconds": 0} == second | {"seconds": 0}
    assert (first["seed"], first["effort"]) == (7, 0.2)
    assert first["bound"] <= first["objective"]
    out = {entry["unit"] for entry in first["uncovered"]}
    grouped = [unit for group in first["groups"] for unit in group["units"]]
    assert sorted([*grouped, *out]) == sorted(f"u{at}" for at in range(120))


def test_plan_refuses_pins_that_can_never_stand(tmp_path: Path) -> None:
    rows = ("a,1,0,0,T1,甲街道,65,p,", "b,2,0,0,T1,甲街道,72,p,", DISTRICT[2])
    result = run(written(tmp_path, *rows, "z,1,90000,0,,乙街道,54,p,"))

    assert (result.exit_code, result.stdout) == (2, "")
    assert "按这些要求编不成：z：" in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["units.csv"]


def test_plan_replaces_an_older_one_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    units = written(tmp_path, *DISTRICT)
    (tmp_path / "plan.json").write_text("旧", encoding="utf-8")
    run(units)

    assert sorted(path.name for path in tmp_path.iterdir()) == ["plan.json", "units.csv"]
    assert stat.S_IMODE((tmp_path / "plan.json").stat().st_mode) == 0o600


def test_plan_of_a_wrong_file_writes_nothing(tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_text("旧", encoding="utf-8")
    result = run(written(tmp_path, "a,x,0,0,,,,,"))

    assert (result.exit_code, result.stdout) == (2, "")
    assert "第 2 行 members 列“x”：不是数字。" in result.stderr
    assert (tmp_path / "plan.json").read_text(encoding="utf-8") == "旧"


def test_plan_that_the_check_refuses_is_not_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = Fault("size", "a、b：共 2 名党员，不合人数要求。", (0, 1))
    monkeypatch.setattr(planning, "faults", lambda problem, solution: (wrong,))
    result = run(written(tmp_path, *DISTRICT))

    assert result.exit_code == 2
    assert "测算结果没有通过核对：有 1 处不对：\n  a、b：共 2 名党员" in result.stderr
    assert not (tmp_path / "plan.json").exists()


def test_plan_that_is_broken_off_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*args: object, **options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(planning, "solve", interrupted)
    result = run(written(tmp_path, *DISTRICT))

    assert (result.exit_code, result.stderr.strip()) == (130, "已中止。")
    assert [path.name for path in tmp_path.iterdir()] == ["units.csv"]


def test_plan_on_a_full_disk_keeps_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    (tmp_path / "plan.json").write_text("旧", encoding="utf-8")
    monkeypatch.setattr(plan_files.os, "fsync", full)
    result = run(written(tmp_path, *DISTRICT))

    assert result.exit_code == 2
    assert "磁盘已满。原有文件没有改动。" in result.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["plan.json", "units.csv"]
    assert (tmp_path / "plan.json").read_text(encoding="utf-8") == "旧"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--effort", "0"), "计算强度应在 0 到 1000 之间"),
        (("--effort", "nan"), "计算强度应在 0 到 1000 之间"),
        (("--effort", "x"), "--effort 的值不对，应是数字。"),
        (("--time-limit", "-1"), "时间上限应大于 0 秒"),
        (("--seed", "-1"), "--seed 的值不对，应是 0 到 4294967295 的整数"),
        (("--params", "none.toml"), "找不到参数文件“none.toml”"),
    ],
)
def test_plan_refuses_impossible_options(
    tmp_path: Path, options: tuple[str, ...], said: str
) -> None:
    result = run(written(tmp_path, *DISTRICT), *options)

    assert result.exit_code == 2
    assert said in result.stderr


@pytest.mark.parametrize(
    ("out", "said"),
    [
        ("units.csv", "就是输入文件，会被盖掉"),
        ("missing/plan.json", "没有文件夹"),
        (".", "不是普通文件"),
    ],
)
def test_plan_refuses_to_write_where_it_cannot(tmp_path: Path, out: str, said: str) -> None:
    units = written(tmp_path, *DISTRICT)
    before = units.read_bytes()
    result = run(units, out=out)

    assert result.exit_code == 2
    assert said in result.stderr
    assert units.read_bytes() == before


def test_plan_needs_no_django() -> None:
    code = (
        "import sys, liangxin.config.cli.commands, liangxin.config.cli.planning; "
        "sys.exit(any(name.split('.')[0] == 'django' for name in sys.modules))"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
