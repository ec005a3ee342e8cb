"""Pages that keep what a Party organisation covers, and who holds its posts."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from liangxin.kernel.pages import ViewerRequest, page
from liangxin.kernel.permissions import Permission
from liangxin.registry.actions.coverages import begin_coverage, end_coverage
from liangxin.registry.actions.meeting_places import tell_meeting_place
from liangxin.registry.actions.posts import begin_post, end_post
from liangxin.registry.actions.refusals import RefusedChange
from liangxin.registry.forms.party_organisation import CoverageForm, EndingForm, PlaceForm, PostForm
from liangxin.registry.models import PartyCoverage, PartyOrganisationVersion, Post
from liangxin.registry.queries.keeping import kept_party_organisations, kept_sites, kept_units
from liangxin.registry.queries.party import meeting_place
from liangxin.registry.queries.people import members_held_in
from liangxin.registry.terms import PostKind
from liangxin.registry.views.form_pages import FormPage, leave, shown
from liangxin.registry.views.party_forms import kept


@page(Permission.EDIT_LEDGER)
def add_coverage(request: ViewerRequest, party_organisation_id: int) -> HttpResponse:
    """增加涵盖单位."""
    today = timezone.localdate()
    version = kept(request, party_organisation_id)
    form = CoverageForm(request.POST or None, viewer=request.viewer, today=today)
    refusal: RefusedChange | None = None
    if request.method == "POST" and form.is_valid():
        unit = form.cleaned_data["organisation"]
        try:
            begin_coverage(
                version.party_organisation,
                unit.organisation,
                by=request.viewer,
                from_date=form.cleaned_data["from_date"],
                today=today,
            )
        except RefusedChange as caught:
            refusal = caught
        else:
            messages.success(request, f"“{version.name}”已增加涵盖单位“{unit.name}”。")
            return leave(request, _url(version))
    around = _around(version, title="增加涵盖单位", submit="登记")
    return shown(request, form, around, refusal=refusal)


@page(Permission.EDIT_LEDGER)
def stop_coverage(
    request: ViewerRequest, party_organisation_id: int, organisation_id: int
) -> HttpResponse:
    """不再涵盖一家单位."""
    today = timezone.localdate()
    version = kept(request, party_organisation_id)
    unit = get_object_or_404(kept_units(request.viewer, at=today), organisation_id=organisation_id)
    coverage = get_object_or_404(
        PartyCoverage,
        party_organisation_id=party_organisation_id,
        organisation_id=organisation_id,
        valid_to__isnull=True,
    )
    form = EndingForm(request.POST or None, today=today, initial={"end_date": today})
    refusal: RefusedChange | None = None
    if request.method == "POST" and form.is_valid():
        end_date = form.cleaned_data["end_date"]
        try:
            end_coverage(coverage, by=request.viewer, end_date=end_date, today=today)
        except RefusedChange as caught:
            refusal = caught
        else:
            messages.success(request, "已登记不再涵盖，历史保留。")
            return leave(request, _url(version))
    around = _around(
        version, title="不再涵盖", submit="登记", lead=f"“{unit.name}”从下面这一天起不再由它涵盖。"
    )
    return shown(request, form, around, refusal=refusal)


@page(Permission.EDIT_LEDGER)
def add_post(request: ViewerRequest, party_organisation_id: int) -> HttpResponse:
    """登记任职."""
    today = timezone.localdate()
    version = kept(request, party_organisation_id)
    held = members_held_in(request.viewer, party_organisation_id=party_organisation_id, at=today)
    kind = request.GET.get("kind", "")
    kind = kind if kind in PostKind.values else ""
    form = PostForm(request.POST or None, members=list(held), today=today, kind=kind)
    refusal: RefusedChange | None = None
    if request.method == "POST" and form.is_valid():
        try:
            post = begin_post(
                version.party_organisation, form.facts(), by=request.viewer, today=today
            )
        except RefusedChange as caught:
            refusal = caught
        else:
            words = f"已登记{post.person_name}任{post.get_kind_display()}。"
            messages.success(request, words)
            return leave(request, _url(version))
    around = _around(
        version,
        title="登记任职",
        submit="登记",
        lead="登记已经选举产生或任命的书记、副书记、委员；选举和报批的手续不在这里办。",
    )
    return shown(request, form, around, refusal=refusal)


@page(Permission.EDIT_LEDGER)
def place(request: ViewerRequest, party_organisation_id: int) -> HttpResponse:
    """登记会议地点."""
    today = timezone.localdate()
    version = kept(request, party_organisation_id)
    current = meeting_place(party_organisation_id=party_organisation_id, at=today)
    sites = kept_sites(request.viewer)
    form = PlaceForm(request.POST or None, sites=sites, today=today, place=current)
    refusal: RefusedChange | None = None
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            tell_meeting_place(
                version.party_organisation,
                site=told["place_site"],
                text=told["place_text"],
                by=request.viewer,
                from_date=told["from_date"],
                today=today,
            )
        except RefusedChange as caught:
            refusal = caught
        else:
            messages.success(request, "已登记会议地点。")
            return leave(request, _url(version))
    around = _around(version, title="登记会议地点", submit="登记")
    return shown(request, form, around, refusal=refusal)


@page(Permission.EDIT_LEDGER)
def stop_post(request: ViewerRequest, post_id: int) -> HttpResponse:
    """登记任职结束."""
    today = timezone.localdate()
    own = kept_party_organisations(request.viewer).order_by().values("party_organisation_id")
    found = Post.objects.filter(valid_to__isnull=True, party_organisation_id__in=own)
    post = get_object_or_404(found, pk=post_id)
    version = kept(request, post.party_organisation_id)
    form = EndingForm(request.POST or None, today=today, initial={"end_date": today})
    refusal: RefusedChange | None = None
    if request.method == "POST" and form.is_valid():
        try:
            end_post(post, by=request.viewer, end_date=form.cleaned_data["end_date"], today=today)
        except RefusedChange as caught:
            refusal = caught
        else:
            messages.success(request, "已登记任职结束，历史保留。")
            return leave(request, _url(version))
    words = f"{post.person_name}自 {post.valid_from} 起任{post.get_kind_display()}，从下面这一天起不再担任。"
    around = _around(version, title="登记任职结束", submit="登记", lead=words)
    return shown(request, form, around, refusal=refusal)


def _url(version: PartyOrganisationVersion) -> str:
    return reverse("party-organisation", args=[version.party_organisation_id])


def _around(
    version: PartyOrganisationVersion, *, title: str, submit: str, lead: str = ""
) -> FormPage:
    return FormPage(
        title=title, back_url=_url(version), back_name=version.name, lead=lead, submit=submit
    )
