import pytest
from hypothesis import given
from hypothesis import strategies as st

from liangxin.standards.organisation_names import core_name


@pytest.mark.parametrize(
    ("name", "core"),
    [
        ("示例科技有限公司", "示例科技"),
        ("示例科技（集团）有限公司", "示例科技集团"),
        ("示例 科技 有限责任公司", "示例科技"),
        ("示例·科技股份有限公司", "示例科技"),
        ("Ａｂｃ贸易公司", "ABC贸易"),
        ("示例投资合伙企业（有限合伙）", "示例投资"),
        ("示例科技有限公司甲地分公司", "示例科技有限公司甲地分公司"),
        ("示例区软件协会", "示例区软件协会"),
        ("有限公司", "有限公司"),
        ("（ ）", ""),
    ],
)
def test_core_name_leaves_out_signs_and_legal_forms(name: str, core: str) -> None:
    assert core_name(name) == core


@given(st.text(max_size=40))
def test_core_name_of_a_core_name_never_grows(name: str) -> None:
    assert len(core_name(core_name(name))) <= len(core_name(name))
