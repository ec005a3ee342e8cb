"""Pages that keep instructors and liaisons."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from liangxin.kernel.pages import ViewerRequest, page
from liangxin.kernel.permissions import Permission
from liangxin.registry.actions.guides import (
    confirm_guide,
    create_guide,
    guide_edition,
    revise_guide,
)
from liangxin.registry.actions.refusals import RefusedChange
from liangxin.registry.forms.guide import GuideForm, GuideRevisionForm
from liangxin.registry.queries.keeping import kept_guides
from liangxin.registry.terms import GuideRole
from liangxin.registry.views.form_pages import FormPage, shown


@page(Permission.EDIT_LEDGER)
@never_cache
def create(request: ViewerRequest) -> HttpResponse:
    """登记指导员、联络员."""
    today = timezone.localdate()
    form = GuideForm(request.POST or None, today=today, initial={"from_date": today})
    refusal: RefusedChange | None = None
    if request.method == "POST" and form.is_valid():
        try:
            service = create_guide(
                form.facts(),
                by=request.viewer,
                from_date=form.cleaned_data["from_date"],
                today=today,
            )
        except RefusedChange as caught:
            refusal = caught
        else:
            messages.success(request, f"{service.person.name}已登记。接着可以选派到单位。")
            is_serving = service.valid_to is None or service.valid_to > today
            return redirect("guide", service.person_id) if is_serving else redirect("guides")
    around = FormPage(
        title="登记指导员、联络员",
        back_url=reverse("guides"),
        back_name="指导员联络员",
        submit="登记",
    )
    return shown(request, form, around, refusal=refusal)


@page(Permission.EDIT_LEDGER)
@never_cache
def revise(request: ViewerRequest, person_id: int, role: str) -> HttpResponse:
    """修改指导员、联络员资料."""
    today = timezone.localdate()
    found = kept_guides(request.viewer, at=today)
    service = get_object_or_404(found, person_id=person_id, role=role)
    now = guide_edition(service)
    is_confirming = "confirm" in request.POST
    form = GuideRevisionForm(
        None if is_confirming else request.POST or None, today=today, service=service
    )
    based_on = request.POST.get("based_on", "")
    refusal: RefusedChange | None = None
    try:
        if is_confirming:
            confirm_guide(service, by=request.viewer, based_on=based_on, today=today)
            messages.success(request, f"已记下：到 {today} 资料没有变化。")
            return redirect("guide", person_id)
        if request.method == "POST" and form.is_valid():
            saved = revise_guide(
                service,
                form.facts(),
                by=request.viewer,
                based_on=based_on,
                today=today,
                from_date=form.told_from,
            )
            messages.success(request, "资料已保存。")
            is_serving = saved.valid_to is None or saved.valid_to > today
            return redirect("guide", person_id) if is_serving else redirect("guides")
    except RefusedChange as caught:
        refusal = caught
    around = FormPage(
        title=f"修改{GuideRole(role).label}资料",
        back_url=reverse("guide", args=[person_id]),
        back_name=service.person.name,
        lead="改了届满日期，到同一天为止的联系也跟着改。",
        edition=now,
        may_confirm=True,
    )
    return shown(request, form, around, refusal=refusal)
