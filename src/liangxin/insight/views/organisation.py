"""One organisation: facts, history, Party organisation, guides, members, next steps."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from liangxin.insight.queries.organisation import NoSuchOrganisation, organisation_dossier
from liangxin.kernel.pages import ViewerRequest, page
from liangxin.kernel.permissions import Permission
from liangxin.registry.actions.organisations import edition
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
        if at == today:
            raise Http404 from missing
        messages.warning(request, f"{at} 的台账里没有这家单位，已改为显示今天的情况。")
        return redirect("organisation", organisation_id)
    context = {
        "at": at,
        "is_past": at != today,
        "dossier": dossier,
        "version": dossier.version,
        "based_on": edition(dossier.open_version) if dossier.open_version else "",
    }
    return render(request, "insight/organisation.html", context)
