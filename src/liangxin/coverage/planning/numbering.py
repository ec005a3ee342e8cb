"""Which number each group of a new plan gets, so that people find again what they know."""

from collections import Counter
from collections.abc import Mapping
from collections.abc import Set as AbstractSet

Numbered = Mapping[int, AbstractSet[int]]


def matched_numbers(new: Numbered, old: Numbered, *, first_free: int) -> dict[int, int]:
    """For each group of `new` the number of the group of `old` with the most units in common, each used once.

    A group that has no unit in common with any that is left gets a free number from `first_free` on.
    """
    home = {unit: number for number, units in old.items() for unit in units}
    common = Counter(
        (number, home[unit]) for number, units in new.items() for unit in units if unit in home
    )
    numbers: dict[int, int] = {}
    taken: set[int] = set()
    for (number, was), _ in sorted(common.items(), key=lambda item: (-item[1], item[0])):
        if number not in numbers and was not in taken:
            numbers[number] = was
            taken.add(was)
    free = first_free
    for number in new:
        if number not in numbers:
            numbers[number] = free
            free += 1
    return numbers
