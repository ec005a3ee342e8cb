import pytest

from liangxin.standards.official_documents.numbering import (
    Counter,
    TooManyHeadings,
    in_chinese,
    ordinal,
)


@pytest.mark.parametrize(
    ("number", "text"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (99, "九十九")]
)
def test_number_is_written_in_chinese(number: int, text: str) -> None:
    assert in_chinese(number) == text


@pytest.mark.parametrize("number", [0, 100])
def test_number_that_cannot_be_written_is_refused(number: int) -> None:
    with pytest.raises(TooManyHeadings):
        in_chinese(number)


def test_each_level_has_its_mark() -> None:
    assert [ordinal(2, level=level) for level in (1, 2, 3, 4)] == ["二、", "（二）", "2.", "（2）"]


def test_higher_heading_starts_the_deeper_ones_anew() -> None:
    counter = Counter()

    assert [counter.next_mark(level) for level in (1, 2, 2, 1, 2)] == [
        "一、",
        "（一）",
        "（二）",
        "二、",
        "（一）",
    ]
