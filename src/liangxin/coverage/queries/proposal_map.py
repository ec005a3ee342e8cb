"""A proposal on the map, small enough to be sent whole."""

from collections import defaultdict
from typing import Any

from liangxin.coverage.models import BranchProposal, ProposedUnit
from liangxin.coverage.queries.proposals import groups, left_out
from liangxin.coverage.terms import GroupMode, LeftOutCode
from liangxin.kernel.viewer import Viewer

DIGITS = 5  # of a degree: about a metre

Feature = dict[str, Any]
Point = list[float]


def proposal_map(viewer: Viewer, proposal: BranchProposal) -> dict[str, Any]:
    """What the viewer may see of a proposal as GeoJSON collections in WGS-84.

    `hosts`: a point for each group with its name, number, units, members, mode and the keys of its
    streets; `units`: for each group one MultiPoint of the units but the host (the star's lines run from
    the host to them); `left_out`: a point for each with its name, street and the code of the reason.
    `reasons` says the codes in words, `modes` the modes. A group whose host is a branch that stands
    has no host to draw. Three queries.
    """
    hosts, points = [], []
    for number, units in _units_by_group(viewer, proposal).items():
        host, others = units[0], units[1:] if units[0].is_host else units
        if others:
            coordinates = [_point(unit.lon, unit.lat) for unit in others]
            points.append(_feature("MultiPoint", coordinates, group=number))
        if host.is_host:
            hosts.append(_host(host, units, number=number))
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
        .only("group_id", "is_host", "mode", "name", "lon", "lat", "members", "street_id")
        .order_by("group_id", "-is_host", "organisation_id")
    )
    found: defaultdict[int, list[ProposedUnit]] = defaultdict(list)
    for row in rows:
        if row.group_id in numbers:
            found[numbers[row.group_id]].append(row)
    return found


def _host(host: ProposedUnit, units: list[ProposedUnit], *, number: int) -> Feature:
    widest = max((GroupMode(unit.mode) for unit in units), key=list(GroupMode).index)
    return _feature(
        "Point",
        _point(host.lon, host.lat),
        group=number,
        name=host.name,
        units=len(units),
        members=sum(unit.members for unit in units),
        mode=widest.value,
        streets=sorted({unit.street_id for unit in units if unit.street_id is not None}),
    )


def _left_out(viewer: Viewer, proposal: BranchProposal) -> list[Feature]:
    rows = left_out(viewer, proposal).values_list("lon", "lat", "name", "code", "street_id")
    return [
        _feature("Point", _point(lon, lat), name=name, code=code, street=street)
        for lon, lat, name, code, street in rows
        if lon is not None and lat is not None
    ]


def _feature(kind: str, coordinates: object, **properties: object) -> Feature:
    geometry = {"type": kind, "coordinates": coordinates}
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def _collection(features: list[Feature]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": features}


def _point(lon: float, lat: float) -> Point:
    return [round(lon, DIGITS), round(lat, DIGITS)]
