"""One report: its progress, its figures, what changed, and sending it."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from liangxin.insight.actions.reports import (
    InvalidReport,
    ReportIsSent,
    discard_report,
    may_discard,
    record_download,
    send_report,
)
from liangxin.insight.forms.reports import SentForm
from liangxin.insight.models import Report
from liangxin.insight.queries.reports import content_of, report_or_none
from liangxin.insight.reports.changes import Changes, changes
from liangxin.insight.reports.collecting import list_name
from liangxin.insight.reports.lists import NUMBER
from liangxin.insight.terms import ReportState, TemplateFormat
from liangxin.kernel.blobs import content as blob_content
from liangxin.kernel.pages import ViewerRequest, page
from liangxin.kernel.permissions import Permission
from liangxin.kernel.viewer import Viewer
from liangxin.ui.exporting import XLSX
from liangxin.workbook.filling import EACH, LIST, Content, Unit, Value

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MOST_ROWS = 20
MOST_NAMES = 30


@dataclass(frozen=True)
class ShownTable:
    """The first rows of a list or of figures by group."""

    title: str
    count: int
    columns: list[str]
    rows: list[list[tuple[str, Value]]]

    @property
    def rest(self) -> int:
        return self.count - len(self.rows)


@page(Permission.MAKE_REPORTS)
@never_cache
def report(request: ViewerRequest, report_id: int) -> HttpResponse:
    """One report.

    Opened by who must send it; must decide whether the figures are right. At a glance: what changed
    since last time, and whether it was sent.
    """
    return _page(request, _report_or_404(request, report_id), form=None)


@page(Permission.MAKE_REPORTS)
@never_cache
def report_file(request: ViewerRequest, report_id: int) -> HttpResponse:
    """The filled file."""
    found = _report_or_404(request, report_id)
    if found.blob is None:
        raise Http404
    try:
        data = blob_content(found.blob)
    except FileNotFoundError:
        messages.error(request, "文件已过保存期限，系统中不再保留；数字和清单留底仍在本页。")
        return redirect("report", found.pk)
    record_download(found, by=request.viewer)
    kind = XLSX if found.version.file_format == TemplateFormat.XLSX else DOCX
    response = HttpResponse(data, content_type=kind)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(found.blob.file_name)}"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@page(Permission.MAKE_REPORTS)
@require_POST
def report_sent(request: ViewerRequest, report_id: int) -> HttpResponse:
    """Mark a report as sent."""
    found = _report_or_404(request, report_id)
    form = SentForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form=form)
    try:
        send_report(
            found,
            by=request.viewer,
            on=form.cleaned_data["sent_date"],
            to=form.cleaned_data["sent_to"],
            today=timezone.localdate(),
        )
    except (InvalidReport, ReportIsSent) as refusal:
        form.add_error(None, str(refusal))
        return _page(request, found, form=form)
    messages.success(request, "已标记为报送。这份报表的数字和清单从此不再变化。")
    return redirect("report", found.pk)


@page(Permission.MAKE_REPORTS)
@require_POST
def report_discard(request: ViewerRequest, report_id: int) -> HttpResponse:
    """Delete a draft."""
    found = _report_or_404(request, report_id)
    try:
        discard_report(found, by=request.viewer)
    except ReportIsSent as refusal:
        messages.error(request, str(refusal))
        return redirect("report", found.pk)
    messages.success(request, f"已删除《{found.title}》。")
    return redirect("reports")


def _report_or_404(request: ViewerRequest, report_id: int) -> Report:
    found = report_or_none(request.viewer, report_id)
    if found is None:
        raise Http404
    return found


def _page(request: ViewerRequest, found: Report, *, form: SentForm | None) -> HttpResponse:
    content = content_of(found)
    is_draft = found.state == ReportState.READY
    offered = SentForm(initial={"sent_date": timezone.localdate()}) if is_draft else None
    context = {
        "report": found,
        "job": found.job if _may_follow(found, viewer=request.viewer) else None,
        "figures": [(name, one.words) for name, one in content.values.items() if _counts(one)],
        "tables": _tables(content),
        "changes": _changes(found, content),
        "form": form or offered,
        "may_discard": found.state != ReportState.SENT
        and may_discard(found, viewer=request.viewer),
    }
    return render(request, "insight/report.html", context)


def _may_follow(found: Report, *, viewer: Viewer) -> bool:
    """Whether the progress is shown: that of another's job is not found by whoever polls for it."""
    return found.state == ReportState.WAITING and may_discard(found, viewer=viewer)


def _counts(one: Value) -> bool:
    return one.unit is not Unit.TEXT


def _tables(content: Content) -> list[ShownTable]:
    return [
        ShownTable(
            title=list_name(marker),
            count=len(table.rows),
            columns=[_heading(name) for name in table.columns],
            rows=[
                [
                    (_heading(name), Value(cell, unit))
                    for name, cell, unit in zip(table.columns, row, table.units, strict=True)
                ]
                for row in table.rows[:MOST_ROWS]
            ],
        )
        for marker, table in content.tables.items()
    ]


def _heading(name: str) -> str:
    """What a column is called on the page: a list's own column is its running number."""
    return NUMBER if name.startswith(LIST) else name.removeprefix(EACH)


def _changes(found: Report, content: Content) -> dict[str, Any] | None:
    if found.previous is None:
        return None
    told: Changes = changes(content_of(found.previous), content)
    return {
        "before": found.previous,
        "figures": [one for one in told.figures if one.difference.plain and not one.is_of_group],
        "groups": [one for one in told.figures if one.difference.plain and one.is_of_group],
        "same": sum(not one.difference.plain for one in told.figures),
        "lists": [
            {
                "change": one,
                "added": one.added[:MOST_NAMES],
                "gone": one.gone[:MOST_NAMES],
                "more": max(0, len(one.added) - MOST_NAMES) + max(0, len(one.gone) - MOST_NAMES),
            }
            for one in told.lists
            if one.is_list or one.added or one.gone
        ],
    }
