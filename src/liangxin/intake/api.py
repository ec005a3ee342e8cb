"""Uploading lists from another program, and what became of them."""

from datetime import date
from typing import Any

from django.conf import settings
from django.http import Http404
from django.utils import timezone
from ninja import File, Form, Query, Router, Schema, Status
from ninja.files import UploadedFile
from pydantic import Field

from liangxin.intake import tasks
from liangxin.intake.actions import (
    COMMIT,
    READ,
    UNDO,
    discard_batch,
    start_step,
    upload_files,
)
from liangxin.intake.models import Batch
from liangxin.intake.queries.batches import batches
from liangxin.intake.terms import BatchState
from liangxin.kernel.api import (
    REFUSED,
    ApiRequest,
    Day,
    Key,
    Part,
    Window,
    day,
    operation,
    part_of,
)
from liangxin.kernel.permissions import Permission

router = Router(tags=["导入名单"])
# The kinds of job must be known to the web server too: it puts them in the queue.
REGISTERED = tasks.__name__


class BatchOut(Schema):
    """A batch of lists; `counts` by outcome, `is_busy` while a job works on it."""

    id: int
    source: str
    as_of_date: date
    state: BatchState
    counts: dict[str, int]
    error: str
    is_busy: bool
    done: int
    total: int


class TooLarge(ValueError):
    """The file exceeds what is taken in; the text says how much."""

    field = "file"


class UploadIn(Schema):
    source: str = Field(min_length=1, max_length=120, description="名单从哪里来")
    as_of_date: Day | None = None


@router.get("/imports", response={200: Part[BatchOut], **REFUSED})
@operation(Permission.IMPORT_LISTS)
def list_imports(request: ApiRequest, window: Query[Window]) -> Any:
    """导入批次，新的在前。"""
    return part_of(batches(request.viewer), window=window, at=day(None), shown=_shown)


@router.post("/imports", response={202: BatchOut, **REFUSED})
@operation(Permission.IMPORT_LISTS, writes=True)
def upload_list(request: ApiRequest, told: Form[UploadIn], file: File[UploadedFile]) -> Any:
    """上传一个名单（xlsx、xls、et、ods、csv）：先检查，不写入台账。"""
    today = timezone.localdate()
    if file.size and file.size > settings.UPLOAD_MAX_BYTES:
        raise TooLarge(f"文件不能超过 {settings.UPLOAD_MAX_BYTES // (1 << 20)} MB。")
    as_of = told.as_of_date or today
    if as_of > today:
        raise FutureDay("数据截至日期不能晚于今天。")
    batch = upload_files(
        [(file.name or "名单", file.read())], by=request.viewer, source=told.source, as_of=as_of
    )
    return Status(202, _shown(start_step(READ, batch, by=request.viewer)))


class FutureDay(ValueError):
    """A list cannot tell of a day to come."""

    field = "as_of_date"


@router.get("/imports/{batch_id}", response={200: BatchOut, **REFUSED})
@operation(Permission.IMPORT_LISTS)
def read_import(request: ApiRequest, batch_id: Key) -> Any:
    """一个批次的状态和行数。"""
    return _shown(_found(request, batch_id))


@router.post("/imports/{batch_id}/commit", response={202: BatchOut, **REFUSED})
@operation(Permission.IMPORT_LISTS, writes=True)
def commit_import(request: ApiRequest, batch_id: Key) -> Any:
    """把检查通过的行写入台账。"""
    batch = start_step(COMMIT, _found(request, batch_id), by=request.viewer)
    return Status(202, _shown(batch))


@router.post("/imports/{batch_id}/undo", response={202: BatchOut, **REFUSED})
@operation(Permission.IMPORT_LISTS, writes=True)
def undo_import(request: ApiRequest, batch_id: Key) -> Any:
    """撤销一次导入。"""
    batch = start_step(UNDO, _found(request, batch_id), by=request.viewer)
    return Status(202, _shown(batch))


@router.post("/imports/{batch_id}/discard", response={200: BatchOut, **REFUSED})
@operation(Permission.IMPORT_LISTS, writes=True)
def discard_import(request: ApiRequest, batch_id: Key) -> Any:
    """放弃一个尚未写入的批次。"""
    return _shown(discard_batch(_found(request, batch_id), by=request.viewer))


def _found(request: ApiRequest, batch_id: int) -> Batch:
    batch = batches(request.viewer).filter(pk=batch_id).first()
    if batch is None:
        raise Http404
    return batch


def _shown(batch: Batch) -> dict[str, Any]:
    job = batch.job
    return {
        "id": batch.pk,
        "source": batch.source,
        "as_of_date": batch.as_of_date,
        "state": batch.state,
        "counts": {
            name: number for name, number in batch.counts.items() if isinstance(number, int)
        },
        "error": batch.error,
        "is_busy": job is not None and not job.is_finished,
        "done": job.done if job else 0,
        "total": job.total if job else 0,
    }
