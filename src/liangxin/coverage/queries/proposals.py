"""Proposals of joint branches, as far as each viewer may see them.

An officer sees the groups that touch the officer's scope on the proposal's day, each of them whole,
and of the rest only what lies in that scope.
"""

from datetime import date
from typing import Any, TypeVar

from django.db.models import (
    Case,
    CharField,
    Exists,
    F,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Concat

from liangxin.coverage.models import (
    BranchProposal,
    Establishment,
    LeftOutOrganisation,
    ProposedAttachment,
    ProposedGroup,
    ProposedUnit,
)
from liangxin.coverage.queries.planning_scope import PLANNING_ROLES
from liangxin.coverage.terms import (
    AttachmentKind,
    EstablishmentState,
    ProposalFigures,
    ProposalState,
)
from liangxin.kernel.models import Job, JobState
from liangxin.kernel.permissions import Permission, may
from liangxin.kernel.viewer import Viewer
from liangxin.registry.models import OrganisationVersion, PartyOrganisationVersion
from liangxin.registry.queries import in_scope, true_at

OUTLINE = "street__boundary"  # large, and read anew for every row
Row = TypeVar("Row", bound=Model)


def proposals(viewer: Viewer) -> QuerySet[BranchProposal, Any]:
    """The viewer's own proposals and those with anything in the viewer's scope, newest first.

    Each with `shown_state`: what the proposal is, also where its job was cancelled or lost.
    """
    found = BranchProposal.objects.annotate(shown_state=_shown_state()).select_related(
        "created_by", "job"
    )
    if not may(viewer, Permission.PLAN_BRANCHES):
        return found.none()
    if not viewer.sees_district():
        mine = Q(created_by_id=viewer.user_id) if viewer.user_id is not None else Q(pk__in=())
        touching = Exists(_touching(ProposedUnit, viewer)) | Exists(
            _touching(LeftOutOrganisation, viewer)
        )
        found = found.filter(mine | touching)
    return found.order_by("-id")


def proposal_or_none(viewer: Viewer, key: int) -> BranchProposal | None:
    """One proposal with its streets, if the viewer may see it."""
    return proposals(viewer).prefetch_related("streets").filter(pk=key).first()


def groups(viewer: Viewer, proposal: BranchProposal) -> QuerySet[ProposedGroup, Any]:
    """The groups that touch the viewer's scope, by number.

    Each with `host_name` (of a unit, or of the branch that stands) and, where it was adopted and not
    withdrawn, `establishment_id` and `establishment_state`.
    """
    found = ProposedGroup.objects.filter(proposal=proposal)
    if not viewer.sees_district():
        touching = _within(ProposedUnit.objects.filter(proposal=proposal), viewer, proposal)
        found = found.filter(pk__in=touching.order_by().values("group_id"))
    # Also of what the group is a copy of: whoever changes a draft meets what was adopted before.
    adopted = (
        Establishment.objects.filter(
            Q(group_id=OuterRef("pk")) | Q(group_id=OuterRef("copied_from_id"))
        )
        .exclude(state=EstablishmentState.WITHDRAWN)
        .order_by("pk")
    )
    return (
        found.annotate(
            host_name=_host_name(),
            establishment_id=Subquery(adopted.values("pk")[:1]),
            establishment_state=Subquery(adopted.values("state")[:1]),
        )
        .select_related("street")
        .defer(OUTLINE)
        .order_by("number", "id")
    )


def group_or_none(viewer: Viewer, proposal: BranchProposal, number: int) -> ProposedGroup | None:
    """One group by its number, if the viewer may see it."""
    return groups(viewer, proposal).filter(number=number).first()


def units(viewer: Viewer, group: ProposedGroup) -> QuerySet[ProposedUnit, Any]:
    """All units of a group that the viewer may see, host first: it is judged as a whole."""
    seen = groups(viewer, group.proposal).filter(pk=group.pk).order_by()
    return (
        ProposedUnit.objects.filter(group_id__in=seen.values("pk"))
        .select_related("organisation", "street")
        .defer(OUTLINE)
        .order_by("-is_host", "way_m", "name", "organisation_id")
    )


def left_out(viewer: Viewer, proposal: BranchProposal) -> QuerySet[LeftOutOrganisation, Any]:
    """Candidates in the viewer's scope that no group covers, by name."""
    found = LeftOutOrganisation.objects.filter(proposal=proposal)
    return (
        _within(found, viewer, proposal)
        .select_related("organisation", "street")
        .defer(OUTLINE)
        .order_by("name", "organisation_id")
    )


def attachments(viewer: Viewer, proposal: BranchProposal) -> QuerySet[ProposedAttachment, Any]:
    """Organisations without members in the viewer's scope, by name.

    Each with `taker_name`: who is to keep in touch; '' where nobody can.
    """
    found = ProposedAttachment.objects.filter(proposal=proposal)
    return (
        _within(found, viewer, proposal)
        .annotate(taker_name=_taker_name())
        .select_related("organisation", "street", "group", "person", "party_organisation")
        .defer(OUTLINE)
        .order_by("name", "organisation_id")
    )


def figures(proposal: BranchProposal) -> ProposalFigures | None:
    """The figures of a proposal that is ready; None before."""
    return ProposalFigures(**proposal.figures) if proposal.figures else None


def shown_state(proposal: BranchProposal) -> ProposalState:
    """What the proposal is now; a job that was cancelled or lost leaves it waiting for nothing."""
    return ended_state(proposal.state, proposal.job)


def ended_state(state: str, job: Job | None) -> ProposalState:
    """A state as kept, corrected by the job that was to change it."""
    if state == ProposalState.WAITING and job is not None:
        return _ENDED_WITH.get(JobState(job.state), ProposalState.WAITING)
    return ProposalState(state)


def why_not_ready(proposal: BranchProposal) -> str:
    """Why it was not computed, in words; '' where it was, or still may be."""
    if shown_state(proposal) != ProposalState.FAILED:
        return ""
    return proposal.failure or (proposal.job.error if proposal.job else "")


_ENDED_WITH = {
    JobState.CANCELLED: ProposalState.CANCELLED,
    JobState.FAILED: ProposalState.FAILED,
}


def _shown_state() -> Case:
    waiting = Q(state=ProposalState.WAITING)
    ended = [
        When(waiting & Q(job__state=state), then=Value(str(shown)))
        for state, shown in _ENDED_WITH.items()
    ]
    return Case(*ended, default=F("state"), output_field=CharField())


def _touching(
    model: type[ProposedUnit] | type[LeftOutOrganisation], viewer: Viewer
) -> QuerySet[Any, Any]:
    """The outer proposal's rows whose organisation lay in the viewer's scope on its day."""
    then = OrganisationVersion.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=OuterRef("proposal__at")),
        # The day matters to scopes that no planning role is held over.
        in_scope(viewer, at=date.max, roles=PLANNING_ROLES),
        valid_from__lte=OuterRef("proposal__at"),
        organisation_id=OuterRef("organisation_id"),
    ).order_by()
    return model._default_manager.filter(Exists(then), proposal_id=OuterRef("pk")).order_by()


