"""Who can keep in touch with organisations that have no members: branches, instructors, liaisons."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from statistics import fmean

from django.db.models import Q

from liangxin.coverage.queries.candidates import in_streets
from liangxin.coverage.queries.planning_scope import PLANNING_ROLES, own_streets
from liangxin.coverage.queries.state import founded_coverages
from liangxin.coverage.terms import AttachmentKind, PlanParameters
from liangxin.kernel.permissions import Permission, require
from liangxin.kernel.viewer import Viewer
from liangxin.registry.models import OrganisationVersion, Posting
from liangxin.registry.queries import in_scope, party_organisation_versions, true_at
from liangxin.registry.queries.guides import guides
from liangxin.registry.queries.sites import streets
from liangxin.registry.terms import GuideRole, PartyKind

# A general branch or a committee leads branches; a temporary one goes with its task.
BRANCH_KINDS = (PartyKind.BRANCH, PartyKind.JOINT_BRANCH)
GUIDE_KINDS = {
    GuideRole.INSTRUCTOR: AttachmentKind.INSTRUCTOR,
    GuideRole.LIAISON: AttachmentKind.LIAISON,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Taker:
    """Somebody with free places; `key` is a Party organisation's or a person's, by `kind`.

    The position is the middle of what the taker serves in the scope; None where nothing of it has one.
    """

    kind: AttachmentKind
    key: int
    name: str
    street_id: int | None
    lon: float | None
    lat: float | None
    places: int
    load: int = 0  # organisations that a guide serves already


@dataclass(frozen=True, slots=True)
class _Place:
    street_id: int | None
    lon: float | None
    lat: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """A possible taker with what it serves in the scope."""

    kind: AttachmentKind
    key: int
    name: str
    street_id: int | None  # where it belongs whatever it serves
    served: list[_Place]
    load: int = 0
    capacity: int | None = None  # None: as many as usual


def takers(
    viewer: Viewer, *, at: date, street_ids: Collection[int] = (), parameters: PlanParameters
) -> tuple[Taker, ...]:
    """Branches that stand and guides with free places, as far as they serve the viewer's scope.

    Where streets are named, those who serve there or belong there. Raises NotAllowed.
    """
    require(viewer, Permission.PLAN_BRANCHES)
    places = _served_places(viewer, at=at, street_ids=street_ids)
    branches = _branches(viewer, places, at=at, street_ids=street_ids)
    people = _guides(viewer, places, at=at, home=_home_streets(viewer, street_ids))
    found = [_taker(one, usual=parameters.branch_places) for one in branches]
    found += [_taker(one, usual=parameters.instructor_places) for one in people]
    return tuple(one for one in found if one.places > 0)


def _branches(
    viewer: Viewer, places: dict[int, _Place], *, at: date, street_ids: Collection[int]
) -> Iterator[_Found]:
    pairs = founded_coverages(at).values_list("party_organisation_id", "organisation_id")
    covered = _served(pairs, places)
    stands = Q(party_organisation__dissolved_date__isnull=True) | Q(
        party_organisation__dissolved_date__gt=at
    )
    rows = (
        party_organisation_versions(viewer, at=at)
        .filter(stands, kind__in=BRANCH_KINDS, party_organisation__founded_date__lte=at)
        .order_by("party_organisation_id")
        .values_list("party_organisation_id", "name", "street_id")
    )
    for key, name, street in rows:
        if key in covered or not street_ids or street in street_ids:
            yield _Found(
                kind=AttachmentKind.BRANCH,
                key=key,
                name=name,
                street_id=street,
                served=covered.get(key, []),
            )


def _guides(
    viewer: Viewer, places: dict[int, _Place], *, at: date, home: dict[str, int]
) -> Iterator[_Found]:
    for role, kind in GUIDE_KINDS.items():
        posted = Posting.objects.filter(true_at(at), role=role).order_by()
        served = _served(posted.values_list("person_id", "organisation_id"), places)
        for service in guides(viewer, at=at).filter(role=role).order_by("person_id"):
            street = next((pk for name, pk in home.items() if name in service.home_unit), None)
            if service.person_id in served or street:
                yield _Found(
                    kind=kind,
                    key=service.person_id,
                    name=service.person.name,
                    street_id=street,
                    served=served.get(service.person_id, []),
                    load=service.load,  # type: ignore[attr-defined]
                    capacity=service.capacity,
                )


def _home_streets(viewer: Viewer, street_ids: Collection[int]) -> dict[str, int]:
    """Streets, by name, whose own guides may be used even while they serve nobody."""
    homes = streets()
    if street_ids:
        homes = homes.filter(pk__in=street_ids)
    if not viewer.sees_district():
        homes = homes.filter(pk__in=own_streets(viewer))
    return dict(homes.values_list("name", "pk"))


def _served_places(viewer: Viewer, *, at: date, street_ids: Collection[int]) -> dict[int, _Place]:
    """Where the organisations of the scope stand that a Party organisation or a guide serves."""
    posted = Posting.objects.filter(true_at(at)).order_by().values("organisation_id")
    covered = founded_coverages(at).values("organisation_id")
    found = OrganisationVersion.objects.filter(
        Q(organisation_id__in=posted) | Q(organisation_id__in=covered),
        true_at(at),
        in_scope(viewer, at=at, roles=PLANNING_ROLES),
    )
    rows = (
        in_streets(found, street_ids)
        .order_by("organisation_id")
        .values_list("organisation_id", "street_id", "lon", "lat", "site__lon", "site__lat")
    )
    return {
        key: _Place(street, site_lon if lon is None else lon, site_lat if lon is None else lat)
        for key, street, lon, lat, site_lon, site_lat in rows
    }


def _served(pairs: Iterable[tuple[int, int]], places: dict[int, _Place]) -> dict[int, list[_Place]]:
    served: defaultdict[int, list[_Place]] = defaultdict(list)
    # In the order of organisations, so that the middle is the same to the last digit every time.
    for key, organisation in sorted(set(pairs)):
        if organisation in places:
            served[key].append(places[organisation])
    return served


def _taker(found: _Found, *, usual: int) -> Taker:
    capacity = usual if found.capacity is None else found.capacity
    lons = [place.lon for place in found.served if place.lon is not None]
    lats = [place.lat for place in found.served if place.lat is not None]
    return Taker(
        kind=found.kind,
        key=found.key,
        name=found.name,
        street_id=_usual_street(found),
        lon=fmean(lons) if lons else None,
        lat=fmean(lats) if lats else None,
        places=capacity - found.load,
        load=found.load,
    )


def _usual_street(found: _Found) -> int | None:
    streets = Counter(place.street_id for place in found.served if place.street_id)
    if not streets:
        return found.street_id
    # Of streets with equally many the one with the smaller key: the same answer every time.
    return min(streets, key=lambda key: (-streets[key], key))
