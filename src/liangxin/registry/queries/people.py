"""Party members as a viewer of the Party chain may see them; nobody else is told of any."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from liangxin.kernel.audit import places_revision
from liangxin.kernel.keeping import kept
from liangxin.kernel.permissions import Permission, roles_with
from liangxin.kernel.viewer import Viewer
from liangxin.registry.models import (
    Employment,
    Fact,
    OrganisationVersion,
    PartyMembership,
    PartyOrganisationVersion,
    PartyRelation,
    Person,
)
from liangxin.registry.queries.containing import containing
from liangxin.registry.queries.party import led_party_organisations
from liangxin.registry.queries.periods import true_at
from liangxin.registry.queries.scope import in_scope, organisations_in_scope, versions_of


@dataclass(frozen=True)
class Step:
    """One dated fact of a person, in words."""

    fact: Fact
    words: str


# More names in one condition than this cost more than finding them again.
MOST_NAMED = 2000
PEOPLE_ROLES = tuple(sorted(roles_with(Permission.SEE_PEOPLE)))


def members(
    viewer: Viewer, *, at: date, among: Collection[int] | None = None
) -> QuerySet[PartyMembership]:
    """Memberships that hold on `at` of people whose employer or Party relation the viewer reaches.

    Each carries employer_id, employer_name, position, held_in_id, held_in_name and elsewhere
    (None or '' where not known). Ordered by name. `among` asks for some people only: the same
    answer for them, without working out everybody the viewer reaches.
    """
    found = PartyMembership.objects.filter(true_at(at)).select_related("person")
    if among is not None:
        found = found.filter(person_id__in=among)
    if not viewer.sees_district():
        found = found.filter(_reached(viewer, at=at, among=among))
    return _described(found, viewer=viewer, at=at).order_by("person__name", "person_id")


def member_persons(viewer: Viewer, *, at: date) -> QuerySet[Person]:
    """The people of `members`."""
    return Person.objects.filter(pk__in=members(viewer, at=at).order_by().values("person_id"))


def members_held_in(
    viewer: Viewer, *, party_organisation_id: int, at: date
) -> QuerySet[PartyMembership]:
    """The members whose Party relation an organisation holds; none unless the viewer leads it."""
    led = led_party_organisations(viewer, at=at).filter(party_organisation_id=party_organisation_id)
    held = PartyRelation.objects.filter(true_at(at), party_organisation_id__in=led).order_by()
    return members(viewer, at=at).filter(person_id__in=held.values("person_id"))


def members_employed_by(
    viewer: Viewer, *, organisation_id: int, at: date
) -> QuerySet[PartyMembership]:
    """The members who work in one organisation, as far as the viewer may see them."""
    work = Employment.objects.filter(true_at(at), organisation_id=organisation_id).order_by()
    return members(viewer, at=at, among=list(work.values_list("person_id", flat=True)))


def member_history(viewer: Viewer, *, person_id: int, at: date) -> tuple[Step, ...]:
    """What was true of a member up to `at`, newest first; nothing outside the viewer's scope."""
    if not member_persons(viewer, at=at).filter(pk=person_id).exists():
        return ()
    own = {"person_id": person_id, "valid_from__lte": at}
    told: list[Fact] = [
        *PartyMembership.objects.filter(**own).select_related("provenance"),
        *Employment.objects.filter(**own).select_related("provenance"),
        *PartyRelation.objects.filter(**own).select_related("provenance"),
    ]
    told.sort(key=lambda fact: (fact.valid_from, fact.pk), reverse=True)
    return tuple(Step(fact, _in_words(fact)) for fact in told)