def _within(
    rows: QuerySet[Row, Any], viewer: Viewer, proposal: BranchProposal
) -> QuerySet[Row, Any]:
    """The rows of one proposal whose organisation lay in the viewer's scope on its day."""
    if not may(viewer, Permission.PLAN_BRANCHES):
        return rows.none()
    if viewer.sees_district():
        return rows
    then = OrganisationVersion.objects.filter(
        true_at(proposal.at), in_scope(viewer, at=proposal.at, roles=PLANNING_ROLES)
    ).order_by()
    return rows.filter(organisation_id__in=then.values("organisation_id"))


def _host_name() -> Coalesce:
    host = ProposedUnit.objects.filter(group_id=OuterRef("pk"), is_host=True).order_by()
    return Coalesce(
        Subquery(host.values("name")[:1]),
        _branch_name(OuterRef("into_branch_id")),
        Value(""),
        output_field=CharField(),
    )


def _branch_name(branch: OuterRef) -> Subquery:
    """What a Party organisation was called on the outer row's proposal's day."""
    versions = PartyOrganisationVersion.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=OuterRef("proposal__at")),
        party_organisation_id=branch,
        valid_from__lte=OuterRef("proposal__at"),
    ).order_by()
    return Subquery(versions.values("name")[:1])


def _taker_name() -> Case:
    host = ProposedUnit.objects.filter(group_id=OuterRef("group_id"), is_host=True).order_by()
    group = Concat(
        Value("第 "),
        Cast("group__number", CharField()),
        Value(" 组（"),
        Coalesce(Subquery(host.values("name")[:1]), Value("现有支部")),
        Value("牵头）"),
        output_field=CharField(),
    )
    branch = Coalesce(_branch_name(OuterRef("party_organisation_id")), Value(""))
    return Case(
        When(kind=AttachmentKind.GROUP, then=group),
        When(kind=AttachmentKind.BRANCH, then=branch),
        When(person__isnull=False, then=F("person__name")),
        default=Value(""),
        output_field=CharField(),
    )
