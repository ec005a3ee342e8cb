"""Who and what is left behind when a firm closes or moves, or a Party organisation is dissolved.

Nothing of it is stored: each query finds what the ledger still holds and somebody has to settle, within
what the viewer keeps. Every row carries `since`, the day from which it waits.
"""

from datetime import date
from typing import Any, cast

from django.db.models import Count, Exists, F, IntegerField, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest

from liangxin.kernel.viewer import ScopeKind, Viewer
from liangxin.registry.models import (
    Employment,
    OrganisationVersion,
    PartyCoverage,
    PartyMembership,
    PartyOrganisation,
    PartyOrganisationVersion,
    PartyRelation,
    Posting,
)
from liangxin.registry.queries.keeping import kept_members, kept_party_organisations, kept_units
from liangxin.registry.queries.organisations import EDITING_ROLES
from liangxin.registry.queries.periods import true_at
from liangxin.registry.queries.rules import rule_at
from liangxin.registry.terms import MemberStage, OrganisationStatus, PartyKind

# A joint branch of one unit is a branch of that unit's own.
MIN_JOINT_UNITS = 2


def members_of_closed(viewer: Viewer, *, at: date) -> QuerySet[PartyMembership]:
    """Members who by the ledger still work in an organisation that is closed.

    Each carries unit_id and unit_name, and held_in_name of the Party organisation that holds the relation.
    """
    closed = _closed(at).filter(organisation__employments__person_id=OuterRef("person_id"))
    closed = closed.filter(true_at(at, prefix="organisation__employments__"))
    held = PartyOrganisationVersion.objects.filter(
        true_at(at, prefix="party_organisation__relations__"),
        party_organisation__relations__person_id=OuterRef("person_id"),
    ).order_by("-valid_from")
    # From the few that are employed there: for each member of a district it would be asked in vain.
    work = Employment.objects.filter(
        true_at(at), organisation_id__in=_closed(at).values("organisation_id")
    )
    # Only of those few it is asked whether the viewer keeps them.
    left = set(work.order_by().values_list("person_id", flat=True))
    found = kept_members(viewer, at=at).filter(person_id__in=left)
    return found.annotate(
        unit_id=_first(closed, "organisation_id"),
        unit_name=_first(closed, "name"),
        since=_first(closed, "valid_from"),
        held_in_name=_first(held, "name"),
    )


def relations_of_dissolved(viewer: Viewer, *, at: date) -> QuerySet[PartyRelation]:
    """Relations held in a Party organisation that is dissolved; each carries party_name."""
    lasts = PartyMembership.objects.filter(true_at(at), person_id=OuterRef("person_id"))
    gone = PartyOrganisation.objects.filter(dissolved_date__lte=at).order_by()
    found = PartyRelation.objects.filter(
        true_at(at), Exists(lasts), party_organisation_id__in=gone.values("pk")
    )
    if not viewer.sees_district():
        theirs = PartyOrganisationVersion.objects.filter(street_id__in=_streets(viewer))
        # Only of those few it is asked whether the viewer keeps them.
        left = list(found.order_by().values_list("person_id", flat=True))
        own = kept_members(viewer, at=at).filter(person_id__in=left).order_by().values("person_id")
        found = found.filter(
            Q(party_organisation_id__in=theirs.order_by().values("party_organisation_id"))
            | Q(person_id__in=own)
        )
    return (
        found.select_related("person")
        .annotate(
            party_name=_first(_names_of("party_organisation_id"), "name"),
            since=F("party_organisation__dissolved_date"),
        )
        .order_by("person__name", "person_id")
    )


def branches_without_units(viewer: Viewer, *, at: date) -> QuerySet[PartyOrganisationVersion]:
    """Standing Party organisations every unit of which is closed."""
    found = _standing(viewer, at=at).filter(Exists(_covered(at, is_closed=True)))
    return found.exclude(Exists(_covered(at, is_closed=False))).annotate(
        since=_closed_since("party_organisation_id", at=at)
    )


