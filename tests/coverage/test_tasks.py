"""The job that computes a proposal, as a worker runs it."""

from datetime import date

import pytest

from liangxin.accounts.models import RoleGrant
from liangxin.accounts.queries import viewer_of
from liangxin.coverage import tasks
from liangxin.coverage.actions.proposals import discard_proposal, propose_branches
from liangxin.coverage.models import BranchProposal
from liangxin.coverage.queries.proposals import shown_state, why_not_ready
from liangxin.coverage.terms import ProposalState
from liangxin.kernel.jobs import request_cancel, run_job
from liangxin.kernel.models import Job, JobState
from liangxin.kernel.viewer import Role, Viewer
from tests.factories import registry
from tests.factories.accounts import make_user
from tests.factories.plans import DAY, PARAMETERS, make_candidate

pytestmark = pytest.mark.django_db
REGISTERED = tasks.__name__
TODAY = date(2026, 6, 10)


def office_with_account() -> Viewer:
    return viewer_of(make_user(Role.DISTRICT_OFFICE), at=TODAY)


def asked(by: Viewer) -> BranchProposal:
    street = registry.make_area()
    for place in range(3):
        make_candidate(street=street, north_m=100.0 * place)
    return propose_branches(
        by=by,
        title="测试方案",
        at=DAY,
        street_ids=(),
        parameters=PARAMETERS,
        seed=1,
        effort=0.1,
        today=TODAY,
    )


def run(proposal: BranchProposal) -> Job:
    assert proposal.job_id is not None
    return run_job(proposal.job_id)


def test_plan_branches_makes_the_proposal_ready() -> None:
    proposal = asked(office_with_account())

    job = run(proposal)

    proposal.refresh_from_db()
    assert (job.state, job.error) == (JobState.DONE, "")
    assert proposal.state == ProposalState.READY
    assert job.result == proposal.figures


def test_plan_branches_leaves_alone_what_a_killed_worker_stored() -> None:
    proposal = asked(office_with_account())
    run(proposal)
    first = list(proposal.units.values_list("pk", flat=True))
    Job.objects.update(state=JobState.QUEUED)

    job = run(proposal)

    assert job.state == JobState.DONE
    assert list(proposal.units.values_list("pk", flat=True)) == first


def test_plan_branches_of_a_deleted_proposal_is_refused() -> None:
    by = office_with_account()
    proposal = asked(by)
    key = proposal.job_id
    discard_proposal(proposal, by=by)
    Job.objects.update(state=JobState.QUEUED)

    assert key is not None
    assert run_job(key).error == "这个方案已被删除。"


def test_plan_branches_counts_roles_as_of_now() -> None:
    by = office_with_account()
    proposal = asked(by)
    RoleGrant.objects.all().delete()

    job = run(proposal)

    proposal.refresh_from_db()
    assert job.state == JobState.FAILED
    assert shown_state(proposal) == ProposalState.FAILED
    assert why_not_ready(proposal) == job.error


def test_plan_branches_cancelled_in_the_queue_is_shown_so() -> None:
    proposal = asked(office_with_account())
    assert proposal.job_id is not None

    request_cancel(proposal.job_id)

    proposal.refresh_from_db()
    assert shown_state(proposal) == ProposalState.CANCELLED


@pytest.mark.django_db(transaction=True)  # inside a transaction it is too late to stop a job
def test_plan_branches_cancelled_on_the_way_stops() -> None:
    proposal = asked(office_with_account())
    Job.objects.update(is_cancel_requested=True)

    job = run(proposal)

    proposal.refresh_from_db()
    assert (job.state, proposal.state) == (JobState.CANCELLED, ProposalState.CANCELLED)
