"""The steps of editing a draft: each checked by the rules at once, kept with who and when."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone

from liangxin.coverage.actions.adoption.turns import take_turn
from liangxin.coverage.actions.editing.refusals import (
    GroundChanged,
    InfeasibleEdit,
    NotADraft,
    NotYoursToEdit,
    ReasonMissing,
)
from liangxin.coverage.actions.editing.writing import attached_to, with_reason, write_states
from liangxin.coverage.actions.refusals import MissingText
from liangxin.coverage.models import BranchProposal, ProposalEdit, ProposedGroup
from liangxin.coverage.queries.edit_changes import (
    Change,
    dissolved,
    founded,
    hosted,
    kept_apart,
    locked,
    moved,
    pinned,
    removed,
)
from liangxin.coverage.queries.edit_rules import Hindrance
from liangxin.coverage.queries.edit_state import Board, as_dict, board
from liangxin.coverage.queries.edits import last_edit_number
from liangxin.coverage.queries.proposals import groups, left_out, proposal_or_none
from liangxin.coverage.terms import ProposalKind, ProposalState
from liangxin.kernel.audit import record
from liangxin.kernel.permissions import Permission, require
from liangxin.kernel.viewer import Viewer

MAX_REASON: Final = 200
MAX_TEXT: Final = 400
SHOWN_EDITS: Final = 3


@dataclass(frozen=True, kw_only=True)
class Told:
    """Who takes a step, the last step that the page showed them, and the reason they wrote."""

    by: Viewer
    seen: int
    reason: str = ""


def move_unit(
    draft: BranchProposal,
    unit: int,
    *,
    to: int,
    by: Viewer,
    seen: int,
    reason: str = "",
    dissolves: bool = False,
) -> ProposalEdit:
    """Move a unit (key of an organisation) to the group of a number; it is pinned there by that.

    With `dissolves`, what is left of its own group is broken up instead of standing in the way.
    `seen` is the number of the last step that the page showed. Raises NotAllowed, RefusedStep; of those
    InfeasibleEdit says which rules stand in the way, ReasonMissing that a written reason would do.
    """
    told = Told(by=by, seen=seen, reason=reason)
    return _step(
        draft,
        lambda held: moved(held, unit, to=to, dissolves=dissolves),
        told,
        numbers=[to],
        keys=[unit],
    )


def remove_unit(
    draft: BranchProposal, unit: int, *, is_excluded: bool, by: Viewer, seen: int
) -> ProposalEdit:
    """Take a unit out of its group; an excluded one stays out of later runs, too. Raises as `move_unit`."""
    told = Told(by=by, seen=seen)
    return _step(
        draft, lambda held: removed(held, unit, is_excluded=is_excluded), told, keys=[unit]
    )


def choose_host(draft: BranchProposal, unit: int, *, by: Viewer, seen: int) -> ProposalEdit:
    """Make a unit the host of its group. Raises as `move_unit`."""
    return _step(draft, lambda held: hosted(held, unit), Told(by=by, seen=seen), keys=[unit])


def pin_unit(
    draft: BranchProposal, unit: int, *, is_on: bool, by: Viewer, seen: int
) -> ProposalEdit:
    """Hold a unit in its group, or let it go. Raises as `move_unit`."""
    told = Told(by=by, seen=seen)
    return _step(draft, lambda held: pinned(held, unit, is_on=is_on), told, keys=[unit])


def lock_group(
    draft: BranchProposal, number: int, *, is_on: bool, by: Viewer, seen: int
) -> ProposalEdit:
    """Keep a whole group as it is, or let it go. Raises as `move_unit`."""
    told = Told(by=by, seen=seen)
    return _step(draft, lambda held: locked(held, number, is_on=is_on), told, numbers=[number])


def keep_apart(
    draft: BranchProposal, first: int, second: int, *, is_on: bool, by: Viewer, seen: int
) -> ProposalEdit:
    """Forbid two units to share a group, or allow it again. Raises as `move_unit`."""
    told, keys = Told(by=by, seen=seen), [first, second]
    return _step(draft, lambda held: kept_apart(held, first, second, is_on=is_on), told, keys=keys)


def dissolve_group(draft: BranchProposal, number: int, *, by: Viewer, seen: int) -> ProposalEdit:
    """Break a group up; its units stand in none. Raises as `move_unit`."""
    told = Told(by=by, seen=seen)
    return _step(draft, lambda held: dissolved(held, number), told, numbers=[number])


def found_group(
    draft: BranchProposal, units: Sequence[int], *, by: Viewer, seen: int, reason: str = ""
) -> ProposalEdit:
    """Make a new group of units. Raises as `move_unit`."""
    told = Told(by=by, seen=seen, reason=reason)
    return _step(
        draft, lambda held: founded(held, units, number=_free_number(draft)), told, keys=units
    )


def held_draft(draft: BranchProposal, *, by: Viewer) -> BranchProposal:
    """The draft as it stands, held until the transaction ends. Raises NotAllowed, NotADraft."""
    require(by, Permission.PLAN_BRANCHES)
    # Adoption takes turns by the same lock: a group is never adopted while it is being changed.
    take_turn()
    held = BranchProposal.objects.select_for_update().filter(pk=draft.pk).first()
    if held is None or proposal_or_none(by, draft.pk) is None:
        raise NotADraft("这个方案已被删除，您的这一步没有做。")
    if held.kind != ProposalKind.DRAFT or held.state != ProposalState.READY:
        raise NotADraft("方案算好以后不再改动；请先点“人工调整”，在调整稿上改。")
    return held


def written_edit(
    held: BranchProposal, change: Change, *, by: Viewer, states: Mapping[str, Any], **more: Any
) -> ProposalEdit:
    """Keep a step and its audit entry; `states` holds what it touched, before and after."""
    edit = ProposalEdit.objects.create(
        proposal=held,
        number=last_edit_number(held) + 1,
        kind=change.kind,
        organisation_id=change.organisation,
        other_id=change.other,
        from_number=change.from_number,
        to_number=change.to_number,
        text=change.text[:MAX_TEXT],
        made_by_id=by.user_id,
        made_at=timezone.now(),
        **states,
        **more,
    )
    record(
        f"coverage.edit_{change.kind}",
        by=by,
        summary=f"调整联建方案“{held.title}”：{change.text}",
        about=held,
        details={"step": edit.number, "from": change.from_number, "to": change.to_number},
        changes_ledger=False,
    )
    return edit


def refuse_strangers(
    held: Board, *, numbers: Collection[int], keys: Collection[int], by: Viewer
) -> None:
    """Raise NotYoursToEdit unless every group reaches into the scope of `by`, and every unit is in sight."""
    if by.sees_district():
        return
    seen = groups(by, held.proposal).filter(number__in=numbers)
    if set(numbers) - set(seen.values_list("number", flat=True)):
        raise NotYoursToEdit("这一组没有单位在您负责的范围内，请由所在街道或区级调整。")
    alone = [key for key in keys if held.home(key) is None]
    found = left_out(by, held.proposal).filter(organisation_id__in=alone)
    if set(alone) - set(found.values_list("organisation_id", flat=True)):
        raise NotYoursToEdit("这家单位不在您负责的范围内，请由所在街道或区级调整。")


def _step(
    draft: BranchProposal,
    change_of: Callable[[Board], Change],
    told: Told,
    *,
    numbers: Iterable[int] = (),
    keys: Iterable[int] = (),
) -> ProposalEdit:
    numbers, keys = list(numbers), list(keys)
    with transaction.atomic():
        held = board(held_draft(draft, by=told.by), numbers=numbers, keys=keys)
        _refuse_unknown(held, numbers=numbers, keys=keys)
        refuse_strangers(held, numbers=list(held.groups), keys=keys, by=told.by)
        _refuse_unseen(held, seen=told.seen, keys=keys)
        change = change_of(held)
        groups_after = _reasoned(change, told.reason)
        edit = written_edit(
            held.proposal,
            change,
            by=told.by,
            states=_states(held, change, groups_after),
            reason=told.reason.strip() if change.hindrances else "",
        )
        write_states(held, groups=groups_after, left_out=change.left_out, apart=change.apart)
    return edit


def _refuse_unknown(held: Board, *, numbers: Collection[int], keys: Collection[int]) -> None:
    missing = [number for number in numbers if number not in held.groups]
    if missing:
        text = f"没有第 {missing[0]} 组，可能刚被撤销；请看一眼现在的各组。"
        raise InfeasibleEdit([Hindrance(text=text.rstrip("。"))])
    unknown = [key for key in keys if held.home(key) is None and key not in held.left_out]
    if unknown:
        raise NotYoursToEdit("这个方案里没有这家单位。")


def _refuse_unseen(held: Board, *, seen: int, keys: Collection[int]) -> None:
    """Raise GroundChanged where others changed the same groups or units since the page was shown."""
    numbers = list(held.groups)
    later = ProposalEdit.objects.filter(proposal=held.proposal, number__gt=seen).filter(
        Q(from_number__in=numbers)
        | Q(to_number__in=numbers)
        | Q(organisation_id__in=keys)
        | Q(other_id__in=keys)
    )
    found = list(later.select_related("made_by").order_by("number")[:SHOWN_EDITS])
    if found:
        raise GroundChanged(found)


def _reasoned(change: Change, reason: str) -> dict[int, Any]:
    """The groups afterwards; raises where a rule, or a reason that is missing, stands in the way."""
    if change.refusals:
        raise InfeasibleEdit(change.hindrances)
    if not change.hindrances:
        return dict(change.groups)
    if not reason.strip():
        raise ReasonMissing(change.hindrances)
    if len(reason.strip()) > MAX_REASON:
        raise MissingText(f"理由不能超过 {MAX_REASON} 个字。", field="reason")
    return with_reason(change.groups, change.to_number or change.from_number or 0, reason.strip())


def _states(held: Board, change: Change, after: Mapping[int, Any]) -> dict[str, Any]:
    return {
        "before": {
            "groups": {str(number): as_dict(held.groups.get(number)) for number in after},
            "left_out": {str(key): as_dict(held.left_out.get(key)) for key in change.left_out},
            "apart": {_pair(pair): pair in held.apart for pair in change.apart},
            "attached": attached_to(
                held.proposal, [key for key, one in after.items() if one is None]
            ),
        },
        "after": {
            "groups": {str(number): as_dict(state) for number, state in after.items()},
            "left_out": {str(key): as_dict(state) for key, state in change.left_out.items()},
            "apart": {_pair(pair): is_on for pair, is_on in change.apart.items()},
            "attached": {},
        },
    }


def _pair(pair: tuple[int, int]) -> str:
    return f"{pair[0]}-{pair[1]}"


def _free_number(draft: BranchProposal) -> int:
    """A number that no group of the draft has or had: an undo may bring one back."""
    standing = ProposedGroup.objects.filter(proposal=draft).aggregate(last=Max("number"))
    made = ProposalEdit.objects.filter(proposal=draft).aggregate(
        last=Max("to_number"), first=Max("from_number")
    )
    return max(standing["last"] or 0, made["last"] or 0, made["first"] or 0) + 1
