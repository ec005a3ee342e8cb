"""Compiled loyalty to an earlier plan: its groups count as cheaper while they stay whole.

Arrays as in `_kernels_search`.
"""

from liangxin.optimize.grouping._kernels_search import OUT, PlanArrays
from liangxin.optimize.grouping.compiled import compiled
from liangxin.optimize.grouping.problem import Floats, Ints

Groups = tuple[Ints, Floats, Ints, Ints]  # masks, costs, hosts, first index by lowest item
Loyalty = tuple[
    Ints, Ints, float
]  # earlier group of each item or -1, items of each, worth of keeping


@compiled
def earlier_masks(loyalty: Loyalty, local: Ints, size: int, masks: Ints) -> int:
    """Write the sets of local items that were whole groups earlier; return how many."""
    label, count = loyalty[0], 0
    for at in range(size):
        own = label[local[at]]
        if own < 0:
            continue
        mask, together = 0, 0
        for other in range(size):
            if label[local[other]] == own:
                if other < at:
                    break
                mask |= 1 << other
                together += 1
        if together == loyalty[1][own]:
            masks[count] = mask
            count += 1
    return count


@compiled
def kept_worth(
    plan: PlanArrays, loyalty: Loyalty, local: Ints, size: int, masks: Ints, count: int
) -> float:
    """Return what the earlier groups that stand now are worth."""
    where, rows = plan[0], plan[1]
    worth = 0.0
    for at in range(count):
        group, is_whole, inside = -1, True, 0
        for item in range(size):
            if (masks[at] >> item) & 1:
                group = where[local[item]] if inside == 0 else group
                is_whole &= where[local[item]] == group
                inside += 1
        if group >= 0 and is_whole and (inside == rows.shape[1] or rows[group, inside] < 0):
            worth += loyalty[2]
    return worth


@compiled
def favour(groups: Groups, masks: Ints, count: int, worth: float) -> None:
    """Make the listed groups that stood earlier as much cheaper as keeping them is worth."""
    listed, costs, hosts, first = groups
    for at in range(count):
        low = 0
        while not (masks[at] >> low) & 1:
            low += 1
        for group in range(first[low], first[low + 1]):
            if listed[group] == masks[at] and hosts[group] != OUT:
                costs[group] -= worth
