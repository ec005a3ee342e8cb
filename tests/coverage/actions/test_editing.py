"""Changing a draft by hand: checked by the rules, kept step by step, undoable, and never the proposal itself."""

from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction

from liangxin.coverage.actions.editing import (
    begin_draft,
    choose_host,
    dissolve_group,
    found_group,
    keep_apart,
    lock_group,
    move_unit,
    pin_unit,
    remove_unit,
)
from liangxin.coverage.actions.editing.refusals import (
    InfeasibleEdit,
    NotADraft,
    ReasonMissing,
)
from liangxin.coverage.actions.proposals import ProposalInUse, discard_proposal
from liangxin.coverage.models import BranchProposal, KeptApart, ProposalEdit
from liangxin.coverage.queries.proposals import groups
from liangxin.coverage.terms import LeftOutCode, ProposalKind, ProposalState
from liangxin.kernel.models import AuditEntry
from liangxin.registry.models import Area, OrganisationVersion
from tests.factories.plans import (
    PARAMETERS,
    make_attachment,
    make_candidate,
    make_group,
    make_left_out,
    make_proposal,
)
from tests.factories.registry import make_area, make_party_organisation
from tests.factories.viewers import office, officer_of

pytestmark = pytest.mark.django_db
BY = office()


def make_firms(street: Area, *norths: float, members: int = 1) -> list[OrganisationVersion]:
    return [make_candidate(street=street, north_m=north, members=members) for north in norths]


def make_draft(
    *groups_of: list[OrganisationVersion], left: list[OrganisationVersion] | None = None
) -> BranchProposal:
    """A draft of a proposal with these groups, the first unit of each its host."""
    proposal = make_proposal()
    for units in groups_of:
        make_group(proposal, units)
    for one in left or []:
        make_left_out(proposal, one, code=LeftOutCode.TOO_FAR)
    return begin_draft(proposal, by=BY)


def keys(draft: BranchProposal, number: int) -> set[int]:
    return set(draft.units.filter(group__number=number).values_list("organisation_id", flat=True))


def last(draft: BranchProposal) -> int:
    return draft.edits.count()


def ids(firms: list[OrganisationVersion]) -> set[int]:
    return {firm.organisation_id for firm in firms}


def texts(error: pytest.ExceptionInfo[InfeasibleEdit]) -> list[str]:
    return [one.text for one in error.value.hindrances]


# ---- drafts


def test_draft_is_a_whole_copy_and_the_proposal_stays() -> None:
    street = make_area()
    firms, left = make_firms(street, 0, 100, 200), make_candidate(street=street)
    proposal = make_proposal(streets=[street])
    group = make_group(proposal, firms)
    make_left_out(proposal, left)
    make_attachment(proposal, to=group)
    draft = begin_draft(proposal, by=BY)
    assert (draft.kind, draft.state, draft.parent) == (
        ProposalKind.DRAFT,
        ProposalState.READY,
        proposal,
    )
    copy = draft.groups.get()
    assert (copy.copied_from, copy.number, keys(draft, 1)) == (group, 1, ids(firms))
    assert draft.left_out.get().organisation_id == left.organisation_id
    assert draft.attachments.get().group == copy
    assert list(draft.streets.all()) == [street]
    move_out = draft.units.exclude(is_host=True).first()
    assert move_out is not None
    dissolve_group(draft, 1, by=BY, seen=0)
    assert keys(proposal, 1) == ids(firms)


def test_second_officer_gets_the_same_draft() -> None:
    proposal = make_proposal()
    make_group(proposal)
    first = begin_draft(proposal, by=BY)
    assert begin_draft(proposal, by=BY) == first
    assert begin_draft(first, by=BY) == first


def test_database_lets_a_proposal_have_one_draft() -> None:
    proposal = make_proposal()
    begin_draft(proposal, by=BY)
    with pytest.raises(IntegrityError), transaction.atomic():
        BranchProposal.objects.filter(pk=make_proposal().pk).update(
            kind=ProposalKind.DRAFT, parent=proposal
        )


def test_draft_tells_an_officer_no_more_than_the_proposal() -> None:
    street, other = make_area(), make_area()
    proposal = make_proposal()
    make_group(proposal, street=street)
    make_group(proposal, street=other)
    draft = begin_draft(proposal, by=officer_of(street))
    assert draft.created_by == proposal.created_by
    assert list(groups(officer_of(street), draft).values_list("number", flat=True)) == [1]


def test_computed_proposal_is_not_changed() -> None:
    firms = make_firms(make_area(), 0, 1, 2, 3)
    proposal = make_proposal()
    make_group(proposal, firms)
    with pytest.raises(NotADraft):
        pin_unit(proposal, firms[0].organisation_id, is_on=True, by=BY, seen=0)


