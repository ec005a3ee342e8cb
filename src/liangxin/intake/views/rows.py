"""Rows of a batch: those set apart, those that change the ledger, mending one, taking bad ones away."""

import tempfile
from urllib.parse import quote

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from liangxin.intake.actions import is_busy, mend_row
from liangxin.intake.actions.take_away import written_rejected_rows
from liangxin.intake.forms import MendForm
from liangxin.intake.models import Batch, StagedRow
from liangxin.intake.queries.batches import (
    ChangedRows,
    batches,
    row_content,
    rows_set_apart,
    sheet_readings,
)
from liangxin.intake.terms import SET_APART, BatchState, Outcome
from liangxin.kernel.jobs import JobRefused
from liangxin.kernel.pages import ViewerRequest, page
from liangxin.kernel.permissions import Permission
from liangxin.ui.listing import ListColumn, ListFilter, Listing, list_response

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CHANGES_PER_PAGE = 50


@page(Permission.IMPORT_LISTS)
def rows(request: ViewerRequest, batch_id: int) -> HttpResponse:
    """Rows that will not be written, each with its reason and mend."""
    batch = get_object_or_404(batches(request.viewer), pk=batch_id)
    sheets = [
        (str(sheet.pk), f"{sheet.upload.file_name} · {sheet.name}")
        for sheet in sheet_readings(batch)
    ]
    listing = Listing(
        code="import-rows",
        title="没有采用的行",
        columns=(
            ListColumn("number", "行", lambda row: row.number, link=_mend_url, numeric=True),
            ListColumn("label", "名称", lambda row: row.label or "（空）", link=_mend_url),
            ListColumn("outcome", "结果", lambda row: row.get_outcome_display()),
            ListColumn("column", "列", lambda row: _joined(row, "letter", "header")),
            ListColumn("value", "填的内容", lambda row: _joined(row, "value")),
            ListColumn("reason", "原因", lambda row: _joined(row, "reason")),
            ListColumn("mend", "怎么改", lambda row: _joined(row, "mend")),
            ListColumn("sheet", "工作表", lambda row: row.sheet.name, wide=True),
        ),
        filters=(
            ListFilter(
                "outcome",
                "结果",
                [(outcome.value, outcome.label) for outcome in SET_APART],
                lambda value: Q(outcome=value),
            ),
            ListFilter("sheet", "文件和工作表", sheets, lambda value: Q(sheet_id=int(value))),
        ),
        search=_search,
        search_hint="名称、列名、原因或行号",
        empty_title="没有退回的行",
        empty_text="这一批的每一行都可以采用。",
    )
    found = rows_set_apart(batch)
    context = {"batch": batch, "is_open": batch.state == BatchState.DRY and not is_busy(batch)}
    return list_response(request, listing, found, template="intake/rows.html", context=context)


def _search(text: str) -> Q:
    found = Q(label__icontains=text) | Q(reasons__icontains=text) | Q(columns_text__icontains=text)
    return found | Q(number=int(text)) if text.isdecimal() and len(text) < 9 else found


def _mend_url(row: StagedRow) -> str | None:
    is_open = row.sheet.upload.batch.state == BatchState.DRY
    if row.outcome != Outcome.REJECTED or not is_open:
        return None
    return reverse("import-row", args=(row.sheet.upload.batch_id, row.pk))


def _joined(row: StagedRow, *keys: str) -> str:
    faults = row_content(row)["faults"]
    texts = (" ".join(str(fault[key]) for key in keys if fault[key]) for fault in faults)
    return "；".join(dict.fromkeys(text for text in texts if text))


@page(Permission.IMPORT_LISTS)
def row(request: ViewerRequest, batch_id: int, row_id: int) -> HttpResponse:
    """One rejected row: its cells to mend, checked again on saving."""
    batch = get_object_or_404(batches(request.viewer), pk=batch_id)
    found = get_object_or_404(rows_set_apart(batch), pk=row_id)
    form = MendForm(request.POST or None, row=found)
    if request.method == "POST" and form.is_valid():
        return _mended(request, batch, found, form)
    context = {"batch": batch, "row": found, "form": form}
    return render(request, "intake/row.html", context)


def _mended(request: ViewerRequest, batch: Batch, found: StagedRow, form: MendForm) -> HttpResponse:
    number, sheet = found.number, found.sheet
    try:
        is_good = mend_row(found, texts=form.texts(), today=timezone.localdate(), by=request.viewer)
    except JobRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("import-rows", batch_id=batch.pk)
    if is_good:
        messages.success(request, f"第{number}行已改好，会随这一批写入台账。")
        return redirect("import-rows", batch_id=batch.pk)
    still = rows_set_apart(batch).get(sheet=sheet, number=number)
    messages.warning(request, "还有地方不对，已在下面标出。")
    return redirect("import-row", batch_id=batch.pk, row_id=still.pk)


@page(Permission.IMPORT_LISTS)
def changes(request: ViewerRequest, batch_id: int) -> HttpResponse:
    """Rows that change the ledger: what it says now, and what it would say."""
    batch = get_object_or_404(batches(request.viewer), pk=batch_id)
    paginator = Paginator(ChangedRows(batch), CHANGES_PER_PAGE)
    shown = paginator.get_page(request.GET.get("page"))
    return render(request, "intake/changes.html", {"batch": batch, "page": shown})


@page(Permission.IMPORT_LISTS)
def rejected(request: ViewerRequest, batch_id: int) -> HttpResponseBase:
    """The rejected rows as a workbook that can be mended and uploaded again."""
    batch = get_object_or_404(batches(request.viewer), pk=batch_id)
    target = tempfile.TemporaryFile()  # noqa: SIM115 (FileResponse closes it)
    written_rejected_rows(batch, target=target, by=request.viewer)
    target.seek(0)
    response = FileResponse(target, content_type=XLSX)
    name = quote(f"退回的行_第{batch.pk}批.xlsx")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return response
