"""Streets and sites that are renamed, taken into another, or belong elsewhere; by the district only."""

from typing import Any

from django.db import models, transaction
from django.utils import timezone

from liangxin.kernel import audit
from liangxin.kernel.permissions import NotAllowed, Permission, require
from liangxin.kernel.viewer import Viewer
from liangxin.registry.actions.refusals import RefusedChange
from liangxin.registry.actions.shifting import Order, SamePlace, Shift, begun, dated
from liangxin.registry.actions.telling import refuse_future
from liangxin.registry.models import (
    Area,
    MeetingPlace,
    OrganisationVersion,
    PartyOrganisationVersion,
    Reorganisation,
    Site,
)
from liangxin.registry.terms import AreaKind, ReorganisationAct

MOST_NAMED = 5


class NameTaken(RefusedChange):
    """Another street, of today or of old, bears the name."""

    field = "name"


class SitesOfOneName(RefusedChange):
    """Both streets have sites of one name: they cannot stand in one street."""

    field = "into"


class NotThere(RefusedChange):
    """The street or site was taken into another before."""


def rename_street(street: Area, name: str, *, by: Viewer, order: Order) -> Reorganisation:
    """Give a street another name, for all its days; the act keeps the former one."""
    with transaction.atomic():
        _require(by, order)
        held = _held_area(street)
        if Area.objects.filter(name=name).exclude(pk=held.pk).exists():
            raise NameTaken(f"“{name}”已经是别的街道的名称（包括已撤销的），不能重复。")
        if held.name == name:
            raise NameTaken("新名称和现在的名称一样。")
        act = Reorganisation(
            act=ReorganisationAct.STREET_RENAME, area=held, name=held.name, into_name=name
        )
        shift = begun(dated(act, order, by=by), by=by)
        shift.change(held, name=name)
        shift.save()
        _record(act, f"“{act.name}”改名为“{name}”", about=held, by=by)
    return act


def merge_streets(street: Area, into: Area, *, by: Viewer, order: Order) -> Reorganisation:
    """Let a street be part of another from a day on: its firms, sites and Party organisations go along.

    Grants over it hold for the street that stands. Raises RefusedChange.
    """
    with transaction.atomic():
        _require(by, order)
        keys = sorted((street.pk, into.pk))
        held = {one.pk: _held_area(one) for one in Area.objects.filter(pk__in=keys).order_by("pk")}
        if len(held) != 2:
            raise SamePlace("请选择另一个街道。")
        gone, stays = held[street.pk], held[into.pk]
        _refuse_namesakes(gone, stays)
        act = Reorganisation(
            act=ReorganisationAct.STREET_MERGE,
            area=gone,
            into_area=stays,
            name=gone.name,
            into_name=stays.name,
        )
        shift = begun(dated(act, order, by=by), by=by)
        for model in (OrganisationVersion, PartyOrganisationVersion):
            shift.carry(model._base_manager.filter(street=gone), street_id=stays.pk)
        for site in Site.objects.filter(street=gone).order_by("pk"):
            shift.change(site, street_id=stays.pk, **_told(shift))
        shift.change(stays, boundary=_united(gone.boundary, stays.boundary))
        shift.change(gone, closed_date=order.on_date, merged_into_id=stays.pk)
        shift.save()
        _record(act, f"“{gone.name}”并入“{stays.name}”", about=gone, by=by)
    return act


def merge_sites(site: Site, into: Site, *, by: Viewer, order: Order) -> Reorganisation:
    """Let a site be part of another from a day on, with all its firms; raises RefusedChange."""
    with transaction.atomic():
        _require(by, order)
        if site.pk == into.pk:
            raise SamePlace("请选择另一处楼宇园区。")
        keys = sorted((site.pk, into.pk))
        held = {one.pk: _held_site(one) for one in Site.objects.filter(pk__in=keys).order_by("pk")}
        gone, stays = held[site.pk], held[into.pk]
        act = Reorganisation(
            act=ReorganisationAct.SITE_MERGE,
            site=gone,
            into_site=stays,
            area=gone.street,
            into_area=stays.street,
            name=gone.name,
            into_name=stays.name,
        )
        shift = begun(dated(act, order, by=by), by=by)
        here = OrganisationVersion.objects.filter(site=gone)
        shift.carry(here, site_id=stays.pk, street_id=stays.street_id)
        shift.carry(MeetingPlace.objects.filter(site=gone), site_id=stays.pk)
        shift.change(gone, closed_date=order.on_date, merged_into_id=stays.pk, **_told(shift))
        shift.save()
        _record(act, f"“{gone.name}”并入“{stays.name}”", about=gone, by=by)
    return act