def test_proposal_with_a_draft_is_not_discarded() -> None:
    proposal = make_proposal()
    draft = begin_draft(proposal, by=BY)
    with pytest.raises(ProposalInUse, match="调整稿"):
        discard_proposal(proposal, by=BY)
    discard_proposal(draft, by=BY)
    discard_proposal(proposal, by=BY)
    assert not BranchProposal.objects.exists()


# ---- moving


def test_move_takes_a_unit_from_one_group_to_another() -> None:
    street = make_area()
    first, second = make_firms(street, 0, 10, 20, 30), make_firms(street, 500, 510, 520)
    draft = make_draft(first, second)
    unit = first[3].organisation_id
    edit = move_unit(draft, unit, to=2, by=BY, seen=0)
    assert keys(draft, 1) == ids(first[:3])
    assert keys(draft, 2) == {unit, *ids(second)}
    row = draft.units.get(organisation_id=unit)
    assert (row.is_pinned, row.is_moved, round(row.way_m)) == (True, True, 470)
    group = draft.groups.get(number=2)
    assert (group.units_count, group.members, round(group.longest_way_m)) == (4, 4, 470)
    assert f"“{first[3].name}”由人移入" in group.reason
    assert edit.text == f"把“{first[3].name}”从第 1 组移到第 2 组"
    assert AuditEntry.objects.filter(action="coverage.edit_move").count() == 1


def test_units_for_a_branch_that_stands_are_no_new_branch_after_an_edit_either() -> None:
    street = make_area()
    firms = make_firms(street, 0, 10, 20, 500, 510, 520, 900)
    proposal = make_proposal(streets=[street])
    for few in (firms[0:3], firms[3:6]):
        make_group(proposal, few)
    make_group(proposal, firms[6:7], into_branch=make_party_organisation().party_organisation)
    draft = begin_draft(proposal, by=BY)
    dissolve_group(draft, 1, by=BY, seen=0)
    draft.refresh_from_db()

    assert (draft.figures["groups"], draft.figures["joining_units"]) == (1, 1)
    assert draft.figures["joined_units"] == 4


def test_move_from_those_left_out_raises_coverage() -> None:
    street = make_area()
    firms, left = make_firms(street, 0, 10, 20), make_firms(street, 50)
    draft = make_draft(firms, left=left)
    before = draft.figures["covered_after"]
    move_unit(draft, left[0].organisation_id, to=1, by=BY, seen=0)
    draft.refresh_from_db()
    assert draft.figures["covered_after"] == before + 1
    assert (draft.figures["joined_units"], draft.figures["left_out"]) == (4, 0)
    assert draft.objective_mm == pytest.approx(10 + 20 + 50, abs=1)


def test_move_beyond_the_radius_says_by_how_much_and_what_helps() -> None:
    street = make_area()
    firms, far = make_firms(street, 0, 900, 10), make_firms(street, 1240)
    draft = make_draft(firms, left=far)
    with pytest.raises(InfeasibleEdit) as error:
        move_unit(draft, far[0].organisation_id, to=1, by=BY, seen=0)
    (found,) = error.value.hindrances
    assert found.text == (
        f"“{far[0].name}”距牵头单位“{firms[0].name}” 1,240 米，超过同街道 1,000 米上限 240 米；不同行业"
    )
    assert found.rule == "joint_branch.street_radius_m"
    assert "支部工作条例" in found.source
    assert f"改由“{firms[1].name}”牵头" in found.helps
    assert ProposalEdit.objects.count() == 0


def test_same_industry_reaches_further_than_same_street() -> None:
    near = [
        make_candidate(street=make_area(), north_m=north, industry_code="6510")
        for north in (0, 100, 2900, 3100)
    ]
    draft = make_draft(near[:2] + [make_candidate(street=near[0].street)], left=near[2:])
    move_unit(draft, near[2].organisation_id, to=1, by=BY, seen=0)
    with pytest.raises(InfeasibleEdit) as error:
        move_unit(draft, near[3].organisation_id, to=1, by=BY, seen=1)
    assert "不同街道；同行业超过 3,000 米上限 100 米" in texts(error)[0]
    assert error.value.hindrances[0].rule == "joint_branch.industry_radius_m"


def test_move_that_leaves_too_few_members_is_refused() -> None:
    street = make_area()
    first, second = make_firms(street, 0, 10, 20), make_firms(street, 30, 40, 50)
    draft = make_draft(first, second)
    with pytest.raises(InfeasibleEdit) as error:
        move_unit(draft, first[2].organisation_id, to=2, by=BY, seen=0)
    assert texts(error) == ["第 1 组组内党员将只剩 2 名，少 1 名"]
    assert error.value.hindrances[0].rule == "branch.min_full_members"
    assert "撤销第 1 组" in error.value.hindrances[0].helps


