"""Names and other free text in one way of writing, so that equal names are equal texts."""

import re

_ODD = re.compile(
    r"[\s\x00-\x1f\x7f-\xa0\u200b-\u200f\u2028-\u202f\u3000\ufeff\uff01-\uff5e()（）]"
)
_INVISIBLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\ufeff]")
_SPACE = re.compile(r"\s+")
_LOOSE_SPACE = re.compile(r"(?<![A-Za-z0-9.,&]) | (?![A-Za-z0-9&])")
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_KEPT_WIDE = "，。；：！？（）、"
_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F) if chr(code) not in _KEPT_WIDE}
_WIDE_BRACKETS = str.maketrans("()", "（）")
_NARROW_BRACKETS = str.maketrans("（）", "()")


def plain_name(text: str) -> str:
    """Return text with half-width letters and digits, no needless space, brackets of one width.

    Chinese text takes the full-width brackets of registered names, other text half-width ones.
    """
    if not _ODD.search(text):
        return text
    text = _SPACE.sub(" ", _INVISIBLE.sub("", text).translate(_HALF_WIDTH)).strip()
    text = _LOOSE_SPACE.sub("", text)
    return text.translate(_WIDE_BRACKETS if _CHINESE.search(text) else _NARROW_BRACKETS)
