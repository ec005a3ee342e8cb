"""A draft computed anew: what people settled stands, everything else is as good as before or better."""

import pytest

from liangxin.coverage import tasks
from liangxin.coverage.actions.adoption import adopt_groups
from liangxin.coverage.actions.editing import (
    begin_draft,
    choose_host,
    dissolve_group,
    keep_apart,
    lock_group,
    move_unit,
    pin_unit,
    remove_unit,
    replan_draft,
)
from liangxin.coverage.actions.editing.refusals import NotADraft, NotYoursToEdit
from liangxin.coverage.models import BranchProposal
from liangxin.coverage.planning import plan, redraft
from liangxin.coverage.queries.edits import last_edit_number
from liangxin.coverage.terms import LeftOutCode, ProposalKind, ProposalState
from liangxin.kernel.jobs import Progress
from liangxin.registry.models import Area
from tests.coverage.planning.test_running import asked, make_street_of
from tests.factories.plans import DAY, make_candidate
from tests.factories.registry import make_area
from tests.factories.viewers import office, officer_of

pytestmark = pytest.mark.django_db
BY = office()
REGISTERED = tasks.__name__  # the kind of job must be known before it is put in the queue

Groups = dict[int, set[int]]


def make_draft(street: Area) -> BranchProposal:
    return begin_draft(plan(asked(BY, street), by=BY, progress=Progress()), by=BY)


def replanned(draft: BranchProposal) -> BranchProposal:
    return redraft(replan_draft(draft, by=BY), by=BY, progress=Progress())


def groups_of(proposal: BranchProposal) -> Groups:
    found: Groups = {}
    for number, unit in proposal.units.values_list("group__number", "organisation_id"):
        found.setdefault(number, set()).add(unit)
    return found


def number_of(proposal: BranchProposal, unit: int) -> int:
    return proposal.units.get(organisation_id=unit).group.number


def two_clusters() -> tuple[Area, BranchProposal]:
    """Two groups some 600 m apart, four units each; every unit reaches every other."""
    street = make_area()
    for north in (0, 10, 20, 30, 600, 610, 620, 630):
        make_candidate(street=street, north_m=north)
    draft = make_draft(street)
    assert sorted(len(units) for units in groups_of(draft).values()) == [4, 4]
    return street, draft


def test_nothing_settled_nothing_changed() -> None:
    _, draft = two_clusters()
    found = replanned(draft)
    assert groups_of(found) == groups_of(draft)
    assert (found.kind, found.parent, found.state) == (
        ProposalKind.REPLANNED,
        draft,
        ProposalState.READY,
    )
    assert found.figures == draft.figures
    assert found.objective_mm == pytest.approx(draft.objective_mm, abs=1)


def test_moved_unit_stays_where_a_person_put_it() -> None:
    _, draft = two_clusters()
    unit = draft.units.filter(group__number=1, is_host=False).first()
    assert unit is not None
    move_unit(draft, unit.organisation_id, to=2, by=BY, seen=0)
    found = replanned(draft)
    assert number_of(found, unit.organisation_id) == 2
    row = found.units.get(organisation_id=unit.organisation_id)
    assert (row.is_pinned, row.is_moved) == (True, True)
    assert found.parent_edit == 1


def test_locked_group_stays_with_its_host() -> None:
    _, draft = two_clusters()
    host = draft.units.filter(group__number=1).order_by("-way_m")[0].organisation_id
    choose_host(draft, host, by=BY, seen=0)
    lock_group(draft, 1, is_on=True, by=BY, seen=1)
    found = replanned(draft)
    group = found.groups.get(number=1)
    assert groups_of(found)[1] == groups_of(draft)[1]
    assert (group.host_id, group.is_locked, group.is_host_chosen) == (host, True, True)


def test_chosen_host_stays_host() -> None:
    _, draft = two_clusters()
    host = draft.units.filter(group__number=1).order_by("-way_m")[0].organisation_id
    choose_host(draft, host, by=BY, seen=0)
    found = replanned(draft)
    assert found.units.get(organisation_id=host).is_host