def test_sixth_unit_needs_a_written_reason() -> None:
    street = make_area()
    firms, more = make_firms(street, 0, 10, 20, 30, 40), make_firms(street, 50)
    draft = make_draft(firms, left=more)
    unit = more[0].organisation_id
    with pytest.raises(ReasonMissing) as error:
        move_unit(draft, unit, to=1, by=BY, seen=0)
    assert texts(error) == ["第 1 组组内将有 6 家，一般不超过 5 家"]
    edit = move_unit(draft, unit, to=1, by=BY, seen=0, reason="同在一个院子，只多这一家")
    group = draft.groups.get()
    assert (edit.reason, group.exception) == ("同在一个院子，只多这一家",) * 2
    assert "超出一般标准的理由：同在一个院子" in group.reason
    draft.refresh_from_db()
    # What is walked is told as it is; what one unit more weighs stands in the total cost alone.
    assert group.cost_mm == pytest.approx(150, abs=1)
    assert draft.objective_mm == pytest.approx(150 + PARAMETERS.extra_unit_mm, abs=1)


def test_reason_does_not_lift_what_is_no_general_rule() -> None:
    street = make_area()
    first, second = make_firms(street, 0, 10, 20), make_firms(street, 30, 40, 50)
    draft = make_draft(first, second)
    with pytest.raises(InfeasibleEdit):
        move_unit(draft, first[2].organisation_id, to=2, by=BY, seen=0, reason="就想这样")


def test_more_members_than_usual_need_a_reason() -> None:
    street = make_area()
    proposal = make_proposal(parameters=replace(PARAMETERS, max_members=3))
    make_group(proposal, make_firms(street, 0, 10, 20))
    left = make_candidate(street=street)
    make_left_out(proposal, left)
    draft = begin_draft(proposal, by=BY)
    with pytest.raises(ReasonMissing) as error:
        move_unit(draft, left.organisation_id, to=1, by=BY, seen=0)
    assert texts(error) == ["第 1 组组内党员将有 4 名，一般不超过 3 名"]


def test_host_that_leaves_is_followed_by_who_is_reached_best() -> None:
    street = make_area()
    first, second = make_firms(street, 0, 100, 200, 300), make_firms(street, 500, 510, 520)
    draft = make_draft(first, second)
    move_unit(draft, first[0].organisation_id, to=2, by=BY, seen=0)
    assert draft.groups.get(number=1).host_id == first[2].organisation_id


# ---- hosts, pins, locks, pairs


def test_host_is_chosen_only_where_all_reach_it() -> None:
    street = make_area()
    firms = make_firms(street, 0, 600, -600)
    draft = make_draft(firms)
    with pytest.raises(InfeasibleEdit) as error:
        choose_host(draft, firms[1].organisation_id, by=BY, seen=0)
    assert "超过同街道 1,000 米上限 200 米" in texts(error)[0]
    near = make_draft(make_firms(street, 0, 100, 200))
    unit = near.units.order_by("-way_m")[0].organisation_id
    choose_host(near, unit, by=BY, seen=0)
    group = near.groups.get()
    assert (group.host_id, group.is_host_chosen) == (unit, True)
    assert "牵头单位由人指定" in group.reason


def test_barred_unit_does_not_host() -> None:
    firms = make_firms(make_area(), 0.0, 100.0, 200.0)
    draft = make_draft(firms)
    barred = firms[1].organisation_id
    BranchProposal.objects.filter(pk=draft.pk).update(no_hosts=[barred])
    with pytest.raises(InfeasibleEdit) as refused:
        choose_host(draft, barred, by=BY, seen=last(draft))
    assert "列为不能牵头" in texts(refused)[0]


def test_unit_without_a_room_hosts_once_the_ledger_tells_of_one() -> None:
    firms = make_firms(make_area(), 0.0, 100.0, 200.0)
    draft = make_draft(firms)
    parameters = {**draft.parameters, "host_needs_room": True}
    BranchProposal.objects.filter(pk=draft.pk).update(parameters=parameters)
    unit = draft.units.filter(is_host=False).order_by("organisation_id")[0].organisation_id
    OrganisationVersion.objects.filter(organisation=unit).update(has_meeting_room=False)
    with pytest.raises(InfeasibleEdit) as refused:
        choose_host(draft, unit, by=BY, seen=last(draft))
    assert "台账写明没有会议场所" in texts(refused)[0]
    OrganisationVersion.objects.filter(organisation=unit).update(has_meeting_room=True)
    choose_host(draft, unit, by=BY, seen=last(draft))
    assert draft.groups.get().host_id == unit


