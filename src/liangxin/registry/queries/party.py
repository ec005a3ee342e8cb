"""Party organisations: which ones a viewer leads or meets, what they cover, who holds posts."""

from datetime import date

from django.db.models import Case, Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce

from liangxin.kernel.viewer import Role, ScopeKind, Viewer
from liangxin.registry.models import (
    MeetingPlace,
    OrganisationVersion,
    PartyCoverage,
    PartyOrganisationVersion,
    PartyRelation,
    Post,
)
from liangxin.registry.queries.periods import true_at
from liangxin.registry.queries.scope import organisations_in_scope, party_organisations_of
from liangxin.registry.queries.versions import may_be_met, party_organisation_versions


def led_party_organisations(viewer: Viewer, *, at: date) -> QuerySet[PartyOrganisationVersion, int]:
    """Ids of the Party organisations whose members are the viewer's business.

    A secretary's own and those below it; an officer's of own streets; the district's, all.
    """
    found = PartyOrganisationVersion.objects.filter(true_at(at)).order_by()
    if viewer.sees_district():
        return found.values_list("party_organisation_id", flat=True)
    streets = [
        int(scope.key)
        for scope in viewer.scopes(Role.COMMITTEE_OFFICER)
        if scope.kind is ScopeKind.STREET
    ]
    own = party_organisations_of(viewer, at=at)
    condition = Q(street_id__in=streets) | Q(party_organisation_id__in=own)
    return found.filter(condition).values_list("party_organisation_id", flat=True)


def is_leading(viewer: Viewer, *, party_organisation_id: int, at: date) -> bool:
    """Whether the members and posts of a Party organisation are the viewer's business."""
    led = led_party_organisations(viewer, at=at)
    return led.filter(party_organisation_id=party_organisation_id).exists()


def described_party_organisations(
    viewer: Viewer, *, at: date
) -> QuerySet[PartyOrganisationVersion]:
    """Party organisations the viewer may see, with `units` covered and the `parent_name`."""
    parent = PartyOrganisationVersion.objects.filter(
        true_at(at), party_organisation_id=OuterRef("parent_id")
    )
    return party_organisation_versions(viewer, at=at).annotate(
        units=_per_party_organisation(PartyCoverage.objects.filter(true_at(at)), "organisation_id"),
        parent_name=Subquery(parent.values("name")[:1]),
    )


def with_member_counts(
    found: QuerySet[PartyOrganisationVersion], *, viewer: Viewer, at: date
) -> QuerySet[PartyOrganisationVersion]:
    """The same with `members`, the relations held in each; None where they are not the viewer's business."""
    led = led_party_organisations(viewer, at=at)
    held = PartyRelation.objects.filter(true_at(at), true_at(at, prefix="person__memberships__"))
    counted = Coalesce(_per_party_organisation(held, "person_id"), 0)
    return found.annotate(members=Case(When(party_organisation_id__in=led, then=counted)))


def covered_organisations(
    viewer: Viewer, *, party_organisation_id: int, at: date
) -> QuerySet[OrganisationVersion]:
    """The units a Party organisation covers on `at`, as far as the viewer may see them."""
    covered = PartyCoverage.objects.filter(true_at(at), party_organisation_id=party_organisation_id)
    return (
        organisations_in_scope(viewer, at=at)
        .filter(organisation_id__in=covered.order_by().values("organisation_id"))
        .select_related("organisation", "street", "site")
        .order_by("name", "organisation_id")
    )


def covering_party_organisations(
    viewer: Viewer, *, organisation_id: int, at: date
) -> QuerySet[PartyOrganisationVersion]:
    """The Party organisations said to cover an organisation on `at`, by name.

    Those that do not stand yet only for whoever plans them.
    """
    covered = PartyCoverage.objects.filter(true_at(at), organisation_id=organisation_id)
    return (
        PartyOrganisationVersion.objects.filter(
            true_at(at),
            may_be_met(viewer, at=at),
            party_organisation_id__in=covered.order_by().values("party_organisation_id"),
        )
        .select_related("party_organisation", "street")
        .order_by("name", "party_organisation_id")
    )


def past_coverages(*, organisation_id: int, at: date) -> QuerySet[PartyCoverage]:
    """Coverages of an organisation that ended by `at`, newest first, each with `party_name` of its last day.

    What was only proposed covered nobody.
    """
    named = PartyOrganisationVersion.objects.filter(
        party_organisation_id=OuterRef("party_organisation_id"), valid_from__lt=OuterRef("valid_to")
    ).order_by("-valid_from")
    return (
        PartyCoverage.objects.filter(
            organisation_id=organisation_id,
            valid_to__lte=at,
            party_organisation__founded_date__lt=F("valid_to"),
        )
        .annotate(party_name=Subquery(named.values("name")[:1]))
        .order_by("-valid_to", "-id")
    )


def posts(viewer: Viewer, *, party_organisation_id: int, at: date) -> QuerySet[Post]:
    """Who holds posts on `at`; a post tells of membership, so only to those who lead or rule it."""
    led = led_party_organisations(viewer, at=at)
    return Post.objects.filter(
        true_at(at),
        party_organisation_id=party_organisation_id,
        party_organisation_id__in=led,
    ).order_by("kind", "id")


def meeting_place(*, party_organisation_id: int, at: date) -> MeetingPlace | None:
    """Where a Party organisation meets on `at`; for whoever may see the organisation."""
    found = MeetingPlace.objects.filter(true_at(at), party_organisation_id=party_organisation_id)
    return found.select_related("site").order_by("-valid_from").first()


def _per_party_organisation(
    facts: QuerySet[PartyCoverage] | QuerySet[PartyRelation], what: str
) -> Subquery:
    counted = (
        facts.filter(party_organisation_id=OuterRef("party_organisation_id"))
        .order_by()
        .values("party_organisation_id")
        .annotate(number=Count(what, distinct=True))
    )
    return Subquery(counted.values("number")[:1], output_field=IntegerField())
