"""Telling what a file is by its content, whatever its name says."""

from collections.abc import Iterable
from enum import Enum
from pathlib import Path
from zipfile import BadZipFile

from liangxin.workbook.book import UnreadableFile
from liangxin.workbook.zip_guard import safe_member_names

_SAVE_AS = "请用 Excel 或 WPS 打开原表，另存为“Excel 工作簿(.xlsx)”后再上传"
_BROKEN = UnreadableFile("文件已损坏，打不开", "请重新导出或重新保存一份再上传")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PEEK = 4096


class FileFormat(Enum):
    """The formats that can be read."""

    XLSX = "xlsx"
    XLS = "xls"
    ODS = "ods"
    TEXT = "text"


_FOREIGN: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "PDF 文件"),
    (b"\x89PNG", "图片"),
    (b"\xff\xd8\xff", "图片"),
    (b"GIF8", "图片"),
    (b"II*\x00", "图片"),
    (b"MM\x00*", "图片"),
    (b"Rar!", "RAR 压缩包"),
    (b"7z\xbc\xaf", "7z 压缩包"),
    (b"\x1f\x8b", "压缩包"),
    (b"{\\rtf", "写字板文档"),
)
_ZIP_FOREIGN: tuple[tuple[str, str], ...] = (
    ("xl/workbook.bin", "Excel 二进制工作簿(.xlsb)"),
    ("word/", "Word 文档"),
    ("ppt/", "演示文稿"),
)
_OLE_FOREIGN: tuple[tuple[str, str], ...] = (
    ("WordDocument", "Word 文档"),
    ("PowerPoint Document", "演示文稿"),
)


def file_format(path: Path) -> FileFormat:
    """Return the format of a file by its content; raises UnreadableFile saying what it is instead."""
    with path.open("rb") as stream:
        head = stream.read(_PEEK)
    if not head.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        raise UnreadableFile("文件是空的，没有内容", "请检查是否选错了文件，重新选择后上传")
    if head.startswith(b"PK"):
        return _zip_format(path)
    if head.startswith(_OLE):
        return _ole_format(path.read_bytes())
    return _plain_format(head)


def _zip_format(path: Path) -> FileFormat:
    try:
        names = safe_member_names(path)
    except BadZipFile as error:
        raise _BROKEN from error
    if "xl/workbook.xml" in names:
        return FileFormat.XLSX
    if "content.xml" in names and "META-INF/manifest.xml" in names:
        return FileFormat.ODS
    for part, what in _ZIP_FOREIGN:
        if any(name.startswith(part) for name in names):
            raise _foreign(what)
    raise UnreadableFile("这是压缩包，不是表格", "请先解压，再上传里面的表格文件")


def _ole_format(content: bytes) -> FileFormat:
    if _has_stream(content, ("EncryptedPackage", "EncryptionInfo")):
        raise password_protected()
    for stream, what in _OLE_FOREIGN:
        if _has_stream(content, (stream,)):
            raise _foreign(what)
    if _has_stream(content, ("Workbook", "Book", "WORKBOOK", "BOOK")):
        return FileFormat.XLS
    raise _BROKEN


def _has_stream(content: bytes, names: Iterable[str]) -> bool:
    return any(name.encode("utf-16-le") + b"\x00\x00" in content for name in names)


def _plain_format(head: bytes) -> FileFormat:
    for magic, what in _FOREIGN:
        if head.startswith(magic):
            raise _foreign(what)
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return FileFormat.TEXT
    if b"\x00" in head:
        raise UnreadableFile("认不出这是什么文件", _SAVE_AS)
    _refuse_markup(head.lstrip(b"\xef\xbb\xbf \t\r\n").lower())
    return FileFormat.TEXT


def _refuse_markup(text: bytes) -> None:
    if text.startswith(b"<?xml") and b"excel.sheet" in text:
        raise _foreign("Excel 2003 XML 表格")
    if text.startswith(
        (b"<!doctype", b"<html", b"<table", b"<meta", b"<head", b"<style", b"<?xml")
    ):
        raise _foreign("网页（有些系统导出的 .xls 其实是网页）")
    if text.startswith(b"mime-version:"):
        raise _foreign("网页存档")


def _foreign(what: str) -> UnreadableFile:
    return UnreadableFile(f"这个文件是{what}，不是能读的表格", _SAVE_AS)


def password_protected() -> UnreadableFile:
    """Return the refusal of a workbook that needs a password to open."""
    return UnreadableFile(
        "工作簿设有打开密码，读不了",
        "请用 Excel 或 WPS 打开，在“文件—信息—保护工作簿”里清除密码，保存后再上传",
    )