def branches_short(viewer: Viewer, *, at: date) -> QuerySet[PartyOrganisationVersion]:
    """Branches with too few full members by the rule, and joint branches of one unit.

    Each carries `full` and `units`. A branch whose relations were never recorded says nothing of its size.
    """
    least = cast(int, rule_at("branch.min_full_members", at=at).value)
    relations = PartyRelation.objects.filter(
        party_organisation_id=OuterRef("party_organisation_id")
    )
    held = relations.filter(
        true_at(at),
        true_at(at, prefix="person__memberships__"),
        person__memberships__stage=MemberStage.FULL,
    )
    found = (
        _standing(viewer, at=at)
        .filter(kind__in=(PartyKind.BRANCH, PartyKind.JOINT_BRANCH))
        .filter(Exists(_covered(at, is_closed=False)), Exists(relations))
        .annotate(full=_number(held, "person_id"), units=_number(_covered(at), "organisation_id"))
    )
    is_lonely = Q(kind=PartyKind.JOINT_BRANCH, units__lt=MIN_JOINT_UNITS)
    return found.filter(Q(full__lt=least) | is_lonely).annotate(
        since=Coalesce(
            Subquery(
                relations.order_by()
                .values("party_organisation_id")
                .annotate(last=Max("valid_to"))
                .values("last")[:1]
            ),
            F("valid_from"),
        )
    )


def without_parent(viewer: Viewer, *, at: date) -> QuerySet[PartyOrganisationVersion]:
    """Party organisations under one that is dissolved; each carries parent_name."""
    return (
        _standing(viewer, at=at)
        .filter(parent__dissolved_date__lte=at)
        .annotate(
            parent_name=_first(_names_of("parent_id"), "name"), since=F("parent__dissolved_date")
        )
    )


def coverages_of_closed(viewer: Viewer, *, at: date) -> QuerySet[PartyCoverage]:
    """Closed units that a Party organisation with other units still covers; each carries both names."""
    closed = _closed(at).filter(organisation_id=OuterRef("organisation_id"))
    others = PartyCoverage.objects.filter(
        true_at(at),
        ~Exists(_closed(at).filter(organisation_id=OuterRef("organisation_id"))),
        party_organisation_id=OuterRef("party_organisation_id"),
    )
    found = _kept_coverages(viewer, at=at).filter(Exists(closed), Exists(others))
    return found.annotate(unit_name=_first(closed, "name"), since=_first(closed, "valid_from"))


def coverages_left_behind(viewer: Viewer, *, at: date) -> QuerySet[PartyCoverage]:
    """Units that moved to another street and are still covered where they were.

    Each carries both names, and street_name of where the unit is now.
    """
    now = _open_units(at).filter(organisation_id=OuterRef("organisation_id"))
    held_by = PartyOrganisationVersion.objects.filter(
        true_at(at), party_organisation_id=OuterRef("party_organisation_id"), street__isnull=False
    )
    found = _kept_coverages(viewer, at=at).annotate(
        now_street=_first(now, "street_id"), own_street=_first(held_by, "street_id")
    )
    was_there = OrganisationVersion.objects.filter(
        organisation_id=OuterRef("organisation_id"),
        street_id=OuterRef("own_street"),
        valid_to__gt=OuterRef("valid_from"),
        valid_to__lte=at,
    ).order_by("-valid_to")
    found = found.filter(now_street__isnull=False).exclude(now_street=F("own_street"))
    return found.filter(Exists(was_there)).annotate(
        unit_name=_first(now, "name"),
        street_name=_first(now, "street__name"),
        since=_first(was_there, "valid_to"),
    )


def postings_to_closed(viewer: Viewer, *, at: date) -> QuerySet[Posting]:
    """Instructors and liaisons posted to a closed organisation; each carries unit_name."""
    closed = kept_units(viewer, at=at).filter(status=OrganisationStatus.CLOSED)
    here = closed.order_by().filter(organisation_id=OuterRef("organisation_id"))
    return (
        Posting.objects.filter(true_at(at), Exists(here))
        .select_related("person")
        .annotate(
            unit_name=_first(here, "name"),
            since=Greatest(_first(here, "valid_from"), F("valid_from")),
        )
        .order_by("unit_name", "pk")
    )


