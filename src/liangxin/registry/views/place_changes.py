"""Pages by which the district reorganises streets and sites."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from liangxin.kernel.pages import ViewerRequest, page
from liangxin.kernel.permissions import NotAllowed, Permission
from liangxin.registry.actions.place_changes import (
    merge_sites,
    merge_streets,
    move_site,
    rename_street,
)
from liangxin.registry.actions.refusals import RefusedChange
from liangxin.registry.forms.reorganising import MERGE, RENAME, PlaceForm, SiteMoveForm, StreetForm
from liangxin.registry.models import Reorganisation
from liangxin.registry.queries.keeping import kept_sites, kept_streets
from liangxin.registry.views.form_pages import FormPage, shown


@page(Permission.EDIT_LEDGER)
@never_cache
def street(request: ViewerRequest, area_id: int) -> HttpResponse:
    """街道撤并、改名."""
    held = get_object_or_404(kept_streets(request.viewer), pk=area_id)
    _require_district(request)
    form = StreetForm(request.POST or None, today=timezone.localdate(), street=held)

    def act() -> Reorganisation:
        told = form.cleaned_data
        if told["how"] == RENAME:
            return rename_street(held, told["name"], by=request.viewer, order=form.order())
        return merge_streets(held, told["into"], by=request.viewer, order=form.order())

    around = FormPage(
        title=f"{held.name}：撤并或改名",
        back_url=reverse("reorganisations"),
        back_name="变动记录",
        lead=(
            "并入以后，这个街道的单位、楼宇园区、党组织从这天起都归到另一个街道，负责它的账号也随之"
            "负责另一个街道；以前日子的数字不变。改名只改名称，曾用名记在变动记录里。"
        ),
        submit="登记",
    )
    return _answered(request, form, act, around)


@page(Permission.EDIT_LEDGER)
@never_cache
def site(request: ViewerRequest, site_id: int) -> HttpResponse:
    """楼宇园区撤并、改属."""
    held = get_object_or_404(kept_sites(request.viewer), pk=site_id)
    _require_district(request)
    form = SiteMoveForm(request.POST or None, today=timezone.localdate(), site=held)

    def act() -> Reorganisation:
        told = form.cleaned_data
        if told["how"] == MERGE:
            return merge_sites(held, told["into_site"], by=request.viewer, order=form.order())
        return move_site(held, told["into"], by=request.viewer, order=form.order())

    around = FormPage(
        title=f"{held.name}：撤并或改属街道",
        back_url=reverse("site", args=[site_id]),
        back_name=held.name,
        lead="里面的单位从这天起一起变动；以前日子的数字不变。只改名称的，用“修改资料”。",
        submit="登记",
    )
    return _answered(request, form, act, around)


def _answered(
    request: ViewerRequest, form: PlaceForm, act: Callable[[], Reorganisation], around: FormPage
) -> HttpResponse:
    refusal: RefusedChange | None = None
    if request.method == "POST" and form.is_valid():
        try:
            done = act()
        except RefusedChange as caught:
            refusal = caught
        else:
            messages.success(request, f"已登记。{done}")
            return redirect("reorganisation", done.pk)
    return shown(request, form, around, refusal=refusal)


def _require_district(request: ViewerRequest) -> None:
    if not request.viewer.sees_district():
        raise NotAllowed("街道、楼宇园区的撤并由区级办理。")
