"""Pages that keep the ledger: create, revise, close, confirm."""

from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from liangxin.kernel.pages import ViewerRequest, page
from liangxin.kernel.permissions import Permission
from liangxin.registry.actions.organisation_facts import apply_facts
from liangxin.registry.actions.organisations import (
    close_organisation,
    confirm_organisation,
    create_organisation,
    edition,
    revise_organisation,
)
from liangxin.registry.actions.refusals import ChangedMeanwhile, RefusedChange
from liangxin.registry.forms.organisation import ClosingForm, OrganisationForm
from liangxin.registry.models import OrganisationVersion
from liangxin.registry.queries.changes import FactChange, changes_between
from liangxin.registry.queries.merged import surviving_organisation
from liangxin.registry.queries.organisations import editable_versions
from liangxin.registry.queries.sites import editable_streets
from liangxin.registry.views.form_pages import leave
from liangxin.registry.views.organisation_asking import likeness_asked


@page(Permission.EDIT_LEDGER)
def create(request: ViewerRequest) -> HttpResponse:
    """新建单位."""
    today = timezone.localdate()
    form = OrganisationForm(
        request.POST or None, streets=editable_streets(request.viewer), today=today
    )
    if request.method == "POST" and form.is_valid():
        try:
            version = create_organisation(
                form.facts(),
                by=request.viewer,
                valid_from=form.cleaned_data["valid_from"],
                today=today,
                is_not_the_same=form.cleaned_data["is_not_the_same"],
            )
        except RefusedChange as refusal:
            form.add_error(refusal.field or None, str(refusal))
        else:
            messages.success(request, f"“{version.name}”已记入台账。")
            return redirect("organisation", version.organisation_id)
    return _form_page(request, form, version=None)


@page(Permission.EDIT_LEDGER)
def revise(request: ViewerRequest, organisation_id: int) -> HttpResponse:
    """修改单位资料."""
    today = timezone.localdate()
    if moved := _moved(request, organisation_id, today=today):
        return moved
    version = _editable(request, organisation_id, today=today)
    form = OrganisationForm(
        request.POST or None, streets=editable_streets(request.viewer), today=today, version=version
    )
    conflict: tuple[FactChange, ...] = ()
    if request.method == "POST" and form.is_valid():
        try:
            saved = revise_organisation(
                version.organisation,
                form.facts(),
                by=request.viewer,
                based_on=form.cleaned_data["based_on"],
                valid_from=form.cleaned_data["valid_from"],
                today=today,
                may_precede=form.cleaned_data["may_precede"],
            )
        except RefusedChange as refusal:
            form.add_error(refusal.field or None, str(refusal))
            if isinstance(refusal, ChangedMeanwhile):
                mine = apply_facts(OrganisationVersion(), form.facts())
                conflict = changes_between(refusal.current, mine)
        else:
            messages.success(request, f"“{saved.name}”的资料已保存，原有资料留在历史中。")
            return leave(request, reverse("organisation", args=(organisation_id,)))
    return _form_page(request, form, version=version, conflict=conflict)


@page(Permission.EDIT_LEDGER)
def close(request: ViewerRequest, organisation_id: int) -> HttpResponse:
    """登记注销、吊销或迁出."""
    today = timezone.localdate()
    if moved := _moved(request, organisation_id, today=today):
        return moved
    version = _editable(request, organisation_id, today=today)
    first = {"closed_date": today, "based_on": edition(version)}
    form = ClosingForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            close_organisation(
                version.organisation, by=request.viewer, today=today, **form.cleaned_data
            )
        except RefusedChange as refusal:
            field = "closed_date" if refusal.field == "valid_from" else None
            form.add_error(field, str(refusal))
        else:
            messages.success(request, f"“{version.name}”已登记为注销、吊销或迁出。")
            return redirect("organisation", organisation_id)
    context = {"form": form, "version": version}
    return render(request, "registry/organisation_close.html", context)


@page(Permission.EDIT_LEDGER)
@require_POST
def confirm(request: ViewerRequest, organisation_id: int) -> HttpResponse:
    """没有变化."""
    today = timezone.localdate()
    version = _editable(request, organisation_id, today=today)
    try:
        confirm_organisation(
            version.organisation,
            by=request.viewer,
            based_on=request.POST.get("based_on", ""),
            today=today,
        )
    except RefusedChange as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"已记下：到 {today} 资料没有变化。")
    return leave(request, reverse("organisation", args=(organisation_id,)))


def _editable(request: ViewerRequest, organisation_id: int, *, today: date) -> OrganisationVersion:
    found = editable_versions(request.viewer, at=today)
    return get_object_or_404(found, organisation_id=organisation_id)


def _moved(request: ViewerRequest, organisation_id: int, *, today: date) -> HttpResponse | None:
    """The way to the page of the organisation into which this one was merged, for who may change that."""
    survivor = surviving_organisation(organisation_id)
    if survivor == organisation_id or request.resolver_match is None:
        return None
    _editable(request, survivor, today=today)
    messages.info(request, "您打开的单位已并入这一家，请在这里办理。")
    return redirect(str(request.resolver_match.url_name), survivor)


def _form_page(
    request: ViewerRequest,
    form: OrganisationForm,
    *,
    version: OrganisationVersion | None,
    conflict: tuple[FactChange, ...] = (),
) -> HttpResponse:
    # After a conflict the form goes on from what the other person saved.
    is_fresh = request.method == "GET" or bool(conflict)
    based_on = edition(version) if version and is_fresh else request.POST.get("based_on", "")
    context = {
        "form": form,
        "version": version,
        "conflict": conflict,
        "based_on": based_on,
        "own_id": version.organisation_id if version else None,
        "likeness": likeness_asked(
            request, asked=request.POST, apart_from=version.organisation_id if version else None
        ),
    }
    return render(request, "registry/organisation_form.html", context)
