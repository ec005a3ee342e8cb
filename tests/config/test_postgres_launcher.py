"""The throw-away PostgreSQL of the tests."""

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from liangxin.config.postgres_launcher import (
    PostgresUnavailable,
    newest_programs,
    temporary_postgres,
)

LAUNCHER = [sys.executable, "-m", "liangxin.config.postgres_launcher"]


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    for version in ("9.6", "15", "17"):
        programs = tmp_path / version / "bin"
        programs.mkdir(parents=True)
        (programs / "initdb").touch()
    return tmp_path


def test_newest_programs_compares_versions_as_numbers(installed: Path) -> None:
    assert newest_programs(installed) == installed / "17" / "bin"


def test_newest_programs_says_when_there_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(PostgresUnavailable, match="postgresql"):
        newest_programs(tmp_path)


def test_temporary_postgres_answers_to_its_password_and_is_gone_afterwards() -> None:
    with temporary_postgres() as url:
        with psycopg.connect(url) as connection:
            row = connection.execute("show data_directory").fetchone()
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(url.replace(urlsplit(url).password or "", "wrong"))

    assert row is not None
    assert not Path(row[0]).exists()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url)


def test_command_finds_the_address_and_its_exit_code_is_handed_on() -> None:
    show = "import os, sys; print(os.environ['LIANGXIN_DATABASE_URL']); sys.exit(7)"
    done = subprocess.run(
        [*LAUNCHER, sys.executable, "-c", show],
        env=dict(os.environ),
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout[:11]) == (7, "postgres://")
