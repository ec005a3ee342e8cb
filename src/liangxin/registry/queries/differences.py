"""What differs between two days: of organisations, Party organisations, members, postings and presences.

A window runs from the end of `since` to the end of `until`. What was true is asked here; what was only
told in the window is in `told`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from liangxin.kernel.viewer import Viewer
from liangxin.registry.models import (
    MassPresence,
    OrganisationVersion,
    PartyCoverage,
    PartyMembership,
    PartyOrganisationVersion,
    Posting,
)
from liangxin.registry.queries.people import members
from liangxin.registry.queries.periods import true_at
from liangxin.registry.queries.scope import in_scope, organisations_in_scope
from liangxin.registry.queries.versions import party_organisation_versions
from liangxin.registry.terms import MemberStage, OrganisationStatus

BEFORE = ("name", "status", "street__name", "site__name", "size_class", "employees")


@dataclass(frozen=True)
class Window:
    """From the end of `since` to the end of `until`."""

    since: date
    until: date


def _became(window: Window, *, prefix: str = "") -> Q:
    return Q(**{f"{prefix}valid_from__gt": window.since, f"{prefix}valid_from__lte": window.until})


def _ended(window: Window) -> Q:
    return Q(valid_to__gt=window.since, valid_to__lte=window.until)


def changed_organisations(viewer: Viewer, window: Window) -> QuerySet[Any]:
    """Organisations whose facts of `until` began in the window, each with `before_…` of `since`.

    `before_name` is None for those that the ledger did not have on `since`.
    """
    was = OrganisationVersion.objects.filter(
        true_at(window.since), organisation_id=OuterRef("organisation_id")
    ).order_by()
    told: Mapping[str, Any] = {
        f"before_{name.partition('__')[0]}": Subquery(was.values(name)[:1]) for name in BEFORE
    }
    return (
        organisations_in_scope(viewer, at=window.until)
        .filter(valid_from__gt=window.since)
        .annotate(**told)
        .select_related("organisation", "street", "site", "provenance")
        .order_by("name", "organisation_id")
    )


def new_organisations(viewer: Viewer, window: Window) -> QuerySet[Any]:
    """Organisations that the ledger has on `until` and had not on `since`."""
    return changed_organisations(viewer, window).filter(before_name__isnull=True)


def closed_organisations(viewer: Viewer, window: Window) -> QuerySet[Any]:
    """Organisations closed in the window."""
    closed = OrganisationStatus.CLOSED
    return (
        changed_organisations(viewer, window)
        .filter(status=closed, before_name__isnull=False)
        .exclude(before_status=closed)
    )


def restated_organisations(viewer: Viewer, window: Window) -> QuerySet[Any]:
    """Organisations whose status changed otherwise: resumed, dormant, shell."""
    return (
        changed_organisations(viewer, window)
        .filter(before_name__isnull=False)
        .exclude(status=OrganisationStatus.CLOSED)
        .exclude(status=F("before_status"))
    )


def moved_organisations(viewer: Viewer, window: Window) -> QuerySet[Any]:
    """Organisations in another street or site than before."""
    return (
        changed_organisations(viewer, window)
        .filter(before_name__isnull=False)
        .filter(_differs("street__name", "before_street") | _differs("site__name", "before_site"))
    )


def renamed_organisations(viewer: Viewer, window: Window) -> QuerySet[Any]:
    """Organisations under another name than before."""
    return (
        changed_organisations(viewer, window)
        .filter(before_name__isnull=False)
        .exclude(name=F("before_name"))
    )


def resized_organisations(viewer: Viewer, window: Window) -> QuerySet[Any]:
    """Organisations whose size class changed."""
    return (
        changed_organisations(viewer, window)
        .filter(before_name__isnull=False)
        .exclude(size_class=F("before_size_class"))
    )


def organisations_gone(viewer: Viewer, window: Window) -> QuerySet[Any]:
    """Organisations in the viewer's scope on `since` and no more on `until`, as they were on `since`."""
    still = OrganisationVersion.objects.filter(
        true_at(window.until), in_scope(viewer, at=window.until)
    ).order_by()
    return (
        organisations_in_scope(viewer, at=window.since)
        .filter(_ended(window))
        .exclude(organisation_id__in=still.values("organisation_id"))
        .select_related("organisation", "street", "site", "provenance")
        .order_by("name", "organisation_id")
    )


def _differs(field: str, before: str) -> Q:
    # NULL is not unequal to anything in SQL.
    both = Q(**{f"{field}__isnull": False, f"{before}__isnull": False})
    return (
        (both & ~Q(**{field: F(before)}))
        | Q(**{f"{field}__isnull": True, f"{before}__isnull": False})
        | Q(**{f"{field}__isnull": False, f"{before}__isnull": True})
    )


def founded_party_organisations(
    viewer: Viewer, window: Window
) -> QuerySet[PartyOrganisationVersion]:
    """Party organisations founded in the window."""
    return party_organisation_versions(viewer, at=window.until).filter(
        party_organisation__founded_date__gt=window.since,
        party_organisation__founded_date__lte=window.until,
    )


def dissolved_party_organisations(
    viewer: Viewer, window: Window
) -> QuerySet[PartyOrganisationVersion]:
    """Party organisations dissolved in the window, as they were on `since` or later."""
    gone = Q(
        party_organisation__dissolved_date__gt=window.since,
        party_organisation__dissolved_date__lte=window.until,
    )
    # From the few that were dissolved: what a viewer may see is worked out for them alone.
    few = PartyOrganisationVersion.objects.filter(gone).order_by()
    among = set(few.values_list("party_organisation_id", flat=True))
    then = party_organisation_versions(viewer, at=window.since, among=among).filter(gone)
    now = party_organisation_versions(viewer, at=window.until, among=among).filter(gone)
    # Founded and dissolved within the window: not there on `since`.
    late = now.exclude(party_organisation_id__in=then.order_by().values("party_organisation_id"))
    keys = Q(pk__in=then.order_by().values("pk")) | Q(pk__in=late.order_by().values("pk"))
    return (
        PartyOrganisationVersion.objects.filter(keys if among else Q(pk__in=()))
        .select_related("party_organisation", "street")
        .order_by("name", "party_organisation_id")
    )


