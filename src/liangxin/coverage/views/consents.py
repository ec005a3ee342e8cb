"""What waits for whose consent, and answering it."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from liangxin.coverage.actions.adoption import give_consent, refuse_consent
from liangxin.coverage.actions.refusals import RefusedStep
from liangxin.coverage.queries.establishments import consents as consents_of
from liangxin.coverage.queries.establishments import may_answer, waiting_consents
from liangxin.coverage.terms import ConsentState, EstablishmentState
from liangxin.kernel.pages import ViewerRequest, page
from liangxin.kernel.permissions import Permission

RECENT = 30
BACK_TO_ESTABLISHMENT = "establishment"


@page(Permission.PLAN_BRANCHES)
@never_cache
def consents(request: ViewerRequest) -> HttpResponse:
    """会签.

    Opened by a street's officer or the district; must decide whether to consent to branches that reach
    into another street. At a glance: what waits for my answer, and what for others'.
    """
    mine = list(waiting_consents(request.viewer))
    seen = consents_of(request.viewer)
    proposed = seen.filter(establishment__state=EstablishmentState.PROPOSED)
    others = proposed.filter(state=ConsentState.WAITING).exclude(
        pk__in=[consent.pk for consent in mine]
    )
    refused = list(proposed.filter(state=ConsentState.REFUSED))
    answered = seen.exclude(state=ConsentState.WAITING).exclude(
        pk__in=[consent.pk for consent in refused]
    )
    context = {
        "mine": mine,
        "others": others,
        "refused": [(one, may_answer(request.viewer, one)) for one in refused],
        "answered": answered.order_by("-decided_date", "-pk")[:RECENT],
        "recent": RECENT,
    }
    return render(request, "coverage/consents.html", context)


@page(Permission.PLAN_BRANCHES)
@require_POST
def consent_answer(request: ViewerRequest, consent_id: int) -> HttpResponse:
    """Consent or refuse, with a word on it."""
    consent = consents_of(request.viewer).filter(pk=consent_id).first()
    if consent is None:
        raise Http404
    answer, note = request.POST.get("answer"), request.POST.get("note", "")
    today = timezone.localdate()
    try:
        if answer == ConsentState.GIVEN:
            give_consent(consent, by=request.viewer, note=note, today=today)
            messages.success(request, f"已答复同意组建“{consent.establishment.name}”。")
        elif answer == ConsentState.REFUSED:
            refuse_consent(consent, by=request.viewer, note=note, today=today)
            messages.success(request, f"已答复不同意组建“{consent.establishment.name}”。")
        else:
            messages.error(request, "请选“同意”或者“不同意”。")
    except RefusedStep as refusal:
        messages.error(request, f"“{consent.establishment.name}”没有答复成：{refusal}")
    if request.POST.get("back") == BACK_TO_ESTABLISHMENT:
        return redirect("establishment", consent.establishment_id)
    return redirect("consents")
