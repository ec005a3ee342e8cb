"""Finding an industry while somebody types."""

from functools import cache

from liangxin.standards.industries import Industry, UnknownIndustry, classes_of, industry, sections
from liangxin.standards.industries import find_industry as exact_industry


def industries_like(text: str, *, limit: int = 20) -> list[Industry]:
    """Industries whose code begins with or whose name contains the text, the widest first."""
    words = text.strip()
    if not words:
        return []
    code = exact_industry(words)
    found = [one for one in _all() if one.code == code]
    for one in _all():
        if one.code != code and (one.code.startswith(words.upper()) or words in one.name):
            found.append(one)
    return found[:limit]


@cache
def _all() -> tuple[Industry, ...]:
    codes = {section.code for section in sections()}
    for section in sections():
        for leaf in classes_of(section.code):
            codes |= {leaf[:length] for length in range(2, len(leaf) + 1)}
    found = [entry for code in codes if (entry := _entry(code))]
    return tuple(sorted(found, key=lambda one: (one.level, one.code)))


def _entry(code: str) -> Industry | None:
    try:
        return industry(code)
    except UnknownIndustry:
        return None
