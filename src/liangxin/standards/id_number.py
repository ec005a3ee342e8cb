"""公民身份号码, the 18-character citizen identity number of GB 11643-1999.

The area part is only required to be digits: area codes are withdrawn and people keep their numbers.
"""

import re
from datetime import date
from operator import mul

from liangxin.standards.plain_text import plain_code

LENGTH = 18
_SHAPE = re.compile(r"[0-9]{17}[0-9X]")
_WEIGHTS = tuple(pow(2, 17 - place, 11) for place in range(LENGTH - 1))
_CHECK_CHARACTERS = "10X98765432"
_EARLIEST_BIRTH = date(1900, 1, 1)


class InvalidIdNumber(ValueError):
    """The text is no 18-character identity number with a real birth date."""


def normalise_id_number(text: str) -> str:
    """Return the number half-width, without spaces and hyphens, with an upper-case X."""
    return plain_code(text).replace("-", "").upper()


def id_check_character(first17: str) -> str:
    """Return the last character of an identity number from its first seventeen digits."""
    if len(first17) != LENGTH - 1 or not (first17.isascii() and first17.isdigit()):
        raise InvalidIdNumber("an identity number begins with seventeen digits")
    return _CHECK_CHARACTERS[sum(map(mul, map(int, first17), _WEIGHTS)) % 11]


def id_number_fault(text: str, *, today: date) -> str | None:
    """Return what is wrong with an identity number, in Chinese, or None.

    The sentences never repeat the number: they are shown and stored beside rejected rows.
    """
    number = normalise_id_number(text)
    if len(number) != LENGTH:
        old = "，15位旧号码请换成18位" if len(number) == 15 else ""
        return f"身份证号应为18位，实际为{len(number)}位{old}"
    if not _SHAPE.fullmatch(number):
        return "身份证号前17位应为数字，末位应为数字或X"
    born = _born(number)
    if born is None or born < _EARLIEST_BIRTH:
        return "身份证号第7至14位不是有效的出生日期"
    if born > today:
        return "身份证号中的出生日期晚于今天"
    if number[-1] != id_check_character(number[:-1]):
        return "身份证号校验不通过，可能有数字录错"
    return None


def birth_date(text: str) -> date:
    """Return the birth date in an identity number; raises InvalidIdNumber where there is none."""
    number = normalise_id_number(text)
    born = _born(number) if _SHAPE.fullmatch(number) else None
    if born is None:
        raise InvalidIdNumber("no birth date in this identity number")
    return born


def sex(text: str) -> str:
    """Return "男" or "女" by the seventeenth digit; raises InvalidIdNumber on another shape."""
    number = normalise_id_number(text)
    if not _SHAPE.fullmatch(number):
        raise InvalidIdNumber("not an 18-character identity number")
    return "男" if int(number[16]) % 2 else "女"


def age_on(text: str, *, at: date) -> int:
    """Return the completed years of age at a date; born on 29 February counts from 1 March."""
    born = birth_date(text)
    return at.year - born.year - ((at.month, at.day) < (born.month, born.day))


def mask_id_number(text: str) -> str:
    """Return the number with the first three and last four characters only; short ones all stars."""
    number = normalise_id_number(text)
    if len(number) < 15:
        return "*" * len(number)
    return number[:3] + "*" * (len(number) - 7) + number[-4:]


def _born(number: str) -> date | None:
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None
