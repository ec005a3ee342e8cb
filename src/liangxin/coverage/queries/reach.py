"""Whether one organisation may join another's group, told from facts of the ledger alone."""

from dataclasses import dataclass

from liangxin.coverage.terms import PlanParameters
from liangxin.standards.coordinates import distance_m

# The planner measures on a plane: up to so much off, a unit at the very limit would flicker.
SLACK = 1.01


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where an organisation stands and what it belongs to; None: not known. `industry`: division."""

    lon: float | None
    lat: float | None
    site_id: int | None
    street_id: int | None
    industry: int | None


def is_within_reach(unit: Place, host: Place, *, parameters: PlanParameters) -> bool:
    """Whether they share a site, or a street or an industry within its distance."""
    if unit.site_id is not None and unit.site_id == host.site_id:
        return True
    way_m = _way_m(unit, host)
    if way_m is None:
        return False
    limits = []
    if unit.street_id is not None and unit.street_id == host.street_id:
        limits.append(parameters.street_radius_m)
    if unit.industry is not None and unit.industry == host.industry:
        limits.append(parameters.industry_radius_m)
    return bool(limits) and way_m <= max(limits) * SLACK


def _way_m(unit: Place, host: Place) -> float | None:
    if unit.lon is None or unit.lat is None or host.lon is None or host.lat is None:
        return None
    return distance_m(unit.lon, unit.lat, host.lon, host.lat)
