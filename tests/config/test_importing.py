"""`liangxin import`: what the operator types, what comes back, with which exit code."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from django.utils import timezone

from liangxin.config.cli.commands import main
from liangxin.intake.models import Batch
from liangxin.intake.terms import BatchState
from liangxin.kernel.models import User
from liangxin.registry.models import Organisation
from tests.factories.intake import FIRM_HEADER, write_list
from tests.factories.registry import make_area, next_uscc

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["import", *arguments])


def reported(result: Result) -> dict[str, Any]:
    report: dict[str, Any] = json.loads(result.stdout)
    return report


def firm(name: str, *, uscc: str | None = None, established: str = "2015-03-05") -> list[object]:
    return [name, uscc or next_uscc(), "存续", "甲街道", 12, established]


@pytest.fixture
def good(tmp_path: Path) -> str:
    make_area("甲街道")
    return str(write_list(tmp_path, "好.xlsx", FIRM_HEADER, firm("测试一有限公司")))


@pytest.fixture
def mixed(tmp_path: Path) -> str:
    make_area("甲街道")
    bad = firm("测试二有限公司", established="2015-13-05")
    return str(write_list(tmp_path, "有错.xlsx", FIRM_HEADER, firm("测试一有限公司"), bad))


def test_import_is_a_dry_run_unless_asked(good: str) -> None:
    result = run(good)

    assert (result.exit_code, Organisation.objects.count()) == (0, 0)
    assert "新增 1" in result.stdout
    assert "台账没有改动。加 --commit 写入台账。" in result.stdout


def test_import_commit_writes_and_undo_takes_back(good: str) -> None:
    committed = run(good, "--commit", "--json")
    batch = reported(committed)["batch"]

    assert (committed.exit_code, Organisation.objects.count()) == (0, 1)
    undone = run("undo", str(batch), "--json")
    assert (undone.exit_code, json.loads(undone.stdout)) == (0, {"undone": batch})
    assert Organisation.objects.count() == 0


def test_import_names_row_column_reason_and_mend(mixed: str) -> None:
    result = run(mixed, "--commit")

    assert (result.exit_code, Organisation.objects.count()) == (1, 1)
    assert (
        "退回 第 3 行 F 列“2015-13-05”：没有“2015-13-05”这一天。请核对年、月、日后改正"
        in result.stdout
    )


def test_import_json_holds_every_rejected_row(mixed: str) -> None:
    (sheet,) = reported(run(mixed, "--json"))["files"][0]["sheets"]

    assert (sheet["kind"], sheet["counts"]["new"], sheet["counts"]["rejected"]) == (
        "enterprises",
        1,
        1,
    )
    ((row, faults),) = ((item["row"], item["faults"]) for item in sheet["rejected"])
    assert (row, [fault["column"] for fault in faults]) == (3, ["established_date"])


def test_import_of_a_broken_file_says_so_beside_the_good_one(good: str, tmp_path: Path) -> None:
    broken = tmp_path / "坏.xlsx"
    broken.write_bytes(b"PK\3\4 this is no workbook")
    result = run(good, str(broken))

    assert result.exit_code == 2
    assert "打不开" in result.stdout
    assert "新增 1" in result.stdout


def test_import_without_a_usable_row_commits_nothing(tmp_path: Path) -> None:
    make_area("甲街道")
    bad = firm("测试二有限公司", established="2015-13-05")
    result = run(str(write_list(tmp_path, "全错.xlsx", FIRM_HEADER, bad)), "--commit")

    assert result.exit_code == 2
    assert result.stdout.endswith("没有可以写入的行，台账没有改动。\n")
    assert Batch.objects.get().state == BatchState.DRY


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["没有.xlsx"], "找不到文件“没有.xlsx”：请检查路径和文件名。"),
        (["."], "“.”是文件夹：请写出其中的文件"),
        (["undo"], "用法：liangxin import undo 批次号"),
        (["undo", "甲"], "用法：liangxin import undo 批次号"),
        (["undo", "99999"], "没有第 99999 批"),
    ],
)
def test_import_refuses_what_is_not_there(arguments: list[str], said: str) -> None:
    result = run(*arguments)

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"错误：{said}")


def test_import_refuses_unknown_users_and_those_who_may_not(good: str) -> None:
    User.objects.create(username="gone", name="离任", is_active=False)
    User.objects.create(username="nobody", name="没有角色")

    refused = {name: run(good, "--by", name) for name in ("missing", "gone", "nobody")}

    assert {result.exit_code for result in refused.values()} == {2}
    assert "没有账号“missing”" in refused["missing"].stderr
    assert "账号“gone”已停用" in refused["gone"].stderr
    assert "没有办理这件事的权限" in refused["nobody"].stderr
    assert not Batch.objects.exists()


def test_import_refuses_a_day_that_has_not_come(good: str) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    result = run(good, "--as-of", tomorrow.isoformat())

    assert result.exit_code == 2
    assert "不能晚于今天" in result.stderr


def test_import_undo_twice_is_refused(good: str) -> None:
    batch = str(reported(run(good, "--commit", "--json"))["batch"])
    run("undo", batch)
    again = run("undo", batch)

    assert again.exit_code == 2
    assert "没有可撤销的内容" in again.stderr
