"""Telephone numbers of the mainland: mobiles of 11 digits and landlines of 7 to 12."""

import re

from liangxin.standards.plain_text import plain_code

_COUNTRY = re.compile(r"^(?:\+86|0086)-?|^86(?=1[0-9]{10}$)")
_BRACKETS = re.compile(r"^\(([0-9]{3,4})\)-?")
_MOBILE = re.compile(r"1[0-9]{10}")
_LANDLINE = re.compile(r"[02-9][0-9]*(?:-[0-9]+){0,2}")


def normalise_phone(text: str) -> str:
    """Return the number half-width, without spaces, country code or brackets.

    Hyphens stay in landlines (area code, number, extension) and leave mobiles.
    """
    number = _COUNTRY.sub("", plain_code(text))
    number = _BRACKETS.sub(r"\1-", number)
    digits = number.replace("-", "")
    return digits if _MOBILE.fullmatch(digits) else number


def phone_fault(text: str) -> str | None:
    """Return what is wrong with a telephone number, in Chinese, or None; it is normalised first."""
    number = normalise_phone(text)
    if _MOBILE.fullmatch(number):
        return None
    digits = number.replace("-", "")
    if not (digits.isascii() and digits.isdigit()):
        return "电话号码只能含数字和短横线，一格填一个号码"
    if number.startswith("1"):
        return f"手机号应为11位，实际为{len(digits)}位"
    if not _LANDLINE.fullmatch(number) or not 7 <= len(digits) <= 12:
        return f"电话号码应为11位手机号或7至12位座机号，实际为{len(digits)}位"
    return None


def mask_phone(text: str) -> str:
    """Return a mobile with its four middle digits as stars, any other number with its last four."""
    number = normalise_phone(text)
    if _MOBILE.fullmatch(number):
        return number[:3] + "****" + number[7:]
    if len(number) <= 4:
        return "*" * len(number)
    return number[:-4] + "****"
