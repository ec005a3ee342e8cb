"""Taking a step back: what it touched becomes as it was, unless something was built upon it since."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Q

from liangxin.coverage.actions.editing.refusals import (
    BuiltUpon,
    InfeasibleEdit,
    NotADraft,
    UndoneAlready,
)
from liangxin.coverage.actions.editing.steps import held_draft, refuse_strangers, written_edit
from liangxin.coverage.actions.editing.writing import write_states
from liangxin.coverage.models import BranchProposal, ProposalEdit
from liangxin.coverage.queries.edit_changes import Change
from liangxin.coverage.queries.edit_rules import Hindrance
from liangxin.coverage.queries.edit_state import (
    Board,
    as_dict,
    board,
    group_from,
    left_out_from,
)
from liangxin.coverage.terms import EditKind
from liangxin.kernel.viewer import Viewer


def undo_edit(draft: BranchProposal, number: int, *, by: Viewer) -> ProposalEdit:
    """Take a step of this number back, by a step of its own; an undo may itself be undone.

    Raises NotAllowed, and of RefusedStep: UndoneAlready, BuiltUpon, NotYoursToEdit, InfeasibleEdit.
    """
    with transaction.atomic():
        proposal = held_draft(draft, by=by)
        edit = ProposalEdit.objects.filter(proposal=proposal, number=number).first()
        if edit is None:
            raise NotADraft(f"没有第 {number} 步。")
        if ProposalEdit.objects.filter(undoes=edit).exists():
            raise UndoneAlready(f"第 {number} 步已经撤销过了。")
        held = _ground(edit)
        touched = [int(key) for key in edit.after["groups"]]
        standing = [one for one in touched if one in held.groups]
        refuse_strangers(held, numbers=standing, keys=[], by=by)
        _refuse_built_upon(held, edit)
        _refuse_adopted(held, standing)
        undone = written_edit(
            proposal,
            _taking_back(edit),
            by=by,
            states={"before": edit.after, "after": edit.before},
            undoes=edit,
        )
        _write(held, edit.before)
    return undone


def _ground(edit: ProposalEdit) -> Board:
    told = (edit.before, edit.after)
    keys = {int(key) for part in told for key in part["left_out"]}
    for part in told:
        for state in part["groups"].values():
            keys.update(state["units"] if state else ())
    return board(
        edit.proposal, numbers=[int(key) for key in edit.after["groups"]], keys=sorted(keys)
    )


def _refuse_built_upon(held: Board, edit: ProposalEdit) -> None:
    now = {
        "groups": {key: as_dict(held.groups.get(int(key))) for key in edit.after["groups"]},
        "left_out": {key: as_dict(held.left_out.get(int(key))) for key in edit.after["left_out"]},
        "apart": {
            key: tuple(map(int, key.split("-"))) in held.apart for key in edit.after["apart"]
        },
    }
    if _comparable(now) != _comparable(edit.after):
        later = _later(edit)
        told = f"：先撤销第 {later.number} 步（{later.text}）" if later else ""
        raise BuiltUpon(f"第 {edit.number} 步以后，同样的组又改过{told}。")


def _comparable(told: Mapping[str, Any]) -> dict[str, Any]:
    """States without the order of their units: the walking decides it anew at each writing."""
    groups = {
        key: state
        and {**state, **{name: sorted(state[name]) for name in ("units", "pinned", "moved")}}
        for key, state in told["groups"].items()
    }
    left_out = {
        key: state and {**state, "helps": list(state["helps"])}
        for key, state in told["left_out"].items()
    }
    return {"groups": groups, "left_out": left_out, "apart": told["apart"]}


def _later(edit: ProposalEdit) -> ProposalEdit | None:
    """The last step that stands and touched the same groups or units."""
    numbers = [int(key) for key in edit.after["groups"]]
    found = ProposalEdit.objects.filter(
        Q(from_number__in=numbers)
        | Q(to_number__in=numbers)
        | Q(organisation=edit.organisation_id),
        proposal=edit.proposal,
        number__gt=edit.number,
        undone_by__isnull=True,
    )
    return found.order_by("-number").first()


def _refuse_adopted(held: Board, numbers: list[int]) -> None:
    for number in numbers:
        units = held.groups[number].units
        taken = [held.taken[unit] for unit in units if unit in held.taken]
        if number in held.adopted or taken:
            said = taken[0] if taken else f"第 {number} 组已采纳为组建事项"
            raise InfeasibleEdit([Hindrance(text=f"{said}，不能再改")])


def _taking_back(edit: ProposalEdit) -> Change:
    return Change(
        kind=EditKind.UNDO,
        text=f"撤销第 {edit.number} 步：{edit.text}",
        organisation=edit.organisation_id,
        other=edit.other_id,
        from_number=edit.to_number,
        to_number=edit.from_number,
    )


def _write(held: Board, told: Mapping[str, Any]) -> None:
    pairs = {tuple(map(int, key.split("-"))): is_on for key, is_on in told["apart"].items()}
    write_states(
        held,
        groups={int(key): group_from(state) for key, state in told["groups"].items()},
        left_out={int(key): left_out_from(state) for key, state in told["left_out"].items()},
        apart={(pair[0], pair[1]): is_on for pair, is_on in pairs.items()},
        attached={int(key): units for key, units in told["attached"].items()},
    )
