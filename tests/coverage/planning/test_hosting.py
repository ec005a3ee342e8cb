"""Who may host by the ledger: not who is told to have no room, nor members too young in the Party."""

from dataclasses import replace
from datetime import date

import pytest

from liangxin.coverage import tasks
from liangxin.coverage.actions.proposals import propose_branches
from liangxin.coverage.models import BranchProposal
from liangxin.coverage.planning import plan
from liangxin.coverage.queries.candidates import PlannedOrganisation, candidates
from liangxin.coverage.terms import LeftOutCode
from liangxin.kernel.jobs import Progress
from liangxin.registry.models import OrganisationVersion, PartyMembership
from tests.factories.plans import DAY, PARAMETERS, make_candidate
from tests.factories.registry import make_area
from tests.factories.viewers import office

pytestmark = pytest.mark.django_db
REGISTERED = tasks.__name__  # the kind of job must be known before it is put in the queue


@pytest.fixture
def row() -> list[OrganisationVersion]:
    """Three firms in a row; the one in the middle costs the others least."""
    street = make_area()
    return [make_candidate(street=street, north_m=100.0 * place) for place in range(3)]


def planned(**changes: object) -> BranchProposal:
    proposal = propose_branches(
        by=office(),
        title="测试方案",
        at=DAY,
        street_ids=(),
        parameters=replace(PARAMETERS, **changes),  # type: ignore[arg-type]
        seed=1,
        effort=0.1,
        today=DAY,
    )
    return plan(proposal, by=office(), progress=Progress())


def host(**changes: object) -> int:
    key = planned(**changes).groups.get().host_id
    assert key is not None
    return key


def tell_room(version: OrganisationVersion, *, has_room: bool | None) -> None:
    OrganisationVersion.objects.filter(pk=version.pk).update(has_meeting_room=has_room)


def tell_full_date(version: OrganisationVersion, day: date | None) -> None:
    here = PartyMembership.objects.filter(person__employments__organisation=version.organisation_id)
    here.update(full_date=day)


def read(version: OrganisationVersion) -> PlannedOrganisation:
    found = candidates(office(), at=DAY, min_members=3).to_group
    return next(one for one in found if one.organisation_id == version.organisation_id)


def test_unit_told_to_have_no_room_does_not_host(row: list[OrganisationVersion]) -> None:
    tell_room(row[1], has_room=False)

    assert host(host_needs_room=True) != row[1].organisation_id
    assert host(host_needs_room=False) == row[1].organisation_id


@pytest.mark.parametrize("has_room", [True, None])
def test_unit_with_a_room_or_without_an_answer_hosts(
    row: list[OrganisationVersion], has_room: bool | None
) -> None:
    tell_room(row[1], has_room=has_room)

    assert host(host_needs_room=True) == row[1].organisation_id


def test_where_nobody_may_host_the_reason_is_said(row: list[OrganisationVersion]) -> None:
    for firm in row:
        tell_room(firm, has_room=False)

    left = planned(host_needs_room=True).left_out.all()

    assert {one.code for one in left} == {LeftOutCode.SETTLED}
    assert all("3 家不能牵头" in one.text for one in left)


def test_unit_of_members_in_the_party_for_less_than_a_year_does_not_host(
    row: list[OrganisationVersion],
) -> None:
    day_before = DAY.replace(year=DAY.year - 1)
    tell_full_date(row[1], date.fromordinal(day_before.toordinal() + 1))

    assert host(host_needs_secretary=True) != row[1].organisation_id
    assert host(host_needs_secretary=False) == row[1].organisation_id


@pytest.mark.parametrize("day", [DAY.replace(year=DAY.year - 1), None])
def test_a_year_to_the_day_is_enough_and_an_unknown_date_bars_nobody(
    row: list[OrganisationVersion], day: date | None
) -> None:
    tell_full_date(row[1], day)

    assert read(row[1]).has_secretary_candidate
    assert host(host_needs_secretary=True) == row[1].organisation_id


def test_one_member_long_enough_in_the_party_is_enough() -> None:
    firm = make_candidate(members=2)
    younger = PartyMembership.objects.filter(
        person__employments__organisation=firm.organisation_id
    ).first()
    assert younger is not None
    PartyMembership.objects.filter(pk=younger.pk).update(full_date=DAY)

    assert read(firm).has_secretary_candidate
