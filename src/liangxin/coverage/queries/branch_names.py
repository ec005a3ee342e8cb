"""Names for joint branches to be: after where they meet, and unlike every other in the district."""

from collections.abc import Collection

from liangxin.coverage.models import Establishment
from liangxin.coverage.terms import EstablishmentState
from liangxin.registry.models import PartyOrganisationVersion

ENDING = "联合党支部"
MAX_NAME = 120
DIGITS = "〇一二三四五六七八九"
OPEN_STATES = (EstablishmentState.PROPOSED, EstablishmentState.APPROVED)


def taken_names(*, apart_from: Establishment | None = None) -> set[str]:
    """Names that Party organisations of the ledger and branches on their way bear now."""
    standing = PartyOrganisationVersion.objects.filter(valid_to__isnull=True).order_by()
    on_their_way = Establishment.objects.filter(state__in=OPEN_STATES).order_by()
    if apart_from is not None:
        standing = standing.exclude(party_organisation=apart_from.party_organisation_id)
        on_their_way = on_their_way.exclude(pk=apart_from.pk)
    names = [*standing.values_list("name", flat=True), *on_their_way.values_list("name", flat=True)]
    return {plain(name) for name in names}


def free_name(place: str, *, taken: Collection[str]) -> str:
    """`place` and 联合党支部, with 第二, 第三, … between where that is taken."""
    number = 1
    while plain(name := _named(place, number)) in taken:
        number += 1
    return name


def plain(name: str) -> str:
    """A name without the blanks that people type in it."""
    return "".join(name.split())


def _named(place: str, number: int) -> str:
    order = f"第{numeral(number)}" if number > 1 else ""
    ending = f"{order}{ENDING}"
    return place[: MAX_NAME - len(ending)] + ending


def numeral(number: int) -> str:
    """1 to 9999 in Chinese numerals, as in 第十二, 第一百零五."""
    if number < 10:
        return DIGITS[number]
    text, pending = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, unit)
        if digit:
            text += ("零" if pending and text else "") + DIGITS[digit] + name
        pending = not digit
    return text.removeprefix("一") if text.startswith("一十") else text
