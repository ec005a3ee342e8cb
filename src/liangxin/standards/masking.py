"""Masking ID and telephone numbers wherever they stand in a text."""

import re

from liangxin.standards.id_number import mask_id_number
from liangxin.standards.phone import mask_phone

# With the birthday looked at, so that a credit code of digits alone is left readable.
_ID_NUMBER = re.compile(
    r"(?<!\d)\d{6}(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?!\d)"
)
_MOBILE = re.compile(r"(?<!\d)1\d{10}(?!\d)")


def mask_numbers(text: str) -> str:
    """The text with every ID number and mobile number in it masked, everything else as it was."""
    masked = _ID_NUMBER.sub(lambda found: mask_id_number(found.group()), text)
    return _MOBILE.sub(lambda found: mask_phone(found.group()), masked)
