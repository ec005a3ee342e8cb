"""Pages that post instructors and liaisons to units, from either side."""

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from liangxin.kernel.pages import ViewerRequest, page
from liangxin.kernel.permissions import Permission
from liangxin.registry.actions.postings import begin_posting, end_posting
from liangxin.registry.actions.refusals import RefusedChange
from liangxin.registry.forms.guide import PostingForm
from liangxin.registry.forms.party_organisation import EndingForm
from liangxin.registry.models import Posting
from liangxin.registry.queries.guides import guides
from liangxin.registry.queries.keeping import kept_units
from liangxin.registry.views.form_pages import FormPage, leave, shown


@page(Permission.EDIT_LEDGER)
def from_guide(request: ViewerRequest, person_id: int) -> HttpResponse:
    """选派到单位."""
    today = timezone.localdate()
    services = list(guides(request.viewer, at=today).filter(person_id=person_id))
    if not services:
        raise Http404
    form = PostingForm(request.POST or None, viewer=request.viewer, today=today, services=services)
    load = "，".join(f"任{one.get_role_display()}已联系 {one.load} 家" for one in services)  # type: ignore[attr-defined]
    around = FormPage(
        title="选派联系单位",
        back_url=reverse("guide", args=[person_id]),
        back_name=services[0].person.name,
        lead=f"{load}。",
        submit="选派",
    )
    return _posted(request, form, around)


@page(Permission.EDIT_LEDGER)
def from_organisation(request: ViewerRequest, organisation_id: int) -> HttpResponse:
    """给单位选派指导员、联络员."""
    today = timezone.localdate()
    unit = get_object_or_404(kept_units(request.viewer, at=today), organisation_id=organisation_id)
    form = PostingForm(request.POST or None, viewer=request.viewer, today=today, unit=unit)
    around = FormPage(
        title="选派指导员、联络员",
        back_url=reverse("organisation", args=[organisation_id]),
        back_name=unit.name,
        submit="选派",
    )
    return _posted(request, form, around)


@page(Permission.EDIT_LEDGER)
def end(request: ViewerRequest, posting_id: int) -> HttpResponse:
    """不再联系."""
    today = timezone.localdate()
    units = kept_units(request.viewer, at=today)
    lasting = Q(valid_to__isnull=True) | Q(valid_to__gt=today)
    found = Posting.objects.filter(
        lasting, organisation_id__in=units.order_by().values("organisation_id")
    ).select_related("person")
    posting = get_object_or_404(found, pk=posting_id)
    unit = units.get(organisation_id=posting.organisation_id)
    back = reverse("organisation", args=[posting.organisation_id])
    form = EndingForm(request.POST or None, today=today, initial={"end_date": today})
    refusal: RefusedChange | None = None
    if request.method == "POST" and form.is_valid():
        try:
            end_date = form.cleaned_data["end_date"]
            end_posting(posting, by=request.viewer, end_date=end_date, today=today)
        except RefusedChange as caught:
            refusal = caught
        else:
            messages.success(request, "已登记不再联系，历史保留。")
            return leave(request, back)
    around = FormPage(
        title="不再联系",
        back_url=back,
        back_name=unit.name,
        lead=f"{posting.person.name}从下面这一天起不再联系“{unit.name}”。",
        submit="登记",
    )
    return shown(request, form, around, refusal=refusal)


def _posted(request: ViewerRequest, form: PostingForm, around: FormPage) -> HttpResponse:
    refusal: RefusedChange | None = None
    if request.method == "POST" and form.is_valid():
        try:
            posting = begin_posting(form.facts(), by=request.viewer, today=form.today)
        except RefusedChange as caught:
            refusal = caught
        else:
            messages.success(request, f"已选派{posting.person.name}联系这家单位。")
            return leave(request, around.back_url)
    return shown(request, form, around, refusal=refusal)
