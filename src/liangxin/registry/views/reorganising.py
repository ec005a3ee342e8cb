"""Pages by which a firm leaves its place: what happened, and the form of each act."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from liangxin.kernel.pages import ViewerRequest, page
from liangxin.kernel.permissions import Permission
from liangxin.registry.actions.organisations import edition
from liangxin.registry.actions.refusals import ChangedMeanwhile, RefusedChange
from liangxin.registry.actions.reorganising import (
    absorb_organisation,
    move_organisation,
    split_organisation,
)
from liangxin.registry.forms.reorganising import ActForm, MoveForm, OtherFirmForm, SplitForm
from liangxin.registry.models import OrganisationVersion, Reorganisation
from liangxin.registry.queries.followers import followers
from liangxin.registry.queries.organisations import editable_versions
from liangxin.registry.terms import OrganisationStatus
from liangxin.registry.views.form_pages import FormPage, shown

CARRIED = "从业的党员、党组织涵盖、指导员联系、工会团组织都从这天起转到对方名下；对方已有的不重复。以前的日子不变。"


@page(Permission.EDIT_LEDGER)
@never_cache
def leave(request: ViewerRequest, organisation_id: int) -> HttpResponse:
    """离开或变动: choose what happened."""
    version = _kept(request, organisation_id)
    is_closed = version.status == OrganisationStatus.CLOSED
    context = {"version": version, "is_closed": is_closed}
    return render(request, "registry/organisation_leave.html", context)


@page(Permission.EDIT_LEDGER)
@never_cache
def move(request: ViewerRequest, organisation_id: int) -> HttpResponse:
    """迁到本区另一街道."""
    version = _kept(request, organisation_id)
    today = timezone.localdate()
    form = MoveForm(request.POST or None, today=today, apart_from=version.street_id)

    def act() -> Reorganisation:
        return move_organisation(
            version.organisation,
            form.destination(),
            by=request.viewer,
            departure=form.departure(),
            today=today,
        )

    lead = (
        "党员、党组织涵盖和指导员联系都不动，要调整的会列在“离开与变动”里。"
        "迁入的街道不归您管的，由对方街道接收以后才生效。"
    )
    return _answered(request, version, form, act, title="迁到本区另一街道", lead=lead)


@page(Permission.EDIT_LEDGER)
@never_cache
def absorb(request: ViewerRequest, organisation_id: int) -> HttpResponse:
    """被合并（吸收）."""
    version = _kept(request, organisation_id)
    today = timezone.localdate()
    form = OtherFirmForm(
        request.POST or None, viewer=request.viewer, today=today, label="合并后存续的单位"
    )

    def act() -> Reorganisation:
        return absorb_organisation(
            version.organisation,
            form.cleaned_data["into"].organisation,
            by=request.viewer,
            departure=form.departure(),
            today=today,
        )

    lead = f"“{version.name}”从这天起记为注销。{CARRIED}"
    return _answered(request, version, form, act, title="被合并（吸收）", lead=lead)


@page(Permission.EDIT_LEDGER)
@never_cache
def split(request: ViewerRequest, organisation_id: int) -> HttpResponse:
    """分立."""
    version = _kept(request, organisation_id)
    today = timezone.localdate()
    choices = followers(request.viewer, organisation_id=organisation_id, at=today)
    form = SplitForm(request.POST or None, viewer=request.viewer, today=today, choices=choices)

    def act() -> Reorganisation:
        return split_organisation(
            version.organisation,
            form.cleaned_data["into"].organisation,
            by=request.viewer,
            departure=form.departure(),
            chosen=form.chosen_facts(),
            today=today,
        )

    lead = "分出去的单位还不在台账里的，先到“单位台账”新建。原单位也不在了的，登记以后再办注销。"
    return _answered(request, version, form, act, title="分立", lead=lead)


def _answered(
    request: ViewerRequest,
    version: OrganisationVersion,
    form: ActForm,
    act: Callable[[], Reorganisation],
    *,
    title: str,
    lead: str,
) -> HttpResponse:
    refusal: RefusedChange | None = None
    if request.method == "POST" and form.is_valid():
        try:
            done = act()
        except ChangedMeanwhile as caught:
            messages.error(request, str(caught))
            return redirect("organisation-leave", version.organisation_id)
        except RefusedChange as caught:
            refusal = caught
        else:
            messages.success(request, f"已登记。{done}")
            return redirect("reorganisation", done.pk)
    around = FormPage(
        title=title,
        back_url=reverse("organisation-leave", args=[version.organisation_id]),
        back_name=version.name,
        lead=lead,
        edition=edition(version),
        submit="登记",
    )
    return shown(request, form, around, refusal=refusal)


def _kept(request: ViewerRequest, organisation_id: int) -> OrganisationVersion:
    found = editable_versions(request.viewer, at=timezone.localdate())
    return get_object_or_404(found, organisation_id=organisation_id)
