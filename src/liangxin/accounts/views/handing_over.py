"""Handing an account's work to a successor."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from liangxin.accounts.actions import OwnAccount
from liangxin.accounts.actions.handing_over import UnfitSuccessor, hand_over
from liangxin.accounts.forms.handing_over import HandoverForm
from liangxin.accounts.queries.handing_over import handover_preview, possible_successors
from liangxin.kernel.models import User
from liangxin.kernel.pages import ViewerRequest, page
from liangxin.kernel.permissions import Permission


@page(Permission.MANAGE_USERS)
@never_cache
def user_handover(request: ViewerRequest, user_id: int) -> HttpResponse:
    """工作移交.

    Opened when somebody changes post; must name the successor. At a glance: everything that will pass.
    """
    user = get_object_or_404(User, pk=user_id)
    today = timezone.localdate()
    successors = possible_successors(user, at=today)
    form = HandoverForm(request.POST or None, successors=successors, today=today)
    if request.method == "POST" and form.is_valid():
        to = form.cleaned_data["to"]
        try:
            passed = hand_over(
                user, to=to, by=request.viewer, today=today, off_date=form.cleaned_data["off_date"]
            )
        except (OwnAccount, UnfitSuccessor) as refusal:
            form.add_error(None, str(refusal))
        else:
            told = f"{passed.grants} 项角色、{passed.work_total} 件未办结事项"
            messages.success(request, f"已把 {user.name} 的{told}移交给 {to.name}。")
            return redirect("user", to.pk)
    preview = handover_preview(request.viewer, user, at=today)
    context = {"account": user, "form": form, "preview": preview}
    return render(request, "accounts/handover.html", context)
