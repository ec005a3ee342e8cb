"""Kept files are sealed on disk and gone when their time is over."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from liangxin.kernel import blobs
from liangxin.kernel.encryption import WrongKey
from liangxin.kernel.viewer import SYSTEM

pytestmark = pytest.mark.django_db
SECRET = "身份证号 990100199001011234".encode()


def sealed_file(key: str) -> Path:
    return Path(settings.BLOB_DIR) / key[:2] / key


def test_kept_file_opens_as_it_was() -> None:
    blob = blobs.keep(SECRET, file_name="../名单.CSV", by=SYSTEM, days=30)

    with blobs.opened(blob) as path:
        assert path.read_bytes() == SECRET
        assert path.suffix == ".csv"
    assert not path.exists()
    assert blob.file_name == "名单.CSV"


def test_kept_file_shows_nothing_on_disk() -> None:
    blob = blobs.keep(SECRET, file_name="名单.csv", by=SYSTEM, days=30)

    assert b"990100" not in sealed_file(blob.key).read_bytes()


def test_changed_file_is_refused() -> None:
    blob = blobs.keep(SECRET, file_name="名单.csv", by=SYSTEM, days=30)
    path = sealed_file(blob.key)
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(bytes(data))

    with pytest.raises(WrongKey):
        blobs.content(blob)


def test_expired_file_is_removed_and_others_stay() -> None:
    old = blobs.keep(SECRET, file_name="旧.csv", by=SYSTEM, days=30)
    new = blobs.keep(SECRET, file_name="新.csv", by=SYSTEM, days=32)

    assert blobs.expire(now=timezone.now() + timedelta(days=31)) == 1
    assert not sealed_file(old.key).exists()
    assert blobs.content(new) == SECRET


def test_expire_removes_plain_copies_that_a_killed_process_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "DATA_DIR", tmp_path)
    for name, age in (("open-old", timedelta(hours=2)), ("open-new", timedelta())):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file.xlsx").write_bytes(b"plain")
        then = (timezone.now() - age).timestamp()
        os.utime(tmp_path / name, (then, then))
    blobs.expire(now=timezone.now())
    assert [path.name for path in tmp_path.glob("open-*")] == ["open-new"]
