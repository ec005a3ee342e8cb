"""The set-up script, as far as it decides anything without a network."""

import subprocess
import sys
from pathlib import Path

import pytest
import run

from tests.architecture.source_tree import ROOT


def test_uv_settings_hand_on_what_pip_is_configured_with(tmp_path: Path) -> None:
    pip = {
        "index-url": "https://mirror.example/simple",
        "extra-index-url": f"file://{tmp_path}\nfile:///nowhere/simple https://more.example/simple",
        "find-links": f"/nowhere/wheels {tmp_path}",
        "cert": "/etc/ssl/own.pem",
    }

    assert run.uv_settings(pip) == {
        "UV_DEFAULT_INDEX": "https://mirror.example/simple",
        "UV_INDEX": f"file://{tmp_path} https://more.example/simple",
        "UV_FIND_LINKS": str(tmp_path),
        "SSL_CERT_FILE": "/etc/ssl/own.pem",
        "UV_INDEX_STRATEGY": "unsafe-best-match",
    }


def test_uv_settings_are_empty_for_an_unconfigured_pip() -> None:
    assert run.uv_settings({}) == {}


@pytest.mark.parametrize(
    ("arguments", "value", "left"),
    [
        (["demo", "--wheel-house", "w", "--port", "1"], "w", ["demo", "--port", "1"]),
        (["--wheel-house=w", "demo"], "w", ["demo"]),
        (["demo", "--no-serve"], None, ["demo", "--no-serve"]),
    ],
)
def test_take_option_leaves_the_other_arguments(
    arguments: list[str], value: str | None, left: list[str]
) -> None:
    assert (run.take_option(arguments, "--wheel-house"), arguments) == (value, left)


def test_take_option_refuses_a_missing_value() -> None:
    with pytest.raises(run.SetupError, match="--wheel-house"):
        run.take_option(["demo", "--wheel-house"], "--wheel-house")


def test_runs_does_not_trust_a_shim_that_fails(tmp_path: Path) -> None:
    shim = tmp_path / "python3.13"
    shim.write_text("#!/bin/sh\nexit 127\n", encoding="ascii")
    shim.chmod(0o755)

    assert not run.runs(str(shim), "import sys")
    assert not run.runs(str(tmp_path / "absent"), "import sys")
    assert run.runs(sys.executable, "import sys")


def test_read_stamp_forgets_a_folder_that_was_moved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "STAMP", tmp_path / "stamp.json")
    run.write_stamp({}, uv="1")
    kept = run.read_stamp()
    monkeypatch.setattr(run, "ROOT", tmp_path / "elsewhere")

    assert (kept["uv"], run.read_stamp()) == ("1", {})


def test_help_is_printed_without_setting_anything_up() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "run.py"), "--help"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, run.USAGE, "")
