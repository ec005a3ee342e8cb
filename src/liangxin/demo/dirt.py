"""Deliberate dirt: rows that every honest importer must refuse, with a note of each.

Spoilt rows are additional rows about things that exist nowhere else, or second copies of a row,
so that no clean row depends on one of them. Nothing here knows how the importer works.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import cycle
from random import Random

from liangxin.demo.facts import MARKER, District
from liangxin.demo.names import OrganisationNames, person_name
from liangxin.demo.numbers import ID_CHECKS, USCC_ALPHABET, IdNumbers, make_uscc
from liangxin.demo.records import Cell, Record

FRESH_USCC_START = 20_000_000  # far above any index the district uses

Change = Callable[[Cell, Random], Cell]


@dataclass(frozen=True, slots=True)
class Dirt:
    """One way to spoil a row: the kind's code, the column, and what the cell becomes.

    `change` is None for second copies of an earlier row.
    """

    code: str
    column: str
    change: Change | None


def _put(value: Cell) -> Change:
    return lambda _cell, _rng: value


def _wrong_uscc_check(cell: Cell, rng: Random) -> Cell:
    text = str(cell)
    return text[:17] + rng.choice(USCC_ALPHABET.replace(text[17], ""))


def _wrong_id_check(cell: Cell, rng: Random) -> Cell:
    text = str(cell)
    return text[:17] + rng.choice(ID_CHECKS.replace(text[17], ""))


def _shortened(cell: Cell, _rng: Random) -> Cell:
    return str(cell)[:17]


def _letter_i(cell: Cell, _rng: Random) -> Cell:
    return str(cell)[:10] + "I" + str(cell)[11:]


def _other_sex(cell: Cell, _rng: Random) -> Cell:
    return "女" if cell == "男" else "男"


def _impossible_date(_cell: Cell, rng: Random) -> Cell:
    return rng.choice(("2021年2月30日", "2021-13-05", "2019.4.31", "20200231"))


def _id_of_month_13(cell: Cell, _rng: Random) -> Cell:
    first17 = f"{str(cell)[:10]}13{str(cell)[12:17]}"
    weights = (2**power % 11 for power in range(17, 0, -1))
    total = sum(int(c) * w for c, w in zip(first17, weights, strict=True))
    return first17 + ID_CHECKS[total % 11]


BLANK_NAME = Dirt("blank_name", "name", _put(""))
USCC = (
    Dirt("uscc_check_digit", "uscc", _wrong_uscc_check),
    Dirt("uscc_length", "uscc", _shortened),
    Dirt("uscc_character", "uscc", _letter_i),
)
ID_NUMBER = (
    Dirt("id_check_digit", "id_number", _wrong_id_check),
    Dirt("id_length", "id_number", _shortened),
    Dirt("id_birth_date", "id_number", _id_of_month_13),
)
UNKNOWN_STREET = Dirt("unknown_street", "street", _put("查无此街道"))
WRONG_PHONE = Dirt("phone_length", "phone", _put("1201234567890"))
DUPLICATE_ID = Dirt("duplicate_id_number", "id_number", None)


def catalogue(today: date) -> dict[str, tuple[Dirt, ...]]:
    """Return the kinds of dirt for each kind of list; dates in the future lie after `today`."""
    future = _put(today + timedelta(days=400))
    return {
        "sites": (
            BLANK_NAME,
            UNKNOWN_STREET,
            Dirt("longitude_outside", "lon", _put(12.345678)),
            Dirt("kind_unknown", "kind", _put("见附件")),
            Dirt("duplicate_name_street", "name", None),
        ),
        "enterprises": (
            *USCC,
            BLANK_NAME,
            UNKNOWN_STREET,
            WRONG_PHONE,
            Dirt("duplicate_uscc", "uscc", None),
            Dirt("unknown_site", "site", _put(f"{MARKER}查无此大厦")),
            Dirt("unknown_industry", "industry", _put("查无此行业")),
            Dirt("employees_unreadable", "employees", _put("若干")),
            Dirt("employees_negative", "employees", _put(-5)),
            Dirt("employees_absurd", "employees", _put(12_345_678)),
            Dirt("revenue_unreadable", "revenue_wan", _put("商业秘密")),
            Dirt("date_impossible", "established_date", _impossible_date),
            Dirt("date_in_future", "established_date", future),
            Dirt("yes_no_unreadable", "has_premises", _put("看情况")),
            Dirt("status_unknown", "status", _put("见附件")),
            Dirt("kind_unknown", "kind", _put("事业单位")),
            Dirt("longitude_outside", "lon", _put(12.345678)),
            Dirt("latitude_outside", "lat", _put(77.123456)),
            Dirt("duplicate_name_street", "name", None),
        ),
        "social_organisations": (
            *USCC,
            UNKNOWN_STREET,
            Dirt("kind_unknown", "kind", _put("机关单位")),
            Dirt("date_impossible", "established_date", _impossible_date),
            Dirt("employees_unreadable", "employees", _put("不止十个")),
            Dirt("duplicate_uscc", "uscc", None),
        ),
        "party_organisations": (
            Dirt("parent_circle", "parent", None),
            Dirt("unknown_parent", "parent", _put(f"中共{MARKER}查无此党委")),
            Dirt("unknown_covered", "covered", _put(f"{MARKER}查无此厂有限公司")),
            Dirt("kind_unknown", "kind", _put("党小组")),
            Dirt("date_in_future", "founded_date", future),
            Dirt("blank_date", "founded_date", _put(None)),
            Dirt("duplicate_name", "name", None),
            UNKNOWN_STREET,
        ),
        "members": (
            *ID_NUMBER,
            BLANK_NAME,
            WRONG_PHONE,
            DUPLICATE_ID,
            Dirt("sex_contradicts_id", "sex", _other_sex),
            Dirt("blank_id_number", "id_number", _put("")),
            Dirt("unknown_work_unit", "work_unit", _put(f"{MARKER}查无此厂有限公司")),
            Dirt("blank_work_unit", "work_unit", _put("")),
            Dirt("stage_unknown", "stage", _put("共青团员")),
            Dirt("position_unknown", "position", _put("见附件")),
            Dirt("date_in_future", "joined_date", future),
            Dirt("joined_before_18", "joined_date", _put(None)),
            Dirt("full_before_joined", "full_date", _put(None)),
        ),
        "instructors": (
            *ID_NUMBER,
            BLANK_NAME,
            DUPLICATE_ID,
            Dirt("role_unknown", "role", _put("志愿者")),
            Dirt("unknown_served", "served", _put(f"{MARKER}查无此厂有限公司")),
            Dirt("capacity_unreadable", "capacity", _put("若干")),
            Dirt("date_impossible", "start_date", _impossible_date),
        ),
        "mass_organisations": (
            *USCC,
            BLANK_NAME,
            Dirt("yes_no_unreadable", "union", _put("看情况")),
            Dirt("duplicate_uscc", "uscc", None),
        ),
    }


class Spoiler:
    """Makes spoilt rows for one district, going round the kinds of dirt of each list."""

    def __init__(self, district: District, rng: Random) -> None:
        self._rng = rng
        self._names = OrganisationNames(rng)
        self._names.taken.update(e.name for e in district.enterprises)
        self._ids = IdNumbers(rng, area="990198")
        self._index = FRESH_USCC_START
        self._rounds = {kind: cycle(dirt) for kind, dirt in catalogue(district.today).items()}
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
