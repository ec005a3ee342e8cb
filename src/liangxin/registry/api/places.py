"""Streets and sites, for programs."""

from typing import Any

from ninja import Query, Router, Schema

from liangxin.kernel.api import (
    REFUSED,
    ApiRequest,
    DatedWindow,
    Key,
    Part,
    day,
    operation,
    part_of,
)
from liangxin.kernel.permissions import Permission
from liangxin.registry.queries.sites import described_sites, visible_streets
from liangxin.registry.terms import SiteKind

router = Router(tags=["街道和楼宇"])


class StreetOut(Schema):
    id: int
    code: str
    name: str


class SiteOut(Schema):
    """A building, park or market, with the organisations operating there that the viewer may see."""

    id: int
    name: str
    kind: SiteKind
    street_id: int
    street: str
    address: str
    lon: float | None
    lat: float | None
    tenants: int | None
    staff: int | None


class SiteFilter(DatedWindow):
    street_id: Key | None = None


@router.get("/streets", response={200: Part[StreetOut], **REFUSED})
@operation(Permission.SEE_LEDGER)
def list_streets(request: ApiRequest, asked: Query[DatedWindow]) -> Any:
    """范围内的街道，按代码排列。"""
    found = visible_streets(request.viewer, at=day(asked.at))
    return part_of(
        found,
        window=asked,
        at=day(asked.at),
        shown=lambda row: {"id": row.pk, "code": row.code, "name": row.name},
    )


@router.get("/sites", response={200: Part[SiteOut], **REFUSED})
@operation(Permission.SEE_LEDGER)
def list_sites(request: ApiRequest, asked: Query[SiteFilter]) -> Any:
    """楼宇、园区、市场，按街道和名称排列。"""
    at = day(asked.at)
    found = described_sites(request.viewer, at=at)
    if asked.street_id is not None:
        found = found.filter(street_id=asked.street_id)
    return part_of(found, window=asked, at=at, shown=_site)


def _site(row: Any) -> dict[str, Any]:
    return {
        "id": row.pk,
        "name": row.name,
        "kind": row.kind,
        "street_id": row.street_id,
        "street": row.street.name,
        "address": row.address,
        "lon": row.lon,
        "lat": row.lat,
        "tenants": row.tenants or 0,
        "staff": row.staff or 0,
    }
