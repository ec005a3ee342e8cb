"""Makes spoilt rows: what they tell of exists nowhere else, or they copy a row above.

So no clean row depends on one of them, and the list of spoilt rows is complete.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import cycle
from random import Random

from liangxin.demo.dirt import CATALOGUE, Dirt
from liangxin.demo.facts import District
from liangxin.demo.names import OrganisationNames, person_name
from liangxin.demo.numbers import IdNumbers, make_uscc
from liangxin.demo.records import Record

FRESH_USCC_START = 20_000_000  # far above any index the district uses


class Spoiler:
    """Makes spoilt rows for one district, going round the kinds of dirt of each list."""

    def __init__(self, district: District, rng: Random) -> None:
        self._rng = rng
        self._names = OrganisationNames(rng)
        self._names.taken.update(e.name for e in district.enterprises)
        self._ids = IdNumbers(rng, area="990198")
        self._index = FRESH_USCC_START
        self._rounds = {kind: cycle(dirt) for kind, dirt in CATALOGUE.items()}
        self._unlisted = _unlisted_firms(district)

    def spoil(self, kind: str, *, like: Record) -> tuple[Dirt, list[Record]]:
        """Return the next dirt of this kind of list and its rows, made like the clean row `like`.

        The rows of a second copy are exact copies of `like`, which must stand above them.
        """
        dirt = next(self._rounds[kind])
        while not _can_copy(dirt, like):
            dirt = next(self._rounds[kind])
        if dirt.code == "parent_circle":
            return dirt, self._circle(like)
        if dirt.change is None:
            return dirt, [dict(like)]
        record = self._fresh(kind, like)
        record[dirt.column] = dirt.change(record[dirt.column], self._rng)
        _settle(record, dirt)
        return dirt, [record]

    def _circle(self, like: Record) -> list[Record]:
        pair = [self._fresh("party_organisations", like) for _ in range(2)]
        pair[0]["parent"], pair[1]["parent"] = pair[1]["name"], pair[0]["name"]
        return pair

    def _fresh(self, kind: str, like: Record) -> Record:
        """Return a row like a clean one about something that no other row mentions."""
        record = dict(like)
        if kind == "mass_organisations":
            record["name"], record["uscc"] = next(self._unlisted)
        elif kind in ("members", "instructors"):
            self._renew_person(record)
        else:
            self._renew_organisation(record)
        return record

    def _renew_person(self, record: Record) -> None:
        old = str(record["id_number"])
        born = date(int(old[6:10]), int(old[10:12]), int(old[12:14]))
        sex = str(record.get("sex") or "男")
        record["name"] = person_name(self._rng)
        record["id_number"] = self._ids.make(born=born, sex=sex)
        if "served" in record:
            record["served"] = ""

    def _renew_organisation(self, record: Record) -> None:
        self._index += 1
        name = self._names.enterprise(trade="查验", kind="company")
        record["name"] = f"中共{name}支部委员会" if "parent" in record else name
        if "uscc" in record:
            prefix = str(record["uscc"])[:2] or "91"
            record["uscc"] = make_uscc(self._index, prefix=prefix)
        if "parent" in record:
            record.update(code=f"9901{self._index}", kind="党支部", covered="")


def _can_copy(dirt: Dirt, like: Record) -> bool:
    """Whether `like` fits: a copy by credit code needs one, a copy by name must have none."""
    if dirt.code == "duplicate_uscc":
        return bool(like["uscc"])
    if dirt.code == "duplicate_name_street":
        return not like.get("uscc")
    needs_full = dirt.code in ("full_before_joined", "joined_before_18")
    return not needs_full or like["full_date"] is not None


def _settle(record: Record, dirt: Dirt) -> None:
    """Finish the kinds of dirt that concern two columns at once."""
    joined = record.get("joined_date")
    if dirt.code in ("unknown_work_unit", "blank_work_unit"):
        record["work_unit_uscc"] = ""
    elif dirt.code == "joined_before_18":
        joined = date(int(str(record["id_number"])[6:10]) + 15, 7, 1)
        record["joined_date"], record["full_date"] = joined, joined + timedelta(days=366)
    elif dirt.code == "full_before_joined" and isinstance(joined, date):
        record["full_date"] = joined - timedelta(days=40)
    elif dirt.code == "date_in_future" and "full_date" in record:
        record["full_date"] = None


def _unlisted_firms(district: District) -> Iterator[tuple[str, str]]:
    """Yield firms that the survey of unions does not list."""
    return (
        (firm.name, firm.uscc)
        for firm in district.enterprises
        if firm.status == "operating" and firm.employees < 10 and firm.uscc
    )
