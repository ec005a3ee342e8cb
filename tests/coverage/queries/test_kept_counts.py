"""Totals kept until the ledger changes."""

import pytest

from liangxin.coverage.queries import covered_state, with_kept_count
from liangxin.coverage.terms import Base
from liangxin.kernel import audit
from liangxin.kernel.viewer import SYSTEM
from tests.factories.coverage import DAY, officer_of
from tests.factories.registry import make_organisation

pytestmark = pytest.mark.django_db


def test_kept_count_is_counted_again_after_every_action() -> None:
    make_organisation()
    found = with_kept_count(covered_state(SYSTEM, at=DAY, base=Base()))
    assert found.count() == len(found) == 1
    make_organisation()
    audit.record("test", by=SYSTEM, summary="一次登记")
    assert with_kept_count(covered_state(SYSTEM, at=DAY, base=Base())).count() == 2


def test_kept_count_of_one_scope_is_not_shown_to_another() -> None:
    here, _ = make_organisation(), make_organisation()
    assert with_kept_count(covered_state(SYSTEM, at=DAY, base=Base())).count() == 2
    mine = with_kept_count(covered_state(officer_of(here.street), at=DAY, base=Base()))
    assert mine.count() == 1


def test_kept_count_narrowed_is_a_count_of_its_own() -> None:
    make_organisation(name="甲公司")
    make_organisation(name="乙公司")
    found = with_kept_count(covered_state(SYSTEM, at=DAY, base=Base()))
    assert (found.count(), found.filter(name="甲公司").count()) == (2, 1)
