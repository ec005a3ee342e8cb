"""Steps taken back, two officers at once, scopes, and what adoption makes of a draft."""

import pytest
from django.db import IntegrityError, transaction

from liangxin.coverage.actions.adoption import adopt_groups
from liangxin.coverage.actions.editing import (
    begin_draft,
    choose_host,
    dissolve_group,
    lock_group,
    move_unit,
    pin_unit,
    remove_unit,
    undo_edit,
)
from liangxin.coverage.actions.editing.refusals import (
    BuiltUpon,
    GroundChanged,
    InfeasibleEdit,
    NotADraft,
    NotYoursToEdit,
    UndoneAlready,
)
from liangxin.coverage.models import BranchProposal
from liangxin.coverage.queries.proposals import groups
from liangxin.coverage.terms import EditKind
from liangxin.kernel.permissions import NotAllowed
from liangxin.kernel.viewer import Viewer
from liangxin.registry.models import OrganisationVersion
from tests.coverage.actions.test_editing import BY, ids, keys, make_draft, make_firms
from tests.factories.plans import ADOPTED, make_attachment, make_group, make_proposal
from tests.factories.registry import make_area
from tests.factories.viewers import administrator, officer_of

pytestmark = pytest.mark.django_db


# ---- undoing


def test_every_step_can_be_undone_and_the_undo_too() -> None:
    street = make_area()
    first, second = make_firms(street, 0, 10, 20, 30), make_firms(street, 500, 510, 520)
    draft = make_draft(first, second)
    start = draft.figures
    unit = first[3].organisation_id
    move_unit(draft, unit, to=2, by=BY, seen=0)
    undo = undo_edit(draft, 1, by=BY)
    assert (keys(draft, 1), keys(draft, 2)) == (ids(first), ids(second))
    draft.refresh_from_db()
    assert draft.figures["covered_after"] == start["covered_after"]
    assert (undo.kind, undo.undoes.number) == (EditKind.UNDO, 1)
    with pytest.raises(UndoneAlready):
        undo_edit(draft, 1, by=BY)
    undo_edit(draft, 2, by=BY)
    assert unit in keys(draft, 2)


def test_dissolving_is_undone_with_the_same_number() -> None:
    firms = make_firms(make_area(), 0, 10, 20)
    draft = make_draft(firms)
    dissolve_group(draft, 1, by=BY, seen=0)
    undo_edit(draft, 1, by=BY)
    assert keys(draft, 1) == ids(firms)
    assert draft.left_out.count() == 0


def test_undone_dissolving_gives_attachments_back() -> None:
    proposal = make_proposal()
    group = make_group(proposal)
    make_attachment(proposal, to=group)
    draft = begin_draft(proposal, by=BY)
    before = draft.attachments.get()
    dissolve_group(draft, 1, by=BY, seen=0)
    undo_edit(draft, 1, by=BY)
    after = draft.attachments.get()
    assert after.group is not None
    assert (after.kind, after.group.number, after.way_m) == (before.kind, 1, before.way_m)


def test_step_that_later_ones_build_upon_is_not_undone_first() -> None:
    street = make_area()
    first, second = make_firms(street, 0, 10, 20, 30), make_firms(street, 50, 51, 52, 53)
    draft = make_draft(first, second)
    move_unit(draft, first[3].organisation_id, to=2, by=BY, seen=0)
    choose_host(draft, first[3].organisation_id, by=BY, seen=1)
    with pytest.raises(BuiltUpon, match="先撤销第 2 步"):
        undo_edit(draft, 1, by=BY)
    undo_edit(draft, 2, by=BY)
    undo_edit(draft, 1, by=BY)
    assert keys(draft, 1) == ids(first)


def test_step_apart_from_later_ones_is_undone_alone() -> None:
    street = make_area()
    first, second = make_firms(street, 0, 10, 20), make_firms(street, 50, 51, 52)
    draft = make_draft(first, second)
    pin_unit(draft, first[0].organisation_id, is_on=True, by=BY, seen=0)
    pin_unit(draft, second[0].organisation_id, is_on=True, by=BY, seen=1)
    undo_edit(draft, 1, by=BY)
    assert draft.units.filter(is_pinned=True).count() == 1


# ---- two officers, scopes, adoption


