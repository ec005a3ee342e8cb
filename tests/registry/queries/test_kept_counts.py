"""Totals kept until the ledger changes."""

import pytest
from pytest_django import DjangoAssertNumQueries

from liangxin.coverage.queries import covered_state
from liangxin.coverage.terms import Base
from liangxin.kernel import audit
from liangxin.kernel.remembering import remembering
from liangxin.kernel.viewer import SYSTEM
from liangxin.registry.queries.kept_counts import with_kept_count
from tests.factories.coverage import DAY, officer_of
from tests.factories.registry import make_organisation

pytestmark = pytest.mark.django_db


def test_kept_count_is_counted_again_after_every_action() -> None:
    make_organisation()
    found = with_kept_count(covered_state(SYSTEM, at=DAY, base=Base()), viewer=SYSTEM)
    assert found.count() == len(found) == 1
    make_organisation()
    audit.record("test", by=SYSTEM, summary="一次登记")
    assert with_kept_count(covered_state(SYSTEM, at=DAY, base=Base()), viewer=SYSTEM).count() == 2


def test_kept_count_of_one_scope_is_not_shown_to_another() -> None:
    here, _ = make_organisation(), make_organisation()
    assert with_kept_count(covered_state(SYSTEM, at=DAY, base=Base()), viewer=SYSTEM).count() == 2
    officer = officer_of(here.street)
    mine = with_kept_count(covered_state(officer, at=DAY, base=Base()), viewer=officer)
    assert mine.count() == 1


def test_kept_count_narrowed_is_a_count_of_its_own() -> None:
    make_organisation(name="甲公司")
    make_organisation(name="乙公司")
    found = with_kept_count(covered_state(SYSTEM, at=DAY, base=Base()), viewer=SYSTEM)
    assert (found.count(), found.filter(name="甲公司").count()) == (2, 1)


def test_kept_count_of_what_cannot_exist_is_nought() -> None:
    make_organisation()
    found = with_kept_count(covered_state(SYSTEM, at=DAY, base=Base()), viewer=SYSTEM)
    assert found.filter(pk__in=()).count() == 0
    assert list(found.filter(pk__in=())[:50]) == []


def test_kept_pages_are_the_pages_of_the_whole_list() -> None:
    for number in range(5):
        make_organisation(name=f"{number}公司")
    plain = covered_state(SYSTEM, at=DAY, base=Base()).order_by("-name", "pk")
    whole = list(plain)
    for _ in range(2):
        kept = with_kept_count(plain, viewer=SYSTEM)
        assert [*kept[0:2], *kept[2:4], *kept[4:6]] == whole
        keys = kept.values_list("pk", flat=True)
        assert [*keys[0:2], *keys[2:6]] == [row.pk for row in whole]


def test_officers_list_is_found_and_counted_at_once(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    street = make_organisation(name="甲公司").street
    make_organisation(name="乙公司", street=street)
    make_organisation(name="外街道的公司")
    officer = officer_of(street)
    found = covered_state(officer, at=DAY, base=Base()).order_by("name")
    kept = with_kept_count(found, viewer=officer)

    with remembering(), django_assert_num_queries(3):  # the revision, the keys, one page of rows
        shown = kept.count(), [row.name for row in kept[1:2]], kept.values_list("pk", flat=True)[:1]

    assert (shown[0], shown[1], list(shown[2])) == (2, ["甲公司"], [kept[0:2][0].pk])


def test_longer_list_of_an_officer_is_kept_page_by_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("liangxin.registry.queries.kept_counts.MOST_KEPT", 1)
    street = make_organisation(name="甲公司").street
    make_organisation(name="乙公司", street=street)
    officer = officer_of(street)
    found = covered_state(officer, at=DAY, base=Base()).order_by("name")

    kept = with_kept_count(found, viewer=officer)

    assert (kept.count(), [row.name for row in kept[1:2]]) == (2, ["甲公司"])


def test_keys_of_a_kept_page_are_not_asked_for_again(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    make_organisation()
    found = with_kept_count(covered_state(SYSTEM, at=DAY, base=Base()), viewer=SYSTEM)
    keys = list(found.values_list("pk", flat=True)[:50])
    with django_assert_num_queries(1):  # of the revision
        assert list(found.values_list("pk", flat=True)[:50]) == keys


def test_kept_page_is_found_again_after_every_action() -> None:
    make_organisation(name="乙公司")
    plain = covered_state(SYSTEM, at=DAY, base=Base()).order_by("name")
    assert [row.name for row in with_kept_count(plain, viewer=SYSTEM)[:2]] == ["乙公司"]
    make_organisation(name="丙公司")
    audit.record("test", by=SYSTEM, summary="一次登记")
    assert len(with_kept_count(plain, viewer=SYSTEM)[:2]) == 2
