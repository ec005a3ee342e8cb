"""The command line speaks Chinese, at once, and never in Python."""

import subprocess
import sys

import pytest
from click.testing import CliRunner

from liangxin.config.cli.commands import main
from liangxin.config.cli.wording import EXIT_REFUSED

VERBS = sorted(main.commands)
CLICK_ENGLISH = ("Usage", "Options", "Commands", "Show this", "Error", "Missing", "Invalid", "Try ")
IS_DJANGO_STARTED = """
import sys
from liangxin.config.cli import main
try:
    main(["--help"])
except SystemExit:
    print([name for name in sys.modules if name.split(".")[0] in ("django", "rich", "cryptography")])
"""


@pytest.mark.parametrize("verb", ["", *VERBS])
def test_help_is_in_chinese(verb: str) -> None:
    result = CliRunner().invoke(main, [*filter(None, [verb]), "--help"])

    assert result.exit_code == 0
    assert result.output.startswith("用法：")
    assert [word for word in CLICK_ENGLISH if word in result.output] == []


def test_help_answers_without_django() -> None:
    done = subprocess.run(
        [sys.executable, "-c", IS_DJANGO_STARTED], capture_output=True, text=True, check=True
    )

    assert done.stdout.splitlines()[-1] == "[]"


def test_main_without_a_verb_shows_the_help_and_fails() -> None:
    result = CliRunner().invoke(main, [])

    assert (result.exit_code, "动作:" in result.stderr) == (EXIT_REFUSED, True)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["covrage"], "没有“covrage”这个动作（是不是 coverage？）。用法见 liangxin --help。"),
        (["serve", "--prot", "1"], "没有 --prot 这个选项"),
        (["serve", "--port", "x"], "--port 的值不对，应是 1 到 65535 的整数。"),
        (["serve", "--port", "70000"], "--port 的值不对，应是 1 到 65535 的整数。"),
        (["serve", "--port"], "--port 后面要写值。"),
        (["demo", "--seed", "x"], "--seed 的值不对，应是整数。"),
        (
            ["coverage", "--at", "2026-02-30"],
            "--at 的值不对，应是真实的日期，写成 2026-06-30 的样子。",
        ),
        (["coverage", "--by", "colour"], "--by 的值不对，可选：street、site、industry、size。"),
        (["import"], "缺少 文件…。"),
        (["migrate", "now"], "参数太多或写法不对。"),
    ],
)
def test_usage_error_is_one_chinese_sentence(arguments: list[str], said: str) -> None:
    result = CliRunner().invoke(main, arguments, prog_name="liangxin")

    assert result.exit_code == EXIT_REFUSED
    assert result.stderr.startswith(f"错误：{said}")
    assert len(result.stderr.splitlines()) == 1
    assert result.stdout == ""
