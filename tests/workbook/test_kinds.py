"""Every kind of list keeps the same promises."""

import pytest

from liangxin.workbook.cells import compact
from liangxin.workbook.kinds import KINDS, InvalidKindData, ListKind, UnknownKind, kind, kind_from

COLUMN = {"code": "name", "title": "名称", "type": "name", "spellings": ["全称"]}


def test_kind_unknown_code_is_refused() -> None:
    with pytest.raises(UnknownKind):
        kind("recipes")


@pytest.mark.parametrize("one", KINDS, ids=lambda one: one.code)
def test_kind_every_spelling_leads_to_its_column(one: ListKind) -> None:
    for column in one.columns:
        for spelling in (column.title, *column.spellings):
            owners = [other.code for other in one.columns if compact(spelling) in other.places]
            assert owners == [column.code]


@pytest.mark.parametrize("one", KINDS, ids=lambda one: one.code)
def test_kind_choices_exist_exactly_for_choice_columns(one: ListKind) -> None:
    assert [c.code for c in one.columns if c.choices] == [
        c.code for c in one.columns if c.type == "choice"
    ]


def test_kind_status_spellings_give_our_codes() -> None:
    choices = kind("enterprises").column("status").choices
    words = ("存续", "开业", "在营", "注销", "吊销", "迁出", "空壳", "停业", "歇业")
    assert [choices[word] for word in words] == [
        *["operating"] * 3,
        *["closed"] * 3,
        "shell",
        *["dormant"] * 2,
    ]


def test_kind_from_refuses_a_spelling_of_two_columns() -> None:
    other = {**COLUMN, "code": "full_name", "title": "全称"}
    with pytest.raises(InvalidKindData, match="全称"):
        kind_from({"code": "x", "title": "x", "title_words": [], "columns": [COLUMN, other]})


def test_kind_from_refuses_an_unknown_type() -> None:
    with pytest.raises(InvalidKindData, match="colour"):
        kind_from(
            {
                "code": "x",
                "title": "x",
                "title_words": [],
                "columns": [{**COLUMN, "type": "colour"}],
            }
        )


def test_kind_from_refuses_a_choice_of_two_codes() -> None:
    column = {**COLUMN, "type": "choice", "choices": {"a": ["甲"], "b": ["甲"]}}
    with pytest.raises(InvalidKindData, match="choices"):
        kind_from({"code": "x", "title": "x", "title_words": [], "columns": [column]})
