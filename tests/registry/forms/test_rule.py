from datetime import date

import pytest

from liangxin.registry.forms.rule import RuleForm
from liangxin.rulebook import LocalRule, Value, all_versions, check_local_rule, codes

DAY = date(2026, 3, 1)
TOLD = {"source": "区委〔2026〕3号", "from_date": "2026-03-01"}


@pytest.mark.parametrize(
    ("code", "answer", "value"),
    [
        ("branch.min_full_members", "4", 4),
        ("coverage.count_branch_offices", "yes", True),
        ("coverage.count_branch_offices", "no", False),
        ("coverage.base", "san_you", "san_you"),
        ("coverage.work_means", ["union", "league"], ("union", "league")),
        ("instructor.grades", "好\n\n 差 ", ("好", "差")),
        ("branch.committee_size", "3 5", (3, 5)),
        ("development.meeting_share", "0.6", 0.6),
    ],
)
def test_answers_become_values_of_the_rule_s_kind(
    code: str, answer: str | list[str], value: Value
) -> None:
    form = RuleForm({**TOLD, "value": answer}, rule=all_versions(code)[-1])

    assert form.is_valid(), form.errors
    assert form.value() == value


@pytest.mark.parametrize(
    ("code", "answer"),
    [
        ("branch.min_full_members", "三"),
        ("branch.min_full_members", "-1"),
        ("coverage.base", "nothing"),
        ("coverage.work_means", ["nobody"]),
        ("branch.committee_size", "3 五"),
    ],
)
def test_answers_of_another_kind_are_refused(code: str, answer: str | list[str]) -> None:
    assert not RuleForm({**TOLD, "value": answer}, rule=all_versions(code)[-1]).is_valid()


@pytest.mark.parametrize("code", codes())
def test_form_offers_the_present_value_of_every_rule(code: str) -> None:
    rule = all_versions(code)[-1]
    first = RuleForm(rule=rule).fields["value"].initial
    form = RuleForm({**TOLD, "value": first}, rule=rule)

    assert form.is_valid(), form.errors
    assert form.value() == rule.value
    check_local_rule(
        LocalRule(code=code, value=form.value(), valid_from=DAY, valid_to=None, source="x")
    )
