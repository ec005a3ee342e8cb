"""Joint branches that stand: their units, their members, and which units came out of reach."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from liangxin.coverage.models import EstablishmentUnit
from liangxin.coverage.queries.candidates import division
from liangxin.coverage.queries.members import full_members
from liangxin.coverage.queries.plan_rules import plan_parameters
from liangxin.coverage.queries.reach import Place, is_within_reach
from liangxin.coverage.terms import EstablishmentState
from liangxin.kernel.permissions import Permission, may
from liangxin.kernel.viewer import Viewer
from liangxin.registry.models import (
    OrganisationVersion,
    PartyCoverage,
    PartyOrganisationVersion,
    PartyRelation,
)
from liangxin.registry.queries import true_at
from liangxin.registry.queries.keeping import kept_party_organisations
from liangxin.registry.queries.leavers import closed_units
from liangxin.registry.terms import MemberStage, PartyKind

Branches = QuerySet[Any]


def joint_branches(viewer: Viewer, *, at: date) -> Branches:
    """Joint branches that stand and that the viewer keeps; each with `units` and `members`.

    `units` counts those not closed. `members` counts full members whose relation is held in the branch;
    where no relation was ever recorded in it, full members who work in its units.
    """
    found: Branches = kept_party_organisations(viewer).filter(
        kind=PartyKind.JOINT_BRANCH,
        party_organisation__founded_date__lte=at,
        party_organisation__dissolved_date__isnull=True,
    )
    if not may(viewer, Permission.PLAN_BRANCHES):
        return found.none()
    relations = PartyRelation.objects.filter(
        party_organisation_id=OuterRef("party_organisation_id")
    ).order_by()
    held = relations.filter(
        true_at(at),
        true_at(at, prefix="person__memberships__"),
        person__memberships__stage=MemberStage.FULL,
    )
    counted = found.annotate(
        units=_number(_lasting_units(at), what="organisation_id"),
        held=_number(held, what="person_id"),
        working=_number(_working(at), what="person_id"),
        has_relations=Exists(relations),
    )
    rows: Branches = counted.annotate(
        members=Case(
            When(has_relations=True, then=F("held")),
            default=F("working"),
            output_field=IntegerField(),
        )
    )
    return rows


def joint_coverages(viewer: Viewer, *, at: date) -> QuerySet[Any]:
    """Coverages on `at` by the viewer's joint branches; each with `party_name` and `unit_name`."""
    keys = joint_keys(viewer, at=at)
    unit = OrganisationVersion.objects.filter(
        true_at(at), organisation_id=OuterRef("organisation_id")
    ).order_by()
    party = PartyOrganisationVersion.objects.filter(
        true_at(at), party_organisation_id=OuterRef("party_organisation_id")
    ).order_by()
    return (
        PartyCoverage.objects.filter(true_at(at), party_organisation_id__in=keys)
        .annotate(
            unit_name=Subquery(unit.values("name")[:1]),
            party_name=Subquery(party.values("name")[:1]),
        )
        .order_by("party_name", "unit_name", "pk")
    )


def joint_keys(viewer: Viewer, *, at: date) -> QuerySet[Any, int]:
    """Keys of the viewer's joint branches."""
    found = kept_party_organisations(viewer).filter(
        kind=PartyKind.JOINT_BRANCH,
        party_organisation__founded_date__lte=at,
        party_organisation__dissolved_date__isnull=True,
    )
    if not may(viewer, Permission.PLAN_BRANCHES):
        found = found.none()
    return found.order_by().values_list("party_organisation_id", flat=True)


def hosts_of(branches: Collection[int] | QuerySet[Any, int]) -> dict[int, int]:
    """The host of each branch that was founded here, by key of the branch."""
    found = EstablishmentUnit.objects.filter(
        is_host=True,
        establishment__state=EstablishmentState.FOUNDED,
        establishment__party_organisation_id__in=branches,
    ).order_by("establishment_id")
    rows = found.values_list("establishment__party_organisation_id", "organisation_id")
    return dict(rows)


def units_out_of_reach(viewer: Viewer, *, at: date) -> list[int]:
    """Keys of coverages whose unit, or host, moved since so that they are out of each other's reach."""
    # Of the few that were founded here alone is it known who hosts them.
    hosts = hosts_of(joint_keys(viewer, at=at))
    rows = list(
        PartyCoverage.objects.filter(true_at(at), party_organisation_id__in=set(hosts))
        .exclude(organisation_id__in=closed_units(at).values("organisation_id"))
        .order_by("pk")
    )
    versions = _versions({row.organisation_id for row in rows} | set(hosts.values()))
    parameters = plan_parameters(at)
    found = []
    for row in rows:
        host = hosts[row.party_organisation_id]
        if host == row.organisation_id:
            continue
        now = _places((row.organisation_id, host), versions, at=at)
        then = _places((row.organisation_id, host), versions, at=row.valid_from)
        # What stands where it stood was looked at when the branch was founded.
        if now is not None and now != then and not is_within_reach(*now, parameters=parameters):
            found.append(row.pk)
    return found


def place_of(version: OrganisationVersion) -> Place:
    """Where an organisation stands: itself, else its site."""
    source = version.site if version.lon is None else version
    return Place(
        lon=source.lon if source else None,
        lat=source.lat if source else None,
        site_id=version.site_id,
        street_id=version.street_id,
        industry=division(version.industry_code),
    )


def _versions(keys: Iterable[int]) -> dict[int, list[OrganisationVersion]]:
    versions: defaultdict[int, list[OrganisationVersion]] = defaultdict(list)
    found = OrganisationVersion.objects.filter(organisation_id__in=set(keys))
    for version in found.select_related("site").order_by("organisation_id", "valid_from"):
        versions[version.organisation_id].append(version)
    return versions


def _places(
    pair: tuple[int, int], versions: dict[int, list[OrganisationVersion]], *, at: date
) -> tuple[Place, Place] | None:
    found = [
        next(
            (
                place_of(one)
                for one in versions.get(key, ())
                if one.valid_from <= at and (one.valid_to is None or one.valid_to > at)
            ),
            None,
        )
        for key in pair
    ]
    first, second = found
    return (first, second) if first is not None and second is not None else None


def _lasting_units(at: date) -> QuerySet[Any]:
    closed = closed_units(at).filter(organisation_id=OuterRef("organisation_id"))
    return PartyCoverage.objects.filter(
        ~Exists(closed), true_at(at), party_organisation_id=OuterRef("party_organisation_id")
    )


def _working(at: date) -> QuerySet[Any]:
    covering = PartyCoverage.objects.filter(
        true_at(at), party_organisation_id=OuterRef(OuterRef("party_organisation_id"))
    ).order_by()
    closed = closed_units(at)
    return (
        full_members(at)
        .filter(organisation_id__in=covering.values("organisation_id"))
        .exclude(organisation_id__in=closed.values("organisation_id"))
    )


def _number(facts: QuerySet[Any], *, what: str) -> Coalesce:
    """How many different ones the outer branch has; `facts` are of that branch alone."""
    whole = facts.order_by().annotate(whole=Value(1)).values("whole")
    counted = whole.annotate(number=Count(what, distinct=True)).values("number")
    return Coalesce(Subquery(counted[:1], output_field=IntegerField()), 0)
