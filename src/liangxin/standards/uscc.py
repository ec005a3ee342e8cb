"""统一社会信用代码, the unified social credit code of GB 32100-2015.

Eighteen characters: registering authority, category, six digits of the division, nine characters of
the subject, one check character (weights are powers of 3, modulus 31).
"""

from operator import mul

from liangxin.standards.plain_text import plain_code

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
LENGTH = 18
_NOT_A_VALUE = 255
_VALUES = bytes(
    ALPHABET.index(chr(code)) if chr(code) in ALPHABET else _NOT_A_VALUE for code in range(256)
)
_WEIGHTS = tuple(pow(3, place, 31) for place in range(LENGTH - 1))
_DIVISION = slice(2, 8)


class InvalidUscc(ValueError):
    """The text is no unified social credit code."""


def normalise_uscc(text: str) -> str:
    """Return the code half-width, upper case, without spaces and hyphens; nothing is guessed."""
    return plain_code(text).replace("-", "").upper()


def uscc_check_character(first17: str) -> str:
    """Return the eighteenth character of a code from its first seventeen (normalised).

    Raises InvalidUscc where they are not seventeen characters of the alphabet.
    """
    values = first17.encode("latin-1", "replace").translate(_VALUES)
    if len(values) != LENGTH - 1 or _NOT_A_VALUE in values:
        raise InvalidUscc(first17)
    return ALPHABET[-sum(map(mul, values, _WEIGHTS)) % 31]


def is_valid_uscc(text: str) -> bool:
    """Tell whether the text, once normalised, is a correct code."""
    return uscc_fault(text) is None


def uscc_fault(text: str) -> str | None:
    """Return what is wrong with a code, in Chinese, or None; the text is normalised first."""
    code = normalise_uscc(text)
    if len(code) != LENGTH:
        return f"统一社会信用代码应为18位，实际为{len(code)}位"
    values = code.encode("latin-1", "replace").translate(_VALUES)
    if _NOT_A_VALUE in values:
        return _character_fault(code, values.index(_NOT_A_VALUE))
    if not code[_DIVISION].isdigit():
        return f"统一社会信用代码第3至8位应为数字的行政区划码，实际为“{code[_DIVISION]}”"
    check = ALPHABET[-sum(map(mul, values, _WEIGHTS)) % 31]
    if code[-1] != check:
        return f"统一社会信用代码校验不通过（按前17位推算末位应为“{check}”），可能有字符录错"
    return None


def _character_fault(code: str, place: int) -> str:
    return (
        f"统一社会信用代码第{place + 1}位“{code[place]}”不合规则"
        "（只用数字和大写字母，不用字母I、O、S、V、Z）"
    )
