"""变化对比: what changed between two days, and the list behind each number."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from liangxin.coverage.queries import usual_base
from liangxin.coverage.queries.differences import coverage_difference, part_organisations
from liangxin.coverage.terms import Part, Slice
from liangxin.insight.queries.changes import (
    KINDS,
    TOLD_KINDS,
    TRUE_KINDS,
    Kind,
    counted_changes,
)
from liangxin.insight.views.change_columns import COLUMNS, unit_columns
from liangxin.kernel.pages import ViewerRequest, page
from liangxin.kernel.permissions import Permission, require
from liangxin.registry.queries.differences import Window
from liangxin.ui.listing import Listing, list_response

TOLD = "told"


@dataclass(frozen=True)
class Quick:
    """A usual pair of days."""

    title: str
    since: date
    until: date


@page(Permission.SEE_COVERAGE)
def changes(request: ViewerRequest) -> HttpResponse:
    """The overview, or with `show` one list."""
    today = timezone.localdate()
    window = _window(request, today=today)
    shown = request.GET.get("show", "")
    if shown in KINDS:
        return _list(request, KINDS[shown], window)
    if shown in Part.values:
        return _part_list(request, Part(shown), window)
    is_told = request.GET.get("how") == TOLD
    kinds = TOLD_KINDS if is_told else TRUE_KINDS
    groups = counted_changes(request.viewer, window, kinds=kinds)
    context = {
        "window": window,
        "is_told": is_told,
        "groups": [
            (title, [(one, _address(window, show=one.kind.code)) for one in counted])
            for title, counted in groups.items()
        ],
        "quick": [
            (one, _address(Window(one.since, one.until), how=TOLD if is_told else ""))
            for one in _usual(today)
        ],
        "true_url": _address(window),
        "told_url": _address(window, how=TOLD),
        "today": today,
    }
    if not is_told:
        context["difference"] = _difference(request, window)
    return render(request, "insight/changes.html", context)


def _difference(request: ViewerRequest, window: Window) -> dict[str, Any]:
    base = usual_base(window.until)
    found = coverage_difference(request.viewer, since=window.since, until=window.until, base=base)
    return {
        "base": base,
        "before": found.before.organisation_share,
        "after": found.after.organisation_share,
        "before_url": _coverage_address(window.since),
        "after_url": _coverage_address(window.until),
        "parts": [
            (part.label, found.parts[part], _address(window, show=part.value)) for part in Part
        ],
        "is_complete": found.is_complete,
    }


def _window(request: ViewerRequest, *, today: date) -> Window:
    usual = Window(today.replace(day=1) - timedelta(days=1), today)
    since = _asked(request, "from", otherwise=usual.since)
    until = _asked(request, "to", otherwise=usual.until)
    if until > today:
        messages.info(request, "结束日期晚于今天，已按今天计算。")
        until = today
    if since >= until:
        messages.warning(request, "开始日期应早于结束日期，已改为结束日期的前一天。")
        since = until - timedelta(days=1)
    return Window(since, until)


def _asked(request: ViewerRequest, name: str, *, otherwise: date) -> date:
    text = request.GET.get(name, "").strip()
    if not text:
        return otherwise
    try:
        return date.fromisoformat(text)
    except ValueError:
        messages.warning(request, f"看不懂日期“{text[:20]}”。日期应写作 2026-03-05。")
        return otherwise


def _usual(today: date) -> tuple[Quick, ...]:
    month = today.replace(day=1)
    last_month = (month - timedelta(days=1)).replace(day=1)
    quarter = month.replace(month=(month.month - 1) // 3 * 3 + 1)
    day = timedelta(days=1)
    return (
        Quick("近七天", today - timedelta(days=7), today),
        Quick("本月", month - day, today),
        Quick("上月", last_month - day, month - day),
        Quick("本季度", quarter - day, today),
        Quick("今年", today.replace(month=1, day=1) - day, today),
    )


def _address(window: Window, **more: str) -> str:
    told = {"from": window.since.isoformat(), "to": window.until.isoformat(), **more}
    return f"{reverse('changes')}?{urlencode({k: v for k, v in told.items() if v})}"


def _coverage_address(day: date) -> str:
    told = {"at": day.isoformat(), "which": Slice.ORGANISATION.value}
    return f"{reverse('coverage-organisations')}?{urlencode(told)}"


def _list(request: ViewerRequest, kind: Kind, window: Window) -> HttpResponse:
    require(request.viewer, kind.permission)
    listing = Listing(
        code=f"changes-{kind.code}",
        title=f"{kind.group}：{kind.title}",
        columns=COLUMNS[kind.sort](kind, window),
        empty_title="这段时间没有这类变化",
        empty_text="换一段日期，或回到变化对比看其他变化。",
        export_permission=Permission.EXPORT_LISTS,
    )
    found = kind.rows(request.viewer, window)
    return list_response(
        request, listing, found, template="insight/change_list.html", context=_around(window)
    )


def _part_list(request: ViewerRequest, part: Part, window: Window) -> HttpResponse:
    base = usual_base(window.until)
    found = part_organisations(
        request.viewer, since=window.since, until=window.until, base=base, part=part
    )
    listing = Listing(
        code=f"changes-{part.value}",
        title=f"组织覆盖：{part.label}",
        columns=unit_columns(),
        empty_title="这段时间没有这类单位",
        empty_text="换一段日期，或回到变化对比看其他变化。",
        export_permission=Permission.EXPORT_LISTS,
    )
    return list_response(
        request, listing, found, template="insight/change_list.html", context=_around(window)
    )


def _around(window: Window) -> dict[str, object]:
    return {"window": window, "back_url": _address(window)}
