"""Names of branches to be."""

import pytest

from liangxin.coverage.queries.branch_names import MAX_NAME, free_name, numeral


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1, "一"),
        (10, "十"),
        (12, "十二"),
        (20, "二十"),
        (99, "九十九"),
        (100, "一百"),
        (105, "一百零五"),
        (110, "一百一十"),
        (1005, "一千零五"),
        (2026, "二千零二十六"),
    ],
)
def test_numeral_reads_as_people_write(number: int, text: str) -> None:
    assert numeral(number) == text


def test_free_name_counts_on_past_what_is_taken() -> None:
    taken = {"甲大厦联合党支部", "甲大厦第二联合党支部"}

    assert free_name("甲大厦", taken=taken) == "甲大厦第三联合党支部"
    assert free_name("甲 大厦", taken=taken) == "甲 大厦第三联合党支部"


def test_free_name_of_a_long_place_still_fits() -> None:
    name = free_name("长" * 200, taken=set())

    assert len(name) == MAX_NAME
    assert name.endswith("联合党支部")
