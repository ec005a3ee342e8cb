"""Uploading lists, the review of a batch, and the buttons that decide over it."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from liangxin.intake import tasks
from liangxin.intake.actions import (
    COMMIT,
    READ,
    UNDO,
    discard_batch,
    is_busy,
    read_again,
    start_step,
    upload_files,
)
from liangxin.intake.forms import UploadForm
from liangxin.intake.models import Batch
from liangxin.intake.queries.batches import batches, sheet_readings, suggested_sources
from liangxin.intake.queries.review import reviewed
from liangxin.kernel.jobs import JobRefused
from liangxin.kernel.pages import ViewerRequest, page
from liangxin.kernel.permissions import Permission
from liangxin.kernel.viewer import Viewer
from liangxin.ui.listing import ListColumn, Listing, list_response

# The kinds of job must be known to the web server too: it puts them in the queue.
REGISTERED = tasks.__name__


@page(Permission.IMPORT_LISTS)
def imports(request: ViewerRequest) -> HttpResponse:
    """导入名单."""
    form = UploadForm(request.POST or None, request.FILES or None, today=timezone.localdate())
    if request.method == "POST" and form.is_valid():
        batch = _uploaded(form, by=request.viewer)
        return redirect("import-batch", batch_id=batch.pk)
    listing = Listing(
        code="imports",
        title="导入名单",
        columns=(
            ListColumn("batch", "批次", lambda row: f"第{row.pk}批", link=_batch_url, sort=("id",)),
            ListColumn("source", "来源", lambda row: row.source, sort=("source",)),
            ListColumn("as_of", "数据截至", lambda row: row.as_of_date, sort=("as_of_date",)),
            ListColumn("state", "状态", lambda row: row.get_state_display(), sort=("state",)),
            ListColumn("files", "文件", lambda row: row.file_count, numeric=True, wide=True),
            ListColumn("new", "新增", lambda row: row.counts.get("new", 0), numeric=True),
            ListColumn("changed", "变化", lambda row: row.counts.get("changed", 0), numeric=True),
            ListColumn("rejected", "退回", lambda row: row.counts.get("rejected", 0), numeric=True),
            ListColumn("by", "上传人", lambda row: row.created_by or "系统", wide=True),
            ListColumn(
                "at", "上传时间", lambda row: row.created_at, sort=("created_at",), wide=True
            ),
        ),
        empty_title="还没有导入过名单",
        empty_text="在上面选择文件上传。系统先检查并列出每一行的处理结果，确认以后才写入台账。",
        per_page=20,
    )
    context = {"form": form, "sources": suggested_sources(request.viewer)}
    found = batches(request.viewer)
    return list_response(request, listing, found, template="intake/imports.html", context=context)


def _uploaded(form: UploadForm, *, by: Viewer) -> Batch:
    files = [(one.name or "名单", one.read()) for one in form.cleaned_data["lists"]]
    batch = upload_files(
        files, by=by, source=form.cleaned_data["source"], as_of=form.cleaned_data["as_of"]
    )
    return start_step(READ, batch, by=by)


def _batch_url(batch: Batch) -> str:
    return batch.get_absolute_url()


@page(Permission.IMPORT_LISTS)
@never_cache
def batch(request: ViewerRequest, batch_id: int) -> HttpResponse:
    """One batch: what would be written, what is wrong with the rest, and the decision."""
    found = get_object_or_404(batches(request.viewer), pk=batch_id)
    context = {
        "batch": found,
        "job": found.job,
        "is_busy": is_busy(found),
        "review": reviewed(found),
        "sheets": sheet_readings(found),
        "uploads": found.uploads.order_by("id").prefetch_related("sheets"),
    }
    return render(request, "intake/batch.html", context)


@page(Permission.IMPORT_LISTS)
@require_POST
def decide(request: ViewerRequest, batch_id: int, decision: str) -> HttpResponse:
    """Commit, undo, discard or read again."""
    found = get_object_or_404(batches(request.viewer), pk=batch_id)
    try:
        DECISIONS[decision](found, request.viewer)
    except JobRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("import-batch", batch_id=found.pk)


DECISIONS: dict[str, Callable[[Batch, Viewer], Batch]] = {
    "commit": lambda batch, viewer: start_step(COMMIT, batch, by=viewer),
    "undo": lambda batch, viewer: start_step(UNDO, batch, by=viewer),
    "discard": lambda batch, viewer: discard_batch(batch, by=viewer),
    "read": lambda batch, viewer: read_again(batch, by=viewer),
}
