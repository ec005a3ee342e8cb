"""就近联系: how evenly it is spread, and carrying it out as postings of instructors and liaisons."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from liangxin.coverage.actions.attachments import post_attachments
from liangxin.coverage.forms.attachments import PostForm
from liangxin.coverage.models import BranchProposal, ProposedAttachment
from liangxin.coverage.queries.attachment_loads import spreads, street_attachments, taker_loads
from liangxin.coverage.queries.proposals import attachments
from liangxin.coverage.views.proposal import ready_proposal_or_404
from liangxin.kernel.pages import ViewerRequest, page
from liangxin.kernel.permissions import Permission

MOST_TICKED = 200
MOST_SHOWN = 30
MAX_DIGITS = 18


@page(Permission.PLAN_BRANCHES)
def attachment_loads(request: ViewerRequest, proposal_id: int) -> HttpResponse:
    """How the contacts are spread.

    Opened before the contacts are handed out; must decide who needs relief and where guides are missing.
    At a glance: least, middle and most per branch and guide, each street, the heaviest, who has nobody.
    """
    found = ready_proposal_or_404(request, proposal_id)
    loads = taker_loads(request.viewer, found)
    context = {
        "proposal": found,
        "spreads": spreads(loads),
        "heaviest": loads[:MOST_SHOWN],
        "takers": len(loads),
        "streets": street_attachments(request.viewer, found),
    }
    return render(request, "coverage/attachment_loads.html", context)


@page(Permission.EDIT_LEDGER)
@require_POST
def attachments_post(request: ViewerRequest, proposal_id: int) -> HttpResponse:
    """Ask since when the ticked contacts hold, then begin the posting of each."""
    found = ready_proposal_or_404(request, proposal_id)
    today, rows = timezone.localdate(), _ticked(request, found)
    back = reverse("proposal-attachments", args=(found.pk,))
    if not rows:
        messages.warning(request, "还没有选中单位：在每行前面打勾，或点“选中本页”。")
        return redirect(back)
    is_answered = "from_date" in request.POST
    form = PostForm(request.POST if is_answered else None, today=today)
    if is_answered and form.is_valid():
        day = form.cleaned_data["from_date"]
        done = post_attachments(rows, from_date=day, by=request.viewer, today=today)
        if done.number:
            messages.success(request, f"已登记 {done.number} 家的选派联系。")
        for reason, number in done.refused:
            messages.error(request, f"{number} 家没有登记：{reason}")
        return redirect(back)
    context = {"form": form, "rows": rows, "proposal": found, "back": back}
    return render(request, "coverage/attachments_post.html", context)


def _ticked(request: ViewerRequest, found: BranchProposal) -> Sequence[ProposedAttachment]:
    texts = request.POST.getlist("tick")[:MOST_TICKED]
    keys = [int(text) for text in texts if text.isdecimal() and len(text) <= MAX_DIGITS]
    return list(attachments(request.viewer, found).filter(pk__in=keys))
