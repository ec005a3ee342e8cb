"""Reading a base."""

import pytest

from liangxin.coverage.terms import Base, BaseKind, UnknownBase, parsed_base


@pytest.mark.parametrize("base", [Base(), Base(BaseKind.SAN_YOU), Base(BaseKind.MIN_STAFF, 50)])
def test_parsed_base_reads_what_code_writes(base: Base) -> None:
    assert parsed_base(base.code) == base


@pytest.mark.parametrize(
    "text",
    [
        "",
        "all",
        "min_staff",
        "min_staff:",
        "min_staff:0",
        "min_staff:-3",
        "min_staff:x",
        "san_you:3",
        "min_staff:1000001",
        "min_staff:٣x",
    ],
)
def test_parsed_base_refuses_anything_else(text: str) -> None:
    with pytest.raises(UnknownBase):
        parsed_base(text)
