"""Sites and streets as the pages need them."""

from datetime import date
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum

from liangxin.kernel.viewer import Role, ScopeKind, Viewer
from liangxin.registry.models import Area, OrganisationVersion, Site
from liangxin.registry.queries.scope import organisations_in_scope
from liangxin.registry.terms import AreaKind, OrganisationStatus


def streets() -> QuerySet[Area]:
    """Every street of the district, by code."""
    return Area.objects.filter(kind=AreaKind.STREET).order_by("code")


def street_outlines() -> dict[str, Any]:
    """The streets whose boundary is known as GeoJSON, each with its name; `id` is the street's key."""
    rows = streets().filter(boundary__isnull=False).values_list("pk", "name", "boundary")
    features = [
        {"type": "Feature", "id": key, "geometry": boundary, "properties": {"name": name}}
        for key, name, boundary in rows
    ]
    return {"type": "FeatureCollection", "features": features}


def editable_streets(viewer: Viewer) -> QuerySet[Area]:
    """Streets in which the viewer may keep organisations; a trade officer's firms may be anywhere."""
    scopes = viewer.scopes(Role.COMMITTEE_OFFICER)
    if viewer.sees_district() or any(scope.kind is ScopeKind.TRADE for scope in scopes):
        return streets()
    own = [int(scope.key) for scope in scopes if scope.kind is ScopeKind.STREET]
    places = [int(scope.key) for scope in scopes if scope.kind is ScopeKind.SITE]
    around = Site.objects.filter(pk__in=places).order_by().values("street_id")
    return streets().filter(Q(pk__in=own) | Q(pk__in=around))


def sites_of_street(street_id: int) -> QuerySet[Site]:
    """The sites of one street, by name."""
    return Site.objects.filter(street_id=street_id).order_by("name", "id")


def described_sites(viewer: Viewer, *, at: date) -> QuerySet[Site]:
    """Sites where the viewer has any organisation, with `tenants` and their `staff` in operation.

    The district office sees empty sites too.
    """
    here = organisations_in_scope(viewer, at=at)
    operating = here.filter(status=OrganisationStatus.OPERATING, site_id=OuterRef("pk"))
    grouped = operating.order_by().values("site_id")
    found = Site.objects.select_related("street", "provenance").annotate(
        tenants=_one_number(grouped.annotate(number=Count("pk")).values("number")),
        staff=_one_number(grouped.annotate(number=Sum("employees")).values("number")),
    )
    if not viewer.sees_district():
        reached = here.filter(site__isnull=False).order_by()
        found = found.filter(pk__in=reached.values("site_id"))
    return found.order_by("street__code", "name", "id")


def tenants(viewer: Viewer, *, site_id: int, at: date) -> QuerySet[OrganisationVersion]:
    """The organisations in a site on `at`, as far as the viewer may see them."""
    found = organisations_in_scope(viewer, at=at).filter(site_id=site_id)
    return found.select_related("organisation", "street", "site").order_by(
        "name", "organisation_id"
    )


def _one_number(counted: QuerySet[Any, Any]) -> Subquery:
    return Subquery(counted[:1], output_field=IntegerField())