def test_pair_kept_apart_is_apart_and_stays_so() -> None:
    _, draft = two_clusters()
    first, second = sorted(groups_of(draft)[1])[:2]
    moved = draft.units.get(organisation_id=first).is_host and second or first
    move_unit(draft, moved, to=2, by=BY, seen=0)
    pin_unit(draft, moved, is_on=False, by=BY, seen=1)
    keep_apart(draft, first, second, is_on=True, by=BY, seen=2)
    found = replanned(draft)
    assert number_of(found, first) != number_of(found, second)
    assert found.kept_apart.count() == 1
    assert begin_draft(found, by=BY).kept_apart.count() == 1


def test_excluded_unit_is_in_no_group_and_listed() -> None:
    _, draft = two_clusters()
    unit = draft.units.filter(group__number=1, is_host=False)[0].organisation_id
    remove_unit(draft, unit, is_excluded=True, by=BY, seen=0)
    found = replanned(draft)
    row = found.left_out.get()
    assert (row.organisation_id, row.code, row.is_excluded) == (unit, LeftOutCode.SETTLED, True)


def test_the_bound_is_proven_from_the_prices_of_the_plan() -> None:
    _, draft = two_clusters()
    unit = draft.units.filter(group__number=1, is_host=False)[0].organisation_id
    remove_unit(draft, unit, is_excluded=True, by=BY, seen=0)
    plan_rows = draft.parent.units.all()
    assert all(row.price_mm is not None for row in plan_rows)
    priced = replanned(draft).bound_mm
    plan_rows.update(price_mm=-1_000_000.0)  # prices that prove nothing

    assert priced > 0
    assert replanned(draft).bound_mm == 0


def test_a_plan_without_prices_is_computed_anew_all_the_same() -> None:
    _, draft = two_clusters()
    draft.parent.units.update(price_mm=None)
    found = replanned(draft)

    assert found.bound_mm == pytest.approx(draft.bound_mm)


def test_removed_and_dissolved_units_find_a_group_again() -> None:
    _, draft = two_clusters()
    dissolve_group(draft, 1, by=BY, seen=0)
    found = replanned(draft)
    assert (found.left_out.count(), found.units.count()) == (0, 8)


def test_adopted_group_is_carried_over() -> None:
    _, draft = two_clusters()
    adopt_groups(draft, [1], by=BY, today=DAY, seen_changes="")
    found = replanned(draft)
    assert groups_of(found) == groups_of(draft)
    assert found.groups.get(number=1).copied_from == draft.groups.get(number=1).copied_from
    assert found.figures["covered_after"] == draft.figures["covered_after"]
    assert found.objective_mm == pytest.approx(draft.objective_mm, abs=1)


def test_pins_that_cannot_stand_are_told() -> None:
    street, _ = make_street_of(1, 1, 1)
    draft = make_draft(street)
    draft.units.update(is_pinned=True)
    draft.parameters = {**draft.parameters, "street_radius_m": 5.0}
    draft.save()
    made = replan_draft(draft, by=BY)
    with pytest.raises(Exception, match=r"指定同组|同组"):
        redraft(made, by=BY, progress=Progress())
    made.refresh_from_db()
    assert (made.state, bool(made.failure)) == (ProposalState.FAILED, True)


def test_only_drafts_are_computed_anew_and_by_who_answers_for_all() -> None:
    street, other = make_area(), make_area()
    for place in (street, other):
        for north in (0, 10, 20):
            make_candidate(street=place, north_m=north)
    proposal = plan(asked(BY), by=BY, progress=Progress())
    with pytest.raises(NotADraft):
        replan_draft(proposal, by=BY)
    draft = begin_draft(proposal, by=BY)
    with pytest.raises(NotYoursToEdit):
        replan_draft(draft, by=officer_of(street))
    assert last_edit_number(draft) == 0


def test_plans_of_one_draft_are_told_apart_by_their_names() -> None:
    _, draft = two_clusters()
    named = draft.title.removesuffix("（人工调整）")

    titles = [replan_draft(draft, by=BY).title for _ in range(2)]

    assert titles == [f"{named}（重新测算）", f"{named}（第2次重新测算）"]


def test_worker_computes_it() -> None:
    _, draft = two_clusters()
    made = replan_draft(draft, by=BY)
    assert made.job is not None
    assert made.job.kind == "coverage.plan"
