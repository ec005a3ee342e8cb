"""The same document, the same bytes: a Word file without the time at which it was packed."""

import io
import zipfile
from typing import Any
from xml.sax.saxutils import quoteattr

from liangxin.standards.official_documents.layout import STAND_INS

EPOCH = (1980, 1, 1, 0, 0, 0)
FONT_TABLE = "word/fontTable.xml"
# The library's sample picture of its template; no part of a document.
THUMBNAIL = "docProps/thumbnail.jpeg"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def packed(document: Any) -> bytes:
    """A python-docx document as bytes that depend on what it says only."""
    first = io.BytesIO()
    document.save(first)
    target = io.BytesIO()
    with (
        zipfile.ZipFile(first) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as written,
    ):
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, date_time=EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            data = font_table() if name == FONT_TABLE else source.read(name)
            written.writestr(entry, data)
    return target.getvalue()


def font_table() -> bytes:
    """Tell Word what to take where a font of the standard is not installed."""
    fonts = "".join(
        f"<w:font w:name={quoteattr(name)}><w:altName w:val={quoteattr(instead)}/>"
        '<w:charset w:val="86"/><w:family w:val="auto"/><w:pitch w:val="default"/></w:font>'
        for name, instead in STAND_INS.items()
    )
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    return f'{head}<w:fonts xmlns:w="{WORD}">{fonts}</w:fonts>'.encode()
