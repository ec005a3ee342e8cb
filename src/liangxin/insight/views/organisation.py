"""One organisation: facts, history, Party organisation, guides, members, next steps."""

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from liangxin.insight.queries.organisation import NoSuchOrganisation, organisation_dossier
from liangxin.kernel.pages import ViewerRequest, page
from liangxin.kernel.permissions import Permission
from liangxin.registry.actions.organisations import edition
from liangxin.registry.queries.merged import surviving_organisation
from liangxin.registry.queries.organisations import organisation_history
from liangxin.ui.dates import asked_date


@page(Permission.SEE_LEDGER)
def organisation(request: ViewerRequest, organisation_id: int) -> HttpResponse:
    """单位页."""
    at, today = asked_date(request), timezone.localdate()
    try:
        dossier = organisation_dossier(
            request.viewer, organisation_id=organisation_id, at=at, today=today
        )
    except NoSuchOrganisation as missing:
        survivor = surviving_organisation(organisation_id)
        if survivor != organisation_id:
            return _survivor(request, survivor, at=at)
        if at == today:
            raise Http404 from missing
        messages.warning(request, f"{at} 的台账里没有这家单位，已改为显示今天的情况。")
        return redirect("organisation", organisation_id)
    context = {
        "at": at,
        "may_merge": dossier.may_edit and at == today,
        "is_past": at != today,
        "dossier": dossier,
        "version": dossier.version,
        "based_on": edition(dossier.open_version) if dossier.open_version else "",
    }
    return render(request, "insight/organisation.html", context)


def _survivor(request: ViewerRequest, organisation_id: int, *, at: date) -> HttpResponse:
    """Lead from an absorbed organisation to the one it was taken into, if the viewer may see that."""
    if not organisation_history(request.viewer, organisation_id=organisation_id, at=at):
        raise Http404
    messages.info(request, "您打开的单位与这一家是同一家，已经合并。")
    address = reverse("organisation", args=(organisation_id,))
    is_today = at == timezone.localdate()
    return redirect(address if is_today else f"{address}?at={at.isoformat()}")
