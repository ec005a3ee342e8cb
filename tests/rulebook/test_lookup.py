from datetime import date

import pytest

from liangxin.rulebook import (
    InvalidLocalRule,
    LocalRule,
    NoRuleInForce,
    Rule,
    UnknownRule,
    all_versions,
    check_local_rule,
    codes,
    rule,
    rules,
)
from liangxin.rulebook.terms import Value

TODAY = date(2026, 9, 1)


def local(
    code: str = "joint_branch.max_units",
    value: Value = 10,
    *,
    valid_from: date = date(2024, 1, 1),
    valid_to: date | None = None,
) -> LocalRule:
    return LocalRule(
        code=code, value=value, valid_from=valid_from, valid_to=valid_to, source="区委文件"
    )


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("branch.min_full_members", 3),
        ("branch.max_members", 50),
        ("joint_branch.max_units", 5),
        ("coverage.base", "operating"),
        ("coverage.count_branch_offices", False),
        ("coverage.work_means", ("instructor", "liaison", "union", "league")),
        ("san_you.min_employees", 10),
        ("employees.should_have_member", 50),
        ("employees.should_have_organisation", 100),
        ("term.years", 3),
        ("upload.retention_days", 30),
        ("people.small_count_floor", 3),
    ],
)
def test_rule_holds_the_national_default(code: str, value: Value) -> None:
    assert rule(code, at=TODAY).value == value


def test_small_counts_are_hidden_at_every_date_coverage_has_rules_for() -> None:
    begins = all_versions("coverage.base")[0].valid_from
    assert rule("people.small_count_floor", at=begins).value == 3


def test_rule_begins_on_its_first_day() -> None:
    assert rule("branch.max_members", at=date(2018, 10, 28)).value == 50
    with pytest.raises(NoRuleInForce):
        rule("branch.max_members", at=date(2018, 10, 27))


def test_rule_refuses_an_unknown_code() -> None:
    with pytest.raises(UnknownRule):
        rule("branch.colour", at=TODAY)
    with pytest.raises(UnknownRule):
        all_versions("branch.colour")


def test_local_value_replaces_the_national_one_in_its_period() -> None:
    mine = local(valid_to=date(2025, 1, 1))
    before, during, after = (
        rule("joint_branch.max_units", at=at, overrides=[mine])
        for at in (date(2023, 12, 31), date(2024, 1, 1), date(2025, 1, 1))
    )
    assert [before.value, during.value, after.value] == [5, 10, 5]
    assert (during.is_local, during.source, during.confidence) == (True, "区委文件", "local")
    assert during.title == before.title


def test_latest_local_value_wins_and_of_equals_the_last() -> None:
    old, new = local(value=8), local(value=9, valid_from=date(2025, 1, 1))
    same = local(value=7, valid_from=date(2025, 1, 1))
    assert rule("joint_branch.max_units", at=TODAY, overrides=[new, old]).value == 9
    assert rule("joint_branch.max_units", at=TODAY, overrides=[old, new, same]).value == 7


def test_local_value_of_another_rule_changes_nothing() -> None:
    mine = local(code="branch.max_members", value=60)
    assert rule("joint_branch.max_units", at=TODAY, overrides=[mine]).value == 5


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("joint_branch.max_units", "十"),
        ("joint_branch.max_units", True),
        ("joint_branch.max_units", -1),
        ("joint_branch.max_units", (1, 2)),
        ("coverage.base", "everything"),
        ("coverage.work_means", ("instructor", "photo")),
        ("coverage.count_branch_offices", 1),
    ],
)
def test_local_value_that_does_not_fit_is_refused(code: str, value: Value) -> None:
    with pytest.raises(InvalidLocalRule):
        rule(code, at=TODAY, overrides=[local(code=code, value=value)])
    with pytest.raises(InvalidLocalRule):
        check_local_rule(local(code=code, value=value))


def test_check_local_rule_refuses_an_empty_period_and_an_unknown_code() -> None:
    check_local_rule(local())
    with pytest.raises(InvalidLocalRule):
        check_local_rule(local(valid_to=date(2024, 1, 1)))
    with pytest.raises(UnknownRule):
        check_local_rule(local(code="branch.colour"))


def test_rules_are_all_in_force_and_ordered_by_code() -> None:
    found = rules(at=TODAY, overrides=[local()])
    assert [each.code for each in found] == sorted(codes())
    assert all(each.is_in_force(TODAY) for each in found)
    assert [each.code for each in found if each.is_local] == ["joint_branch.max_units"]


def test_rules_leave_out_what_was_not_yet_in_force() -> None:
    found = {each.code for each in rules(at=date(2000, 1, 1))}
    assert found == {"branch.min_full_members", "development.min_age"}


def test_every_rule_is_said_in_chinese_with_a_source() -> None:
    versions: list[Rule] = [version for code in codes() for version in all_versions(code)]
    assert len(versions) >= 50
    for version in versions:
        assert any("一" <= letter <= "鿿" for letter in version.title), version.code
        assert any("一" <= letter <= "鿿" for letter in version.source), version.code
