"""The district's own boundaries, from a GeoJSON file of its streets."""

from typing import Any

from django.db import transaction

from liangxin.kernel.audit import record
from liangxin.kernel.permissions import Permission, require
from liangxin.kernel.viewer import Viewer
from liangxin.registry.models import Area
from liangxin.registry.terms import AreaKind

GEOMETRIES = ("Polygon", "MultiPolygon")


class BadBoundaryFile(ValueError):
    """The file is not a collection of named areas; the text says which feature is wrong."""


def import_areas(collection: dict[str, Any], *, by: Viewer) -> list[Area]:
    """Create or update areas by code; features carry properties code, name, kind, [parent], [synthetic]."""
    require(by, Permission.EDIT_RULES)
    features = [_checked(number, item) for number, item in enumerate(_features(collection), 1)]
    # The district first: its streets refer to it.
    features.sort(key=lambda item: item["properties"]["kind"] != AreaKind.DISTRICT)
    with transaction.atomic():
        areas = [_saved(item) for item in features]
        record("import_areas", by=by, summary=f"导入区域边界 {len(areas)} 个")
    return areas


def _features(collection: dict[str, Any]) -> list[dict[str, Any]]:
    if collection.get("type") != "FeatureCollection" or not collection.get("features"):
        raise BadBoundaryFile("应是 GeoJSON 的 FeatureCollection，并至少含一个区域。")
    features: list[dict[str, Any]] = collection["features"]
    return features


def _checked(number: int, feature: dict[str, Any]) -> dict[str, Any]:
    properties = (feature.get("properties") or {}) if isinstance(feature, dict) else {}
    missing = [name for name in ("code", "name", "kind") if not properties.get(name)]
    if missing:
        raise BadBoundaryFile(f"第 {number} 个区域缺少属性：{'、'.join(missing)}。")
    if properties["kind"] not in AreaKind.values:
        raise BadBoundaryFile(f"第 {number} 个区域的 kind 只能是 {'、'.join(AreaKind.values)}。")
    if (feature.get("geometry") or {}).get("type") not in GEOMETRIES:
        raise BadBoundaryFile(f"第 {number} 个区域的图形应是 Polygon 或 MultiPolygon。")
    if not _lies_in_china(feature["geometry"].get("coordinates")):
        raise BadBoundaryFile(f"第 {number} 个区域的坐标应是 WGS-84 经纬度，先经度后纬度。")
    return feature


def _lies_in_china(positions: Any) -> bool:
    """Whether nested positions are degrees: metres of a projected file would draw nothing, silently."""
    if not isinstance(positions, list) or not positions:
        return False
    if isinstance(positions[0], int | float):
        lon, lat = [*positions, 0][:2]
        return isinstance(lat, int | float) and 73 <= lon <= 136 and 3 <= lat <= 54
    return all(_lies_in_china(inner) for inner in positions)


def _saved(feature: dict[str, Any]) -> Area:
    properties = feature["properties"]
    district = Area.objects.filter(kind=AreaKind.DISTRICT).first()
    area, _ = Area.objects.update_or_create(
        code=str(properties["code"]),
        defaults={
            "name": properties["name"],
            "kind": properties["kind"],
            "parent": district if properties["kind"] == AreaKind.STREET else None,
            "boundary": feature["geometry"],
            "is_synthetic": bool(properties.get("synthetic", False)),
        },
    )
    return area
