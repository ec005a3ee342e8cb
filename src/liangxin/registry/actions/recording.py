"""What the ledger derives from the facts it is told, alike for forms and imports."""

from decimal import Decimal
from functools import lru_cache

from pypinyin import Style, lazy_pinyin
from pypinyin.seg.mmseg import seg

from liangxin.registry.terms import SizeClassCode
from liangxin.standards.industries import section_of
from liangxin.standards.size_classes import size_class

MAX_INITIALS = 120


def name_initials(name: str) -> str:
    """First letters of the name's pinyin in lower case, digits and letters kept: what people type."""
    return "".join(_word_initials(word) for word in seg.cut(name))[:MAX_INITIALS]


@lru_cache(maxsize=65536)
def _word_initials(word: str) -> str:
    # By words, not by characters: 行 is h in 银行 and x in 行走.
    letters = "".join(lazy_pinyin(word, style=Style.FIRST_LETTER))
    return "".join(character for character in letters.lower() if character.isalnum())


@lru_cache(maxsize=4096)
def industry_section(industry_code: str) -> str:
    """The letter of the industry's section; '' where no industry is known."""
    return section_of(industry_code) if industry_code else ""


def size_class_code(
    industry_code: str, *, employees: int | None, revenue_wan: Decimal | None
) -> str:
    """The size class by the rules of 2017; '' where what is known does not decide it."""
    if not industry_code:
        return ""
    found = size_class(industry_code, employees=employees, revenue_wan=revenue_wan)
    return SizeClassCode[found.name].value if found else ""
