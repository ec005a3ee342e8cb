import pytest

from liangxin.standards.masking import mask_numbers


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("区内没有“990101199001010043”这个街道", "区内没有“990***********0043”这个街道"),
        ("张三99010119900101001x、12034567890", "张三990***********001X、120****7890"),
        ("统一社会信用代码91330104999999999B", "统一社会信用代码91330104999999999B"),
        ("第12034行，2026-11-24，共1,200人", "第12034行，2026-11-24，共1,200人"),
        ("913301041234567890", "913301041234567890"),
    ],
)
def test_mask_numbers_masks_ids_and_mobiles_and_nothing_else(text: str, masked: str) -> None:
    assert mask_numbers(text) == masked