def test_host_that_leaves_is_not_followed_by_a_barred_one() -> None:
    firms = make_firms(make_area(), 0.0, 100.0, 200.0, 300.0)
    draft = make_draft(firms)
    middle = [firms[1].organisation_id, firms[2].organisation_id]
    BranchProposal.objects.filter(pk=draft.pk).update(no_hosts=middle)
    remove_unit(draft, firms[0].organisation_id, is_excluded=False, by=BY, seen=last(draft))
    assert draft.groups.get(number=1).host_id == firms[3].organisation_id


def test_locked_group_is_left_alone_until_unlocked() -> None:
    street = make_area()
    firms = make_firms(street, 0, 10, 20, 30)
    draft = make_draft(firms)
    lock_group(draft, 1, is_on=True, by=BY, seen=0)
    with pytest.raises(InfeasibleEdit) as error:
        remove_unit(draft, firms[3].organisation_id, is_excluded=False, by=BY, seen=1)
    assert texts(error) == ["第 1 组已锁定"]
    lock_group(draft, 1, is_on=False, by=BY, seen=1)
    remove_unit(draft, firms[3].organisation_id, is_excluded=False, by=BY, seen=2)


def test_pin_and_unpin() -> None:
    firms = make_firms(make_area(), 0, 10, 20)
    draft = make_draft(firms)
    unit = firms[1].organisation_id
    pin_unit(draft, unit, is_on=True, by=BY, seen=0)
    assert draft.units.get(organisation_id=unit).is_pinned
    with pytest.raises(InfeasibleEdit, match="已经固定"):
        pin_unit(draft, unit, is_on=True, by=BY, seen=1)
    pin_unit(draft, unit, is_on=False, by=BY, seen=1)
    assert not draft.units.get(organisation_id=unit).is_pinned


def test_pair_kept_apart_cannot_share_a_group() -> None:
    street = make_area()
    firms, left = make_firms(street, 0, 10, 20), make_firms(street, 30)
    draft = make_draft(firms, left=left)
    first, second = firms[1].organisation_id, left[0].organisation_id
    keep_apart(draft, second, first, is_on=True, by=BY, seen=0)
    with pytest.raises(InfeasibleEdit) as error:
        move_unit(draft, second, to=1, by=BY, seen=1)
    assert "已定为不得同组" in texts(error)[0]
    keep_apart(draft, first, second, is_on=False, by=BY, seen=1)
    move_unit(draft, second, to=1, by=BY, seen=2)


def test_pair_in_one_group_is_parted_first() -> None:
    firms = make_firms(make_area(), 0, 10, 20)
    draft = make_draft(firms)
    with pytest.raises(InfeasibleEdit, match="现在同在第 1 组"):
        keep_apart(draft, *[f.organisation_id for f in firms[:2]], is_on=True, by=BY, seen=0)


def test_database_keeps_pairs_in_order() -> None:
    draft, (one, other) = make_draft(), make_firms(make_area(), 0, 10)
    first, second = sorted([one.organisation_id, other.organisation_id])
    with pytest.raises(IntegrityError), transaction.atomic():
        KeptApart.objects.create(proposal=draft, first_id=second, second_id=first)


# ---- taking out, dissolving, founding


def test_removed_unit_is_listed_with_who_wants_it_so() -> None:
    firms = make_firms(make_area(), 0, 10, 20, 30)
    draft = make_draft(firms)
    remove_unit(draft, firms[3].organisation_id, is_excluded=True, by=BY, seen=0)
    row = draft.left_out.get()
    assert (row.code, row.is_excluded) == (LeftOutCode.SETTLED, True)
    assert row.text == "由人从第 1 组移出，不参加联建。"
    draft.refresh_from_db()
    assert draft.objective_mm == pytest.approx(30, abs=1)  # nobody is fined for who is to stay out


def test_dissolved_group_leaves_its_units_and_its_attachments() -> None:
    proposal = make_proposal()
    group = make_group(proposal)
    make_attachment(proposal, to=group)
    draft = begin_draft(proposal, by=BY)
    dissolve_group(draft, 1, by=BY, seen=0)
    assert (draft.groups.count(), draft.left_out.count()) == (0, 3)
    assert draft.attachments.get().group is None


def test_new_group_is_made_of_those_left_out() -> None:
    street = make_area()
    left = make_firms(street, 0, 100, 200)
    draft = make_draft(make_firms(street, 5000, 5010, 5020), left=left)
    found_group(draft, [one.organisation_id for one in left], by=BY, seen=0)
    group = draft.groups.get(number=2)
    assert (group.host_id, group.members) == (left[1].organisation_id, 3)
    assert "这一组由人编成" in group.reason
    with pytest.raises(InfeasibleEdit) as error:
        found_group(draft, [left[0].organisation_id], by=BY, seen=1)
    assert "第 3 组组内党员只有 1 名，少 2 名" in texts(error)
