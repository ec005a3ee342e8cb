"""What a viewer sees of a proposal, counted; the counts and the lists stand on the same querysets."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from liangxin.coverage.models import BranchProposal, Establishment, ProposedGroup, ProposedUnit
from liangxin.coverage.queries.proposals import attachments, groups, left_out
from liangxin.coverage.terms import AttachmentKind, EstablishmentState
from liangxin.kernel.viewer import Viewer
from liangxin.registry.models import Area


@dataclass(frozen=True, kw_only=True)
class SeenCounts:
    """Groups that touch the viewer's scope, with all of their units; the rest within the scope.

    `joining` of the groups join a branch that stands, with `joining_units` units.
    """

    groups: int
    joining: int
    joining_units: int
    units: int
    members: int
    to_transfer: int
    cross_street: int
    adopted: int
    cost_mm: float
    left_out: int
    without_members: int
    attached: int

    @property
    def new(self) -> int:
        """Groups that are to become branches of their own."""
        return self.groups - self.joining

    @property
    def unattached(self) -> int:
        return self.without_members - self.attached

    @property
    def mean_way_m(self) -> float | None:
        """Metres that a member walks one way to a meeting, on average."""
        return self.cost_mm / self.members if self.members else None


def seen_counts(viewer: Viewer, proposal: BranchProposal) -> SeenCounts:
    """Three queries, whatever the size of the proposal."""
    seen = groups(viewer, proposal).order_by().values("pk")
    counted = ProposedGroup.objects.filter(pk__in=seen).aggregate(
        groups=Count("pk"),
        joining=Count("pk", filter=joins_branch()),
        joining_units=Sum("units_count", filter=joins_branch(), default=0),
        units=Sum("units_count", default=0),
        members=Sum("members", default=0),
        to_transfer=Sum("to_transfer", default=0),
        cross_street=Count("pk", filter=Q(is_cross_street=True)),
        adopted=Count("pk", filter=is_adopted()),
        cost_mm=Sum("cost_mm", default=0.0),
    )
    to_attach = (
        attachments(viewer, proposal)
        .order_by()
        .aggregate(
            without_members=Count("pk"),
            attached=Count("pk", filter=~Q(kind=AttachmentKind.NONE)),
        )
    )
    return SeenCounts(**counted, **to_attach, left_out=left_out(viewer, proposal).count())


@dataclass(frozen=True)
class StreetCounts:
    """A street of a proposal: new branches that touch it, its own units in groups, and those left out."""

    street: Area
    groups: int
    units: int
    left_out: int


def street_counts(viewer: Viewer, proposal: BranchProposal) -> list[StreetCounts]:
    """Every street with anything that the viewer sees, most units first. Three queries after the scope."""
    units = proposed_units(viewer, proposal).order_by().values("street_id")
    joined = {
        row["street_id"]: (row["groups"], row["units"])
        for row in units.annotate(
            groups=Count("group_id", distinct=True, filter=Q(group__into_branch__isnull=True)),
            units=Count("pk"),
        )
    }
    missed = left_out(viewer, proposal).order_by().values("street_id").annotate(number=Count("pk"))
    left = {row["street_id"]: row["number"] for row in missed}
    streets = Area.objects.filter(pk__in={*joined, *left} - {None}).order_by("code")
    found = [StreetCounts(one, *joined.get(one.pk, (0, 0)), left.get(one.pk, 0)) for one in streets]
    return sorted(found, key=lambda one: -one.units)


def proposed_units(viewer: Viewer, proposal: BranchProposal) -> QuerySet[ProposedUnit, Any]:
    """Every unit of the groups that the viewer sees, group by group, host first."""
    seen = groups(viewer, proposal).order_by().values("pk")
    return (
        ProposedUnit.objects.filter(group_id__in=seen)
        .select_related("organisation", "street", "group")
        .order_by("group__number", "-is_host", "way_m", "name", "organisation_id")
    )


def is_adopted() -> Q:
    """A condition on groups: adopted, themselves or as what they are a copy of, and not withdrawn since."""
    open_ones = Establishment.objects.exclude(state=EstablishmentState.WITHDRAWN)
    adopted = open_ones.filter(group__isnull=False).order_by().values("group_id")
    return Q(pk__in=adopted) | Q(copied_from_id__in=adopted)


def joins_branch() -> Q:
    """A condition on groups: they join a branch that stands."""
    return Q(into_branch__isnull=False)


def touches_street(street_id: int) -> Q:
    """A condition on groups: some unit lies in the street, not only the host."""
    here = ProposedUnit.objects.filter(street_id=street_id).order_by()
    return Q(pk__in=here.values("group_id"))


def sees_whole(viewer: Viewer, proposal: BranchProposal) -> bool:
    """Whether everything in the proposal is the viewer's business: the district's, or whoever asked."""
    is_own = viewer.user_id is not None and proposal.created_by_id == viewer.user_id
    return is_own or viewer.sees_district()


def streets_of(rows: QuerySet[Any, Any]) -> list[tuple[int, str]]:
    """The streets that some rows with a `street` lie in, by code."""
    keys = rows.order_by().filter(street__isnull=False).values("street_id")
    return list(Area.objects.filter(pk__in=keys).order_by("code").values_list("pk", "name"))
