"""The rows of the lists that reports hold; each list is counted by the figure of its name."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import F, Q, QuerySet

from liangxin.coverage.queries import (
    Versions,
    sliced_organisations,
    with_full_members,
    with_planned_branches,
)
from liangxin.coverage.terms import Base, Slice
from liangxin.kernel.viewer import Viewer
from liangxin.registry.models import PartyOrganisationVersion, Post
from liangxin.registry.queries import true_at
from liangxin.registry.queries.party import (
    described_party_organisations,
    led_party_organisations,
    with_member_counts,
)
from liangxin.registry.terms import PostKind


def listed_organisations(viewer: Viewer, *, at: date, which: Slice) -> Versions:
    """The organisations of a slice, by street and name, with what their reasons need."""
    found = sliced_organisations(viewer, at=at, base=Base(), which=which)
    streets = F("street__code").asc(nulls_last=True)
    ordered = found.order_by(streets, "name", "organisation_id")
    return with_planned_branches(with_full_members(ordered, at=at), at=at)


def standing_party_organisations(viewer: Viewer, *, at: date) -> QuerySet[PartyOrganisationVersion]:
    """Party organisations that stand on `at`; those only proposed are left out."""
    gone = Q(party_organisation__dissolved_date__lte=at)
    return (
        described_party_organisations(viewer, at=at)
        .filter(party_organisation__founded_date__lte=at)
        .exclude(gone)
    )


def listed_party_organisations(viewer: Viewer, *, at: date) -> QuerySet[Any]:
    """The same by street and name, with the members of those that are the viewer's business."""
    found = with_member_counts(
        standing_party_organisations(viewer, at=at), viewer=viewer, at=at
    ).select_related("party_organisation", "street")
    # The district's own committee is in no street and stands first.
    streets = F("street__code").asc(nulls_first=True)
    return found.order_by(streets, "name", "party_organisation_id")


def secretaries(viewer: Viewer, *, at: date) -> Mapping[int, str]:
    """Who is secretary on `at`, by Party organisation; only of those that are the viewer's business."""
    led = led_party_organisations(viewer, at=at)
    found = Post.objects.filter(
        true_at(at), kind=PostKind.SECRETARY, party_organisation_id__in=led
    ).order_by("-id")
    return dict(found.values_list("party_organisation_id", "person_name"))
