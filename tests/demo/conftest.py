"""One district, made and written once, for all tests of the demo."""

from datetime import date
from pathlib import Path

import pytest

from liangxin.demo.district import make_district
from liangxin.demo.facts import District
from liangxin.demo.files import Written, write_lists

TODAY = date(2026, 11, 23)


@pytest.fixture(scope="session")
def district() -> District:
    return make_district(seed=7, scale=1, today=TODAY)


@pytest.fixture(scope="session")
def written(district: District, tmp_path_factory: pytest.TempPathFactory) -> Written:
    folder: Path = tmp_path_factory.mktemp("lists")
    return write_lists(district, folder, seed=7)
