"""How many full Party members work in each organisation; for the Party chain alone."""

from dataclasses import dataclass
from datetime import date

from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    When,
)

from liangxin.coverage.queries.state import COVERAGE_ROLES, Versions
from liangxin.kernel.viewer import Viewer
from liangxin.registry.models import Employment, OrganisationVersion, PartyRelation
from liangxin.registry.queries import in_scope, true_at
from liangxin.registry.terms import MemberStage


@dataclass(frozen=True)
class MemberCount:
    """Full members employed in one organisation; `elsewhere` of them are held outside the ledger."""

    full: int = 0
    elsewhere: int = 0


def full_members(at: date, *, since: date | None = None) -> QuerySet[Employment]:
    """Employments on `at` of people who are full members on that day.

    With `since`, of those alone who became full members by then, or of whom the ledger does not say when.
    """
    full = Q(person__memberships__stage=MemberStage.FULL)
    if since is not None:
        by_then = Q(person__memberships__full_date__lte=since)
        full &= by_then | Q(person__memberships__full_date__isnull=True)
    # One call: the conditions are on one and the same membership.
    return Employment.objects.filter(
        full, true_at(at), true_at(at, prefix="person__memberships__")
    ).order_by()


def held_elsewhere(at: date) -> Q:
    """A condition on employments: the person's Party relation is held by nobody in the ledger."""
    here = PartyRelation.objects.filter(
        true_at(at), party_organisation__isnull=False, person_id=OuterRef("person_id")
    )
    return ~Q(Exists(here))


def employing(at: date, *, at_least: int, below: int | None = None) -> Q:
    """A condition on versions: so many full members are employed there (`below` excluded)."""
    counted = (
        full_members(at)
        .values("organisation_id")
        .annotate(full=Count("person_id", distinct=True))
        .filter(full__gte=at_least)
    )
    if below is not None:
        counted = counted.filter(full__lt=below)
    return _asked_once(Q(organisation_id__in=counted.values("organisation_id")))


def needing_transfer(at: date) -> Q:
    """A condition on versions: some full member employed there has the Party relation elsewhere."""
    away = full_members(at).filter(held_elsewhere(at))
    return _asked_once(Q(organisation_id__in=away.values("organisation_id")))


def _asked_once(condition: Q) -> Q:
    """The same condition, its set of keys built once and looked up per row.

    As a plain IN, PostgreSQL joins the set instead, takes it for a few keys, and counts all members anew
    for each organisation: minutes in a street of 20,000 organisations.
    """
    return Q(Case(When(condition, then=True), default=False, output_field=BooleanField()))


def member_counts(viewer: Viewer, *, at: date) -> dict[int, MemberCount]:
    """Counts by organisation of all in the viewer's coverage scope that employ full members."""
    here = full_members(at)
    if not viewer.sees_district():
        scope = in_scope(viewer, at=at, roles=COVERAGE_ROLES)
        units = OrganisationVersion.objects.filter(true_at(at), scope).order_by()
        here = here.filter(organisation_id__in=units.values("organisation_id"))
    people = Count("person_id", distinct=True)
    away = Count("person_id", distinct=True, filter=held_elsewhere(at))
    rows = here.values("organisation_id").annotate(full=people, away=away)
    found = rows.values_list("organisation_id", "full", "away")
    return {key: MemberCount(full, elsewhere) for key, full, elsewhere in found}


def with_full_members(found: Versions, *, at: date) -> Versions:
    """Fetch with each page of versions who of the full members works there; for `member_count`."""
    return found.prefetch_related(full_members_beside(at))


def full_members_beside(at: date) -> "Prefetch[str, QuerySet[Employment], str]":
    """The same beside versions that are at hand."""
    here = Case(When(held_elsewhere(at), then=True), default=False, output_field=BooleanField())
    bare = full_members(at).only("person_id", "organisation_id")
    employments = bare.annotate(is_elsewhere=here)
    return Prefetch("organisation__employments", queryset=employments, to_attr="full_employments")


def member_count(version: OrganisationVersion) -> MemberCount:
    """Counts of a version fetched by `with_full_members`."""
    rows = version.organisation.full_employments  # type: ignore[attr-defined]
    away = {row.person_id for row in rows if row.is_elsewhere}
    return MemberCount(full=len({row.person_id for row in rows}), elsewhere=len(away))
