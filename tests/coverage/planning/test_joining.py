"""Whole plans that let units join the joint branches that stand and have room."""

from dataclasses import replace
from datetime import timedelta

import pytest

from liangxin.coverage import tasks
from liangxin.coverage.actions.adoption import adopt_groups
from liangxin.coverage.actions.curves import ask_curve
from liangxin.coverage.actions.proposals import propose_branches
from liangxin.coverage.models import BranchProposal, Establishment
from liangxin.coverage.planning import plan
from liangxin.coverage.planning.curves import trace
from liangxin.coverage.queries.open_branches import meeting_units, open_branches
from liangxin.coverage.queries.proposal_map import proposal_map
from liangxin.coverage.queries.proposal_summary import seen_counts
from liangxin.coverage.queries.proposals import figures
from liangxin.coverage.terms import AttachmentKind, LeftOutCode
from liangxin.kernel.jobs import Progress
from liangxin.registry.models import Area
from tests.factories.establishments import FOUNDED, make_establishment, make_founded
from tests.factories.plans import PARAMETERS, make_candidate, make_group, make_proposal
from tests.factories.registry import make_area
from tests.factories.viewers import office, officer_of

pytestmark = pytest.mark.django_db
REGISTERED = tasks.__name__  # the kind of job must be known before it is put in the queue
TODAY = FOUNDED + timedelta(days=30)
JOINING = replace(PARAMETERS, joins_branches=True)


def founded_at(street: Area, *norths_m: float) -> Establishment:
    units = [make_candidate(street=street, north_m=north) for north in norths_m]
    return make_founded(make_establishment(make_group(make_proposal(), units)))


def planned(*streets: Area, **changes: object) -> BranchProposal:
    proposal = propose_branches(
        by=office(),
        title="测试方案",
        at=TODAY,
        street_ids=[street.pk for street in streets],
        parameters=replace(JOINING, **changes),  # type: ignore[arg-type]
        seed=1,
        effort=0.1,
        today=TODAY,
    )
    return plan(proposal, by=office(), progress=Progress())


def test_lone_unit_joins_the_branch_next_door() -> None:
    street = make_area()
    near = founded_at(street, 0, 50, 100)
    lone = make_candidate(street=street, north_m=150)

    proposal = planned()

    (group,) = proposal.groups.all()
    assert group.into_branch == near.party_organisation
    assert group.host is None
    assert [unit.organisation for unit in group.units.all()] == [lone.organisation]
    assert group.reason == (
        f"加入现有支部“{near.name}”：与该支部同一街道的 1 家（距离 150 米），正式党员共 1 名。"
    )
    told, seen = figures(proposal), seen_counts(office(), proposal)
    assert told is not None
    assert (told.groups, told.joined_units, told.joining_units, told.left_out) == (0, 1, 1, 0)
    assert told.covered_after == told.covered_before + 1
    assert (seen.new, seen.joining, seen.joining_units) == (0, 1, 1)


def test_curve_lets_a_branch_take_in_what_each_limit_leaves_room_for() -> None:
    street = make_area()
    founded_at(street, 0, 25, 50, 75, 100)
    for north_m in (150, 175):
        make_candidate(street=street, north_m=north_m)
    proposal = planned()

    curve = ask_curve(proposal, radii_m=[500], unit_limits=[4, 5, 6, 7], by=office())
    points = trace(curve, by=office(), progress=Progress()).points

    found = points.values_list("unit_limit", "joined_units", "groups")
    assert list(found) == [(4, 0, 0), (5, 0, 0), (6, 1, 0), (7, 2, 0)]


def test_without_the_switch_it_is_left_out() -> None:
    street = make_area()
    founded_at(street, 0, 50, 100)
    make_candidate(street=street, north_m=150)

    proposal = planned(joins_branches=False)

    assert not proposal.groups.exists()
    assert proposal.left_out.get().code == LeftOutCode.TOO_FEW_NEAR


def test_branch_takes_no_more_than_the_usual_number_of_units() -> None:
    street = make_area()
    founded_at(street, 0, 50, 100)
    for north_m in (150, 160):
        make_candidate(street=street, north_m=north_m)

    proposal = planned(max_units=4)

    assert proposal.groups.get().units_count == 1
    assert proposal.left_out.count() == 1


def test_units_on_their_way_into_a_branch_take_up_its_room() -> None:
    street = make_area()
    near = founded_at(street, 0, 50, 100)
    make_candidate(street=street, north_m=150)
    adopt_groups(planned(max_units=4), [1], by=office(), today=TODAY)
    make_candidate(street=street, north_m=160)

    proposal = planned(max_units=4)

    assert near.party_organisation.establishments.filter(joins_branch=True).exists()
    assert not proposal.groups.exists()


def test_only_branches_of_the_streets_asked_for_take_units_in() -> None:
    here, there = make_area(), make_area()
    founded_at(there, 0, 50, 100)
    make_candidate(street=here, north_m=150)

    assert not planned(here).groups.exists()


def test_officer_of_a_street_sees_its_branches_alone() -> None:
    here, there = make_area(), make_area()
    own = founded_at(here, 0, 50, 100)
    founded_at(there, 0, 50, 100)

    found = open_branches(officer_of(here), at=TODAY, parameters=JOINING, most_units=5)

    assert [one.key for one in found] == [own.party_organisation_id]
    assert found[0].free_units == 2


def test_branch_meets_at_its_host_else_where_its_members_walk_least() -> None:
    street = make_area()
    firms = [make_candidate(street=street, north_m=north) for north in (0, 90, 200)]
    made = make_founded(make_establishment(make_group(make_proposal(), firms)))
    branch = made.party_organisation_id
    host = made.units.get(is_host=True).organisation_id

    assert meeting_units([branch], at=TODAY)[branch].organisation_id == host

    made.units.update(is_host=False)
    assert host != firms[1].organisation_id
    assert meeting_units([branch], at=TODAY)[branch].organisation_id == firms[1].organisation_id


def test_map_draws_the_star_from_where_the_branch_meets() -> None:
    street = make_area()
    near = founded_at(street, 0, 50, 100)
    make_candidate(street=street, north_m=150)

    drawn = proposal_map(office(), planned())

    (host,) = drawn["hosts"]["features"]
    assert host["properties"]["standing"] is True
    assert host["properties"]["name"] == near.name
    assert len(drawn["units"]["features"][0]["geometry"]["coordinates"]) == 1


def test_branch_that_takes_units_in_keeps_in_touch_with_firms_as_itself() -> None:
    street = make_area()
    near = founded_at(street, 0, 50, 100)
    make_candidate(street=street, north_m=150)
    make_candidate(street=street, north_m=160, members=0)

    attachment = planned().attachments.get()

    assert attachment.kind == AttachmentKind.BRANCH
    assert attachment.party_organisation == near.party_organisation


def test_left_out_unit_is_told_of_the_radius_at_which_a_branch_takes_it() -> None:
    street = make_area()
    founded_at(street, 0, 50, 100)
    make_candidate(street=street, north_m=1500)

    (helps,) = planned().left_out.values_list("helps", flat=True)

    assert any(one["kind"] == "street_radius" for one in helps)
