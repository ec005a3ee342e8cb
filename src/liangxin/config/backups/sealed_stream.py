"""A sealed file that is written and read as a stream: whatever is cut, swapped or changed is noticed.

Layout: magic, the length of the sealed key (2 bytes), the sealed key, then blocks of CHUNK_BYTES sealed with
AES-256-GCM under a key of this file alone. Each block's nonce is its number and whether it is the last, so
that blocks cannot be re-ordered, left out or taken from another backup (the STREAM construction, Hoang et
al. 2015).
"""

import io
import os
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from liangxin.kernel.encryption import seal, unseal

MAGIC = b"LIANGXIN-BACKUP-1\n"
CHUNK_BYTES = 1 << 20
TAG_BYTES = 16
KEY_BYTES = 32
LENGTH_BYTES = 2


class NotABackup(ValueError):
    """The file is no backup of this program."""


class TamperedBackup(ValueError):
    """A backup was cut short or changed since it was written."""


class SealedWriter(io.RawIOBase):
    """Seals what is written; only `close` writes the last block, so a half-written file never opens."""

    def __init__(self, target: BinaryIO) -> None:
        key = os.urandom(KEY_BYTES)
        sealed_key = seal(key)
        self._header = MAGIC + len(sealed_key).to_bytes(LENGTH_BYTES, "big") + sealed_key
        self._target = target
        self._cipher = AESGCM(key)
        self._waiting = bytearray()
        self._number = 0
        target.write(self._header)

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        """Take `data`, any bytes-like object; returns its length."""
        given = bytes(data)  # type: ignore[call-overload]
        self._waiting += given
        # One byte more than a block must wait: the last block is known only when the stream ends.
        while len(self._waiting) > CHUNK_BYTES:
            self._put(bytes(self._waiting[:CHUNK_BYTES]), is_last=False)
            del self._waiting[:CHUNK_BYTES]
        return len(given)

    def finish(self) -> None:
        """Write the last block; without it the file counts as cut short."""
        self._put(bytes(self._waiting), is_last=True)
        self._waiting.clear()

    def _put(self, block: bytes, *, is_last: bool) -> None:
        nonce = _nonce(self._number, is_last=is_last)
        self._target.write(self._cipher.encrypt(nonce, block, self._header))
        self._number += 1


class SealedReader(io.RawIOBase):
    """Opens what SealedWriter wrote; raises NotABackup, TamperedBackup, and WrongKey of the kernel."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        self._header, key = _read_header(source)
        self._cipher = AESGCM(key)
        self._ahead = source.read(CHUNK_BYTES + TAG_BYTES)
        self._plain = b""
        self._number = 0
        self._is_done = False

    def readable(self) -> bool:
        return True

    def readinto(self, target: object) -> int:
        """Fill `target` with the next bytes; 0 at the end."""
        view = memoryview(target)  # type: ignore[arg-type]
        while not self._plain and not self._is_done:
            self._open_next()
        taken = min(len(view), len(self._plain))
        view[:taken] = self._plain[:taken]
        self._plain = self._plain[taken:]
        return taken

    def _open_next(self) -> None:
        block, self._ahead = self._ahead, self._source.read(CHUNK_BYTES + TAG_BYTES)
        self._is_done = not self._ahead
        nonce = _nonce(self._number, is_last=self._is_done)
        try:
            self._plain = self._cipher.decrypt(nonce, block, self._header)
        except (InvalidTag, ValueError) as error:
            raise TamperedBackup(f"备份文件第 {self._number + 1} 段被改动或不完整") from error
        self._number += 1


def _read_header(source: BinaryIO) -> tuple[bytes, bytes]:
    magic = source.read(len(MAGIC))
    if magic != MAGIC:
        raise NotABackup("这不是本系统的备份文件")
    length = source.read(LENGTH_BYTES)
    sealed_key = source.read(int.from_bytes(length, "big"))
    try:
        key = unseal(sealed_key)
    except ValueError as error:  # shorter than any sealed value
        raise TamperedBackup("备份文件的开头被改动或不完整") from error
    return magic + length + sealed_key, key


def _nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([is_last])
