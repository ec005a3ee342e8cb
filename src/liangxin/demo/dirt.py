"""Deliberate dirt: the ways to spoil one cell of a row so that an honest importer refuses it.

Nothing here knows how the importer works.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from random import Random

from liangxin.demo.facts import MARKER
from liangxin.demo.numbers import ID_CHECKS, USCC_ALPHABET
from liangxin.demo.records import Cell

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


FUTURE = _put(date(2099, 12, 31))
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


CATALOGUE: dict[str, tuple[Dirt, ...]] = {
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
        Dirt("date_in_future", "established_date", FUTURE),
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
        Dirt("date_in_future", "founded_date", FUTURE),
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
        Dirt("date_in_future", "joined_date", FUTURE),
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
"""The kinds of dirt by kind of list."""
