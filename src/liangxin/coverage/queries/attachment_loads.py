"""How the proposed attachments are spread over those who take them, and over streets."""

from collections import defaultdict
from dataclasses import dataclass
from statistics import median
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q
from django.utils import timezone

from liangxin.coverage.models import BranchProposal
from liangxin.coverage.queries.proposals import attachments
from liangxin.coverage.terms import AttachmentKind
from liangxin.kernel.viewer import Viewer
from liangxin.registry.models import Posting
from liangxin.registry.queries import true_at

TAKERS = (
    AttachmentKind.GROUP,
    AttachmentKind.BRANCH,
    AttachmentKind.INSTRUCTOR,
    AttachmentKind.LIAISON,
)


@dataclass(frozen=True, kw_only=True)
class Spread:
    """How many organisations the takers of one kind are given."""

    kind: AttachmentKind
    takers: int
    organisations: int
    least: int
    middle: float
    most: int
    farthest_m: float | None


@dataclass(frozen=True, kw_only=True)
class TakerLoad:
    """One taker: `name` as the attachments call it, organisations given, and the farthest of them."""

    kind: AttachmentKind
    name: str
    organisations: int
    farthest_m: float | None


@dataclass(frozen=True, kw_only=True)
class StreetAttachments:
    """Organisations without members of one street, by who is to keep in touch."""

    key: int | None
    name: str
    every: int
    by_party: int
    by_guide: int
    nobody: int


def taker_loads(viewer: Viewer, proposal: BranchProposal) -> list[TakerLoad]:
    """Everybody who is given an organisation of the viewer's scope, the heaviest first."""
    # Any: the type of the model does not name the annotation.
    seen: Any = attachments(viewer, proposal)
    rows = (
        seen.exclude(kind=AttachmentKind.NONE)
        .order_by()
        .values("kind", "taker_name", "group_id", "party_organisation_id", "person_id")
        .annotate(number=Count("pk"), farthest_m=Max("way_m"))
    )
    found = [
        TakerLoad(
            kind=AttachmentKind(row["kind"]),
            name=row["taker_name"],
            organisations=row["number"],
            farthest_m=row["farthest_m"],
        )
        for row in rows
    ]
    return sorted(found, key=lambda one: (-one.organisations, one.kind, one.name))


def spreads(loads: list[TakerLoad]) -> list[Spread]:
    """Least, middle and most of each kind of taker that is given anything."""
    by_kind: defaultdict[AttachmentKind, list[TakerLoad]] = defaultdict(list)
    for one in loads:
        by_kind[one.kind].append(one)
    return [_spread(kind, by_kind[kind]) for kind in TAKERS if by_kind[kind]]


def street_attachments(viewer: Viewer, proposal: BranchProposal) -> list[StreetAttachments]:
    """The same organisations by street, in the order of streets."""
    party = Q(kind__in=(AttachmentKind.GROUP, AttachmentKind.BRANCH))
    guide = Q(kind__in=(AttachmentKind.INSTRUCTOR, AttachmentKind.LIAISON))
    rows = (
        attachments(viewer, proposal)
        .order_by("street__code", "street_id")
        .values("street_id", "street__name", "street__code")
        .annotate(
            every=Count("pk"),
            by_party=Count("pk", filter=party),
            by_guide=Count("pk", filter=guide),
            nobody=Count("pk", filter=Q(kind=AttachmentKind.NONE)),
        )
    )
    return [
        StreetAttachments(
            key=row["street_id"],
            name=row["street__name"] or "未填街道",
            every=row["every"],
            by_party=row["by_party"],
            by_guide=row["by_guide"],
            nobody=row["nobody"],
        )
        for row in rows
    ]


def is_posted() -> Exists:
    """Whether the guide of an attachment serves its organisation today."""
    return Exists(
        Posting.objects.filter(
            true_at(timezone.localdate()),
            person_id=OuterRef("person_id"),
            organisation_id=OuterRef("organisation_id"),
        )
    )


def _spread(kind: AttachmentKind, loads: list[TakerLoad]) -> Spread:
    numbers = [one.organisations for one in loads]
    ways = [one.farthest_m for one in loads if one.farthest_m is not None]
    return Spread(
        kind=kind,
        takers=len(loads),
        organisations=sum(numbers),
        least=min(numbers),
        middle=median(numbers),
        most=max(numbers),
        farthest_m=max(ways, default=None),
    )
