"""Asking for a new plan around what people settled in a draft."""

from typing import Final

from django.db import transaction
from django.utils import timezone

from liangxin.coverage.actions.editing.drafting import DRAFT_ENDING, MAX_TITLE
from liangxin.coverage.actions.editing.refusals import NotYoursToEdit
from liangxin.coverage.actions.editing.steps import held_draft
from liangxin.coverage.actions.proposals import PLAN
from liangxin.coverage.models import BranchProposal
from liangxin.coverage.queries.edits import last_edit_number
from liangxin.coverage.queries.proposal_summary import sees_whole
from liangxin.coverage.terms import ProposalKind
from liangxin.kernel.audit import record
from liangxin.kernel.jobs import enqueue
from liangxin.kernel.viewer import Viewer

ENDING: Final = "（重新测算）"


def replan_draft(draft: BranchProposal, *, by: Viewer) -> BranchProposal:
    """Ask for a proposal around the pins of a draft; a job computes it, the draft stays as it is.

    Raises NotAllowed, NotADraft, NotYoursToEdit.
    """
    with transaction.atomic():
        held = held_draft(draft, by=by)
        if not sees_whole(by, held):
            raise NotYoursToEdit("重新测算会动到别的街道的组，请方案的拟订人或区级来做。")
        made = BranchProposal.objects.create(
            title=_title(held),
            kind=ProposalKind.REPLANNED,
            parent=held,
            parent_edit=last_edit_number(held),
            at=held.at,
            created_by_id=held.created_by_id,
            created_at=timezone.now(),
            parameters=held.parameters,
            no_hosts=held.no_hosts,
            seed=held.seed,
            effort=held.effort,
            is_synthetic=held.is_synthetic,
        )
        made.streets.set(held.streets.all())
        arguments = {"proposal": made.pk, "user": by.user_id}
        made.job = enqueue(PLAN, by=by, title=f"重新测算：{made.title}", arguments=arguments)
        made.save(update_fields=["job"])
        record(
            "coverage.replan_draft",
            by=by,
            summary=f"按人工调整重新测算联建方案：{held.title}",
            about=made,
            details={"parent": held.pk, "seed": held.seed},
            changes_ledger=False,
        )
    return made


def _title(draft: BranchProposal) -> str:
    """The name of the plan with how it came about; those of one draft are told apart by their number."""
    earlier = draft.derived.filter(kind=ProposalKind.REPLANNED).count()
    ending = f"（第{earlier + 1}次重新测算）" if earlier else ENDING
    return draft.title.removesuffix(DRAFT_ENDING)[: MAX_TITLE - len(ending)] + ending
