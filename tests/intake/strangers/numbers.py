"""Numbers that belong to nobody, with right check digits, computed apart from the product.

Credit codes carry division 9901xx (GB 32100 over a GB 11714 body), ID numbers area 990101
(GB 11643), telephone numbers 120xxxxxxxx: none of them is assigned.
"""

from datetime import date

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
BODY_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def _body(number: int) -> str:
    eight = f"{number:08d}"
    rest = 11 - sum(int(d) * w for d, w in zip(eight, BODY_WEIGHTS, strict=True)) % 11
    return eight + {10: "X", 11: "0"}.get(rest, str(rest))


def credit_code(number: int, *, head: str = "91", division: str = "990101") -> str:
    """A credit code whose last character is right by GB 32100."""
    first = head + division + _body(number)
    total = sum(ALPHABET.index(c) * pow(3, i, 31) for i, c in enumerate(first))
    return first + ALPHABET[(31 - total % 31) % 31]


def digits_only_code(start: int) -> str:
    """The first credit code from `start` on that holds no letter, so that Excel can spoil it."""
    return next(c for n in range(start, start + 999) if (c := credit_code(n)).isdigit())


def lettered_code(start: int) -> str:
    """The first credit code from `start` on that ends in a letter."""
    return next(c for n in range(start, start + 999) if (c := credit_code(n))[-1].isalpha())


def wrong_code(number: int) -> str:
    """A credit code whose last character is wrong."""
    code = credit_code(number)
    return code[:-1] + ("1" if code[-1] != "1" else "2")


def id_number(born: str, order: int) -> str:
    """An ID number of birth date `born` (eight digits, taken as given); an odd `order` is male."""
    first = f"990101{born}{order:03d}"
    total = sum(int(d) * w for d, w in zip(first, ID_WEIGHTS, strict=True))
    return first + "10X98765432"[total % 11]


def id_ending_in_x(born: date, order: int) -> str:
    """The first ID number of that day and sex whose check character is X."""
    day = f"{born:%Y%m%d}"
    return next(i for n in range(order, 999, 2) if (i := id_number(day, n)).endswith("X"))


def as_excel_keeps_it(digits: str) -> int:
    """What is left of a long number in a number cell: fifteen digits, then zeros."""
    return int(digits[:15] + "0" * (len(digits) - 15))


def phone(number: int) -> str:
    """A mobile number of an unassigned range."""
    return f"120{number:08d}"
