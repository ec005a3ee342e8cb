"""Joint branches that stand and have room for more units, each with the place where it meets."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Count, Q, Sum

from liangxin.coverage.models import EstablishmentUnit
from liangxin.coverage.queries.branch_units import hosts_of, joint_branches
from liangxin.coverage.queries.candidates import PlannedOrganisation, planned_organisations
from liangxin.coverage.queries.rules import usual_base
from liangxin.coverage.queries.state import stated
from liangxin.coverage.terms import PlanParameters
from liangxin.kernel.viewer import Viewer
from liangxin.registry.models import OrganisationVersion, PartyCoverage
from liangxin.registry.queries import true_at
from liangxin.standards.coordinates import distance_m


@dataclass(frozen=True, kw_only=True)
class OpenBranch:
    """A joint branch with room: units may join it, its own stay as they are."""

    key: int
    name: str
    street_id: int | None
    host: PlannedOrganisation  # where it meets; always with a position
    free_units: int
    free_members: int


def open_branches(
    viewer: Viewer,
    *,
    at: date,
    parameters: PlanParameters,
    most_units: int,
    among: Collection[int] | None = None,
) -> tuple[OpenBranch, ...]:
    """The viewer's joint branches with fewer than `most_units` units, in order of key.

    `among` narrows them to some keys. A branch with too few members is none to join, and one of which no
    unit has a position cannot be weighed. Units on their way into a branch take up room as if they were in
    it. Six queries.
    """
    found = joint_branches(viewer, at=at).filter(
        members__gte=parameters.min_members,
        members__lt=parameters.max_members,
        units__lt=most_units,
    )
    if among is not None:
        found = found.filter(party_organisation_id__in=among)
    rows = list(found.order_by("party_organisation_id"))
    keys = {row.party_organisation_id for row in rows}
    hosts, coming = meeting_units(keys, at=at), _coming(keys)
    branches = []
    for row in rows:
        host = hosts.get(row.party_organisation_id)
        units, members = coming.get(row.party_organisation_id, (0, 0))
        free_units = most_units - row.units - units
        free_members = parameters.max_members - row.members - members
        if host is not None and free_units > 0 and free_members > 0:
            branch = OpenBranch(
                key=row.party_organisation_id,
                name=row.name,
                street_id=row.street_id,
                host=host,
                free_units=free_units,
                free_members=free_members,
            )
            branches.append(branch)
    return tuple(branches)


def meeting_units(branches: Collection[int], *, at: date) -> dict[int, PlannedOrganisation]:
    """The unit at which each branch meets: its host, else the one that its members reach most easily.

    Branches of which no unit has a position are left away. Four queries.
    """
    rows = PartyCoverage.objects.filter(true_at(at), party_organisation_id__in=branches).order_by()
    versions = OrganisationVersion.objects.filter(
        true_at(at), organisation_id__in=rows.values("organisation_id")
    )
    # Of these units alone: a map asks for a few branches, and would count the members of a whole district.
    among = Q(organisation_id__in=rows.values("organisation_id"))
    found = stated(versions, at=at, base=usual_base(at))
    facts = {
        one.organisation_id: one
        for one in planned_organisations(found, at=at, among=among)
        if one.has_position
    }
    units: defaultdict[int, list[PlannedOrganisation]] = defaultdict(list)
    pairs = rows.values_list("party_organisation_id", "organisation_id")
    for branch, organisation in sorted(pairs):
        if organisation in facts:
            units[branch].append(facts[organisation])
    hosts = hosts_of(branches)
    return {
        branch: next((one for one in own if one.organisation_id == hosts.get(branch)), _middle(own))
        for branch, own in units.items()
    }


def of_streets(
    branches: Iterable[OpenBranch], street_ids: Collection[int]
) -> tuple[OpenBranch, ...]:
    """The branches that meet in some streets; all of them where no street is named."""
    return tuple(one for one in branches if not street_ids or one.host.street_id in street_ids)


def holding_fewer(branches: Iterable[OpenBranch], units: int) -> tuple[OpenBranch, ...]:
    """The branches as if each might hold so many units less; those left without room fall away."""
    return tuple(
        replace(one, free_units=one.free_units - units)
        for one in branches
        if one.free_units > units
    )


def _middle(units: Sequence[PlannedOrganisation]) -> PlannedOrganisation:
    """The unit to which all members have the shortest way together."""
    return min(units, key=lambda one: (_way_mm(one, units), one.organisation_id))


def _way_mm(end: PlannedOrganisation, units: Sequence[PlannedOrganisation]) -> float:
    return sum(
        one.members * distance_m(one.lon, one.lat, end.lon, end.lat)
        for one in units
        if one.lon is not None
        and one.lat is not None
        and end.lon is not None
        and end.lat is not None
    )


def _coming(branches: Collection[int]) -> dict[int, tuple[int, int]]:
    """Units and full members in open establishments that join a branch, by key of the branch."""
    found = EstablishmentUnit.objects.filter(
        is_open=True,
        establishment__joins_branch=True,
        establishment__party_organisation_id__in=branches,
    ).order_by()
    rows = found.values("establishment__party_organisation_id").annotate(
        units=Count("pk"), people=Sum("members")
    )
    return {
        row["establishment__party_organisation_id"]: (row["units"], row["people"]) for row in rows
    }
