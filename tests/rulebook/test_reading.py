from datetime import date

import pytest

from liangxin.rulebook import InvalidRulebook
from liangxin.rulebook.reading import read_rules, versions_by_code

GOOD = {
    "code": '"group.name"',
    "title": '"题目"',
    "value": "3",
    "unit": '"人"',
    "valid_from": "2018-10-28",
    "source": '"条例"',
    "confidence": '"text"',
}


def table(**changes: str | None) -> str:
    pairs = {**GOOD, **changes}
    lines = [f"{key} = {value}" for key, value in pairs.items() if value is not None]
    return "[[rule]]\n" + "\n".join(lines) + "\n"


def test_read_rules_gives_frozen_typed_rules() -> None:
    text = table(value='["a", "b"]', choices='["a", "b", "c"]', valid_to="2020-01-01")
    (rule,) = read_rules(text)
    assert rule.value == ("a", "b")
    assert (rule.valid_from, rule.valid_to) == (date(2018, 10, 28), date(2020, 1, 1))
    with pytest.raises(AttributeError):
        rule.value = 4  # type: ignore[misc]


@pytest.mark.parametrize(
    "changes",
    [
        {"title": None},
        {"source": '""'},
        {"source": "3"},
        {"code": '"name"'},
        {"code": '"Group.Name"'},
        {"confidence": '"certain"'},
        {"colour": '"red"'},
        {"valid_from": '"2018-10-28"'},
        {"valid_from": "2018-10-28T00:00:00"},
        {"valid_from": "2018-02-30"},
        {"valid_to": "2018-10-28"},
        {"valid_to": "2017-01-01"},
        {"value": "-1"},
        {"value": "[]"},
        {"value": '[1, "a"]'},
        {"value": "2018-10-28"},
        {"value": '"d"', "choices": '["a", "b"]'},
    ],
    ids=str,
)
def test_read_rules_refuses_broken_tables(changes: dict[str, str | None]) -> None:
    with pytest.raises(InvalidRulebook):
        read_rules(table(**changes))


def test_versions_follow_one_another() -> None:
    text = table(valid_from="2020-01-01", value="5") + table(valid_to="2020-01-01")
    book = versions_by_code(read_rules(text))
    assert [rule.value for rule in book["group.name"]] == [3, 5]


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ({}, {"valid_from": "2020-01-01"}),
        ({"valid_to": "2020-01-02"}, {"valid_from": "2020-01-01"}),
        ({"valid_to": "2020-01-01"}, {"valid_from": "2020-01-01", "value": "true"}),
        ({}, {}),
    ],
)
def test_versions_that_overlap_or_change_kind_are_refused(
    earlier: dict[str, str | None], later: dict[str, str | None]
) -> None:
    with pytest.raises(InvalidRulebook):
        versions_by_code(read_rules(table(**earlier) + table(**later)))
