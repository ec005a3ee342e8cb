"""What every test stands on: test mode, a data folder of its own, fast password hashes."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import override_settings

from liangxin.config.env import TEST
from liangxin.kernel import chain_guard

# A busy machine makes single examples slow without anything being wrong.
hypothesis.settings.register_profile("liangxin", deadline=None, print_blob=True)
hypothesis.settings.load_profile("liangxin")


# Rooms that may not import the database (import contracts), and tests of programs that plan from files, or
# make an SQLite deployment of their own whatever the run is on.
HERE = Path(__file__).parent
COMMANDS = (
    *("country", "env", "failures", "lifeline", "measuring", "plan_parameters", "plan_problem"),
    *("planning", "postgres_launcher", "serving", "static_files", "unit_files", "wording"),
)
WITHOUT_DATABASE = tuple(
    HERE / place
    for place in (
        *(f"config/test_{command}.py" for command in COMMANDS),
        *("architecture", "demo", "optimize", "rulebook", "standards", "workbook"),
    )
)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On the production database only what may ask it: the rest has had its run on SQLite."""
    if connection.vendor == "postgresql":
        spared = [item for item in items if any(map(item.path.is_relative_to, WITHOUT_DATABASE))]
        config.hook.pytest_deselected(items=spared)
        items[:] = [item for item in items if item not in set(spared)]


@pytest.fixture(scope="session", autouse=True)
def test_mode(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the whole run in test mode and out of the developer's own data, also under a bare `pytest`."""
    folder = tmp_path_factory.mktemp("data")
    with override_settings(
        ENV=replace(settings.ENV, mode=TEST, data_dir=folder),
        DATA_DIR=folder,
        BLOB_DIR=folder / "blobs",
        DEMO_MODE=False,
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    ):
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """The triggers that guard audit entries would also refuse the emptying of tables between tests."""
    with django_db_blocker.unblock():
        chain_guard.remove(connection)


@pytest.fixture(autouse=True)
def fresh_cache() -> None:
    """Figures are kept by ledger revision, which a rolled back test gives out again."""
    cache.clear()