def member_search(text: str, *, at: date) -> Q:
    """A condition on the memberships of `members`: the name of the person or of the employer fits."""
    # Names alone fit in an index: else SQLite reads everything known of every organisation.
    named = OrganisationVersion.objects.filter(containing("name", text)).order_by()
    employers = OrganisationVersion.objects.filter(true_at(at), pk__in=named.values("pk"))
    work = Employment.objects.filter(
        true_at(at), organisation_id__in=employers.order_by().values("organisation_id")
    ).order_by()
    # Every page of a list asks again, and how many there are too: few keys are found once for all of it.
    told = hashlib.sha256(text.encode()).hexdigest()
    keys = kept(
        f"members/employed_by/{told}/{at}/{places_revision(None)}",
        lambda: list(work.values_list("person_id", flat=True)[: MOST_NAMED + 1]),
    )
    found = Q(person_id__in=keys if len(keys) <= MOST_NAMED else work.values("person_id"))
    return containing("person__name", text) | found


def working_at(units: QuerySet[OrganisationVersion], *, at: date) -> Q:
    """A condition on the memberships of `members`: the person works in one of the units on `at`."""
    work = Employment.objects.filter(
        true_at(at), organisation_id__in=units.order_by().values("organisation_id")
    )
    return Q(person_id__in=work.order_by().values("person_id"))


def _reached(viewer: Viewer, *, at: date, among: Collection[int] | None) -> Q:
    # Only roles that may see people count: an officer who also owns a firm sees the office's people.
    organisations = OrganisationVersion.objects.filter(
        true_at(at), in_scope(viewer, at=at, roles=PEOPLE_ROLES)
    )
    if among is not None:
        units = Employment.objects.filter(true_at(at), person_id__in=among).order_by()
        keys = list(units.values_list("organisation_id", flat=True))
        organisations = organisations.filter(pk__in=versions_of(keys))
    of = Q() if among is None else Q(person_id__in=among)
    employed = Employment.objects.filter(
        true_at(at), of, organisation_id__in=organisations.order_by().values("organisation_id")
    )
    held = PartyRelation.objects.filter(
        true_at(at), of, party_organisation_id__in=led_party_organisations(viewer, at=at)
    )
    # One set of keys: with two, SQLite would try both for every person of the district.
    reached = employed.order_by().values("person_id").union(held.order_by().values("person_id"))
    return Q(person_id__in=reached)


def _described(
    found: QuerySet[PartyMembership], *, viewer: Viewer, at: date
) -> QuerySet[PartyMembership]:
    work = Employment.objects.filter(true_at(at), person_id=OuterRef("person_id"))
    held = PartyRelation.objects.filter(true_at(at), person_id=OuterRef("person_id"))
    found = found.annotate(
        employer_id=Subquery(work.values("organisation_id")[:1]),
        position=Subquery(work.values("position")[:1]),
        held_in_id=Subquery(held.values("party_organisation_id")[:1]),
        elsewhere=Subquery(held.values("elsewhere")[:1]),
    )
    # Asked of each row's employer: as a set, all that the viewer reaches would be worked out for one page.
    reached = organisations_in_scope(viewer, at=at).filter(organisation_id=OuterRef("employer_id"))
    return found.annotate(
        employer_name=_organisation_name("employer_id", at=at),
        held_in_name=_party_organisation_name("held_in_id", at=at),
        is_employer_in_scope=Exists(reached),
    )


def _organisation_name(key: str, *, at: date) -> Subquery:
    named = OrganisationVersion.objects.filter(true_at(at), organisation_id=OuterRef(key))
    return Subquery(named.values("name")[:1])


def _party_organisation_name(key: str, *, at: date) -> Subquery:
    named = PartyOrganisationVersion.objects.filter(
        true_at(at), party_organisation_id=OuterRef(key)
    )
    return Subquery(named.values("name")[:1])


def _in_words(fact: Fact) -> str:
    match fact:
        case PartyMembership():
            return f"人员类别：{fact.get_stage_display()}"
        case Employment():
            named = fact.organisation.versions.order_by("-valid_from").first()
            return f"工作单位：{named.name if named else fact.organisation}"
        case PartyRelation(elsewhere=""):
            held = fact.party_organisation
            version = held.versions.order_by("-valid_from").first() if held else None
            return f"组织关系：{version.name if version else held}"
        case PartyRelation():
            return f"组织关系：{fact.elsewhere}（不在本区）"
    raise TypeError(f"no words for {type(fact).__name__}")
