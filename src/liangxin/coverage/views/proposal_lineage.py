"""Where a proposal comes from and what became of it: its draft, what it was computed from, and the difference."""

from dataclasses import dataclass

from liangxin.coverage.models import BranchProposal
from liangxin.coverage.queries.comparison import Comparison, comparison
from liangxin.coverage.queries.edits import draft_of, last_edit_number
from liangxin.coverage.queries.proposal_summary import SeenCounts, seen_counts, sees_whole
from liangxin.coverage.queries.proposals import figures, proposal_or_none
from liangxin.coverage.terms import ProposalFigures, ProposalKind
from liangxin.kernel.viewer import Viewer


@dataclass(frozen=True, kw_only=True)
class Difference:
    """What computing a draft anew has changed; coverage is told to whoever answers for the whole."""

    parent: BranchProposal
    compared: Comparison
    before: SeenCounts
    after: SeenCounts
    known_before: ProposalFigures | None
    known_after: ProposalFigures | None
    later_steps: int

    @property
    def walked_less_mm(self) -> float:
        return self.before.cost_mm - self.after.cost_mm

    @property
    def walked_more_mm(self) -> float:
        return -self.walked_less_mm

    @property
    def moved(self) -> int:
        return len(self.compared.moved)


@dataclass(frozen=True, kw_only=True)
class Lineage:
    """`draft` is what people change; `step` its last step; `difference` of a proposal computed anew."""

    kind: str
    parent: BranchProposal | None
    draft: BranchProposal | None
    step: int
    difference: Difference | None

    @property
    def is_draft(self) -> bool:
        return self.kind == ProposalKind.DRAFT


def lineage(viewer: Viewer, found: BranchProposal, seen: SeenCounts) -> Lineage:
    """Where the proposal stands among those derived from one another, as far as the viewer sees them."""
    parent = proposal_or_none(viewer, found.parent_id) if found.parent_id else None
    is_new = found.kind == ProposalKind.REPLANNED
    return Lineage(
        kind=found.kind,
        parent=parent,
        draft=draft_of(viewer, found),
        step=last_edit_number(found) if found.kind == ProposalKind.DRAFT else 0,
        difference=_difference(viewer, parent, found, seen) if parent and is_new else None,
    )


def _difference(
    viewer: Viewer, parent: BranchProposal, found: BranchProposal, seen: SeenCounts
) -> Difference:
    is_told = sees_whole(viewer, parent) and sees_whole(viewer, found)
    return Difference(
        parent=parent,
        compared=comparison(viewer, parent, found),
        before=seen_counts(viewer, parent),
        after=seen,
        known_before=figures(parent) if is_told else None,
        known_after=figures(found) if is_told else None,
        later_steps=last_edit_number(parent) - (found.parent_edit or 0),
    )