def joined_members(viewer: Viewer, window: Window) -> QuerySet[PartyMembership]:
    """People in the viewer's lists of members on `until` who were not on `since`."""
    return members(viewer, at=window.until).exclude(
        person_id__in=members(viewer, at=window.since).order_by().values("person_id")
    )


def members_gone(viewer: Viewer, window: Window) -> QuerySet[PartyMembership]:
    """People in the viewer's lists of members on `since` who are not on `until`."""
    return members(viewer, at=window.since).exclude(
        person_id__in=members(viewer, at=window.until).order_by().values("person_id")
    )


def members_made_full(viewer: Viewer, window: Window) -> QuerySet[PartyMembership]:
    """Probationary members of `since` who are full on `until`."""
    probationary = members(viewer, at=window.since).filter(stage=MemberStage.PROBATIONARY)
    return members(viewer, at=window.until).filter(
        stage=MemberStage.FULL, person_id__in=probationary.order_by().values("person_id")
    )


@dataclass(frozen=True)
class MemberChanges:
    """How many people the three lists of changed members hold."""

    joined: int
    made_full: int
    gone: int


def member_changes(viewer: Viewer, window: Window) -> MemberChanges:
    """The lists of changed members counted, each day read once: as lists each would work out both days."""
    before, after = (_stages(viewer, at=day) for day in (window.since, window.until))
    were, are = ({person for person, _ in rows} for rows in (before, after))
    probationary = {person for person, stage in before if stage == MemberStage.PROBATIONARY}
    return MemberChanges(
        joined=sum(person not in were for person, _ in after),
        made_full=sum(
            stage == MemberStage.FULL and person in probationary for person, stage in after
        ),
        gone=sum(person not in are for person, _ in before),
    )


def _stages(viewer: Viewer, *, at: date) -> list[tuple[int, str]]:
    return list(members(viewer, at=at).order_by().values_list("person_id", "stage"))


def begun_postings(viewer: Viewer, window: Window) -> QuerySet[Any]:
    """Postings of instructors and liaisons that began in the window."""
    return _of_scope(Posting.objects.filter(_became(window)), viewer, at=window.until)


def ended_postings(viewer: Viewer, window: Window) -> QuerySet[Any]:
    """Postings that ended in the window."""
    return _of_scope(Posting.objects.filter(_ended(window)), viewer, at=window.until)


def begun_presences(viewer: Viewer, window: Window) -> QuerySet[Any]:
    """Unions and League organisations that began in the window."""
    return _of_scope(MassPresence.objects.filter(_became(window)), viewer, at=window.until)


def ended_presences(viewer: Viewer, window: Window) -> QuerySet[Any]:
    """Unions and League organisations that ended in the window."""
    return _of_scope(MassPresence.objects.filter(_ended(window)), viewer, at=window.until)


def told_organisations(viewer: Viewer, window: Window) -> QuerySet[Any]:
    """Facts of organisations that the ledger learnt in the window, whenever they were true."""
    return (
        OrganisationVersion.objects.filter(
            _told(window), in_scope(viewer, at=window.until), provenance__is_withdrawn=False
        )
        .select_related("organisation", "street", "site", "provenance")
        .order_by("name", "organisation_id", "valid_from")
    )


def told_coverages(viewer: Viewer, window: Window) -> QuerySet[Any]:
    """Coverages by Party organisations that the ledger learnt in the window."""
    told = PartyCoverage.objects.filter(_told(window), provenance__is_withdrawn=False)
    named = PartyOrganisationVersion.objects.filter(
        true_at(window.until), party_organisation_id=OuterRef("party_organisation_id")
    )
    seen = party_organisation_versions(viewer, at=window.until).order_by()
    found: QuerySet[Any] = (
        _of_scope(told, viewer, at=window.until)
        .filter(party_organisation_id__in=seen.values("party_organisation_id"))
        .annotate(party_name=Subquery(named.values("name")[:1]))
    )
    return found


def told_postings(viewer: Viewer, window: Window) -> QuerySet[Any]:
    """Postings that the ledger learnt in the window."""
    told = Posting.objects.filter(_told(window), provenance__is_withdrawn=False)
    return _of_scope(told, viewer, at=window.until)


def _told(window: Window) -> Q:
    return Q(recorded_at__gt=_end_of(window.since), recorded_at__lte=_end_of(window.until))


def _end_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.max))


def _of_scope(facts: QuerySet[Any], viewer: Viewer, *, at: date) -> QuerySet[Any]:
    """Facts about organisations of the viewer's scope, each with `organisation_name` and `street_name`."""
    named = OrganisationVersion.objects.filter(
        true_at(at), organisation_id=OuterRef("organisation_id")
    )
    seen = organisations_in_scope(viewer, at=at).filter(organisation_id=OuterRef("organisation_id"))
    found = facts.filter(Exists(seen)).annotate(
        organisation_name=Subquery(named.values("name")[:1]),
        street_name=Subquery(named.values("street__name")[:1]),
    )
    if facts.model is Posting:
        found = found.select_related("person", "provenance")
    else:
        found = found.select_related("provenance")
    ordered: QuerySet[Any] = found.order_by("organisation_name", "organisation_id", "id")
    return ordered
