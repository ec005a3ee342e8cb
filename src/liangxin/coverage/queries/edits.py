"""The steps of a draft, as far as each viewer may see them, and where a draft comes from."""

from typing import Any

from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from liangxin.coverage.models import BranchProposal, KeptApart, ProposalEdit
from liangxin.coverage.queries.proposal_summary import sees_whole
from liangxin.coverage.queries.proposals import groups, left_out, proposals
from liangxin.coverage.terms import EditKind, ProposalKind
from liangxin.kernel.viewer import Viewer


def edits(viewer: Viewer, proposal: BranchProposal) -> QuerySet[ProposalEdit, Any]:
    """The steps on groups that the viewer sees, or that the viewer took, the last first.

    Each with `is_undone`.
    """
    later = ProposalEdit.objects.filter(undoes_id=OuterRef("pk"))
    found = ProposalEdit.objects.filter(proposal=proposal).annotate(is_undone=Exists(later))
    if not sees_whole(viewer, proposal):
        numbers = groups(viewer, proposal).order_by().values("number")
        own = left_out(viewer, proposal).order_by().values("organisation_id")
        touching = (
            Q(from_number__in=numbers) | Q(to_number__in=numbers) | Q(organisation_id__in=own)
        )
        if viewer.user_id is not None:
            touching |= Q(made_by_id=viewer.user_id)
        found = found.filter(touching)
    return found.select_related("made_by").order_by("-number")


def last_edit_number(proposal: BranchProposal) -> int:
    """The number of the last step; 0 before the first."""
    return last_edit_number_of(proposal.pk)


def last_edit_number_of(key: int) -> int:
    """The same, by the key of the proposal."""
    found = ProposalEdit.objects.filter(proposal_id=key).aggregate(last=Max("number"))
    return found["last"] or 0


def numbers_edited_since(proposal: BranchProposal, step: int) -> frozenset[int]:
    """Numbers of the groups that later steps than `step` touched."""
    later = ProposalEdit.objects.filter(proposal=proposal, number__gt=step).order_by()
    rows = later.values_list("from_number", "to_number")
    return frozenset(number for row in rows for number in row if number is not None)


def last_undoable(viewer: Viewer, proposal: BranchProposal) -> ProposalEdit | None:
    """The last step that stands, undos apart: what "undo" means."""
    found = edits(viewer, proposal).filter(undone_by__isnull=True).exclude(kind=EditKind.UNDO)
    return found.first()


def draft_of(viewer: Viewer, proposal: BranchProposal) -> BranchProposal | None:
    """The draft that people change of this proposal; itself where it is one; None before anybody began."""
    if proposal.kind == ProposalKind.DRAFT:
        return proposal
    return proposals(viewer).filter(parent_id=proposal.pk, kind=ProposalKind.DRAFT).first()


def derived(viewer: Viewer, proposal: BranchProposal) -> QuerySet[BranchProposal, Any]:
    """Proposals computed anew around this draft, the newest first."""
    return proposals(viewer).filter(parent_id=proposal.pk)


def kept_apart(proposal: BranchProposal) -> QuerySet[KeptApart, Any]:
    """The pairs that must not share a group."""
    return KeptApart.objects.filter(proposal=proposal).order_by("first_id", "second_id")
