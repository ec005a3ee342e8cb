"""Plans of development targets, their rows, and the quotas of streets, as each viewer may see them."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum

from liangxin.coverage.models import DevelopmentQuota, DevelopmentTarget, TargetPlan, TargetUnit
from liangxin.coverage.queries.planning_scope import PLANNING_ROLES
from liangxin.coverage.queries.proposals import ended_state
from liangxin.coverage.terms import ProposalState, TargetKind
from liangxin.kernel.permissions import Permission, may
from liangxin.kernel.viewer import Viewer
from liangxin.registry.models import Area, OrganisationVersion
from liangxin.registry.queries import in_scope, true_at


@dataclass(frozen=True, kw_only=True)
class StreetTargets:
    """What the targets seen take of one street; `quota` None: no limit."""

    street: Area
    quota: int | None
    targets: int
    new_members: int
    covered: int


@dataclass(frozen=True, kw_only=True)
class TargetCounts:
    """Counts over the targets that a viewer sees."""

    targets: int
    new_members: int
    covered: int
    covered_staff: int
    first: int
    own: int


def target_plans(viewer: Viewer) -> QuerySet[TargetPlan, Any]:
    """The viewer's own plans of targets; the district office sees all. Newest first."""
    found = TargetPlan.objects.select_related("proposal", "created_by", "job")
    if not may(viewer, Permission.PLAN_BRANCHES):
        return found.none()
    if not viewer.sees_district():
        found = found.filter(created_by_id=viewer.user_id or 0)
    return found.order_by("-id")


def target_state(plan: TargetPlan) -> ProposalState:
    """What the plan is now; a job that was cancelled or lost leaves it waiting for nothing."""
    return ended_state(plan.state, plan.job)


def targets(viewer: Viewer, plan: TargetPlan) -> QuerySet[DevelopmentTarget, Any]:
    """The targets of a plan whose firms all lie in the viewer's scope, best first.

    Each with `unit_key`, `unit_name`, `street_name` of the firm that gains most members.
    """
    found = DevelopmentTarget.objects.filter(plan=plan)
    if not viewer.sees_district():
        then = OrganisationVersion.objects.filter(
            true_at(plan.proposal.at), in_scope(viewer, at=plan.proposal.at, roles=PLANNING_ROLES)
        ).order_by()
        outside = TargetUnit.objects.filter(target_id=OuterRef("pk")).exclude(
            organisation_id__in=then.values("organisation_id")
        )
        found = found.filter(~Exists(outside))
    first = TargetUnit.objects.filter(target_id=OuterRef("pk")).order_by(
        "-new_members", "name", "organisation_id"
    )
    return found.annotate(
        unit_key=Subquery(first.values("organisation_id")[:1]),
        unit_name=Subquery(first.values("name")[:1]),
        street_name=Subquery(first.values("street__name")[:1]),
        group_number=F("group__number"),
    ).order_by("number", "id")


def target_counts(viewer: Viewer, plan: TargetPlan) -> TargetCounts:
    """One query over the targets that the viewer sees."""
    counted = _bare(viewer, plan).aggregate(
        targets=Count("pk"),
        new_members=Sum("new_members", default=0),
        covered=Sum("covered", default=0),
        covered_staff=Sum("covered_staff", default=0),
        first=Count("pk", filter=Q(kind=TargetKind.FIRST)),
        own=Count("pk", filter=Q(kind=TargetKind.OWN)),
    )
    return TargetCounts(**counted)


def street_targets(viewer: Viewer, plan: TargetPlan) -> list[StreetTargets]:
    """New members by the street of the firm that gains them, in the order of streets."""
    units = TargetUnit.objects.filter(target__in=_bare(viewer, plan).values("pk"))
    rows = units.values("street_id").annotate(
        targets=Count("target_id", distinct=True, filter=Q(new_members__gt=0)),
        new=Sum("new_members"),
        covered=Count("pk", filter=~Q(target__kind=TargetKind.FIRST)),
    )
    counts = {row["street_id"]: row for row in rows.order_by()}
    named = {int(key) for key in plan.quotas} if viewer.sees_district() else set()
    streets = Area.objects.filter(pk__in={*counts, *named}).defer("boundary").order_by("code", "pk")
    nothing = {"targets": 0, "new": 0, "covered": 0}
    return [
        StreetTargets(
            street=street,
            quota=plan.quotas.get(str(street.pk)),
            targets=counts.get(street.pk, nothing)["targets"],
            new_members=counts.get(street.pk, nothing)["new"],
            covered=counts.get(street.pk, nothing)["covered"],
        )
        for street in streets
    ]


def touching_street(street_id: int) -> Q:
    """Targets with a firm in one street."""
    found = TargetUnit.objects.filter(target_id=OuterRef("pk"), street_id=street_id)
    return Q(Exists(found))


def quotas_of(year: int) -> dict[int, int]:
    """New members that each street may add in a year; a street that is missing has no limit."""
    found = DevelopmentQuota.objects.filter(year=year).order_by("street_id")
    return dict(found.values_list("street_id", "number"))


def _bare(viewer: Viewer, plan: TargetPlan) -> QuerySet[DevelopmentTarget, Any]:
    seen = targets(viewer, plan).order_by().values("pk")
    return DevelopmentTarget.objects.filter(pk__in=seen).order_by()
