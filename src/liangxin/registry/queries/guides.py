"""Instructors and liaisons: who serves, whom they are posted to, and how much they carry."""

from datetime import date

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from liangxin.kernel.permissions import Permission, roles_with
from liangxin.kernel.viewer import Viewer
from liangxin.registry.models import GuideService, OrganisationVersion, Posting
from liangxin.registry.queries.periods import true_at
from liangxin.registry.queries.scope import in_scope, organisations_in_scope

# They place guides and so choose among all of the district's; others meet the guides of their firms.
PLACING_ROLES = roles_with(Permission.EDIT_LEDGER)


def guides(viewer: Viewer, *, at: date) -> QuerySet[GuideService]:
    """Services that hold on `at`, each with its `load` (units served), by name of the person."""
    found = GuideService.objects.filter(true_at(at)).select_related("person")
    if not viewer.roles & PLACING_ROLES:
        met = Posting.objects.filter(
            true_at(at),
            organisation_id__in=organisations_in_scope(viewer, at=at)
            .order_by()
            .values("organisation_id"),
        )
        found = found.filter(person_id__in=met.order_by().values("person_id"))
    return found.annotate(load=_load(at)).order_by("person__name", "person_id", "role")


def guide_search(text: str) -> Q:
    """A condition on GuideService: the person's name or the home unit fits."""
    return Q(person__name__icontains=text) | Q(home_unit__icontains=text)


def served_organisations(
    viewer: Viewer, *, person_id: int, at: date
) -> QuerySet[OrganisationVersion]:
    """The units a guide is posted to on `at`, as far as the viewer may see them."""
    posted = Posting.objects.filter(true_at(at), person_id=person_id)
    return (
        OrganisationVersion.objects.filter(
            true_at(at),
            in_scope(viewer, at=at),
            organisation_id__in=posted.order_by().values("organisation_id"),
        )
        .select_related("organisation", "street", "site")
        .order_by("name", "organisation_id")
    )


def postings_of(*, organisation_id: int, at: date) -> QuerySet[Posting]:
    """Who is posted to one organisation on `at`; ask only for an organisation the viewer may see."""
    return (
        Posting.objects.filter(true_at(at), organisation_id=organisation_id)
        .select_related("person")
        .order_by("role", "person__name", "id")
    )


def past_postings(*, organisation_id: int, at: date) -> QuerySet[Posting]:
    """Postings to one organisation that ended by `at`, newest first."""
    return (
        Posting.objects.filter(organisation_id=organisation_id, valid_to__lte=at)
        .select_related("person")
        .order_by("-valid_to", "-id")
    )


def _load(at: date) -> Coalesce:
    counted = (
        Posting.objects.filter(true_at(at), person_id=OuterRef("person_id"), role=OuterRef("role"))
        .order_by()
        .values("person_id")
        .annotate(number=Count("organisation_id", distinct=True))
    )
    return Coalesce(Subquery(counted.values("number")[:1], output_field=IntegerField()), 0)
