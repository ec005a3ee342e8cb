"""What a viewer may keep by form: the Party organisations, sites, members and guides of the own scope."""

from datetime import date

from django.db.models import OuterRef, Q, QuerySet, Subquery

from liangxin.kernel.viewer import ScopeKind, Viewer
from liangxin.registry.models import (
    Area,
    Employment,
    GuideService,
    OrganisationVersion,
    PartyMembership,
    PartyOrganisationVersion,
    PartyRelation,
    Person,
    Posting,
    Site,
)
from liangxin.registry.queries.guides import guides
from liangxin.registry.queries.organisations import EDITING_ROLES
from liangxin.registry.queries.periods import true_at
from liangxin.registry.queries.scope import in_scope
from liangxin.registry.queries.sites import standing, streets


def kept_streets(viewer: Viewer) -> QuerySet[Area]:
    """Streets whose Party organisations and sites are the viewer's to keep: a trade has none."""
    if viewer.sees_district():
        return streets()
    return streets().filter(pk__in=_keys(viewer, ScopeKind.STREET))


def kept_party_organisations(viewer: Viewer) -> QuerySet[PartyOrganisationVersion]:
    """Open versions of the Party organisations the viewer keeps: those of own streets."""
    found = PartyOrganisationVersion.objects.filter(valid_to__isnull=True)
    if not viewer.sees_district():
        found = found.filter(street_id__in=_keys(viewer, ScopeKind.STREET))
    return found.select_related("party_organisation", "street", "provenance").order_by(
        "name", "party_organisation_id"
    )


def kept_sites(viewer: Viewer) -> QuerySet[Site]:
    """Sites the viewer keeps: own ones and those of own streets."""
    found = Site.objects.filter(standing(None)).select_related("street", "provenance")
    found = found.order_by("name", "id")
    if viewer.sees_district():
        return found
    own = Q(pk__in=_keys(viewer, ScopeKind.SITE))
    return found.filter(own | Q(street_id__in=_keys(viewer, ScopeKind.STREET)))


def kept_members(viewer: Viewer, *, at: date) -> QuerySet[PartyMembership]:
    """Memberships that last, of people who work in, or whose relation is held in, the viewer's scope."""
    found = PartyMembership.objects.filter(valid_to__isnull=True).select_related(
        "person", "provenance"
    )
    if not viewer.sees_district():
        held = PartyRelation.objects.filter(
            true_at(at),
            party_organisation_id__in=kept_party_organisations(viewer)
            .order_by()
            .values("party_organisation_id"),
        ).order_by()
        work = _work(viewer, at=at).order_by()
        found = found.filter(
            Q(person_id__in=work.values("person_id")) | Q(person_id__in=held.values("person_id"))
        )
    return found.order_by("person__name", "person_id")


def kept_guides(viewer: Viewer, *, at: date) -> QuerySet[GuideService]:
    """Services the viewer keeps: of guides met whose postings all lie in the viewer's scope.

    One who also serves another street's unit is kept by the district, for both streets.
    """
    found = guides(viewer, at=at).select_related("person", "provenance")
    if viewer.sees_district():
        return found
    elsewhere = Posting.objects.filter(true_at(at)).exclude(
        organisation_id__in=kept_units(viewer, at=at).order_by().values("organisation_id")
    )
    return found.exclude(person_id__in=elsewhere.order_by().values("person_id"))


def kept_units(viewer: Viewer, *, at: date) -> QuerySet[OrganisationVersion]:
    """Versions that hold on `at` of the organisations whose facts the viewer may change."""
    return OrganisationVersion.objects.filter(
        true_at(at), in_scope(viewer, at=at, roles=EDITING_ROLES)
    )


def kept_postings(viewer: Viewer, *, person_id: int, at: date) -> QuerySet[Posting]:
    """Postings that hold on `at` of one guide to units the viewer keeps, each with `unit_name`."""
    units = kept_units(viewer, at=at).order_by()
    named = units.filter(organisation_id=OuterRef("organisation_id")).values("name")
    return (
        Posting.objects.filter(
            true_at(at), person_id=person_id, organisation_id__in=units.values("organisation_id")
        )
        .annotate(unit_name=Subquery(named[:1]))
        .order_by("unit_name", "pk")
    )


def is_person_of_others(viewer: Viewer, person: Person, *, at: date) -> bool:
    """Whether somebody works, or is posted, where the viewer does not reach: not the viewer's to tell of."""
    if viewer.sees_district():
        return False
    reached = set(
        kept_units(viewer, at=at)
        .filter(organisation_id__in=_units_of(person, at=at))
        .values_list("organisation_id", flat=True)
    )
    works = set(_held(Employment, person, at=at))
    posted = set(_held(Posting, person, at=at))
    return bool(works - reached) or bool(posted) and not posted & reached


def _units_of(person: Person, *, at: date) -> list[int]:
    return [*_held(Employment, person, at=at), *_held(Posting, person, at=at)]


def _held(model: type[Employment] | type[Posting], person: Person, *, at: date) -> list[int]:
    found = model._base_manager.filter(true_at(at), person=person)
    return list(found.values_list("organisation_id", flat=True))


def _work(viewer: Viewer, *, at: date) -> QuerySet[Employment]:
    units = kept_units(viewer, at=at).order_by().values("organisation_id")
    return Employment.objects.filter(true_at(at), organisation_id__in=units)


def _keys(viewer: Viewer, kind: ScopeKind) -> list[int]:
    scopes = viewer.scopes(*EDITING_ROLES)
    return sorted(int(scope.key) for scope in scopes if scope.kind is kind)
