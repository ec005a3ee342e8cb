"""The map board: streets shaded by their gap, and the places of organisations."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F
from django.db.models.functions import Coalesce

from liangxin.coverage.queries import (
    CoverageTable,
    Versions,
    cache_key,
    coverage_table,
    covered_state,
    is_of_standing,
)
from liangxin.coverage.terms import Base, Coverage, Grouping, Standing
from liangxin.kernel.keeping import kept
from liangxin.kernel.viewer import Viewer
from liangxin.registry.queries.sites import visible_streets

# Short: the places of a large city are megabytes for every day and base looked at.
KEPT_S = 600
DEGREES_TO_UNITS = 100_000  # 1e-5 degrees, about a metre
SHADES = 5
MAX_NAMED = 30
STATES = {
    Coverage.NONE: "0",
    Coverage.WORK: "1",
    Coverage.JOINT: "2",
    Coverage.SINGLE: "3",
}


@dataclass(frozen=True)
class Shade:
    """One class of the legend: gap shares from `low` up to `high`, and its number from 0, palest."""

    number: int
    low: float
    high: float


def gap_shades(table: CoverageTable) -> tuple[Shade, ...]:
    """Equal steps between the smallest and the largest gap share of the streets, in whole percent."""
    shares = [row.gap_share.value for row in table.rows if row.key]
    known = [share for share in shares if share is not None]
    if not known:
        return ()
    low, high = int(min(known) * 100), int(max(known) * 100) + 1
    step = max(1, -(-(high - low) // SHADES))
    return tuple(
        Shade(number, (low + number * step) / 100, (low + (number + 1) * step) / 100)
        for number in range(SHADES)
        if low + number * step < high
    )


def street_shapes(viewer: Viewer, *, at: date, base: Base) -> dict[str, object]:
    """The viewer's streets with a boundary as GeoJSON, each with its figures and the number of its shade."""
    table = coverage_table(viewer, at=at, base=base, by=Grouping.STREET)
    shades = gap_shades(table)
    rows = {row.key: row for row in table.rows}
    features = []
    for area in visible_streets(viewer, at=at).filter(boundary__isnull=False):
        row = rows.get(str(area.pk))
        share = row.gap_share.value if row else None
        facts = {
            "name": area.name,
            "gap": row.gap if row else 0,
            "share": share,
            "shade": _shade_number(share, shades),
        }
        features.append(
            {"type": "Feature", "id": area.pk, "geometry": area.boundary, "properties": facts}
        )
    return {"type": "FeatureCollection", "features": features}


def organisation_points(viewer: Viewer, *, at: date, base: Base) -> bytes:
    """Places of the organisations in the base as columnar JSON, kept until the ledger changes.

    `ids`, `lon` and `lat` are integers (1e-5 degrees), `states` one digit each: 0 nothing, 1 work,
    2 joint, 3 single. Where an organisation has no place of its own its site's stands in.
    """
    key = cache_key("points", viewer, at=at, parts=(base.code,), by_standing=is_of_standing(base))
    return kept(key, lambda: _columns(_placed(viewer, at=at, base=base)), seconds=KEPT_S)


def named_organisations(viewer: Viewer, ids: Sequence[int], *, at: date, base: Base) -> Versions:
    """Those of the first `MAX_NAMED` ids that the viewer's coverage scope holds, by name."""
    found = covered_state(viewer, at=at, base=base).filter(organisation_id__in=ids[:MAX_NAMED])
    return found.select_related("street", "site").order_by("name", "organisation_id")


def _placed(viewer: Viewer, *, at: date, base: Base) -> Versions:
    found: Versions = (
        covered_state(viewer, at=at, base=base)
        .filter(standing=Standing.IN_BASE)
        .annotate(x=Coalesce(F("lon"), F("site__lon")), y=Coalesce(F("lat"), F("site__lat")))
    )
    return found.filter(x__isnull=False, y__isnull=False)


def _columns(found: Versions) -> bytes:
    rows: list[tuple[Any, ...]] = list(
        found.order_by("organisation_id").values_list("organisation_id", "x", "y", "coverage")
    )
    columns = {
        "ids": [row[0] for row in rows],
        "lon": [round(row[1] * DEGREES_TO_UNITS) for row in rows],
        "lat": [round(row[2] * DEGREES_TO_UNITS) for row in rows],
        "states": "".join(STATES[row[3]] for row in rows),
    }
    return json.dumps(columns, separators=(",", ":")).encode()


def _shade_number(share: float | None, shades: Sequence[Shade]) -> int | None:
    if share is None:
        return None
    return next((shade.number for shade in shades if share < shade.high), len(shades) - 1)
