"""Party members at work: who is employed where, before anyone asks where the relation is held."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from random import Random

from liangxin.demo.facts import Enterprise, Member, SocialOrganisation
from liangxin.demo.names import person_name
from liangxin.demo.numbers import IdNumbers, make_phone

MEMBERS = 9_500
EVEN_SHARE = 0.45  # of members are spread evenly over staff, the others by pure chance
POSITIONS = {"front_line": 44, "technical": 26, "management": 25, "other": 5}
PROBATIONARY_SHARE = 0.05


@dataclass(frozen=True, slots=True)
class Unit:
    """Where people work: an enterprise or a social organisation that still exists."""

    name: str
    street: str
    site: str
    employees: int
    established_date: date
    is_social: bool
    can_be_covered: bool


def working_units(
    enterprises: Sequence[Enterprise], social: Sequence[SocialOrganisation]
) -> list[Unit]:
    """Return the units that employ people: everything that is neither closed nor a shell."""
    firms = [
        Unit(e.name, e.street, e.site, e.employees, e.established_date, False, _is_coverable(e))
        for e in enterprises
        if e.status not in ("closed", "shell")
    ]
    others = [
        Unit(s.name, s.street, "", s.employees, s.established_date, True, s.status == "operating")
        for s in social
        if s.status != "closed"
    ]
    return firms + others


def _is_coverable(enterprise: Enterprise) -> bool:
    has_own_standing = enterprise.kind not in ("individual_business", "branch_office")
    return enterprise.status == "operating" and has_own_standing


def member_counts(units: Sequence[Unit], *, total: int, rng: Random) -> Counter[int]:
    """Return how many of `total` members each unit (by position) employs, at most its staff."""
    edges = list(accumulate(_seats(unit.employees) for unit in units))
    seats = edges[-1]
    even = int(total * EVEN_SHARE)
    step = seats / even
    taken = {int((k + rng.random()) * step) for k in range(even)}
    while len(taken) < total:
        taken.add(rng.randrange(seats))
    return Counter(bisect_right(edges, seat) for seat in sorted(taken))


def _seats(employees: int) -> int:
    """Count staff for drawing members: beyond a hundred, members grow thinner on the ground."""
    return min(employees, 100 + max(0, employees - 100) // 3)


class Members:
    """Makes members of given units; the relation is left open."""

    def __init__(self, *, today: date, rng: Random) -> None:
        self._today = today
        self._rng = rng
        self._ids = IdNumbers(rng)

    def make(self, work_unit: str) -> Member:
        """Return one member who works at `work_unit` and joined at eighteen or later."""
        rng = self._rng
        sex = "男" if rng.random() < 0.58 else "女"
        is_full = rng.random() >= PROBATIONARY_SHARE
        born, joined = self._dates(is_full=is_full)
        return Member(
            name=person_name(rng),
            id_number=self._ids.make(born=born, sex=sex),
            sex=sex,
            phone=make_phone(rng),
            work_unit=work_unit,
            position=rng.choices(list(POSITIONS), list(POSITIONS.values()))[0],
            stage="full" if is_full else "probationary",
            joined_date=joined,
            full_date=joined + timedelta(days=366) if is_full else None,
            relation="",
            is_held_here=False,
        )

    def _dates(self, *, is_full: bool) -> tuple[date, date]:
        rng = self._rng
        since_joined = rng.randint(400, 9000) if is_full else rng.randint(15, 350)
        age_then = int(min(45.0, 19 + rng.expovariate(1 / 6)) * 365.25)
        joined = self._today - timedelta(days=since_joined)
        return joined - timedelta(days=age_then), joined