def closed_units(at: date) -> QuerySet[OrganisationVersion]:
    """Versions that hold on `at` of closed organisations, whoever asks: for conditions, not for pages."""
    return _closed(at)


def _closed(at: date) -> QuerySet[OrganisationVersion]:
    found = OrganisationVersion.objects.filter(true_at(at), status=OrganisationStatus.CLOSED)
    return found.order_by()


def _open_units(at: date) -> QuerySet[OrganisationVersion]:
    found = OrganisationVersion.objects.filter(true_at(at))
    return found.exclude(status=OrganisationStatus.CLOSED).order_by()


def _standing(viewer: Viewer, *, at: date) -> QuerySet[PartyOrganisationVersion]:
    return kept_party_organisations(viewer).filter(
        party_organisation__founded_date__lte=at, party_organisation__dissolved_date__isnull=True
    )


def _covered(at: date, *, is_closed: bool = False) -> QuerySet[PartyCoverage]:
    """Coverages of the outer Party organisation whose unit is closed, or is not."""
    unit = _closed(at).filter(organisation_id=OuterRef("organisation_id"))
    return PartyCoverage.objects.filter(
        Exists(unit) if is_closed else ~Exists(unit),
        true_at(at),
        party_organisation_id=OuterRef("party_organisation_id"),
    )


def _kept_coverages(viewer: Viewer, *, at: date) -> QuerySet[PartyCoverage]:
    own = _standing(viewer, at=at).order_by().values("party_organisation_id")
    return (
        PartyCoverage.objects.filter(true_at(at), party_organisation_id__in=own)
        .annotate(party_name=_first(_names_of("party_organisation_id"), "name"))
        .order_by("party_name", "pk")
    )


def _closed_since(key: str, *, at: date) -> Subquery:
    """The day on which the last unit of the outer Party organisation closed."""
    unit = _closed(at).filter(
        true_at(at, prefix="organisation__party_coverages__"),
        organisation__party_coverages__party_organisation_id=OuterRef(key),
    )
    return Subquery(unit.order_by("-valid_from").values("valid_from")[:1])


def _names_of(key: str) -> QuerySet[PartyOrganisationVersion]:
    # The last name: of a dissolved one no version holds any longer.
    return PartyOrganisationVersion.objects.filter(party_organisation_id=OuterRef(key)).order_by(
        "-valid_from"
    )


def _first(found: QuerySet[Any], name: str) -> Subquery:
    return Subquery(found.values(name)[:1])


def _number(facts: QuerySet[Any], what: str) -> Coalesce:
    counted = (
        facts.order_by().values("party_organisation_id").annotate(number=Count(what, distinct=True))
    )
    return Coalesce(Subquery(counted.values("number")[:1], output_field=IntegerField()), 0)


def _streets(viewer: Viewer) -> list[int]:
    scopes = viewer.scopes(*EDITING_ROLES)
    return sorted(int(scope.key) for scope in scopes if scope.kind is ScopeKind.STREET)


def left_behind_by(
    viewer: Viewer, *, organisation_id: int, at: date
) -> tuple[tuple[str, str, int], ...]:
    """What one closed organisation left behind, as (code of the kind, words, number)."""
    is_closed = _closed(at).filter(organisation_id=organisation_id).exists()
    if not is_closed:
        return ()
    work = members_of_closed(viewer, at=at).filter(Q(unit_id=organisation_id))
    covered = coverages_of_closed(viewer, at=at).filter(organisation_id=organisation_id)
    sent = postings_to_closed(viewer, at=at).filter(organisation_id=organisation_id)
    return (
        ("members", "还没有登记去向的党员", work.order_by().count()),
        ("coverages", "还列在名下的党组织", covered.order_by().count()),
        ("postings", "还在联系的指导员、联络员", sent.order_by().count()),
    )
