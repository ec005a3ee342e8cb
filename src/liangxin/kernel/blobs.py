"""Kept files: uploads and prepared downloads, sealed on disk, gone when their time is over."""

import contextlib
import hashlib
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from liangxin.kernel.encryption import seal, unseal
from liangxin.kernel.models import Blob
from liangxin.kernel.viewer import Viewer

OPENED = "open-"
LONGEST_OPEN = timedelta(hours=1)  # longer than any file takes to read


def keep(data: bytes, *, file_name: str, by: Viewer, days: int) -> Blob:
    """Seal `data` on disk and remember it for `days` days; the row comes after the file."""
    key = secrets.token_hex(16)
    replace_durably(_path(key), seal(data))
    return Blob.objects.create(
        key=key,
        file_name=Path(file_name).name[:200],
        size_bytes=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        created_by_id=by.user_id,
        expires_at=timezone.now() + timedelta(days=days),
    )


def content(blob: Blob) -> bytes:
    """The plain bytes of a kept file; FileNotFoundError once it has expired."""
    return unseal(_path(blob.key).read_bytes())


@contextlib.contextmanager
def opened(blob: Blob) -> Iterator[Path]:
    """A readable plain copy for as long as the block lasts, in a folder only this account can read."""
    with tempfile.TemporaryDirectory(dir=settings.DATA_DIR, prefix=OPENED) as folder:
        path = Path(folder) / f"file{Path(blob.file_name).suffix.lower()}"
        path.write_bytes(content(blob))
        yield path


def expire(*, now: datetime) -> int:
    """Remove the files whose time is over; returns how many. Their rows stay as the record."""
    gone = 0
    for blob in Blob.objects.filter(expires_at__lte=now):
        if _path(blob.key).exists():
            _path(blob.key).unlink()
            gone += 1
    _remove_left_open(now=now)
    return gone


def _remove_left_open(*, now: datetime) -> None:
    """Remove plain copies whose process was killed before it could remove them itself."""
    for folder in Path(settings.DATA_DIR).glob(f"{OPENED}*"):
        if folder.stat().st_mtime < (now - LONGEST_OPEN).timestamp():
            shutil.rmtree(folder, ignore_errors=True)


def _path(key: str) -> Path:
    return Path(settings.BLOB_DIR) / key[:2] / key


def replace_durably(path: Path, data: bytes) -> None:
    """Give a file this content; a crash or full disk leaves the old one or the new one, never half."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".part")
    try:
        with draft.open("wb") as target:
            target.write(data)
            target.flush()
            os.fsync(target.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
