"""Every indicator of the house keeps the same promises."""

from datetime import timedelta

import pytest

from liangxin.kernel import catalogue
from liangxin.kernel.catalogue import DoubledCode, Indicator, indicators
from liangxin.kernel.viewer import STRANGER, SYSTEM
from tests.factories.coverage import DAY, make_random_ledger

pytestmark = pytest.mark.django_db
EVERY = pytest.mark.parametrize("indicator", indicators(), ids=lambda one: one.code)


def test_indicators_finds_those_of_coverage() -> None:
    found = {indicator.code for indicator in indicators()}
    assert found >= {"coverage.organisation_rate", "coverage.work_rate", "coverage.uncovered"}


@EVERY
def test_indicator_counts_are_the_lengths_of_its_lists(indicator: Indicator) -> None:
    make_random_ledger(21)
    measured = indicator.measure(SYSTEM, DAY)
    assert measured.at == DAY
    assert measured.count == len(measured.counted)
    if measured.among is not None:
        assert measured.denominator == len(measured.among)
        assert set(measured.counted) <= set(measured.among)


@EVERY
def test_indicator_has_a_title_and_a_unit(indicator: Indicator) -> None:
    assert indicator.title
    assert indicator.unit


@EVERY
def test_indicator_shows_a_stranger_nothing(indicator: Indicator) -> None:
    make_random_ledger(21)
    measured = indicator.measure(STRANGER, DAY)
    assert (measured.count, list(measured.counted)) == (0, [])
    assert measured.value in (0, None)


@EVERY
def test_indicator_of_a_day_before_the_ledger_is_empty(indicator: Indicator) -> None:
    make_random_ledger(21)
    assert indicator.measure(SYSTEM, DAY - timedelta(days=3650)).count == 0


def test_indicators_refuses_a_doubled_code(monkeypatch: pytest.MonkeyPatch) -> None:
    first = indicators()[0]
    monkeypatch.setattr(catalogue, "_constants", lambda room, *, name: [first])
    with pytest.raises(DoubledCode, match=first.code):
        indicators()
