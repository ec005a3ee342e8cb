"""Why a group cannot be adopted, whatever whoever asks has been shown."""

from liangxin.coverage.actions.refusals import (
    AlreadyAdopted,
    BranchGone,
    FactsChanged,
    OutsideScope,
    RefusedStep,
    UnitTaken,
)
from liangxin.coverage.models import ProposedGroup
from liangxin.coverage.queries.adoption_ground import AdoptionGround


def obstacle(ground: AdoptionGround, group: ProposedGroup) -> RefusedStep | None:
    """The refusal that adopting the group would meet; None where it may be adopted.

    Pages show the same before anything is adopted.
    """
    if group.pk not in ground.reached:
        return OutsideScope("这一组的牵头单位（或所并入的支部）不在您负责的范围内。")
    if group.pk in ground.adopted:
        return AlreadyAdopted(ground.adopted[group.pk])
    if taken := ground.taken(group):
        return UnitTaken(taken)
    if group.into_branch_id is not None and group.pk not in ground.standing:
        return BranchGone("拟并入的支部已经撤销或尚未成立，请重新测算。")
    blocking = [change.text for change in ground.changes[group.pk] if change.is_blocking]
    return FactsChanged(blocking) if blocking else None
