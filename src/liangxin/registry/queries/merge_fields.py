"""Field by field, what two entries say, and which of it the survivor keeps unless somebody chooses."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from liangxin.registry.models import OrganisationVersion, Person
from liangxin.registry.queries.changes import NOT_KNOWN, field_title, shown_fact
from liangxin.standards.id_number import mask_id_number
from liangxin.standards.phone import mask_phone

SURVIVOR, ABSORBED = "survivor", "absorbed"
# Columns that only make sense together are chosen together.
VERSION_GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("name", ("name",)),
    ("kind", ("kind",)),
    ("status", ("status",)),
    ("street", ("street", "site")),
    ("address", ("address",)),
    ("industry_code", ("industry_code",)),
    ("employees", ("employees",)),
    ("revenue_wan", ("revenue_wan",)),
    ("has_premises", ("has_premises",)),
    ("has_activity", ("has_activity",)),
    ("has_meeting_room", ("has_meeting_room",)),
    ("legal_representative", ("legal_representative",)),
    ("supervisor", ("supervisor",)),
    ("phone", ("phone",)),
    ("established_date", ("established_date",)),
    ("lon", ("lon", "lat")),
)
PERSON_GROUPS = (("name", ("name",)), ("sex", ("sex",)), ("phone", ("phone",)))
GROUP_TITLES = {"street": "街道、楼宇（园区）", "lon": "坐标（经度、纬度）", "sex": "性别"}
BLANK = (None, "")


@dataclass(frozen=True)
class FieldChoice:
    """One fact of both entries in words; `kept` is the side whose value stays by default, and why."""

    code: str
    title: str
    survivor_words: str
    absorbed_words: str
    kept: str
    why: str
    is_same: bool


def version_choices(
    survivor: OrganisationVersion, absorbed: OrganisationVersion
) -> tuple[FieldChoice, ...]:
    """The facts of two organisations: the more complete stays, else the one told of later."""
    is_newer = absorbed.provenance.as_of_date > survivor.provenance.as_of_date
    return tuple(
        _choice(
            code,
            GROUP_TITLES.get(code) or field_title(code),
            sides=(_values(survivor, names), _values(absorbed, names)),
            words=(_version_words(survivor, names), _version_words(absorbed, names)),
            is_newer=is_newer,
        )
        for code, names in VERSION_GROUPS
    )


def person_choices(survivor: Person, absorbed: Person) -> tuple[FieldChoice, ...]:
    """The facts of two persons; numbers are masked."""
    is_newer = absorbed.provenance.as_of_date > survivor.provenance.as_of_date
    titles = {"name": "姓名", "sex": "性别", "phone": "联系电话"}
    return tuple(
        _choice(
            code,
            titles[code],
            sides=(_values(survivor, names), _values(absorbed, names)),
            words=(_person_words(survivor, code), _person_words(absorbed, code)),
            is_newer=is_newer,
        )
        for code, names in PERSON_GROUPS
    )


def code_words(number: str | None, *, is_id: bool) -> str:
    """A credit code in full or an ID number masked; a word where there is none."""
    if not number:
        return NOT_KNOWN
    return mask_id_number(number) if is_id else number


def columns_of(code: str, *, is_of_persons: bool) -> tuple[str, ...]:
    """The columns that one choice decides."""
    return dict(PERSON_GROUPS if is_of_persons else VERSION_GROUPS)[code]


def _choice(
    code: str,
    title: str,
    *,
    sides: tuple[tuple[Any, ...], tuple[Any, ...]],
    words: tuple[str, str],
    is_newer: bool,
) -> FieldChoice:
    own, other = (sum(value not in BLANK for value in side) for side in sides)
    kept, why = SURVIVOR, ""
    if sides[0] != sides[1]:
        if own != other:
            kept, why = (ABSORBED if other > own else SURVIVOR), "另一方未填或不全"
        elif is_newer:
            kept, why = ABSORBED, "数据截至日期较新"
    return FieldChoice(code, title, *words, kept=kept, why=why, is_same=sides[0] == sides[1])


def _values(row: OrganisationVersion | Person, names: Sequence[str]) -> tuple[Any, ...]:
    return tuple(getattr(row, row._meta.get_field(name).attname) for name in names)  # type: ignore[union-attr]


def _version_words(version: OrganisationVersion, names: Sequence[str]) -> str:
    words = [shown_fact(version, name) for name in names]
    told = [word for word in words if word != NOT_KNOWN]
    return "，".join(told) or NOT_KNOWN


def _person_words(person: Person, code: str) -> str:
    value = getattr(person, code)
    return (mask_phone(value) if code == "phone" else value) or NOT_KNOWN
