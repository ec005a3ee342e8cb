"""A sealed stream gives back what was written, or says that it was touched."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liangxin.config.backups import sealed_stream
from liangxin.config.backups.sealed_stream import (
    CHUNK_BYTES,
    NotABackup,
    SealedReader,
    SealedWriter,
    TamperedBackup,
)
from liangxin.kernel.encryption import WrongKey

SMALL = 64


def sealed(*pieces: bytes, is_finished: bool = True) -> bytes:
    target = io.BytesIO()
    writer = SealedWriter(target)
    for piece in pieces:
        writer.write(piece)
    if is_finished:
        writer.finish()
    return target.getvalue()


def opened(data: bytes) -> bytes:
    return io.BufferedReader(SealedReader(io.BytesIO(data))).read()


@pytest.mark.parametrize("length", [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1])
def test_stream_gives_back_what_was_written(length: int) -> None:
    data = bytes(range(256)) * (length // 256) + b"x" * (length % 256)

    assert opened(sealed(data)) == data


@given(st.lists(st.binary(max_size=3 * SMALL), max_size=8))
def test_stream_does_not_depend_on_the_pieces(pieces: list[bytes]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sealed_stream, "CHUNK_BYTES", SMALL)
        assert opened(sealed(*pieces)) == b"".join(pieces)


@given(st.data())
def test_one_changed_byte_is_noticed(data: st.DataObject) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sealed_stream, "CHUNK_BYTES", SMALL)
        whole = bytearray(sealed(b"ledger" * 60))
        place = data.draw(st.integers(min_value=0, max_value=len(whole) - 1))
        whole[place] ^= data.draw(st.integers(min_value=1, max_value=255))
        with pytest.raises((TamperedBackup, NotABackup, WrongKey)):
            opened(bytes(whole))


@given(st.integers(min_value=0))
def test_a_cut_file_is_noticed(length: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sealed_stream, "CHUNK_BYTES", SMALL)
        whole = sealed(b"ledger" * 60)
        with pytest.raises((TamperedBackup, NotABackup, WrongKey)):
            opened(whole[: length % len(whole)])


def test_a_cut_at_the_end_of_a_block_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealed_stream, "CHUNK_BYTES", SMALL)
    whole = sealed(b"l" * SMALL * 3)
    with pytest.raises(TamperedBackup, match="被改动或不完整"):
        opened(whole[: -(SMALL + sealed_stream.TAG_BYTES)])


def test_two_blocks_in_another_order_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealed_stream, "CHUNK_BYTES", SMALL)
    block = SMALL + sealed_stream.TAG_BYTES
    whole = sealed(b"a" * SMALL, b"b" * SMALL, b"c" * SMALL)
    start = len(whole) - 3 * block
    swapped = whole[:start] + whole[start + block : start + 2 * block]
    swapped += whole[start : start + block] + whole[start + 2 * block :]
    with pytest.raises(TamperedBackup, match="第 1 段"):
        opened(swapped)


def test_an_unfinished_file_never_opens() -> None:
    with pytest.raises(TamperedBackup):
        opened(sealed(b"half of a backup", is_finished=False))


def test_another_file_is_no_backup() -> None:
    with pytest.raises(NotABackup):
        opened(b"PK\x03\x04 a workbook")
