"""Party members as a viewer of the Party chain may see them; nobody else is told of any."""

from datetime import date

from django.db.models import OuterRef, Q, QuerySet, Subquery

from liangxin.kernel.permissions import Permission, roles_with
from liangxin.kernel.viewer import Viewer
from liangxin.registry.models import (
    Employment,
    OrganisationVersion,
    PartyMembership,
    PartyOrganisationVersion,
    PartyRelation,
    Person,
)
from liangxin.registry.queries.party import led_party_organisations
from liangxin.registry.queries.periods import true_at
from liangxin.registry.queries.scope import in_scope

PEOPLE_ROLES = tuple(sorted(roles_with(Permission.SEE_PEOPLE)))


def members(viewer: Viewer, *, at: date) -> QuerySet[PartyMembership]:
    """Memberships that hold on `at` of people whose employer or Party relation the viewer reaches.

    Each carries employer_id, employer_name, position, held_in_id, held_in_name and elsewhere
    (None or '' where not known). Ordered by name.
    """
    found = PartyMembership.objects.filter(true_at(at)).select_related("person")
    if not viewer.sees_district():
        found = found.filter(_reached(viewer, at=at))
    return _described(found, at=at).order_by("person__name", "person_id")


def member_persons(viewer: Viewer, *, at: date) -> QuerySet[Person]:
    """The people of `members`."""
    return Person.objects.filter(pk__in=members(viewer, at=at).order_by().values("person_id"))


def member_search(text: str) -> Q:
    """A condition on the memberships of `members`: the name of the person or of the employer fits."""
    return Q(person__name__icontains=text) | Q(employer_name__icontains=text)


def _reached(viewer: Viewer, *, at: date) -> Q:
    # Only roles that may see people count: an officer who also owns a firm sees the office's people.
    organisations = OrganisationVersion.objects.filter(
        true_at(at), in_scope(viewer, at=at, roles=PEOPLE_ROLES)
    )
    employed = Employment.objects.filter(
        true_at(at), organisation_id__in=organisations.order_by().values("organisation_id")
    )
    held = PartyRelation.objects.filter(
        true_at(at), party_organisation_id__in=led_party_organisations(viewer, at=at)
    )
    return Q(person_id__in=employed.order_by().values("person_id")) | Q(
        person_id__in=held.order_by().values("person_id")
    )


def _described(found: QuerySet[PartyMembership], *, at: date) -> QuerySet[PartyMembership]:
    work = Employment.objects.filter(true_at(at), person_id=OuterRef("person_id"))
    held = PartyRelation.objects.filter(true_at(at), person_id=OuterRef("person_id"))
    found = found.annotate(
        employer_id=Subquery(work.values("organisation_id")[:1]),
        position=Subquery(work.values("position")[:1]),
        held_in_id=Subquery(held.values("party_organisation_id")[:1]),
        elsewhere=Subquery(held.values("elsewhere")[:1]),
    )
    employer = OrganisationVersion.objects.filter(
        true_at(at), organisation_id=OuterRef("employer_id")
    )
    branch = PartyOrganisationVersion.objects.filter(
        true_at(at), party_organisation_id=OuterRef("held_in_id")
    )
    return found.annotate(
        employer_name=Subquery(employer.values("name")[:1]),
        held_in_name=Subquery(branch.values("name")[:1]),
    )
