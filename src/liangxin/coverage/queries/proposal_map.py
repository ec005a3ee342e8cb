"""A proposal on the map, small enough to be sent whole."""

from collections import defaultdict
from typing import Any

from liangxin.coverage.models import BranchProposal, ProposedUnit
from liangxin.coverage.queries.open_branches import meeting_units
from liangxin.coverage.queries.proposal_summary import joins_branch
from liangxin.coverage.queries.proposals import groups, left_out
from liangxin.coverage.terms import GroupMode, LeftOutCode, ProposalKind
from liangxin.kernel.viewer import Viewer

DIGITS = 5  # of a degree: about a metre

Feature = dict[str, Any]
Point = list[float]


def proposal_map(viewer: Viewer, proposal: BranchProposal) -> dict[str, Any]:
    """What the viewer may see of a proposal as GeoJSON collections in WGS-84.

    `hosts`: a point for each group with its name, number, units, members, mode and the keys of its
    streets; `units`: for each group one MultiPoint of the units but the host (the star's lines run from
    the host to them); `left_out`: a point for each with its name, street and the code of the reason. On
    the map of a draft hosts and those left out have their `key`, units their `keys` and `names`.
    `reasons` says the codes in words, `modes` the modes. Of a group that joins a branch that stands the
    host is where that branch meets, named by the branch; `units` and `members` count those that join. A
    branch without a place has no host to draw. Four queries, and four more where a group joins a branch.
    """
    hosts, points = [], []
    branches = _branch_places(viewer, proposal)
    is_draft = proposal.kind == ProposalKind.DRAFT
    for number, units in _units_by_group(viewer, proposal).items():
        host, others = units[0], units[1:] if units[0].is_host else units
        if others:
            coordinates = [_point(unit.lon, unit.lat) for unit in others]
            told = _told(others) if is_draft else {}
            points.append(_feature("MultiPoint", coordinates, group=number, **told))
        if host.is_host:
            told = {"key": host.organisation_id} if is_draft else {}
            place = _point(host.lon, host.lat)
            hosts.append(_host(place, units, number=number, name=host.name, **told))
        elif number in branches:
            name, place = branches[number]
            hosts.append(_host(place, units, number=number, name=name, standing=True))
    return {
        "hosts": _collection(hosts),
        "units": _collection(points),
        "left_out": _collection(_left_out(viewer, proposal)),
        "modes": {mode.value: str(mode.label) for mode in GroupMode},
        "reasons": {code.value: str(code.label) for code in LeftOutCode},
    }


def _units_by_group(viewer: Viewer, proposal: BranchProposal) -> dict[int, list[ProposedUnit]]:
    numbers = dict(groups(viewer, proposal).values_list("pk", "number"))
    rows = (
        ProposedUnit.objects.filter(proposal=proposal)
        .only(
            "group_id",
            "organisation_id",
            "is_host",
            "mode",
            "name",
            "lon",
            "lat",
            "members",
            "street_id",
        )
        .order_by("group_id", "-is_host", "organisation_id")
    )
    found: defaultdict[int, list[ProposedUnit]] = defaultdict(list)
    for row in rows:
        if row.group_id in numbers:
            found[numbers[row.group_id]].append(row)
    return found


def _told(units: list[ProposedUnit]) -> dict[str, object]:
    """Who stands at which point: on the map of a draft each unit can be sent elsewhere."""
    return {
        "keys": [unit.organisation_id for unit in units],
        "names": [unit.name for unit in units],
    }


def _branch_places(viewer: Viewer, proposal: BranchProposal) -> dict[int, tuple[str, Point]]:
    """Name and place of the branch that stands, by number of the group that joins it."""
    joining: Any = list(groups(viewer, proposal).filter(joins_branch()))  # with `host_name`
    if not joining:
        return {}
    meeting = meeting_units([group.into_branch_id for group in joining], at=proposal.at)
    return {
        group.number: (group.host_name, _point(place.lon, place.lat))
        for group in joining
        if (place := meeting.get(group.into_branch_id))
        and place.lon is not None
        and place.lat is not None
    }


def _host(
    place: Point, units: list[ProposedUnit], *, number: int, name: str, **told: object
) -> Feature:
    widest = max((GroupMode(unit.mode) for unit in units), key=list(GroupMode).index)
    return _feature(
        "Point",
        place,
        group=number,
        name=name,
        units=len(units),
        members=sum(unit.members for unit in units),
        mode=widest.value,
        streets=sorted({unit.street_id for unit in units if unit.street_id is not None}),
        **told,
    )


def _left_out(viewer: Viewer, proposal: BranchProposal) -> list[Feature]:
    rows = left_out(viewer, proposal).values_list(
        "lon", "lat", "name", "code", "street_id", "organisation_id"
    )
    is_draft = proposal.kind == ProposalKind.DRAFT
    return [
        _feature(
            "Point",
            _point(lon, lat),
            name=name,
            code=code,
            street=street,
            **({"key": key} if is_draft else {}),
        )
        for lon, lat, name, code, street, key in rows
        if lon is not None and lat is not None
    ]


def _feature(kind: str, coordinates: object, **properties: object) -> Feature:
    geometry = {"type": kind, "coordinates": coordinates}
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def _collection(features: list[Feature]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": features}


def _point(lon: float, lat: float) -> Point:
    return [round(lon, DIGITS), round(lat, DIGITS)]
