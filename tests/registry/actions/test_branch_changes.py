"""Units that join or leave a joint branch, and the end of one: dated, recorded, put back as one."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from liangxin.kernel.models import AuditEntry
from liangxin.registry.actions.branch_changes import (
    NotJoint,
    TooEarlyForBranch,
    dissolve_joint_branch,
    join_joint_branch,
    leave_joint_branch,
)
from liangxin.registry.actions.form_refusals import AlreadyCovered, OutsideUnit
from liangxin.registry.actions.refusals import AlreadyClosed, OutOfScope
from liangxin.registry.actions.reorganisation_undo import undo_reorganisation
from liangxin.registry.models import Area, PartyCoverage, PartyOrganisation, Reorganisation
from liangxin.registry.queries.periods import true_at
from liangxin.registry.queries.reorganisations import branch_acts, visible_reorganisations
from liangxin.registry.terms import OrganisationStatus, PartyKind, ReorganisationState
from tests.factories.merges import whole_ledger
from tests.factories.registry import (
    make_area,
    make_organisation,
    make_party_organisation,
    make_post,
)
from tests.factories.reorganisations import ON_DATE, TODAY, order
from tests.factories.viewers import office, officer_of

pytestmark = pytest.mark.django_db
BEFORE = ON_DATE - timedelta(days=1)


def joint(street: Area, *covers: object) -> PartyOrganisation:
    made = make_party_organisation(kind=PartyKind.JOINT_BRANCH, street=street, covers=covers)  # type: ignore[arg-type]
    return made.party_organisation


def covering(unit: object, day: date) -> list[int]:
    found = PartyCoverage.objects.filter(true_at(day), organisation=unit)
    return list(found.values_list("party_organisation_id", flat=True))


def undo(act: Reorganisation) -> None:
    undo_reorganisation(act, by=office(), now=timezone.now())


def test_a_unit_joins_from_the_day_on_and_the_undoing_puts_it_back() -> None:
    street = make_area()
    unit = make_organisation(street=street).organisation
    branch = joint(street)
    before = whole_ledger()

    act = join_joint_branch(branch, unit, by=officer_of(street), order=order(), today=TODAY)

    assert (covering(unit, BEFORE), covering(unit, ON_DATE)) == ([], [branch.pk])
    assert AuditEntry.objects.filter(action="party_organisation.branch_join").count() == 2
    undo(act)
    assert whole_ledger() == before


def test_a_unit_of_another_joint_branch_leaves_it_on_the_same_day() -> None:
    street = make_area()
    unit = make_organisation(street=street).organisation
    old, new = joint(street, unit), joint(street)
    before = whole_ledger()

    act = join_joint_branch(new, unit, by=officer_of(street), order=order(), today=TODAY)

    assert (covering(unit, BEFORE), covering(unit, ON_DATE)) == ([old.pk], [new.pk])
    assert act.party_organisation == old
    undo(act)
    assert whole_ledger() == before


def test_a_unit_leaves_and_the_undoing_puts_it_back() -> None:
    street = make_area()
    unit = make_organisation(street=street).organisation
    branch = joint(street, unit)
    before = whole_ledger()

    act = leave_joint_branch(branch, unit, by=officer_of(street), order=order(), today=TODAY)

    assert (covering(unit, BEFORE), covering(unit, ON_DATE)) == ([branch.pk], [])
    undo(act)
    assert act.state == ReorganisationState.DONE
    assert whole_ledger() == before


def test_a_dissolved_branch_ends_with_all_that_hangs_on_it() -> None:
    street = make_area()
    unit = make_organisation(street=street).organisation
    branch = joint(street, unit)
    make_post(branch)
    before = whole_ledger()

    act = dissolve_joint_branch(branch, by=officer_of(street), order=order(), today=TODAY)

    branch.refresh_from_db()
    assert branch.dissolved_date == ON_DATE
    assert covering(unit, ON_DATE) == []
    assert not branch.posts.filter(valid_to__isnull=True).exists()
    undo(act)
    assert whole_ledger() == before


def test_what_stands_in_the_way_is_said() -> None:
    street = make_area()
    unit = make_organisation(street=street).organisation
    closed = make_organisation(street=street, status=OrganisationStatus.CLOSED).organisation
    alone = make_organisation(street=street).organisation
    make_party_organisation(kind=PartyKind.BRANCH, street=street, covers=(alone,))
    branch = joint(street, unit)
    by = officer_of(street)

    with pytest.raises(AlreadyCovered):
        join_joint_branch(branch, unit, by=by, order=order(), today=TODAY)
    with pytest.raises(AlreadyClosed):
        join_joint_branch(branch, closed, by=by, order=order(), today=TODAY)
    with pytest.raises(AlreadyCovered, match="已有自己的党组织"):
        join_joint_branch(branch, alone, by=by, order=order(), today=TODAY)
    with pytest.raises(TooEarlyForBranch):
        leave_joint_branch(branch, unit, by=by, order=order(on_date=date(2000, 1, 1)), today=TODAY)
    own = make_party_organisation(kind=PartyKind.BRANCH, street=street).party_organisation
    with pytest.raises(NotJoint):
        dissolve_joint_branch(own, by=by, order=order(), today=TODAY)


def test_another_streets_officer_may_not() -> None:
    street, other = make_area(), make_area()
    unit = make_organisation(street=street).organisation
    branch, theirs = joint(street, unit), joint(other)

    with pytest.raises(OutOfScope):
        leave_joint_branch(branch, unit, by=officer_of(other), order=order(), today=TODAY)
    with pytest.raises(OutsideUnit):
        join_joint_branch(theirs, unit, by=officer_of(other), order=order(), today=TODAY)


def test_acts_are_listed_for_the_branch_and_for_its_street_alone() -> None:
    street, other = make_area(), make_area()
    unit = make_organisation(street=street).organisation
    branch = joint(street, unit)
    act = dissolve_joint_branch(branch, by=office(), order=order(), today=TODAY)

    assert list(branch_acts(officer_of(street), party_organisation_id=branch.pk)) == [act]
    assert list(visible_reorganisations(officer_of(street), at=TODAY)) == [act]
    assert list(branch_acts(officer_of(other), party_organisation_id=branch.pk)) == []
    assert list(visible_reorganisations(officer_of(other), at=TODAY)) == []
