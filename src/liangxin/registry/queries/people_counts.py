"""Counts of Party members as each role may be told them."""

from dataclasses import dataclass
from datetime import date
from typing import cast

from liangxin.kernel.viewer import Role, Viewer
from liangxin.registry.queries.rules import rule_at

NOT_TOLD = "不显示"


@dataclass(frozen=True)
class ShownCount:
    """A count as it may be shown: `number` is None where it may not, and `words` stand for it."""

    number: int | None
    words: str

    def __str__(self) -> str:
        return self.words


def shown_count(count: int, *, viewer: Viewer, at: date) -> ShownCount:
    """A count of members for a viewer on the day `at`.

    The Party chain is told it. Owners are told none, whatever other role outside the chain they hold:
    beside the faces of a firm any number points at people. The other roles are told none below the
    floor of the rule people.small_count_floor. Which counts a viewer reaches at all is scope's matter.
    """
    if viewer.is_in_party_chain:
        return ShownCount(count, str(count))
    if viewer.is_stranger or Role.OWNER in viewer.roles:
        return ShownCount(None, NOT_TOLD)
    floor = cast(int, rule_at("people.small_count_floor", at=at).value)
    if count < floor:
        return ShownCount(None, f"少于{floor}人")
    return ShownCount(count, str(count))
