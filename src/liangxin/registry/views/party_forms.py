"""Pages that keep the register of Party organisations."""

from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from liangxin.kernel.pages import ViewerRequest, page
from liangxin.kernel.permissions import Permission
from liangxin.registry.actions.party_register import (
    confirm_party_organisation,
    create_party_organisation,
    dissolve_party_organisation,
    party_edition,
    revise_party_organisation,
)
from liangxin.registry.actions.refusals import RefusedChange
from liangxin.registry.forms.party_organisation import (
    DissolvingForm,
    PartyOrganisationForm,
    PartyRevisionForm,
)
from liangxin.registry.models import PartyOrganisationVersion
from liangxin.registry.queries.keeping import kept_party_organisations
from liangxin.registry.queries.party_following import following_from
from liangxin.registry.views.form_pages import FormPage, leave, shown


@page(Permission.EDIT_LEDGER)
def create(request: ViewerRequest) -> HttpResponse:
    """登记党组织."""
    today = timezone.localdate()
    form = PartyOrganisationForm(request.POST or None, viewer=request.viewer, today=today)
    refusal: RefusedChange | None = None
    if request.method == "POST" and form.is_valid():
        try:
            version = create_party_organisation(
                form.facts(),
                by=request.viewer,
                founded_date=form.cleaned_data["founded_date"],
                today=today,
            )
        except RefusedChange as caught:
            refusal = caught
        else:
            messages.success(request, f"“{version.name}”已记入名册。接着可以加涵盖单位和班子成员。")
            return redirect("party-organisation", version.party_organisation_id)
    around = FormPage(
        title="登记党组织",
        back_url=reverse("party-organisations"),
        back_name="党组织名册",
        lead="这里登记已经批准成立的党组织。还没有成立的，请走“联建方案”：先拟建、报批，再登记成立。",
    )
    return shown(request, form, around, refusal=refusal)


@page(Permission.EDIT_LEDGER)
def revise(request: ViewerRequest, party_organisation_id: int) -> HttpResponse:
    """修改党组织资料."""
    today = timezone.localdate()
    version = kept(request, party_organisation_id)
    is_confirming = "confirm" in request.POST
    form = PartyRevisionForm(
        None if is_confirming else request.POST or None,
        viewer=request.viewer,
        today=today,
        version=version,
        parent=_parent_of(version),
    )
    refusal: RefusedChange | None = None
    try:
        if is_confirming:
            return _confirmed(request, version, today=today)
        if request.method == "POST" and form.is_valid():
            saved = revise_party_organisation(
                version.party_organisation,
                form.facts(),
                by=request.viewer,
                based_on=form.cleaned_data["based_on"],
                today=today,
                from_date=form.told_from,
                may_precede=form.cleaned_data["may_precede"],
            )
            messages.success(request, f"“{saved.name}”的资料已保存，原有资料留在历史中。")
            return leave(request, reverse("party-organisation", args=[party_organisation_id]))
    except RefusedChange as caught:
        refusal = caught
    around = FormPage(
        title="修改党组织资料",
        back_url=reverse("party-organisation", args=[party_organisation_id]),
        back_name=version.name,
        lead=f"资料来源：{version.provenance}。",
        edition=party_edition(version),
        may_confirm=True,
    )
    return shown(request, form, around, refusal=refusal)


@page(Permission.EDIT_LEDGER)
def dissolve(request: ViewerRequest, party_organisation_id: int) -> HttpResponse:
    """撤销党组织."""
    today = timezone.localdate()
    version = kept(request, party_organisation_id)
    form = DissolvingForm(request.POST or None, today=today, initial={"dissolved_date": today})
    refusal: RefusedChange | None = None
    if request.method == "POST" and form.is_valid():
        try:
            dissolve_party_organisation(
                version.party_organisation, by=request.viewer, today=today, **form.cleaned_data
            )
        except RefusedChange as caught:
            refusal = caught
        else:
            messages.success(
                request, f"“{version.name}”已登记撤销。党员和单位还在台账里，请逐一落实去向。"
            )
            return leave(request, reverse("party-organisations"))
    around = FormPage(
        title="登记撤销",
        back_url=reverse("party-organisation", args=[party_organisation_id]),
        back_name=version.name,
        lead="登记后这个党组织不再计入组织覆盖，班子任职同时结束；资料和历史都保留。",
        edition=party_edition(version),
        submit="登记撤销",
        template="registry/party_dissolve.html",
    )
    more: dict[str, object] = {"following": following_from(party_organisation_id, at=today)}
    return shown(request, form, around, refusal=refusal, more=more)


def kept(request: ViewerRequest, party_organisation_id: int) -> PartyOrganisationVersion:
    """The open version of a Party organisation the viewer keeps and that stands, or 404."""
    found = kept_party_organisations(request.viewer).filter(
        party_organisation__founded_date__isnull=False,
        party_organisation__dissolved_date__isnull=True,
    )
    return get_object_or_404(found, party_organisation_id=party_organisation_id)


def _confirmed(
    request: ViewerRequest, version: PartyOrganisationVersion, *, today: date
) -> HttpResponse:
    confirm_party_organisation(
        version.party_organisation,
        by=request.viewer,
        based_on=request.POST.get("based_on", ""),
    )
    messages.success(request, f"已记下：到 {today} 资料没有变化。")
    return redirect("party-organisation", version.party_organisation_id)


def _parent_of(version: PartyOrganisationVersion) -> PartyOrganisationVersion | None:
    named = PartyOrganisationVersion.objects.filter(party_organisation_id=version.parent_id)
    return named.select_related("party_organisation").order_by("-valid_from").first()
