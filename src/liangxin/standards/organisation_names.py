"""Names of organisations, brought to a common core so that two spellings of one name meet."""

import re
import unicodedata

# Longest first: 有限公司 must not leave 股份 behind.
LEGAL_FORMS = (
    "股份有限责任公司",
    "股份有限公司",
    "有限责任公司",
    "股份合作公司",
    "特殊普通合伙",
    "农民专业合作社",
    "专业合作社",
    "个人独资企业",
    "普通合伙企业",
    "有限合伙企业",
    "有限公司",
    "股份公司",
    "普通合伙",
    "有限合伙",
    "合伙企业",
    "个人独资",
    "合作社",
    "公司",
)
MIN_CORE = 2
_SIGNS = re.compile(r"[^0-9A-Z\u3400-\u9fff\U00020000-\U0003ffff]+")


def core_name(name: str) -> str:
    """The name without brackets, signs, spaces and the words of its legal form, in upper case.

    A branch office keeps the words of its branch: it is not the company. '' for a name of signs only.
    """
    plain = _SIGNS.sub("", unicodedata.normalize("NFKC", name).upper())
    core = _without_form(plain)
    return core if len(core) >= MIN_CORE else plain


def _without_form(plain: str) -> str:
    # Twice: 甲乙合伙企业（有限合伙） carries two.
    for _ in range(2):
        if plain.endswith("分公司"):
            return plain
        form = next((one for one in LEGAL_FORMS if plain.endswith(one)), "")
        if not form:
            return plain
        plain = plain.removesuffix(form)
    return plain
