"""Filling a Word template: values into paragraphs, a marked table row once for each item."""

import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from io import BytesIO
from typing import Any

import docx
from docx.oxml.ns import qn

from liangxin.workbook.book import UnreadableFile
from liangxin.workbook.filling.content import Content, Rows
from liangxin.workbook.filling.excel import NONE_WORDS, DoesNotFit
from liangxin.workbook.filling.hostile import SAVE_AS
from liangxin.workbook.filling.placeholders import (
    PATTERN,
    is_marker,
    marker_of,
    names_in,
    plain_name,
)
from liangxin.workbook.filling.reading import Reading

MOST_ROWS = 3_000
PARAGRAPH, TEXT, ROW, TABLE = qn("w:p"), qn("w:t"), qn("w:tr"), qn("w:tbl")
SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def read_word(data: bytes) -> Reading:
    """The placeholders of a document; raises UnreadableFile."""
    document = _opened(data)
    reading = Reading()
    for title, root in _roots(document):
        seen = set()
        for row in root.iter(ROW):
            if _marker(row):
                table = 1 + list(root.iter(TABLE)).index(_above(row, TABLE))
                place = f"{title}第 {table} 个表格"
                reading.add_row([(place, _text(one)) for one in row.iter(PARAGRAPH)])
                seen.update(row.iter(PARAGRAPH))
        for number, paragraph in enumerate(root.iter(PARAGRAPH), start=1):
            if paragraph not in seen:
                words = _text(paragraph).strip()
                reading.add_text(f"{title}第 {number} 段（{words[:16]}）", words)
    return reading


def fill_word(data: bytes, content: Content) -> bytes:
    """The document with every placeholder filled. Raises DoesNotFit."""
    document = _opened(data)
    for _, root in _roots(document):
        rows = [(row, _marker(row)) for row in root.iter(ROW) if _marker(row)]
        inside = {paragraph for row, _ in rows for paragraph in row.iter(PARAGRAPH)}
        # Listed before any is filled: what was filled is never read for placeholders again.
        plain = [one for one in root.iter(PARAGRAPH) if one not in inside]
        for paragraph in plain:
            _fill(paragraph, lambda name: content.value(name).words)
        for row, marker in rows:
            _repeat(row, content, content.tables.get(marker))
    target = BytesIO()
    document.save(target)
    return target.getvalue()


def _opened(data: bytes) -> Any:
    try:
        return docx.Document(BytesIO(data))
    except Exception as error:  # python-docx raises whatever its parsers meet in a broken file
        raise UnreadableFile("文件读不出来，可能已损坏", SAVE_AS) from error


def _roots(document: Any) -> Iterator[tuple[str, Any]]:
    """The body, then each header and footer, with what to call them."""
    yield "正文", document.element.body
    kinds = {"header": "页眉", "footer": "页脚"}
    for related in document.part.rels.values():
        kind = related.reltype.rpartition("/")[2]
        if kind in kinds and not related.is_external:
            yield kinds[kind], related.target_part.element


def _above(element: Any, tag: str) -> Any:
    return next(element.iterancestors(tag), None)


def _texts(paragraph: Any) -> list[Any]:
    """The pieces of text of a paragraph, those of boxes inside it left to their own paragraphs."""
    return [one for one in paragraph.iter(TEXT) if _above(one, PARAGRAPH) is paragraph]


def _text(paragraph: Any) -> str:
    return "".join(one.text or "" for one in _texts(paragraph))


def _marker(row: Any) -> str:
    """What repeats a row; '' for a row around a table whose own row is repeated."""
    own = [one for one in row.iter(PARAGRAPH) if _above(one, ROW) is row]
    return marker_of([name for one in own for name in names_in(_text(one))])


def _repeat(row: Any, content: Content, table: Rows | None) -> None:
    if table is None or not table.rows:
        _fill_all(row, lambda name: _words_of_none(name, content))
        return
    if len(table.rows) > MOST_ROWS:
        raise DoesNotFit(
            f"清单有 {len(table.rows)} 行，Word 模板最多放 {MOST_ROWS} 行，请改用 Excel 模板。"
        )
    model = deepcopy(row)
    last = row
    for number in range(len(table.rows)):
        target = row if number == 0 else deepcopy(model)
        if number:
            last.addnext(target)
        last = target
        _fill_row(target, content, (table, number))


def _fill_row(row: Any, content: Content, at: tuple[Rows, int]) -> None:
    table, number = at
    _fill_all(row, lambda name: (table.value(number, name) or content.value(name)).words)


def _fill_all(row: Any, told: Callable[[str], str]) -> None:
    for paragraph in list(row.iter(PARAGRAPH)):
        _fill(paragraph, told)


def _words_of_none(name: str, content: Content) -> str:
    if name in content.values:
        return content.value(name).words
    return NONE_WORDS if is_marker(name) else ""


def _fill(paragraph: Any, told: Callable[[str], str]) -> None:
    """Replace each placeholder, also one whose letters Word keeps in several pieces."""
    texts = _texts(paragraph)
    whole = "".join(one.text or "" for one in texts)
    # From behind, so that the places of those before stay as they were found.
    for match in reversed(list(PATTERN.finditer(whole))):
        words = _ILLEGAL.sub("", told(plain_name(match.group(1))))
        _replace(texts, match.start(), match.end(), words)


def _replace(texts: list[Any], start: int, end: int, words: str) -> None:
    place = 0
    for one in texts:
        text = one.text or ""
        first, last = max(start - place, 0), min(end - place, len(text))
        begins_here = place <= start < place + len(text)
        place += len(text)
        if first < last:
            one.text = text[:first] + (words if begins_here else "") + text[last:]
            one.set(SPACE, "preserve")
