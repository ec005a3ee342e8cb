"""What goes into a backup and comes out again: a stream of named files, compressed and sealed."""

import gzip
import hashlib
import io
import tarfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from liangxin.config.backups.manifest import Manifest, manifest_of
from liangxin.config.backups.refusals import DamagedCopy
from liangxin.config.backups.sealed_stream import SealedReader, SealedWriter, TamperedBackup

DUMP = "database"
MANIFEST = "manifest.json"
DATA = "data/"
# Of the data folder: kept files, the sample that tells wrong keys, and the anchors of the audit chain.
# The rest is made anew (static files, compiled solvers) or is the database itself.
KEPT = ("blobs", "key-sample", "audit-anchors")
# Sealed files do not shrink; the database's text does, and more effort gains a few percent only.
COMPRESSION = 3
BUFFER_BYTES = 1 << 20


class Packing:
    """Adds files to a backup that is being written, remembering their digests."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar
        self.files: dict[str, str] = {}

    def add_dump(self, path: Path) -> None:
        self._tar.add(path, arcname=DUMP)

    def add_kept(self, data_dir: Path) -> None:
        """Every kept file; one that expired since it was listed is left out."""
        for path in kept_paths(data_dir):
            try:
                content = path.read_bytes()
            except FileNotFoundError:
                continue
            name = path.relative_to(data_dir).as_posix()
            self._add(DATA + name, content)
            self.files[name] = hashlib.sha256(content).hexdigest()

    def add_manifest(self, manifest: Manifest) -> None:
        """Comes last: it lists what came before."""
        self._add(MANIFEST, manifest.as_json())

    def _add(self, name: str, content: bytes) -> None:
        entry = tarfile.TarInfo(name)
        entry.size = len(content)
        entry.mode = 0o600
        self._tar.addfile(entry, io.BytesIO(content))


def kept_paths(data_dir: Path) -> Iterator[Path]:
    """The files of the data folder that a backup holds, in a stable order."""
    for name in KEPT:
        path = data_dir / name
        found = sorted(path.rglob("*")) if path.is_dir() else [path]
        # A draft is the beginning of a file whose upload is still under way.
        yield from (one for one in found if one.is_file() and one.suffix != ".part")


@contextmanager
def packing(target: Path) -> Iterator[Packing]:
    """Write a backup to `target`; it can be opened only when the block ended without an error."""
    with target.open("wb") as file:
        sealed = SealedWriter(file)
        with (
            gzip.GzipFile(fileobj=sealed, mode="wb", compresslevel=COMPRESSION, mtime=0) as packed,
            tarfile.open(fileobj=packed, mode="w|", bufsize=BUFFER_BYTES) as tar,
        ):
            yield Packing(tar)
        sealed.finish()


def unpack(backup: Path, *, into: Path, on_bytes: Callable[[int], None] | None = None) -> Manifest:
    """Open a backup into a folder and check every file; raises NotABackup, TamperedBackup, WrongKey."""
    manifest: Manifest | None = None
    digests: dict[str, str] = {}
    with backup.open("rb") as file:
        try:
            reading = io.BufferedReader(SealedReader(file), BUFFER_BYTES)
            with gzip.GzipFile(fileobj=reading) as packed:
                for name, content in _entries(packed):
                    if name == MANIFEST:
                        manifest = manifest_of(content.read())
                    else:
                        digests[name] = _write(into / name, content)
                    if on_bytes:
                        on_bytes(file.tell())
                while packed.read(BUFFER_BYTES):  # the end of the stream is sealed as well
                    continue
        except (tarfile.TarError, gzip.BadGzipFile, zlib.error, EOFError) as error:
            raise TamperedBackup(f"备份文件读不完：{error}") from error
    if manifest is None or not (into / DUMP).is_file():
        raise TamperedBackup("备份文件不完整")
    _refuse_other_files(manifest.files, digests)
    return manifest


def _entries(packed: gzip.GzipFile) -> Iterator[tuple[str, io.BufferedIOBase]]:
    with tarfile.open(fileobj=packed, mode="r|", bufsize=BUFFER_BYTES) as tar:
        for entry in tar:
            content = tar.extractfile(entry)
            # Names come from a sealed file of ours; one that climbs out would mean a stolen key.
            if content is None or entry.name.startswith("/") or ".." in Path(entry.name).parts:
                raise TamperedBackup(f"备份中有不该有的内容：{entry.name}")
            yield entry.name, content  # type: ignore[misc]


def _write(path: Path, content: io.BufferedIOBase) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with path.open("wb") as target:
        while block := content.read(BUFFER_BYTES):
            digest.update(block)
            target.write(block)
    return digest.hexdigest()


def _refuse_other_files(expected: Mapping[str, str], found: Mapping[str, str]) -> None:
    kept = {
        name.removeprefix(DATA): digest for name, digest in found.items() if name.startswith(DATA)
    }
    if kept != dict(expected):
        raise DamagedCopy("备份中的文件与清单不一致")
