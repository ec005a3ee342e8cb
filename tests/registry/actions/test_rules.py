from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from liangxin.kernel.models import AuditEntry
from liangxin.kernel.permissions import NotAllowed, Permission, roles_with
from liangxin.kernel.viewer import Role
from liangxin.registry.actions.rules import (
    NoLocalValue,
    RulePrecedes,
    end_district_rule,
    set_district_rule,
    take_back_district_rule,
)
from liangxin.registry.models import DistrictRule
from liangxin.registry.queries.rules import rule_at, rules_at, value_in_words
from liangxin.rulebook import InvalidLocalRule, UnknownRule, Value, codes
from tests.factories.accounts import viewer_for

pytestmark = pytest.mark.django_db
OFFICE = viewer_for(Role.DISTRICT_OFFICE)
CODE = "joint_branch.max_units"
FIRST, SECOND = date(2026, 3, 1), date(2026, 6, 1)


def set_units(value: Value, *, from_date: date = FIRST) -> DistrictRule:
    return set_district_rule(
        CODE, value=value, source="区委〔2026〕3号", from_date=from_date, by=OFFICE
    )


def test_local_value_holds_from_its_day_and_the_national_one_before() -> None:
    set_units(8)

    before, after = rule_at(CODE, at=date(2026, 2, 28)), rule_at(CODE, at=FIRST)
    assert (before.value, before.is_local) == (5, False)
    assert (after.value, after.is_local, after.source) == (8, True, "区委〔2026〕3号")
    assert AuditEntry.objects.get().action == "rule.set"


def test_later_value_ends_the_earlier_and_both_stay_on_record() -> None:
    set_units(8)
    set_units(10, from_date=SECOND)

    values = [rule_at(CODE, at=day).value for day in (date(2026, 5, 31), SECOND)]
    assert values == [8, 10]
    first = DistrictRule.objects.get(valid_from=FIRST)
    assert (first.valid_to, first.ended_by is not None) == (SECOND, True)


@pytest.mark.parametrize("day", [date(2026, 2, 1), FIRST])
def test_value_that_does_not_come_after_the_one_in_force_is_refused(day: date) -> None:
    set_units(8)

    with pytest.raises(RulePrecedes, match="2026-03-01"):
        set_units(10, from_date=day)

    assert (DistrictRule.objects.count(), AuditEntry.objects.count()) == (1, 1)


def test_ended_value_gives_way_to_the_national_one() -> None:
    set_units(8)

    end_district_rule(CODE, from_date=SECOND, by=OFFICE)

    assert (rule_at(CODE, at=date(2026, 5, 31)).value, rule_at(CODE, at=SECOND).value) == (8, 5)


def test_nothing_to_end_is_said() -> None:
    with pytest.raises(NoLocalValue):
        end_district_rule(CODE, from_date=SECOND, by=OFFICE)


@pytest.mark.parametrize("value", ["八个", -1, True, ("a",)])
def test_value_of_another_kind_is_refused(value: Value) -> None:
    with pytest.raises(InvalidLocalRule):
        set_units(value)


def test_unknown_rule_is_refused() -> None:
    with pytest.raises(UnknownRule):
        set_district_rule("no.such", value=1, source="x", from_date=FIRST, by=OFFICE)


def test_words_among_choices_come_back_as_they_were() -> None:
    set_district_rule(
        "coverage.work_means", value=("instructor",), source="x", from_date=FIRST, by=OFFICE
    )

    held = rule_at("coverage.work_means", at=FIRST)
    assert (held.value, value_in_words(held.value)) == (("instructor",), "党建指导员")


@pytest.mark.parametrize("role", sorted(set(Role) - roles_with(Permission.EDIT_RULES)))
def test_rules_are_set_by_the_office_alone(role: Role) -> None:
    by = viewer_for(role)

    with pytest.raises(NotAllowed):
        set_district_rule(CODE, value=8, source="x", from_date=FIRST, by=by)
    with pytest.raises(NotAllowed):
        end_district_rule(CODE, from_date=FIRST, by=by)


