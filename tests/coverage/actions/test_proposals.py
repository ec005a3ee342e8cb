"""Asking for a proposal and throwing one away."""

from dataclasses import asdict
from datetime import date, timedelta

import pytest
from django.utils import timezone

from liangxin.coverage import tasks
from liangxin.coverage.actions.proposals import (
    PLAN,
    InvalidProposal,
    ProposalInUse,
    discard_proposal,
    may_discard,
    propose_branches,
)
from liangxin.coverage.models import BranchProposal, Establishment, ProposedUnit
from liangxin.coverage.terms import EstablishmentState, ProposalState
from liangxin.kernel.audit import ledger_revision
from liangxin.kernel.models import AuditEntry, Job, JobState, User
from liangxin.kernel.permissions import NotAllowed
from liangxin.kernel.viewer import Role, Scope, ScopeKind, Viewer
from liangxin.registry.models import Area
from tests.factories import registry
from tests.factories.accounts import make_user, viewer_for
from tests.factories.plans import (
    DAY,
    PARAMETERS,
    make_attachment,
    make_group,
    make_left_out,
    make_proposal,
)
from tests.factories.viewers import administrator, office, officer_of, owner_of, secretary_of

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 10)
REGISTERED = tasks.__name__


def asked(by: Viewer, **changes: object) -> BranchProposal:
    values: dict[str, object] = {
        "title": "一季度联建方案",
        "at": DAY,
        "street_ids": (),
        "parameters": PARAMETERS,
        "seed": 7,
        "effort": 1.0,
        "today": TODAY,
    }
    return propose_branches(by=by, **(values | changes))  # type: ignore[arg-type]


def officer_with_account(street: Area) -> Viewer:
    scope = Scope(ScopeKind.STREET, str(street.pk))
    user = make_user(Role.COMMITTEE_OFFICER, scope)
    return viewer_for(Role.COMMITTEE_OFFICER, scope, user=user)


def streets_of(proposal: BranchProposal) -> set[Area]:
    return set(proposal.streets.all())


def test_propose_branches_stores_everything_needed_to_repeat_it() -> None:
    street = registry.make_area()
    by = officer_with_account(street)

    proposal = asked(by, street_ids=[street.pk], title=" 一季度联建方案 ")

    proposal.refresh_from_db()
    assert (proposal.title, proposal.state) == ("一季度联建方案", ProposalState.WAITING)
    assert (proposal.at, proposal.seed, proposal.effort) == (DAY, 7, 1.0)
    assert proposal.parameters == asdict(PARAMETERS)
    assert proposal.created_by_id == by.user_id
    assert streets_of(proposal) == {street}


def test_propose_branches_enqueues_the_job() -> None:
    street = registry.make_area()
    by = officer_with_account(street)

    proposal = asked(by)

    job = Job.objects.get()
    assert (job.kind, job.state, job.pk) == (PLAN, JobState.QUEUED, proposal.job_id)
    assert job.arguments == {"proposal": proposal.pk, "user": by.user_id}


def test_propose_branches_is_written_down_and_changes_no_figure() -> None:
    before = ledger_revision()

    proposal = asked(office())

    entry = AuditEntry.objects.get(action="coverage.propose")
    assert entry.object_key == str(proposal.pk)
    assert ledger_revision() == before


def test_propose_branches_cuts_the_streets_to_the_officers() -> None:
    mine, other = registry.make_area(), registry.make_area()

    assert streets_of(asked(officer_of(mine), street_ids=[mine.pk, other.pk])) == {mine}
    assert streets_of(asked(officer_of(mine))) == {mine}


def test_propose_branches_refuses_streets_of_others_only() -> None:
    mine, other = registry.make_area(), registry.make_area()

    with pytest.raises(InvalidProposal, match="不在您的管理范围内"):
        asked(officer_of(mine), street_ids=[other.pk])

    assert not BranchProposal.objects.exists()


def test_propose_branches_leaves_scopes_that_are_no_streets_to_the_planner() -> None:
    site = registry.make_site()
    street = registry.make_area()

    assert streets_of(asked(officer_of(site))) == set()
    assert streets_of(asked(officer_of("65"))) == set()
    assert streets_of(asked(office())) == set()
    assert streets_of(asked(office(), street_ids=[street.pk])) == {street}


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"title": "  "}, "请填写方案名称"),
        ({"title": "长" * 81}, "不超过 80 个字"),
        ({"at": TODAY + timedelta(days=1)}, "不能晚于今天"),
        ({"at": date(1800, 1, 1)}, "1800-01-01 还没有覆盖率的规则可依"),
        ({"seed": -1}, "随机种子"),
    ],
)
def test_propose_branches_refuses_what_makes_no_sense(
    changes: dict[str, object], text: str
) -> None:
    with pytest.raises(InvalidProposal, match=text):
        asked(office(), **changes)


def test_propose_branches_is_refused_to_others() -> None:
    branch = registry.make_party_organisation().party_organisation
    firm = registry.make_organisation().organisation
    for viewer in (secretary_of(branch), owner_of(firm), administrator()):
        with pytest.raises(NotAllowed):
            asked(viewer)


def test_propose_branches_marks_what_a_demo_account_asks_for() -> None:
    by = officer_with_account(registry.make_area())
    User.objects.filter(pk=by.user_id).update(is_synthetic=True)

    assert asked(by).is_synthetic


def test_discard_proposal_leaves_nothing_but_the_trail() -> None:
    proposal = make_proposal()
    group = make_group(proposal)
    make_left_out(proposal)
    make_attachment(proposal, to=group)

    discard_proposal(proposal, by=office())

    assert not BranchProposal.objects.exists()
    assert not ProposedUnit.objects.exists()
    entry = AuditEntry.objects.get(action="coverage.discard_proposal")
    assert entry.summary == "删除联建方案：测试方案"


def test_discard_proposal_is_for_whoever_asked() -> None:
    street = registry.make_area()
    mine, other = officer_with_account(street), officer_with_account(street)
    proposal = asked(mine)

    assert not may_discard(proposal, viewer=other)
    with pytest.raises(NotAllowed):
        discard_proposal(proposal, by=other)
    discard_proposal(proposal, by=mine)

    assert not BranchProposal.objects.exists()


def test_discard_proposal_cancels_its_job() -> None:
    proposal = asked(office())

    discard_proposal(proposal, by=office())

    assert Job.objects.get().state == JobState.CANCELLED


@pytest.mark.parametrize("state", [EstablishmentState.PROPOSED, EstablishmentState.WITHDRAWN])
def test_discard_proposal_refuses_what_was_adopted_from(state: EstablishmentState) -> None:
    proposal = make_proposal()
    Establishment.objects.create(
        group=make_group(proposal),
        party_organisation=registry.make_party_organisation(founded_date=None).party_organisation,
        state=state,
        name="拟建联合党支部",
        basis="测试",
        adopted_date=DAY,
        adopted_at=timezone.now(),
        withdrawn_date=DAY if state == EstablishmentState.WITHDRAWN else None,
    )

    with pytest.raises(ProposalInUse):
        discard_proposal(proposal, by=office())


def test_discard_proposal_twice_does_nothing_more() -> None:
    proposal = make_proposal()
    again = BranchProposal.objects.get(pk=proposal.pk)
    discard_proposal(proposal, by=office())

    discard_proposal(again, by=office())

    assert AuditEntry.objects.filter(action="coverage.discard_proposal").count() == 1
