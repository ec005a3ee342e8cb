"""Reading uploaded files into a batch: nothing of it touches the ledger."""

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from liangxin.intake.actions.cleaned import store_sheet
from liangxin.intake.actions.planned import plan_batch
from liangxin.intake.models import Batch, SheetReading, Upload
from liangxin.intake.queries.source_mapping import recognised
from liangxin.intake.terms import BatchState
from liangxin.kernel.audit import record
from liangxin.kernel.blobs import keep, opened
from liangxin.kernel.jobs import JobRefused, Progress
from liangxin.kernel.permissions import Permission, require
from liangxin.kernel.viewer import Viewer
from liangxin.rulebook.lookup import rule
from liangxin.workbook.reading import Book, UnreadableFile, read_book

RETENTION = "upload.retention_days"


class NotStageable(JobRefused):
    """The upload cannot be taken in; the text says why, in Chinese."""


def stage_files(
    paths: Sequence[Path],
    *,
    by: Viewer,
    source: str,
    as_of: date,
    progress: Progress,
    is_synthetic: bool = False,
) -> Batch:
    """Read, clean and plan files; the batch returned says what a commit would do."""
    files = [(path.name, path.read_bytes()) for path in paths]
    batch = upload_files(files, by=by, source=source, as_of=as_of, is_synthetic=is_synthetic)
    return read_batch(batch, by=by, progress=progress)


def upload_files(
    files: Iterable[tuple[str, bytes]],
    *,
    by: Viewer,
    source: str,
    as_of: date,
    is_synthetic: bool = False,
) -> Batch:
    """Keep files (name, bytes) as a new batch that waits to be read. Raises NotStageable."""
    require(by, Permission.IMPORT_LISTS)
    today = timezone.localdate()
    _refuse_bad_terms(source, as_of=as_of, today=today)
    days = int(rule(RETENTION, at=today).value)  # type: ignore[arg-type]
    # Files first: they are slow to seal, and a lock held meanwhile would make others wait.
    blobs = [keep(data, file_name=name, by=by, days=days) for name, data in files]
    if not blobs:
        raise NotStageable("没有选择文件，请至少选择一个名单文件。")
    with transaction.atomic():
        batch = Batch.objects.create(
            source=source.strip(),
            as_of_date=as_of,
            created_by_id=by.user_id,
            is_synthetic=is_synthetic,
        )
        for blob in blobs:
            Upload.objects.create(
                batch=batch,
                blob=blob,
                file_name=blob.file_name,
                notice=_seen_before(blob.sha256),
            )
        summary = f"上传{len(blobs)}个名单文件，来源：{batch.source}"
        record("intake.upload", by=by, summary=summary, about=batch, changes_ledger=False)
    return batch


def read_batch(batch: Batch, *, by: Viewer, progress: Progress) -> Batch:
    """Read, clean and plan the files of a batch anew; safe to repeat until it is committed."""
    require(by, Permission.IMPORT_LISTS)
    unread = Batch.objects.filter(pk=batch.pk, state__in=OPEN_STATES)
    if not unread.update(state=BatchState.READING, error=""):
        raise NotStageable("这一批已经写入台账、撤销或放弃，不能重新读取。")
    SheetReading.objects.filter(upload__batch=batch).delete()
    for upload in batch.uploads.select_related("blob"):
        read_upload(upload, source=batch.source, progress=progress)
    return plan_batch(batch, by=by, progress=progress)


OPEN_STATES = (BatchState.READING, BatchState.DRY, BatchState.FAILED)


def read_upload(upload: Upload, *, source: str, progress: Progress) -> None:
    """Read one file into sheets and cleaned rows; a file that cannot be read says why."""
    progress.step(0, 1, f"读取 {upload.file_name}")
    Upload.objects.filter(pk=upload.pk).update(reason="", mend="")
    try:
        book = read_upload_book(upload)
    except UnreadableFile as refusal:
        Upload.objects.filter(pk=upload.pk).update(reason=refusal.reason, mend=refusal.mend)
        return
    for position, sheet in enumerate(book.sheets):
        recognition = recognised(sheet, source=source)
        store_sheet(
            sheet, recognition=recognition, upload=upload, position=position, progress=progress
        )


def read_upload_book(upload: Upload) -> Book:
    """The kept file as a book; raises UnreadableFile."""
    try:
        with opened(upload.blob) as path:
            return read_book(path, file_name=upload.file_name)
    except FileNotFoundError:
        raise UnreadableFile("文件已过保存期限，系统中不再保留", "请重新上传") from None


def _refuse_bad_terms(source: str, *, as_of: date, today: date) -> None:
    if not source.strip():
        raise NotStageable("请填写名单的来源，例如“市场监管局”。")
    if as_of > today:
        raise NotStageable(f"“数据截至”不能晚于今天（{today.isoformat()}）。")


def _seen_before(sha256: str) -> str:
    earlier = (
        Upload.objects.filter(blob__sha256=sha256, batch__state=BatchState.COMMITTED)
        .select_related("batch")
        .order_by("-id")
        .first()
    )
    if earlier is None:
        return ""
    return (
        f"这个文件与第{earlier.batch_id}批已写入台账的“{earlier.file_name}”内容完全相同，"
        "再次写入不会产生新的记录。"
    )
