"""What would bring one organisation under a branch, as the newest plan that looked at it worked out."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef

from liangxin.coverage.models import LeftOutOrganisation, ProposedUnit
from liangxin.coverage.queries.planning_scope import reached_organisations
from liangxin.coverage.queries.proposals import proposals
from liangxin.coverage.terms import ProposalState
from liangxin.kernel.permissions import Permission, may
from liangxin.kernel.viewer import Viewer


@dataclass(frozen=True, kw_only=True)
class WouldHelp:
    """Changes of which each is enough, lightest first, and the plan that tells them."""

    proposal_id: int
    title: str
    at: date
    texts: tuple[str, ...]


def would_help(viewer: Viewer, *, organisation_id: int, at: date) -> WouldHelp | None:
    """None where no plan up to `at` that the viewer may see left the organisation out, or a later one took it in."""
    if not may(viewer, Permission.PLAN_BRANCHES):
        return None
    left_out = LeftOutOrganisation.objects.filter(organisation_id=organisation_id)
    # Most organisations never were: the scope is asked for those alone that were.
    if not left_out.exists() or not reached_organisations(viewer, [organisation_id]):
        return None
    seen = proposals(viewer).filter(state=ProposalState.READY, at__lte=at).order_by().values("pk")
    taken_in = ProposedUnit.objects.filter(
        organisation_id=organisation_id, proposal_id__gt=OuterRef("proposal_id"), proposal__in=seen
    )
    row = (
        left_out.filter(~Exists(taken_in), proposal__in=seen)
        .select_related("proposal")
        .order_by("-proposal_id")
        .first()
    )
    if row is None or not row.helps:
        return None
    return WouldHelp(
        proposal_id=row.proposal_id,
        title=row.proposal.title,
        at=row.proposal.at,
        texts=tuple(one["text"] for one in row.helps),
    )
