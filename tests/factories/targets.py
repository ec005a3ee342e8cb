"""Development targets as the computation would have stored them."""

from django.utils import timezone

from liangxin.coverage.models import BranchProposal, DevelopmentTarget, TargetPlan, TargetUnit
from liangxin.coverage.terms import ProposalState, TargetGoal, TargetKind
from liangxin.kernel.models import User
from liangxin.registry.models import OrganisationVersion
from tests.factories.plans import make_proposal


def make_target_plan(
    proposal: BranchProposal | None = None,
    *,
    created_by: User | None = None,
    quotas: dict[str, int] | None = None,
    state: ProposalState = ProposalState.READY,
) -> TargetPlan:
    """A plan of targets with an answer; targets are added by `make_target`."""
    is_ready = state == ProposalState.READY
    return TargetPlan.objects.create(
        proposal=proposal or make_proposal(),
        year=2026,
        goal=TargetGoal.ORGANISATIONS,
        state=state,
        created_by=created_by,
        created_at=timezone.now(),
        quotas=quotas or {},
        objective=3.0 if is_ready else None,
        bound=3.0 if is_ready else None,
    )


def make_target(
    plan: TargetPlan,
    *versions: OrganisationVersion,
    kind: TargetKind = TargetKind.JOINT,
) -> DevelopmentTarget:
    """A target of some organisations; the first of them gains a member."""
    target = DevelopmentTarget.objects.create(
        plan=plan,
        number=plan.targets.count() + 1,
        kind=kind,
        new_members=1,
        covered=0 if kind == TargetKind.FIRST else len(versions),
        covered_staff=10 * len(versions),
        text=f"{versions[0].name}再发展 1 名党员。",
    )
    for place, version in enumerate(versions):
        TargetUnit.objects.create(
            plan=plan,
            target=target,
            organisation=version.organisation,
            name=version.name,
            street=version.street,
            employees=10,
            members=1,
            new_members=1 if place == 0 else 0,
            is_host=place == 0,
        )
    return target
