"""工会和团组织: whether a unit has them, from which day."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from liangxin.kernel.pages import ViewerRequest, page
from liangxin.kernel.permissions import Permission
from liangxin.registry.actions.mass_presence import set_mass_presence
from liangxin.registry.actions.refusals import RefusedChange
from liangxin.registry.forms.mass_presence import MassPresenceForm
from liangxin.registry.queries.organisations import editable_versions, mass_presences
from liangxin.registry.terms import MassKind
from liangxin.registry.views.form_pages import FormPage, leave, shown


@page(Permission.EDIT_LEDGER)
def set_presence(request: ViewerRequest, organisation_id: int) -> HttpResponse:
    """登记工会、团组织."""
    today = timezone.localdate()
    found = editable_versions(request.viewer, at=today)
    version = get_object_or_404(found, organisation_id=organisation_id)
    back = reverse("organisation", args=[organisation_id])
    standing = {row.kind for row in mass_presences(version.organisation, at=today)}
    kind = request.GET.get("kind", "")
    kind = kind if kind in MassKind.values else MassKind.UNION
    first = {"kind": kind, "stands": "no" if kind in standing else "yes", "from_date": today}
    form = MassPresenceForm(request.POST or None, today=today, initial=first)
    refusal: RefusedChange | None = None
    if request.method == "POST" and form.is_valid():
        try:
            set_mass_presence(version.organisation, form.facts(), by=request.viewer, today=today)
        except RefusedChange as caught:
            refusal = caught
        else:
            messages.success(request, f"“{version.name}”的{form.facts().kind.label}情况已登记。")
            return leave(request, back)
    now = "、".join(f"{one.label}：{'有' if one in standing else '没有'}" for one in MassKind)
    around = FormPage(
        title="登记工会、团组织",
        back_url=back,
        back_name=version.name,
        lead=f"台账里现在是 {now}。",
        submit="登记",
    )
    return shown(request, form, around, refusal=refusal)
