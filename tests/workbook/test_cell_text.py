"""Marks that keep Excel from spoiling long numbers are no part of the number."""

import pytest

from liangxin.workbook.cell_text import code_text


@pytest.mark.parametrize("cell", ["'12000000001", "’12000000001", " '12000000001 ", "12000000001"])
def test_code_text_leaves_out_the_text_mark(cell: str) -> None:
    assert code_text(cell) == "12000000001"


def test_code_text_of_a_mark_alone_is_blank() -> None:
    assert code_text("'") is None