def test_second_officer_hears_what_changed_meanwhile() -> None:
    street = make_area()
    first, second = make_firms(street, 0, 10, 20, 30), make_firms(street, 50, 51, 52)
    draft = make_draft(first, second)
    move_unit(draft, first[3].organisation_id, to=2, by=BY, seen=0)
    with pytest.raises(GroundChanged, match=f"把“{first[3].name}”从第 1 组移到第 2 组"):
        choose_host(draft, first[1].organisation_id, by=BY, seen=0)
    assert draft.edits.count() == 1


def test_second_officer_elsewhere_is_not_stopped() -> None:
    street = make_area()
    first, second = make_firms(street, 0, 10, 20), make_firms(street, 50, 51, 52)
    draft = make_draft(first, second)
    pin_unit(draft, first[0].organisation_id, is_on=True, by=BY, seen=0)
    pin_unit(draft, second[0].organisation_id, is_on=True, by=BY, seen=0)
    assert draft.edits.count() == 2


def test_database_writes_a_step_number_once() -> None:
    firms = make_firms(make_area(), 0, 10, 20)
    draft = make_draft(firms)
    edit = pin_unit(draft, firms[0].organisation_id, is_on=True, by=BY, seen=0)
    edit.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        edit.save(force_insert=True)


def test_street_officer_edits_groups_that_reach_into_the_street_only() -> None:
    street, other = make_area(), make_area()
    own, far = make_firms(street, 0, 10, 20, 30), make_firms(other, 0, 10, 20, 30)
    draft = make_draft(own, far)
    officer: Viewer = officer_of(street)
    pin_unit(draft, own[0].organisation_id, is_on=True, by=officer, seen=0)
    with pytest.raises(NotYoursToEdit):
        pin_unit(draft, far[0].organisation_id, is_on=True, by=officer, seen=1)
    with pytest.raises(NotYoursToEdit):
        move_unit(draft, own[3].organisation_id, to=2, by=officer, seen=1)
    with pytest.raises(NotYoursToEdit):
        dissolve_group(draft, 2, by=officer, seen=1)


def test_street_officer_undoes_only_what_reaches_into_the_street() -> None:
    street, other = make_area(), make_area()
    draft = make_draft(make_firms(street, 0, 10, 20), make_firms(other, 0, 10, 20))
    lock_group(draft, 2, is_on=True, by=BY, seen=0)
    with pytest.raises(NotYoursToEdit):
        undo_edit(draft, 1, by=officer_of(street))


def test_stranger_may_not_edit() -> None:
    firms = make_firms(make_area(), 0, 10, 20)
    draft = make_draft(firms)
    for stranger in (administrator(), officer_of(make_area())):
        with pytest.raises((NotAllowed, NotADraft)):
            pin_unit(draft, firms[0].organisation_id, is_on=True, by=stranger, seen=0)
    with pytest.raises(NotAllowed):
        begin_draft(draft, by=administrator())


def test_adopted_group_is_not_edited_in_the_draft_or_its_proposal() -> None:
    street = make_area()
    first, second = make_firms(street, 0, 10, 20, 30), make_firms(street, 50, 51, 52)
    draft = make_draft(first, second)
    assert draft.parent is not None
    adopt_groups(draft.parent, [1], by=BY, today=ADOPTED)
    with pytest.raises(InfeasibleEdit, match="已采纳为组建事项"):
        remove_unit(draft, first[3].organisation_id, is_excluded=False, by=BY, seen=0)
    with pytest.raises(InfeasibleEdit):
        lock_and_adopt(draft, second)


def lock_and_adopt(draft: BranchProposal, firms: list[OrganisationVersion]) -> None:
    lock_group(draft, 2, is_on=True, by=BY, seen=0)
    adopt_groups(draft, [2], by=BY, today=ADOPTED)
    undo_edit(draft, 1, by=BY)


def test_adopting_takes_the_edited_group() -> None:
    street = make_area()
    firms, left = make_firms(street, 0, 10, 20), make_firms(street, 30)
    draft = make_draft(firms, left=left)
    move_unit(draft, left[0].organisation_id, to=1, by=BY, seen=0)
    (made,) = adopt_groups(draft, [1], by=BY, today=ADOPTED).adopted
    assert set(made.units.values_list("organisation_id", flat=True)) == ids([*firms, *left])


def test_copy_of_an_adopted_group_shows_as_adopted() -> None:
    proposal = make_proposal()
    make_group(proposal)
    adopt_groups(proposal, [1], by=BY, today=ADOPTED)
    draft = begin_draft(proposal, by=BY)
    assert groups(BY, draft).get().establishment_id is not None
    assert adopt_groups(draft, [1], by=BY, today=ADOPTED).refused[0].text.startswith("这一组已由")
