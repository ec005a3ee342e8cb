"""A re-plan of one neighbourhood: what is in order stays, the rest finds a place, adopted the usual way."""

from datetime import timedelta

import pytest
from django.urls import reverse

from liangxin.coverage import tasks
from liangxin.coverage.actions.adoption import adopt_groups, approve, found
from liangxin.coverage.actions.editing import begin_draft
from liangxin.coverage.actions.editing.refusals import NotADraft
from liangxin.coverage.actions.replans import propose_replan
from liangxin.coverage.models import BranchProposal, Establishment
from liangxin.coverage.planning import NotPlannable, plan
from liangxin.coverage.queries.proposals import figures
from liangxin.coverage.terms import ProposalState
from liangxin.kernel.jobs import Progress
from liangxin.registry.models import (
    Area,
    Organisation,
    OrganisationVersion,
    PartyCoverage,
    PartyOrganisation,
)
from liangxin.registry.queries.periods import true_at
from liangxin.registry.terms import OrganisationStatus
from tests.factories.clients import client_of
from tests.factories.establishments import FOUNDED, make_establishment, make_founded
from tests.factories.plans import make_candidate, make_group, make_proposal
from tests.factories.registry import make_area
from tests.factories.viewers import office

pytestmark = pytest.mark.django_db
REGISTERED = tasks.__name__  # the kind of job must be known before it is put in the queue
TODAY = FOUNDED + timedelta(days=30)


def founded_at(street: Area, *norths_m: float, members: int = 1) -> Establishment:
    units = [make_candidate(street=street, north_m=north, members=members) for north in norths_m]
    return make_founded(make_establishment(make_group(make_proposal(), units)))


def replanned(around: PartyOrganisation | Organisation) -> BranchProposal:
    return plan(propose_replan(around, by=office(), today=TODAY), by=office(), progress=Progress())


def close(unit: Organisation) -> None:
    found_ = OrganisationVersion.objects.filter(organisation=unit)
    found_.update(status=OrganisationStatus.CLOSED)


def covering(unit: Organisation) -> list[int]:
    rows = PartyCoverage.objects.filter(true_at(TODAY), organisation=unit)
    return list(rows.values_list("party_organisation_id", flat=True))


def test_units_of_a_broken_branch_join_the_next_one_and_a_far_one_is_left_alone() -> None:
    street = make_area()
    broken = founded_at(street, 0, 50, 100)
    near = founded_at(street, 200, 250, 300)
    far = founded_at(street, 90_000, 90_050, 90_100)
    gone, *staying = [unit.organisation for unit in broken.units.all()]
    close(gone)

    proposal = replanned(broken.party_organisation)

    assert proposal.state == ProposalState.READY
    assert proposal.difference["branches"] == 1
    (group,) = proposal.groups.all()
    assert group.into_branch == near.party_organisation
    units = group.units.all()
    assert {unit.organisation for unit in units} == set(staying)
    assert {unit.from_branch for unit in units} == {broken.party_organisation}
    assert far.name not in proposal.difference["altered_names"]
    assert any("登记撤销" in line for line in proposal.difference["lines"])
    counted = figures(proposal)
    assert counted is not None
    assert (counted.groups, counted.joined_units, counted.joining_units) == (0, 2, 2)


def test_the_page_of_a_neighbourhood_tells_who_is_placed_and_no_rates() -> None:
    street = make_area()
    founded_at(street, 0, 50, 100)
    proposal = replanned(make_candidate(street=street, north_m=150).organisation)
    client = client_of(office())

    page = client.get(reverse("proposal", args=(proposal.pk,))).content.decode()
    listed = client.get(reverse("proposals")).content.decode()

    assert "要安排的单位" in page
    assert "组织覆盖率" not in page
    assert "比理论下界多" not in page
    assert "就近重排" in listed
    assert "就近几家" in listed
    assert listed.count("→") == 1  # of the plan that the branch came from


def test_adopted_and_founded_the_units_go_over_on_one_day() -> None:
    street = make_area()
    broken = founded_at(street, 0, 50, 100)
    near = founded_at(street, 200, 250, 300)
    gone, *staying = [unit.organisation for unit in broken.units.all()]
    close(gone)
    proposal = replanned(broken.party_organisation)

    (made,) = adopt_groups(proposal, [1], by=office(), today=TODAY).adopted
    made = approve(
        made, by=office(), approved_date=TODAY, approval_number="测两新〔2026〕30号", today=TODAY
    )
    found(made, by=office(), founded_date=TODAY, today=TODAY)

    assert made.joins_branch
    assert all(covering(unit) == [near.party_organisation_id] for unit in staying)
    assert covering(gone) == [broken.party_organisation_id]


def test_a_unit_that_dropped_out_finds_a_branch_near_it() -> None:
    street = make_area()
    near = founded_at(street, 0, 50, 100)
    lone = make_candidate(street=street, north_m=150)

    proposal = replanned(lone.organisation)

    (group,) = proposal.groups.all()
    assert group.into_branch == near.party_organisation
    assert proposal.difference["altered_names"] == [near.name]


def test_replan_of_a_neighbourhood_is_no_ground_for_a_draft() -> None:
    street = make_area()
    founded_at(street, 0, 50, 100)
    proposal = replanned(make_candidate(street=street, north_m=150).organisation)

    with pytest.raises(NotADraft, match="就近重排"):
        begin_draft(proposal, by=office())


def test_where_all_is_in_order_nothing_is_proposed() -> None:
    made = founded_at(make_area(), 0, 50, 100)

    proposal = replanned(made.party_organisation)

    assert not proposal.groups.exists()
    assert proposal.difference["altered"] == 0


def test_nobody_near_is_said() -> None:
    made = founded_at(make_area(), 0, 50, 100)
    for unit in made.units.all():
        close(unit.organisation)

    with pytest.raises(NotPlannable, match="附近没有可以重排的单位"):
        replanned(made.party_organisation)