def test_rules_at_gives_every_rule_once_with_local_values() -> None:
    set_units(8)

    found = rules_at(at=FIRST)

    assert [one.code for one in found] == sorted(codes())
    assert [one.code for one in found if one.is_local] == [CODE]


def test_database_holds_one_open_value_of_a_rule() -> None:
    row = set_units(8)

    with pytest.raises(IntegrityError, match="unique|UNIQUE"), transaction.atomic():
        DistrictRule.objects.create(
            code=CODE,
            value=9,
            source="x",
            valid_from=SECOND,
            recorded_at=row.recorded_at,
            provenance=row.provenance,
        )


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (3, "人", "3 人"),
        (0.5, "比例", "50%"),
        (True, "", "是"),
        ((3, 5, 7), "人", "3、5、7 人"),
        (("union", "league"), "", "工会、共青团组织"),
    ],
)
def test_value_in_words(value: Value, unit: str, words: str) -> None:
    assert value_in_words(value, unit=unit) == words


def test_value_that_was_to_hold_from_today_is_put_right_today() -> None:
    today = timezone.localdate()
    set_units(80, from_date=today)

    set_units(8, from_date=today)

    assert [row.value for row in DistrictRule.objects.all()] == [8]
    assert rule_at(CODE, at=today).value == 8
    assert "更正原定的 80" in AuditEntry.objects.order_by("id").last().summary  # type: ignore[union-attr]


def test_value_that_was_to_hold_from_today_is_taken_back_today() -> None:
    today = timezone.localdate()
    set_units(80, from_date=today)

    end_district_rule(CODE, from_date=today, by=OFFICE)

    assert not DistrictRule.objects.exists()
    entry = AuditEntry.objects.order_by("id").last()
    assert entry is not None
    assert (entry.action, entry.details["value"]) == ("rule.end", 80)


def test_value_for_a_day_to_come_is_put_right_and_taken_back() -> None:
    today = timezone.localdate()
    later = today + timedelta(days=40)
    set_units(8)
    set_units(80, from_date=later)
    set_units(10, from_date=later)
    planned = [rule_at(CODE, at=day).value for day in (today, later)]

    take_back_district_rule(CODE, by=OFFICE)

    assert planned == [8, 10]
    held = DistrictRule.objects.get()
    assert (held.value, held.valid_to, held.ended_by) == (8, None, None)
    assert rule_at(CODE, at=later).value == 8
    entry = AuditEntry.objects.order_by("id").last()
    assert entry is not None
    assert (entry.action, entry.details["value"]) == ("rule.take_back", 10)
    assert entry.object_key


def test_value_that_was_ended_on_purpose_stays_ended_when_a_later_one_is_taken_back() -> None:
    today = timezone.localdate()
    set_units(8)
    end_district_rule(CODE, from_date=SECOND, by=OFFICE)
    set_units(10, from_date=today + timedelta(days=40))

    take_back_district_rule(CODE, by=OFFICE)

    assert rule_at(CODE, at=today + timedelta(days=40)).value == 5


def test_only_a_value_that_does_not_hold_yet_is_taken_back() -> None:
    set_units(8, from_date=timezone.localdate())

    with pytest.raises(NoLocalValue, match="没有尚未执行"):
        take_back_district_rule(CODE, by=OFFICE)

    assert DistrictRule.objects.count() == 1


def test_refused_day_before_a_planned_value_says_how_to_go_on() -> None:
    later = timezone.localdate() + timedelta(days=40)
    set_units(8, from_date=later)

    with pytest.raises(RulePrecedes, match="收回"):
        set_units(10, from_date=timezone.localdate())


def test_no_two_values_hold_on_one_day() -> None:
    set_units(8)
    end_district_rule(CODE, from_date=SECOND, by=OFFICE)

    with pytest.raises(RulePrecedes, match="2026-05-01"):
        set_units(10, from_date=date(2026, 5, 1))
