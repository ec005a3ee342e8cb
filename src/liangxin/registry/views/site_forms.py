"""Pages that keep buildings, parks and markets."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from liangxin.kernel.pages import ViewerRequest, page
from liangxin.kernel.permissions import Permission
from liangxin.registry.actions.refusals import RefusedChange
from liangxin.registry.actions.sites import confirm_site, create_site, revise_site, site_edition
from liangxin.registry.forms.site import SiteForm
from liangxin.registry.queries.keeping import kept_sites, kept_streets
from liangxin.registry.queries.sites import described_sites, street_outlines
from liangxin.registry.views.form_pages import FormPage, shown

TEMPLATE = "registry/site_form.html"


@page(Permission.EDIT_LEDGER)
def create(request: ViewerRequest) -> HttpResponse:
    """新建楼宇园区."""
    today = timezone.localdate()
    form = SiteForm(request.POST or None, streets=kept_streets(request.viewer), today=today)
    refusal: RefusedChange | None = None
    if request.method == "POST" and form.is_valid():
        try:
            street = form.cleaned_data["street"]
            site = create_site(form.facts(), street=street, by=request.viewer, today=today)
        except RefusedChange as caught:
            refusal = caught
        else:
            messages.success(request, f"“{site.name}”已记入台账。在单位资料里选它，就列到这里。")
            # A site without units is on no officer's list yet: its own form is always there.
            return redirect("site-edit", site.pk)
    around = FormPage(
        title="新建楼宇园区",
        back_url=reverse("sites"),
        back_name="楼宇园区",
        template=TEMPLATE,
    )
    return shown(request, form, around, refusal=refusal, more=_map_of(request))


@page(Permission.EDIT_LEDGER)
def revise(request: ViewerRequest, site_id: int) -> HttpResponse:
    """修改楼宇园区资料."""
    today = timezone.localdate()
    site = get_object_or_404(kept_sites(request.viewer), pk=site_id)
    is_confirming = "confirm" in request.POST
    answers = None if is_confirming else request.POST or None
    form = SiteForm(answers, streets=kept_streets(request.viewer), today=today, site=site)
    refusal: RefusedChange | None = None
    based_on = request.POST.get("based_on", "")
    try:
        if is_confirming:
            confirm_site(site, by=request.viewer, based_on=based_on)
            messages.success(request, f"已记下：到 {today} 资料没有变化。")
            return redirect("site-edit", site_id)
        if request.method == "POST" and form.is_valid():
            revise_site(site, form.facts(), by=request.viewer, based_on=based_on, today=today)
            messages.success(request, f"“{form.facts().name}”的资料已保存。")
            return redirect("site-edit", site_id)
    except RefusedChange as caught:
        if is_confirming:
            messages.error(request, str(caught))
            return redirect("site-edit", site_id)
        refusal = caught
    # A site without units is on nobody's list but the district's: its page is not there for officers.
    is_listed = described_sites(request.viewer, at=today).filter(pk=site_id).exists()
    around = FormPage(
        title="修改楼宇园区资料",
        back_url=reverse("site", args=[site_id]) if is_listed else reverse("sites"),
        back_name=site.name if is_listed else "楼宇园区",
        lead=f"所属街道：{site.street}。资料来源：{site.provenance}。",
        edition=site_edition(site),
        may_confirm=True,
        template=TEMPLATE,
    )
    return shown(request, form, around, refusal=refusal, more=_map_of(request))


def _map_of(request: ViewerRequest) -> dict[str, object]:
    outlines = street_outlines(request.viewer, at=timezone.localdate())
    return {"outlines": outlines, "tile_url": settings.MAP_TILE_URL}
