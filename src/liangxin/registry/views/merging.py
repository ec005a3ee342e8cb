"""Two entries side by side: merging them, or saying that they are not the same."""

from collections.abc import Mapping
from datetime import date

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from liangxin.kernel.pages import ViewerRequest, page
from liangxin.kernel.permissions import Permission
from liangxin.registry.actions.duplicates import NoSuchPair, distinguish
from liangxin.registry.actions.merging import merge_organisations, merge_persons
from liangxin.registry.actions.refusals import RefusedChange
from liangxin.registry.models import Merge, Organisation, Person
from liangxin.registry.queries.duplicates import decision_on, evidence_words, pair_of
from liangxin.registry.queries.merge_candidates import (
    MergeCandidate,
    organisation_candidates,
    person_candidates,
)
from liangxin.registry.queries.merge_plan import MergePlan, NothingToMerge, merge_plan
from liangxin.registry.queries.merge_scope import mergeable_organisations, mergeable_persons

ASKED = "choice-"


@page(Permission.EDIT_LEDGER)
def organisation(request: ViewerRequest, organisation_id: int) -> HttpResponse:
    """合并单位."""
    today = timezone.localdate()
    held = mergeable_organisations(request.viewer, at=today)
    survivor = get_object_or_404(held, pk=organisation_id)
    absorbed = _other(request, held)
    if absorbed is None:
        found = organisation_candidates(
            request.viewer, survivor=survivor, text=request.GET.get("q", "").strip(), at=today
        )
        return _choosing(request, survivor, found)
    return _merging(request, survivor, absorbed, today=today)


@page(Permission.EDIT_LEDGER)
def member(request: ViewerRequest, person_id: int) -> HttpResponse:
    """合并人员."""
    today = timezone.localdate()
    held = mergeable_persons(request.viewer, at=today)
    survivor = get_object_or_404(held, pk=person_id)
    absorbed = _other(request, held)
    if absorbed is None:
        found = person_candidates(
            request.viewer, survivor=survivor, text=request.GET.get("q", "").strip(), at=today
        )
        return _choosing(request, survivor, found)
    return _merging(request, survivor, absorbed, today=today)


@page(Permission.EDIT_LEDGER)
@require_POST
def not_the_same(request: ViewerRequest, pair_id: int) -> HttpResponse:
    """不是同一家."""
    try:
        distinguish(
            pair_id,
            by=request.viewer,
            reason=request.POST.get("reason", ""),
            today=timezone.localdate(),
        )
    except NoSuchPair as missing:
        raise Http404 from missing
    messages.success(request, "已记下：不是同一个。资料没有变化就不再列出。")
    return redirect("duplicates")


def _other(
    request: ViewerRequest, held: "QuerySet[Organisation] | QuerySet[Person]"
) -> Organisation | Person | None:
    text = request.GET.get("with", "")
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 16):
        raise Http404
    found = get_object_or_404(held, pk=int(text))
    assert isinstance(found, Organisation | Person)
    return found


def _choosing(
    request: ViewerRequest, survivor: Organisation | Person, found: list[MergeCandidate]
) -> HttpResponse:
    context = {
        **_own(survivor),
        "q": request.GET.get("q", ""),
        "candidates": found,
    }
    return render(request, "registry/merge_choose.html", context)


def _merging(
    request: ViewerRequest,
    survivor: Organisation | Person,
    absorbed: Organisation | Person,
    *,
    today: date,
) -> HttpResponse:
    refusal = ""
    choices = _choices(request)
    if request.method == "POST":
        try:
            merged = _merge(request, survivor, absorbed, choices, today=today)
        except (RefusedChange, NothingToMerge) as refused:
            refusal = str(refused)
        else:
            messages.success(request, "已合并。合错了可以随时在这里撤销。")
            return redirect("merge", merged.pk)
    try:
        plan = merge_plan(survivor, absorbed, day=today)
    except NothingToMerge as nothing:
        messages.error(request, str(nothing))
        return redirect(_merge_url(survivor))
    return render(request, "registry/merge_form.html", _context(request, plan, choices, refusal))


def _merge(
    request: ViewerRequest,
    survivor: Organisation | Person,
    absorbed: Organisation | Person,
    choices: Mapping[str, str],
    *,
    today: date,
) -> Merge:
    reason, based_on = request.POST.get("reason", ""), request.POST.get("based_on", "")
    if isinstance(survivor, Person) and isinstance(absorbed, Person):
        return merge_persons(
            survivor,
            absorbed,
            by=request.viewer,
            choices=choices,
            reason=reason,
            based_on=based_on,
            today=today,
        )
    assert isinstance(survivor, Organisation)
    assert isinstance(absorbed, Organisation)
    return merge_organisations(
        survivor,
        absorbed,
        by=request.viewer,
        choices=choices,
        reason=reason,
        based_on=based_on,
        today=today,
    )


def _choices(request: ViewerRequest) -> dict[str, str]:
    return {
        name.removeprefix(ASKED): str(value)
        for name, value in request.POST.items()
        if name.startswith(ASKED)
    }


def _context(
    request: ViewerRequest, plan: MergePlan, choices: Mapping[str, str], refusal: str
) -> dict[str, object]:
    pair = pair_of(request.viewer, plan.survivor, plan.absorbed, at=plan.day)
    return {
        **_own(plan.survivor),
        "plan": plan,
        "fields": [(one, choices.get(one.code, one.kept)) for one in plan.fields],
        "conflicts": [(one, choices.get(one.key, "")) for one in plan.conflicts],
        "refusal": refusal,
        "reason": request.POST.get("reason", ""),
        "pair": pair,
        "evidence": evidence_words(pair) if pair else "",
        "decision": decision_on(plan.survivor, plan.absorbed),
        "swap_url": f"{_merge_url(plan.absorbed)}?with={plan.survivor.pk}",
    }


def _own(survivor: Organisation | Person) -> dict[str, object]:
    is_person = isinstance(survivor, Person)
    return {
        "survivor": survivor,
        "is_person": is_person,
        "noun": "人员" if is_person else "单位",
        "merge_url": _merge_url(survivor),
    }


def _merge_url(survivor: Organisation | Person) -> str:
    name = "member-merge" if isinstance(survivor, Person) else "organisation-merge"
    return reverse(name, args=(survivor.pk,))
