"""Recording one approval for several establishments."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from liangxin.coverage.actions.adoption.approving import Approval, approve_each
from liangxin.coverage.forms.establishment import ApprovalForm
from liangxin.coverage.queries.establishments import may_approve
from liangxin.coverage.queries.whose_turn import Turn, turn_in_words
from liangxin.coverage.views.chosen import chosen_establishments, not_chosen
from liangxin.kernel.pages import ViewerRequest, page
from liangxin.kernel.permissions import Permission

MOST_TOLD = 5


@page(Permission.APPROVE_BRANCHES)
@never_cache
def establishments_approve(request: ViewerRequest) -> HttpResponse:
    """登记批复.

    Opened by the district office with a reply in hand that names several branches; must enter its day
    and number once. At a glance: which branches it holds for, and which cannot be approved yet.
    """
    held = chosen_establishments(request)
    if not held:
        return not_chosen(request)
    today = timezone.localdate()
    form = ApprovalForm(request.POST or None, initial={"approved_date": today})
    ready = [one for one in held if may_approve(request.viewer, one)]
    if request.method == "POST" and form.is_valid():
        result = approve_each(ready, by=request.viewer, today=today, **form.cleaned_data)
        _tell(request, result)
        return redirect(f"{reverse('establishments')}?turn={Turn.APPROVAL.value}")
    context = {
        "form": form,
        "ready": ready,
        "others": [(one, turn_in_words(one)) for one in held if one not in ready],
    }
    return render(request, "coverage/approval.html", context)


def _tell(request: ViewerRequest, result: Approval) -> None:
    if result.approved:
        messages.success(request, f"已登记批复 {len(result.approved)} 件，接下来等支部成立。")
    for text in result.refused[:MOST_TOLD]:
        messages.error(request, f"没有登记：{text}")
    if len(result.refused) > MOST_TOLD:
        messages.error(request, f"另有 {len(result.refused) - MOST_TOLD} 件没有登记，仍在下面。")
