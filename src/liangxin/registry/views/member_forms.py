"""Pages that keep the register of members."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from liangxin.kernel.pages import ViewerRequest, page
from liangxin.kernel.permissions import Permission, require
from liangxin.registry.actions.memberships import (
    MemberRows,
    close_member,
    confirm_member,
    create_member,
    member_rows,
    revise_member,
)
from liangxin.registry.actions.refusals import RefusedChange
from liangxin.registry.forms.member import MemberClosingForm, MemberForm, MemberRevisionForm
from liangxin.registry.queries.keeping import kept_members
from liangxin.registry.views.form_pages import FormPage, leave, shown

ONLY_RESULTS = "这里只登记结果；发展党员的过程、组织关系转接的手续不在这里办。"


@page(Permission.EDIT_LEDGER)
@never_cache
def create(request: ViewerRequest) -> HttpResponse:
    """登记党员."""
    require(request.viewer, Permission.SEE_PEOPLE)
    today = timezone.localdate()
    form = MemberForm(request.POST or None, viewer=request.viewer, today=today)
    refusal: RefusedChange | None = None
    if request.method == "POST" and form.is_valid():
        try:
            person = create_member(
                form.facts(),
                by=request.viewer,
                from_date=form.cleaned_data["from_date"],
                today=today,
            )
        except RefusedChange as caught:
            refusal = caught
        else:
            messages.success(request, f"{person.name}已登记。")
            return redirect("member", person.pk)
    around = FormPage(
        title="登记党员",
        back_url=reverse("members"),
        back_name="党员",
        lead=f"登记已经是党员的人。{ONLY_RESULTS}",
        submit="登记",
    )
    return shown(request, form, around, refusal=refusal)


@page(Permission.EDIT_LEDGER)
@never_cache
def revise(request: ViewerRequest, person_id: int) -> HttpResponse:
    """修改党员资料."""
    today = timezone.localdate()
    rows = _kept(request, person_id)
    is_confirming = "confirm" in request.POST
    answers = None if is_confirming else request.POST or None
    form = MemberRevisionForm(answers, viewer=request.viewer, today=today, rows=rows)
    based_on = request.POST.get("based_on", "")
    refusal: RefusedChange | None = None
    try:
        if is_confirming:
            confirm_member(rows.person, by=request.viewer, based_on=based_on, today=today)
            messages.success(request, f"已记下：到 {today} 资料没有变化。")
            return leave(request, reverse("member", args=[person_id]))
        if request.method == "POST" and form.is_valid():
            revise_member(
                rows.person,
                form.facts(),
                by=request.viewer,
                based_on=based_on,
                today=today,
                telling_from=form.told_from,
            )
            messages.success(request, "资料已保存，原有情况留在历史中。")
            return leave(request, reverse("member", args=[person_id]))
    except RefusedChange as caught:
        refusal = caught
    # Read anew: the form may have written its answers on the person it was given.
    now = _kept(request, person_id)
    around = FormPage(
        title="修改党员资料",
        back_url=reverse("member", args=[person_id]),
        back_name=now.person.name,
        lead=ONLY_RESULTS,
        edition=now.edition,
        may_confirm=True,
    )
    return shown(request, form, around, refusal=refusal)


@page(Permission.EDIT_LEDGER)
@never_cache
def close(request: ViewerRequest, person_id: int) -> HttpResponse:
    """停止登记."""
    today = timezone.localdate()
    rows = _kept(request, person_id)
    form = MemberClosingForm(request.POST or None, today=today, initial={"end_date": today})
    refusal: RefusedChange | None = None
    if request.method == "POST" and form.is_valid():
        try:
            close_member(
                rows.person,
                by=request.viewer,
                based_on=form.cleaned_data["based_on"],
                end_date=form.cleaned_data["end_date"],
                reason=form.reason_told(),
                ends_employment=form.cleaned_data["ends_employment"],
                today=today,
            )
        except RefusedChange as caught:
            refusal = caught
        else:
            messages.success(request, f"{rows.person.name}已停止登记，历史保留。")
            return redirect("members")
    around = FormPage(
        title="停止登记",
        back_url=reverse("member", args=[person_id]),
        back_name=rows.person.name,
        lead="从这一天起不再算作本区党员，党内职务同时结束；记录不删除，过去的数字不变。",
        edition=rows.edition,
        submit="停止登记",
    )
    return shown(request, form, around, refusal=refusal)


def _kept(request: ViewerRequest, person_id: int) -> MemberRows:
    require(request.viewer, Permission.SEE_PEOPLE)
    found = kept_members(request.viewer, at=timezone.localdate())
    return member_rows(get_object_or_404(found, person_id=person_id).person)
