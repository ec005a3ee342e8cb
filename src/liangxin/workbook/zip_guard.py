"""Refusing zip files that would swell beyond all measure, before anything is unpacked."""

from pathlib import Path
from zipfile import ZipFile

from liangxin.workbook.book import UnreadableFile

MAX_UNPACKED_BYTES = 1_000_000_000
MAX_RATIO = 200
MAX_MEMBERS = 5_000
_RATIO_FREE_BYTES = 20_000_000  # small files repeat themselves harmlessly


def safe_member_names(path: Path) -> tuple[str, ...]:
    """Return the names inside a zip file, from its directory alone.

    Raises UnreadableFile where its unpacked size, its ratio or its number of members is absurd,
    and BadZipFile where it has no readable directory.
    """
    with ZipFile(path) as archive:
        members = archive.infolist()
    unpacked = sum(member.file_size for member in members)
    ratio = unpacked / max(1, sum(member.compress_size for member in members))
    swells = unpacked > _RATIO_FREE_BYTES and ratio > MAX_RATIO
    if unpacked > MAX_UNPACKED_BYTES or swells or len(members) > MAX_MEMBERS:
        raise UnreadableFile(
            f"文件解开后有{unpacked / 1_000_000:,.0f}MB，大得不正常",
            "请删除表格下方和右侧的空白行列，或只复制数据到新表，另存后再上传",
        )
    return tuple(member.filename for member in members)
