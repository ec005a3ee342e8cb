"""Codes and numbers as people type them, brought to plain half-width text."""

_FULL_WIDTH: dict[int, int | str] = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_DASHES: dict[int, int | str] = dict.fromkeys(map(ord, "‐‑‒–—―−﹣"), "-")
_SPACES: dict[int, int | str] = dict.fromkeys(
    map(ord, " \t\r\n\v\f\u00a0\u2002\u2003\u2009\u200b\u3000\ufeff"), ""
)
_PLAIN: dict[int, int | str] = {**_FULL_WIDTH, **_DASHES, **_SPACES}


def plain_code(text: str) -> str:
    """Return the text half-width and without any space; letters keep their case."""
    if text.isascii() and text.isalnum():
        return text
    return text.translate(_PLAIN)
