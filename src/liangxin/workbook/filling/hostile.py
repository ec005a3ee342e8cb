"""Refusing files that are not what they say, or that carry more than a form: macros, links, bombs."""

import re
import zlib
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import BadZipFile, ZipFile

from liangxin.workbook.book import UnreadableFile
from liangxin.workbook.zip_guard import safe_member_names

MAIN_PARTS = {"xlsx": "xl/workbook.xml", "docx": "word/document.xml"}
# A form is a few pages: what unpacks to more is read cell by cell into memory.
MAX_UNPACKED_BYTES = 60_000_000
MAX_PART_BYTES = 15_000_000
MOST_CELLS = 200_000
_CELLS = re.compile(rb"<(?:\w+:)?(?:c|row)[\s/>]")
TOO_MUCH = "模板内容太多", "请只保留表样，删去数据、图片和空白行列后再上传"
_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_WIDE_DOCTYPE = re.compile(rb"<\x00!\x00[DE]\x00", re.IGNORECASE)  # the same in UTF-16
# What an office program fetches by itself when the file is opened; a hyperlink waits for a click.
_LINK = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>")
_REMOTE = re.compile(
    rb"""Target\s*=\s*["'](?:https?:|ftp:|\\\\|//|file:/{4,}|file://[^/])""", re.IGNORECASE
)
_MACROS = (
    "vbaproject",
    "vbadata",
    "macrosheets/",
    "activex/",
    "embeddings/",
    "externallinks/",
    "xl/connections",
    "querytables/",
)
SAVE_AS = "请在 WPS 或 Office 中另存为 .xlsx 或 .docx 后再上传"


def format_of(file_name: str) -> str:
    """`xlsx` or `docx` by the name of a file; raises UnreadableFile for another."""
    suffix = Path(file_name).suffix.lower()
    if suffix.removeprefix(".") in MAIN_PARTS:
        return suffix.removeprefix(".")
    raise UnreadableFile("模板应是 Excel（.xlsx）或 Word（.docx）文件", SAVE_AS)


def refuse_hostile(data: bytes, *, file_format: str) -> None:
    """Raise UnreadableFile unless the bytes are a plain form of this format, before it is read."""
    try:
        names = _members(data)
    except (BadZipFile, OSError, ValueError, NotImplementedError):
        raise UnreadableFile(
            f"文件打不开，不是完好的 .{file_format} 文件（也可能设了密码）", SAVE_AS
        ) from None
    if MAIN_PARTS[file_format] not in names:
        raise UnreadableFile(f"文件里没有正文，不是真正的 .{file_format} 文件", SAVE_AS)
    if any(part in name.lower() for name in names for part in _MACROS):
        raise UnreadableFile("文件里带有宏、嵌入的对象或指向别的文件的链接", "请去掉以后另存再上传")
    _refuse_inside(data)


def _members(data: bytes) -> tuple[str, ...]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "template.zip"
        path.write_bytes(data)
        return safe_member_names(path)


def _refuse_inside(data: bytes) -> None:
    """Entities of XML could swell or read other files; no office program writes any."""
    with ZipFile(BytesIO(data)) as packed:
        if sum(member.file_size for member in packed.infolist()) > MAX_UNPACKED_BYTES:
            raise UnreadableFile(*TOO_MUCH)
        for member in packed.infolist():
            # Whatever its name: the list of parts inside may call any of them a sheet.
            if member.file_size > MAX_PART_BYTES:
                raise UnreadableFile(*TOO_MUCH)
            try:
                text = packed.read(member)
            except (BadZipFile, zlib.error, RuntimeError, NotImplementedError, OSError, EOFError):
                raise UnreadableFile("文件已损坏或设了密码", SAVE_AS) from None
            # Each becomes an object in memory; counting them costs nothing.
            if len(_CELLS.findall(text)) > MOST_CELLS:
                raise UnreadableFile(*TOO_MUCH)
            if _DOCTYPE.search(text) or _WIDE_DOCTYPE.search(text):
                raise UnreadableFile("文件里有不该出现的内容（XML 实体声明）", SAVE_AS)
            if any(_REMOTE.search(one) and b"/hyperlink" not in one for one in _LINK.findall(text)):
                raise UnreadableFile(
                    "文件一打开就会去取别处的内容", "请去掉远程模板或链接的图片再上传"
                )