def move_site(site: Site, street: Area, *, by: Viewer, order: Order) -> Reorganisation:
    """Let a site with all its firms belong to another street from a day on; raises RefusedChange."""
    with transaction.atomic():
        _require(by, order)
        gone = _held_site(site)
        stays = _held_area(street)
        if gone.street_id == stays.pk:
            raise SamePlace("这处楼宇园区已经属于这个街道。")
        if Site.objects.filter(street=stays, name=gone.name).exists():
            raise SitesOfOneName(f"{stays.name}已有叫“{gone.name}”的楼宇园区，请先改名或合并。")
        act = Reorganisation(
            act=ReorganisationAct.SITE_MOVE,
            site=gone,
            area=gone.street,
            into_area=stays,
            name=gone.name,
            into_name=stays.name,
        )
        shift = begun(dated(act, order, by=by), by=by)
        shift.carry(OrganisationVersion.objects.filter(site=gone), street_id=stays.pk)
        shift.change(gone, street_id=stays.pk, **_told(shift))
        shift.save()
        _record(act, f"“{gone.name}”改属{stays.name}", about=gone, by=by)
    return act


def _require(by: Viewer, order: Order) -> None:
    require(by, Permission.EDIT_LEDGER)
    if not by.sees_district():
        raise NotAllowed("街道、楼宇园区的撤并由区级办理。")
    refuse_future(order.on_date, today=timezone.localdate())


def _held_area(area: Area) -> Area:
    held = Area.objects.select_for_update(of=("self",)).get(pk=area.pk, kind=AreaKind.STREET)
    if held.closed_date is not None:
        raise NotThere(f"“{held.name}”已于 {held.closed_date} 撤并。")
    return held


def _held_site(site: Site) -> Site:
    found = Site.objects.select_for_update(of=("self",)).select_related("street")
    held = found.get(pk=site.pk)
    if held.closed_date is not None:
        raise NotThere(f"“{held.name}”已于 {held.closed_date} 停用。")
    return held


def _refuse_namesakes(gone: Area, stays: Area) -> None:
    names = Site.objects.filter(street=stays).order_by().values("name")
    same = list(Site.objects.filter(street=gone, name__in=names).values_list("name", flat=True))
    if same:
        named = "、".join(f"“{one}”" for one in same[:MOST_NAMED])
        raise SitesOfOneName(
            f"两个街道有 {len(same)} 处同名的楼宇园区：{named}。请先改名，或在楼宇园区页合并。"
        )


def _told(shift: Shift) -> dict[str, Any]:
    # By its source the search index knows that the site has to be read again.
    return {"provenance_id": shift.told.pk}


def _united(one: Any, other: Any) -> Any:
    """Both outlines as one geometry; a street without an outline takes the other's."""
    if not one or not other:
        return one or other
    return {"type": "MultiPolygon", "coordinates": [*_polygons(other), *_polygons(one)]}


def _polygons(geometry: dict[str, Any]) -> list[Any]:
    parts: list[Any] = geometry["coordinates"]
    return parts if geometry["type"] == "MultiPolygon" else [parts]


def _record(act: Reorganisation, summary: str, *, about: models.Model, by: Viewer) -> None:
    audit.record(
        f"{'site' if act.site_id else 'street'}.reorganise",
        by=by,
        summary=summary,
        about=about,
        details={"reorganisation": act.pk, "on_date": act.on_date.isoformat()},
    )
