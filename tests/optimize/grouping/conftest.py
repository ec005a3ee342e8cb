"""The solver's loops are compiled once per session, before any test that counts its time."""

import pytest

from liangxin.optimize.grouping import warming


@pytest.fixture(scope="session")
def compiled_solver() -> None:
    warming.warm_up()
