"""What the units of a group have in common, by the name that people know."""

from collections.abc import Mapping, Sequence

from liangxin.coverage.queries.candidates import DIVISION, PlannedOrganisation, division
from liangxin.coverage.terms import GroupMode
from liangxin.standards.industries import UnknownIndustry, industry


def shared_name(
    units: Sequence[PlannedOrganisation], mode: GroupMode, *, streets: Mapping[int, str]
) -> str:
    """What all units have in common, nearest to the mode; '' where it is nothing that has a name."""
    first = units[0]
    if mode is GroupMode.SITE:
        return first.site_name if _is_one([one.site_id for one in units]) else ""
    street, trade = "", ""
    if _is_one([one.street_id for one in units]):
        street = streets.get(first.street_id or 0, "")
    if _is_one([division(one.industry_code) for one in units]):
        trade = _division_name(first.industry_code)
    return (trade or street) if mode is GroupMode.INDUSTRY else street


def _is_one(keys: Sequence[int | None]) -> bool:
    return len(set(keys)) == 1 and keys[0] is not None


def _division_name(code: str) -> str:
    try:
        return industry(code[:DIVISION]).name
    except UnknownIndustry:
        return ""
