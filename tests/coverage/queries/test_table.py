"""Every number of the coverage table is the length of its list."""

from dataclasses import astuple

import pytest
from django.db.models import Q

from liangxin.coverage.queries import (
    CoverageRow,
    counted_table,
    coverage_table,
    organisations_without_party,
    reason_condition,
    reason_counts,
    sliced_organisations,
    transfer_condition,
)
from liangxin.coverage.terms import Base, BaseKind, Coverage, Group, Grouping, ReasonCode, Slice
from liangxin.kernel import audit
from liangxin.kernel.viewer import SYSTEM
from liangxin.registry.models import Area
from tests.factories.coverage import DAY, make_random_ledger, officer_of
from tests.factories.registry import make_organisation, make_party_organisation

pytestmark = pytest.mark.django_db
BASES = (Base(), Base(BaseKind.SAN_YOU), Base(BaseKind.MIN_STAFF, 50))
COUNTED = ("single", "joint", "work", "none", "unknown")


@pytest.mark.parametrize("seed", range(3))
def test_counted_table_every_cell_is_the_length_of_its_list(seed: int) -> None:
    make_random_ledger(seed)
    for base in BASES:
        for by in Grouping:
            for row in counted_table(SYSTEM, at=DAY, base=base, by=by).rows:
                _check_row(row, base=base, by=by)


def _check_row(row: CoverageRow, *, base: Base, by: Grouping) -> None:
    groups = (Group(by, row.key),)
    for which in Slice:
        listed = list(sliced_organisations(SYSTEM, at=DAY, base=base, which=which, groups=groups))
        assert row.count(which) == len(listed), (row.title, which)


@pytest.mark.parametrize("seed", range(3))
def test_counted_table_total_is_the_sum_of_any_grouping(seed: int) -> None:
    make_random_ledger(seed)
    for base in BASES:
        whole = counted_table(SYSTEM, at=DAY, base=base).total
        for by in Grouping:
            table = counted_table(SYSTEM, at=DAY, base=base, by=by)
            assert table.total == whole
            assert [sum(getattr(row, name) for row in table.rows) for name in COUNTED] == [
                getattr(whole, name) for name in COUNTED
            ]


def test_counted_table_of_officers_adds_up_to_the_district() -> None:
    make_random_ledger(7)
    rows = counted_table(SYSTEM, at=DAY, base=Base(), by=Grouping.STREET).rows
    for row in rows:
        if row.key:
            officer = officer_of(Area.objects.get(pk=int(row.key)))
            mine = counted_table(officer, at=DAY, base=Base(), by=Grouping.STREET)
            assert mine.rows == (row,)


def test_counted_table_shares_state_their_denominator() -> None:
    single, work, bare = make_organisation(), make_organisation(), make_organisation()
    make_party_organisation(covers=(single.organisation,))
    total = counted_table(SYSTEM, at=DAY, base=Base()).total
    share = total.organisation_share
    assert (share.value, share.count, share.base_count, share.base) == (1 / 3, 1, 3, Slice.BASE)
    assert total.work_share.base_count == 2
    assert {work.pk, bare.pk} == {
        row.pk for row in sliced_organisations(SYSTEM, at=DAY, base=Base(), which=Slice.WITHOUT)
    }


def test_counted_table_of_nothing_has_no_rate() -> None:
    total = counted_table(SYSTEM, at=DAY, base=Base()).total
    assert (total.count(Slice.BASE), total.organisation_share.value) == (0, None)


def test_coverage_table_is_new_after_every_action() -> None:
    make_organisation()
    audit.record("test", by=SYSTEM, summary="一次登记")
    before = coverage_table(SYSTEM, at=DAY, base=Base()).total
    make_organisation()
    kept = coverage_table(SYSTEM, at=DAY, base=Base()).total
    audit.record("test", by=SYSTEM, summary="又一次登记")
    after = coverage_table(SYSTEM, at=DAY, base=Base()).total
    assert (before.none, kept.none, after.none) == (1, 1, 2)


def test_coverage_table_kept_for_one_scope_is_not_shown_to_another() -> None:
    firm, other = make_organisation(), make_organisation()
    assert coverage_table(SYSTEM, at=DAY, base=Base()).total.none == 2
    assert coverage_table(officer_of(firm.street), at=DAY, base=Base()).total.none == 1
    both = officer_of(firm.street, other.street)
    assert coverage_table(both, at=DAY, base=Base()).total.none == 2


def test_worst_names_the_rows_with_the_most_uncovered() -> None:
    street = make_organisation().street
    make_organisation(street=street)
    make_organisation()
    table = counted_table(SYSTEM, at=DAY, base=Base(), by=Grouping.STREET)
    assert [(row.key, row.gap) for row in table.worst(1)] == [(str(street.pk), 2)]


@pytest.mark.parametrize("seed", range(11, 14))
def test_reason_counts_are_the_lengths_of_their_lists(seed: int) -> None:
    make_random_ledger(seed)
    without = organisations_without_party(SYSTEM, at=DAY, base=Base())
    conditions = [
        reason_condition(ReasonCode.OWN_BRANCH, viewer=SYSTEM, at=DAY),
        reason_condition(ReasonCode.JOIN, viewer=SYSTEM, at=DAY),
        reason_condition(ReasonCode.GUIDE, viewer=SYSTEM, at=DAY) & Q(coverage=Coverage.NONE),
        transfer_condition(viewer=SYSTEM, at=DAY),
    ]
    counts = reason_counts(SYSTEM, at=DAY, base=Base())
    assert astuple(counts) == tuple(without.filter(one).count() for one in conditions)
