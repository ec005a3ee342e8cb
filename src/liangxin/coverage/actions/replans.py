"""Asking for a small plan of the neighbourhood of one joint branch, or of one unit that dropped out."""

from dataclasses import asdict
from datetime import date

from django.db import transaction
from django.utils import timezone

from liangxin.coverage.actions.proposals import MAX_TITLE, PLAN, InvalidProposal
from liangxin.coverage.models import BranchProposal
from liangxin.coverage.queries.branch_units import joint_branches
from liangxin.coverage.queries.plan_rules import plan_parameters
from liangxin.coverage.queries.planning_scope import planned_organisations_now
from liangxin.coverage.terms import ProposalState
from liangxin.kernel import audit
from liangxin.kernel.jobs import enqueue
from liangxin.kernel.models import User
from liangxin.kernel.permissions import Permission, require
from liangxin.kernel.viewer import Viewer
from liangxin.registry.models import Organisation, PartyOrganisation

SEED = 1
EFFORT = 1.0


def propose_replan(
    around: PartyOrganisation | Organisation, *, by: Viewer, today: date
) -> BranchProposal:
    """Ask for a re-plan of what lies around a joint branch that stands, or a unit that nobody covers.

    A job computes it. One that is still being computed is returned instead of a second.
    Raises NotAllowed, InvalidProposal.
    """
    require(by, Permission.PLAN_BRANCHES)
    name = _name(around, by=by, today=today)
    is_branch = isinstance(around, PartyOrganisation)
    place = {"around_branch_id": around.pk} if is_branch else {"around_unit_id": around.pk}
    waiting = BranchProposal.objects.filter(
        state=ProposalState.WAITING, created_by_id=by.user_id, **place
    )
    with transaction.atomic():
        if (again := waiting.order_by("-pk").first()) is not None:
            return again
        proposal = BranchProposal.objects.create(
            title=f"就近重排：{name}"[:MAX_TITLE],
            at=today,
            created_by_id=by.user_id,
            created_at=timezone.now(),
            parameters=asdict(plan_parameters(today)),
            seed=SEED,
            effort=EFFORT,
            is_synthetic=User.objects.filter(pk=by.user_id or 0, is_synthetic=True).exists(),
            **place,
        )
        arguments = {"proposal": proposal.pk, "user": by.user_id}
        proposal.job = enqueue(PLAN, by=by, title=proposal.title, arguments=arguments)
        proposal.save(update_fields=["job"])
        audit.record(
            "coverage.replan",
            by=by,
            summary=f"就近重排“{name}”",
            about=proposal,
            details={"at": today.isoformat()},
            changes_ledger=False,
        )
    return proposal


def _name(around: PartyOrganisation | Organisation, *, by: Viewer, today: date) -> str:
    if isinstance(around, PartyOrganisation):
        branch = joint_branches(by, at=today).filter(party_organisation=around).first()
        if branch is None:
            raise InvalidProposal("只能重排您范围内已经成立的联合党支部。")
        return str(branch.name)
    unit = planned_organisations_now(by).filter(organisation=around).first()
    if unit is None:
        raise InvalidProposal("这家单位不在您负责的范围内。")
    return unit.name
