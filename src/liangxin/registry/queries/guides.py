"""Instructors and liaisons: who serves, whom they are posted to, and how much they carry."""

from collections.abc import Collection
from datetime import date

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from liangxin.kernel.permissions import Permission, roles_with
from liangxin.kernel.viewer import ScopeKind, Viewer
from liangxin.registry.models import Area, GuideService, OrganisationVersion, Posting, Site
from liangxin.registry.queries.containing import containing
from liangxin.registry.queries.periods import true_at
from liangxin.registry.queries.scope import in_scope, organisations_in_scope

PLACING_ROLES = roles_with(Permission.EDIT_LEDGER)


def guides(
    viewer: Viewer, *, at: date, among: Collection[int] | None = None
) -> QuerySet[GuideService]:
    """Services that hold on `at`, each with its `load` (units served), by name of the person.

    Whoever reaches a firm meets the guides posted to it. An officer, who also places guides, needs two
    more kinds and no others: those whose home unit is of the officer's own street or site, for they are
    the officer's to send; and those posted to nobody, for without them a firm whose street has no guide
    free could be given none. Somebody sent by another street to another street's firms, name, telephone
    number and load, is that street's business, also where places are left: the two streets ask the
    district. The district sees all. `among` asks for some people only.
    """
    found = GuideService.objects.filter(true_at(at)).select_related("person")
    if among is not None:
        found = found.filter(person_id__in=among)
    if not viewer.sees_district():
        found = found.filter(_met(viewer, at=at, among=among))
    return found.annotate(load=_load(at)).order_by("person__name", "person_id", "role")


def _met(viewer: Viewer, *, at: date, among: Collection[int] | None) -> Q:
    posted = Posting.objects.filter(true_at(at)).order_by()
    units: list[int] | None = None
    if among is not None:
        posted = posted.filter(person_id__in=among)
        units = list(posted.values_list("organisation_id", flat=True))
    reached = organisations_in_scope(viewer, at=at, among=units).order_by()
    here = posted.filter(organisation_id__in=reached.values("organisation_id"))
    condition = Q(person_id__in=here.values("person_id"))
    if not viewer.roles & PLACING_ROLES:
        return condition
    for name in _home_names(viewer):
        condition |= Q(home_unit__contains=name)
    return condition | ~Q(person_id__in=posted.values("person_id"))


def _home_names(viewer: Viewer) -> list[str]:
    """Names of the officer's own streets and sites: home units are kept as text that holds them."""
    scopes = viewer.scopes(*PLACING_ROLES)
    streets = [int(one.key) for one in scopes if one.kind is ScopeKind.STREET]
    sites = [int(one.key) for one in scopes if one.kind is ScopeKind.SITE]
    return [
        *Area.objects.filter(pk__in=streets).order_by("pk").values_list("name", flat=True),
        *Site.objects.filter(pk__in=sites).order_by("pk").values_list("name", flat=True),
    ]


def guide_search(text: str) -> Q:
    """A condition on GuideService: the person's name or the home unit fits."""
    return containing("person__name", text) | containing("home_unit", text)


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


def _load(at: date) -> Coalesce:
    counted = (
        Posting.objects.filter(true_at(at), person_id=OuterRef("person_id"), role=OuterRef("role"))
        .order_by()
        .values("person_id")
        .annotate(number=Count("organisation_id", distinct=True))
    )
    return Coalesce(Subquery(counted.values("number")[:1], output_field=IntegerField()), 0)
