"""Who sees which proposals, groups, units and left out organisations."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.utils import timezone

from liangxin.coverage.models import BranchProposal, Establishment
from liangxin.coverage.queries.proposals import (
    attachments,
    figures,
    group_or_none,
    groups,
    left_out,
    proposal_or_none,
    proposals,
    shown_state,
    units,
    why_not_ready,
)
from liangxin.coverage.terms import AttachmentKind, EstablishmentState, ProposalState
from liangxin.kernel.models import Job, JobState
from liangxin.kernel.viewer import STRANGER, Role, Scope, ScopeKind, Viewer
from liangxin.registry.terms import GuideRole
from tests.factories import registry
from tests.factories.accounts import make_user, viewer_for
from tests.factories.plans import (
    DAY,
    FIGURES,
    make_attachment,
    make_candidate,
    make_group,
    make_left_out,
    make_proposal,
)
from tests.factories.viewers import administrator, office, officer_of, owner_of, secretary_of

pytestmark = pytest.mark.django_db
Queries = Callable[[int], AbstractContextManager[object]]


def street_officer(street_id: int) -> Viewer:
    scope = Scope(ScopeKind.STREET, str(street_id))
    user = make_user(Role.COMMITTEE_OFFICER, scope)
    return viewer_for(Role.COMMITTEE_OFFICER, scope, user=user)


def test_proposals_come_newest_first() -> None:
    first, second = make_proposal(), make_proposal()

    assert list(proposals(office())) == [second, first]


def test_proposals_are_shown_where_a_group_touches_the_street() -> None:
    mine, other = registry.make_area(), registry.make_area()
    proposal = make_proposal()
    make_group(proposal, street=mine)

    assert list(proposals(officer_of(mine))) == [proposal]
    assert list(proposals(officer_of(other))) == []
    assert proposal_or_none(officer_of(mine), proposal.pk) == proposal
    assert proposal_or_none(officer_of(other), proposal.pk) is None


def test_proposals_are_shown_where_somebody_is_left_out() -> None:
    mine = registry.make_area()
    proposal = make_proposal()
    make_left_out(proposal, make_candidate(street=mine))

    assert list(proposals(officer_of(mine))) == [proposal]


def test_proposals_are_shown_to_officers_of_a_site_and_a_trade() -> None:
    site = registry.make_site(lon=117.2, lat=31.8)
    proposal = make_proposal()
    make_group(proposal, [make_candidate(site=site, industry_code="6510"), make_candidate()])

    assert list(proposals(officer_of(site))) == [proposal]
    assert list(proposals(officer_of("65"))) == [proposal]
    assert list(proposals(officer_of("79"))) == []


def test_proposals_are_shown_to_whoever_asked() -> None:
    asking = street_officer(registry.make_area().pk)
    proposal = BranchProposal.objects.create(
        title="待算", at=DAY, created_by_id=asking.user_id, created_at=timezone.now(), parameters={}
    )

    assert list(proposals(asking)) == [proposal]
    assert list(proposals(street_officer(registry.make_area().pk))) == []


def test_proposals_are_hidden_from_strangers() -> None:
    proposal = make_proposal()
    group = make_group(proposal)
    unit = group.units.first()
    assert unit is not None
    branch = registry.make_party_organisation(covers=(unit.organisation,)).party_organisation
    make_left_out(proposal)
    make_attachment(proposal)

    for viewer in (STRANGER, administrator(), owner_of(unit.organisation), secretary_of(branch)):
        assert list(proposals(viewer)) == []
        assert list(groups(viewer, proposal)) == []
        assert list(units(viewer, group)) == []
        assert list(left_out(viewer, proposal)) == []
        assert list(attachments(viewer, proposal)) == []


def test_groups_across_streets_are_shown_whole_to_both() -> None:
    here, there = registry.make_area(), registry.make_area()
    members = [
        make_candidate(street=here),
        make_candidate(street=there),
        make_candidate(street=there),
    ]
    proposal = make_proposal()
    group = make_group(proposal, members)
    make_group(proposal, street=there)

    assert list(groups(officer_of(here), proposal)) == [group]
    assert len(units(officer_of(here), group)) == 3
    assert [one.number for one in groups(officer_of(there), proposal)] == [1, 2]


def test_groups_name_their_host() -> None:
    proposal = make_proposal()
    version = make_candidate(name="牵头测试有限公司")
    branch = registry.make_party_organisation("现有党支部")
    make_group(proposal, [version, make_candidate(), make_candidate()])
    make_group(proposal, into_branch=branch.party_organisation)

    names = groups(office(), proposal).values_list("host_name", flat=True)

    assert list(names) == ["牵头测试有限公司", "现有党支部"]


@pytest.mark.parametrize("is_withdrawn", [False, True])
def test_groups_tell_whether_they_were_adopted(is_withdrawn: bool) -> None:
    proposal = make_proposal()
    group = make_group(proposal)
    establishment = Establishment.objects.create(
        group=group,
        party_organisation=registry.make_party_organisation(founded_date=None).party_organisation,
        state=EstablishmentState.WITHDRAWN if is_withdrawn else EstablishmentState.PROPOSED,
        name="拟建联合党支部",
        basis="测试",
        adopted_date=DAY,
        adopted_at=timezone.now(),
        withdrawn_date=DAY if is_withdrawn else None,
    )

    only = groups(office(), proposal).get()

    expected = (None, None) if is_withdrawn else (establishment.pk, EstablishmentState.PROPOSED)
    assert (only.establishment_id, only.establishment_state) == expected


def test_group_or_none_finds_by_number() -> None:
    mine = registry.make_area()
    proposal = make_proposal()
    make_group(proposal)
    second = make_group(proposal, street=mine)

    assert group_or_none(office(), proposal, 2) == second
    assert group_or_none(officer_of(mine), proposal, 1) is None
    assert group_or_none(office(), proposal, 3) is None


def test_units_begin_with_the_host() -> None:
    group = make_group(make_proposal())

    found = list(units(office(), group))

    assert [unit.is_host for unit in found] == [True, False, False]
    assert [unit.way_m for unit in found] == sorted(unit.way_m for unit in found)


def test_left_out_and_attachments_stay_within_the_street() -> None:
    mine = registry.make_area()
    proposal = make_proposal()
    make_left_out(proposal)
    make_attachment(proposal)
    lone = make_left_out(proposal, make_candidate(street=mine))
    attached = make_attachment(proposal, registry.make_organisation(street=mine))

    assert list(left_out(officer_of(mine), proposal)) == [lone]
    assert list(attachments(officer_of(mine), proposal)) == [attached]
    assert left_out(office(), proposal).count() == 2
    assert attachments(office(), proposal).count() == 2


def test_attachments_name_the_taker() -> None:
    proposal = make_proposal()
    group = make_group(proposal, [make_candidate(name="甲测试公司"), make_candidate()])
    branch = registry.make_party_organisation("某某党支部").party_organisation
    person = registry.make_guide("测试指导员")
    liaison = registry.make_guide("测试联络员", role=GuideRole.LIAISON)
    made = [make_attachment(proposal, to=to) for to in (group, branch, person, None)]
    made.append(make_attachment(proposal, to=liaison, kind=AttachmentKind.LIAISON))

    names = dict(attachments(office(), proposal).values_list("pk", "taker_name"))

    expected = ["第 1 组（甲测试公司牵头）", "某某党支部", "测试指导员", "", "测试联络员"]
    assert [names[one.pk] for one in made] == expected


def test_figures_are_those_stored() -> None:
    assert figures(make_proposal()) == FIGURES
    assert figures(make_proposal(state=ProposalState.WAITING)) is None


@pytest.mark.parametrize(
    ("job_state", "expected"),
    [
        (JobState.QUEUED, ProposalState.WAITING),
        (JobState.RUNNING, ProposalState.WAITING),
        (JobState.CANCELLED, ProposalState.CANCELLED),
        (JobState.FAILED, ProposalState.FAILED),
    ],
)
def test_shown_state_knows_a_job_that_ended_unseen(
    job_state: JobState, expected: ProposalState
) -> None:
    proposal = make_proposal(state=ProposalState.WAITING)
    proposal.job = Job.objects.create(kind="x", title="x", state=job_state, error="多次中断")
    proposal.save()

    assert shown_state(proposal) == expected
    assert proposals(office()).get().shown_state == expected
    assert why_not_ready(proposal) == ("多次中断" if expected == ProposalState.FAILED else "")


def test_shown_state_of_a_ready_proposal_stands() -> None:
    proposal = make_proposal()

    assert shown_state(proposal) == ProposalState.READY
    assert proposals(office()).get().shown_state == ProposalState.READY


def test_why_not_ready_tells_the_proposals_own_reason() -> None:
    proposal = make_proposal(state=ProposalState.FAILED)
    proposal.failure = "台账正被频繁改动"

    assert why_not_ready(proposal) == "台账正被频繁改动"


def test_lists_take_as_many_queries_whatever_their_number(
    django_assert_num_queries: Queries,
) -> None:
    proposal = make_proposal()
    for number in range(3):
        for _ in range(1 if number == 0 else 3):
            group = make_group(proposal)
            make_left_out(proposal)
            make_attachment(proposal, to=group)
        with django_assert_num_queries(4):
            assert [one.street.name for one in groups(office(), proposal) if one.street]
            assert [one.organisation.uscc for one in units(office(), group)]
            assert [one.organisation.uscc for one in left_out(office(), proposal)]
            assert [one.group.number for one in attachments(office(), proposal) if one.group]
