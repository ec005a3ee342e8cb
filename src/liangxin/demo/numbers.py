"""Numbers that look right and can belong to nobody: credit codes, ID numbers, phones.

The check digits are computed here and not by `standards`, so that the importer is measured
against a second reading of GB 32100-2015, GB 11714-1997 and GB 11643-1999.
"""

from datetime import date, timedelta
from itertools import pairwise
from random import Random

from liangxin.demo.facts import DIVISION

USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
ID_CHECKS = "10X98765432"
_BODY_SPACE = 31**6
_BODY_STEP = 613_651_349  # prime to 31, so consecutive indices give distinct, unlike-looking bodies


def organisation_code_check(body: str) -> str:
    """Return the check character of an eight-character organisation code (GB 11714)."""
    ordinals = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(ordinals.index(c) * w for c, w in zip(body, weights, strict=True))
    return "0123456789X0"[11 - total % 11]


def uscc_check(first17: str) -> str:
    """Return the eighteenth character of a unified social credit code (GB 32100)."""
    total = 0
    weight = 1
    for character in first17:
        total += USCC_ALPHABET.index(character) * weight
        weight = weight * 3 % 31
    return USCC_ALPHABET[-total % 31]


def make_uscc(index: int, *, prefix: str) -> str:
    """Return the credit code of entity number `index` (below 31**6), distinct for each index.

    `prefix` is the registering department and the kind of body, such as 91 for a firm.
    """
    rest = index * _BODY_STEP % _BODY_SPACE
    characters = []
    for _ in range(6):
        rest, digit = divmod(rest, 31)
        characters.append(USCC_ALPHABET[digit])
    body = "MA" + "".join(characters)
    first17 = prefix + DIVISION + body + organisation_code_check(body)
    return first17 + uscc_check(first17)


def id_check(first17: str) -> str:
    """Return the last character of an ID number (ISO 7064 MOD 11-2, read backwards)."""
    weights = (2**power % 11 for power in range(17, 0, -1))
    total = sum(int(c) * w for c, w in zip(first17, weights, strict=True))
    return ID_CHECKS[total % 11]


class IdNumbers:
    """Gives out ID numbers of one unassigned area, each at most once."""

    def __init__(self, rng: Random, *, area: str = DIVISION) -> None:
        self._rng = rng
        self._area = area
        self._taken: set[str] = set()

    def make(self, *, born: date, sex: str) -> str:
        """Return an unused number of a person born on `born`; `sex` is 男 or 女."""
        while True:
            serial = 2 * self._rng.randrange(500) + (sex == "男")
            first17 = f"{self._area}{born:%Y%m%d}{serial:03d}"
            if first17 not in self._taken:
                self._taken.add(first17)
                return first17 + id_check(first17)


def make_phone(rng: Random) -> str:
    """Return an eleven-digit number of the range 120, which no carrier has."""
    return f"120{rng.randrange(10**8):08d}"


def random_date(rng: Random, *, first: date, last: date) -> date:
    """Return a date between `first` and `last`, both included; `last` where they cross."""
    return max(first, last - timedelta(days=rng.randint(0, max(0, (last - first).days))))


def split_evenly(total: int, weights: list[float]) -> list[int]:
    """Share `total` out by weight in whole numbers that sum to it exactly."""
    scale = total / sum(weights)
    edges = [0]
    reached = 0.0
    for weight in weights:
        reached += weight * scale
        edges.append(round(reached))
    edges[-1] = total
    return [after - before for before, after in pairwise(edges)]
