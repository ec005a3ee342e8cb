"""Sites and streets as the pages need them."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum

from liangxin.kernel.keeping import kept
from liangxin.kernel.viewer import Role, ScopeKind, Viewer
from liangxin.registry.models import Area, OrganisationVersion, Site
from liangxin.registry.queries.periods import true_at
from liangxin.registry.queries.revisions import revision_for
from liangxin.registry.queries.scope import organisations_in_scope
from liangxin.registry.terms import AreaKind, OrganisationStatus

PLACES = (ScopeKind.STREET, ScopeKind.SITE)


def streets(*, at: date | None = None) -> QuerySet[Area]:
    """Every street of the district that stands on a day (None: now), by code."""
    found = Area.objects.filter(kind=AreaKind.STREET).order_by("code")
    return found.filter(standing(at))


def standing(at: date | None) -> Q:
    """A condition on streets and sites: not taken into another by the day `at` (None: by now)."""
    lasting = Q(closed_date__isnull=True)
    return lasting if at is None else lasting | Q(closed_date__gt=at)


def visible_streets(viewer: Viewer, *, at: date) -> QuerySet[Area]:
    """The streets that lists, filters and maps name to a viewer: own ones, and where anything reached is."""
    if viewer.sees_district():
        return streets(at=at)
    around = Site.objects.filter(pk__in=_keys(viewer, ScopeKind.SITE)).order_by()
    return streets(at=at).filter(
        Q(pk__in=_keys(viewer, ScopeKind.STREET))
        | Q(pk__in=around.values("street_id"))
        | Q(pk__in=_streets_met(viewer, at=at))
    )


def street_choices(viewer: Viewer, *, at: date) -> list[tuple[str, str]]:
    """The visible streets as a filter offers them."""
    rows = visible_streets(viewer, at=at).values_list("pk", "name")
    return [(str(pk), name) for pk, name in rows]


def visible_sites(viewer: Viewer, *, at: date) -> QuerySet[Site]:
    """The sites a viewer may be told the name of: in own streets, own ones, and where anything reached is."""
    if viewer.sees_district():
        return Site.objects.filter(standing(at))
    # With a street of one's own come all its sites: no need to ask which of them hold anything.
    reached = organisations_in_scope(_beyond_places(viewer), at=at).filter(site__isnull=False)
    return Site.objects.filter(
        standing(at),
        Q(street_id__in=_keys(viewer, ScopeKind.STREET))
        | Q(pk__in=_keys(viewer, ScopeKind.SITE))
        | Q(pk__in=reached.order_by().values("site_id")),
    )


def _keys(viewer: Viewer, kind: ScopeKind) -> list[int]:
    scopes = viewer.scopes(Role.COMMITTEE_OFFICER)
    return sorted(int(scope.key) for scope in scopes if scope.kind is kind)


def _beyond_places(viewer: Viewer) -> Viewer:
    """The same viewer without the scopes that are places: what they reach needs no look-up."""
    return viewer.holding_only(one for one in viewer.held if one.scope.kind not in PLACES)


def _streets_met(viewer: Viewer, *, at: date) -> Sequence[int]:
    """Streets of the organisations reached by trade, branch, posting or firm; kept until the ledger changes.

    A trade reaches a good part of the district: looking for its streets anew would slow every list.
    """
    rest = _beyond_places(viewer)
    if not rest.held:
        return ()
    scopes = sorted(f"{one.role}:{one.scope.kind}={one.scope.key}" for one in rest.held)
    key = "/".join(("streets", str(revision_for(rest)), at.isoformat(), *scopes))
    return kept(key, lambda: _streets_of_organisations(rest, at=at))


def _streets_of_organisations(viewer: Viewer, *, at: date) -> list[int]:
    found = organisations_in_scope(viewer, at=at).filter(street__isnull=False).order_by()
    return list(found.values_list("street_id", flat=True).distinct())


def street_outlines(viewer: Viewer, *, at: date) -> dict[str, Any]:
    """The visible streets whose boundary is known as GeoJSON, each with its name; `id` is its key."""
    found = visible_streets(viewer, at=at).filter(boundary__isnull=False)
    rows = found.values_list("pk", "name", "boundary")
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
    """The sites that stand in one street now, by name."""
    return Site.objects.filter(standing(None), street_id=street_id).order_by("name", "id")


def described_sites(
    viewer: Viewer, *, at: date, among: Collection[int] | None = None
) -> QuerySet[Site]:
    """Sites where the viewer has any organisation, with `tenants` and their `staff` in operation.

    The district office sees empty sites too. `among` asks for some of them only.
    """
    here = organisations_in_scope(viewer, at=at)
    operating = OrganisationVersion.objects.filter(
        true_at(at), status=OrganisationStatus.OPERATING, site_id=OuterRef("pk")
    )
    if not viewer.sees_district():
        # As a set: else SQLite goes through the whole of a street for each of its sites.
        operating = operating.filter(pk__in=here.order_by().values("pk"))
    grouped = operating.order_by().values("site_id")
    found = Site.objects.filter(standing(at)).select_related("street", "provenance")
    found = found.annotate(
        tenants=_one_number(grouped.annotate(number=Count("pk")).values("number")),
        staff=_one_number(grouped.annotate(number=Sum("employees")).values("number")),
    )
    if among is not None:
        found, here = found.filter(pk__in=among), here.filter(site_id__in=among)
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
