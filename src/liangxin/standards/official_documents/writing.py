"""Writing an official document as Word, part by part from the head to the attachments."""

from datetime import date, datetime
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from liangxin.standards.official_documents.document import (
    BLANK,
    Attachment,
    Block,
    Heading,
    Masthead,
    OfficialDocument,
    Paragraph,
    Table,
)
from liangxin.standards.official_documents.layout import (
    ATTACHMENT_FACE,
    BODY_FACE,
    CHARACTER_PT,
    CHARACTERS,
    HEADING_FACES,
    LINE_TWIPS,
    NAME_FACE,
    RED,
    TABLE_FACE,
    TABLE_HEAD_FACE,
    TITLE_FACE,
    XIAOBIAOSONG,
    Face,
    add_run,
    indent,
    letters_wide,
    number_pages,
    rule_under,
    set_body_style,
    set_page,
)
from liangxin.standards.official_documents.numbering import Counter
from liangxin.standards.official_documents.packing import packed

ORGAN_MARK_FACE = Face(XIAOBIAOSONG, 36, RED)
# 35 mm from the head of the text to the name of the organ: four lines and a part of one.
LINES_OVER_ORGAN_MARK = 3
LINES_OVER_SIGNATURE = 2
SEALED_INDENT = 4.0
CELL_MARGIN_TWIPS = 57  # a millimetre
# Any fixed time: the library writes today's otherwise.
UNDATED = datetime(2000, 1, 1)  # noqa: DTZ001 (the file format knows no zone)


def write_docx(document: OfficialDocument) -> bytes:
    """The document as a Word file; the same document gives the same bytes."""
    word = Document()
    set_body_style(word)
    set_page(word.sections[0])
    number_pages(word.sections[0], word.settings)
    _describe(word, document)
    if document.masthead:
        _add_masthead(word, document.masthead)
    _add_title(word, document)
    _add_body(word, document)
    _add_list_of_attachments(word, document)
    _add_signature(word, document)
    for number, attachment in enumerate(document.attachments, start=1):
        alone = len(document.attachments) == 1
        _add_attachment(word, attachment, mark="附件" if alone else f"附件{number}")
    return packed(word)


def _describe(word: Any, document: OfficialDocument) -> None:
    about = word.core_properties
    about.title, about.author = "".join(document.title), document.signature
    about.comments = about.last_modified_by = ""
    about.language = "zh-CN"
    day = document.signed_date
    when = datetime(day.year, day.month, day.day) if day else UNDATED  # noqa: DTZ001
    about.created = about.modified = when


def _line(word: Any, text: str = "", *, face: Face = BODY_FACE) -> Any:
    paragraph = word.add_paragraph()
    if text:
        add_run(paragraph, text, face)
    return paragraph


def _add_masthead(word: Any, head: Masthead) -> None:
    for _ in range(LINES_OVER_ORGAN_MARK):
        _line(word)
    mark = _line(word, head.organ_mark, face=ORGAN_MARK_FACE)
    mark.alignment = WD_ALIGN_PARAGRAPH.CENTER
    mark.paragraph_format.line_spacing = Pt(2 * LINE_TWIPS / 20)
    for _ in range(2):
        _line(word)
    numbered = _line(word, head.number)
    if head.is_downward:
        numbered.alignment = WD_ALIGN_PARAGRAPH.CENTER
        rule_under(numbered, colour=RED)
        return
    # Both a character in; an indent of the paragraph would shorten the line under it.
    indent(numbered, first=1)
    end = Pt((CHARACTERS - 1) * CHARACTER_PT)
    numbered.paragraph_format.tab_stops.add_tab_stop(end, WD_TAB_ALIGNMENT.RIGHT)
    add_run(numbered, "\t签发人：", BODY_FACE)
    add_run(numbered, head.signer, NAME_FACE)
    rule_under(numbered, colour=RED)


def _add_title(word: Any, document: OfficialDocument) -> None:
    for _ in range(2 if document.masthead else 0):
        _line(word)
    for text in document.title:
        _line(word, text, face=TITLE_FACE).alignment = WD_ALIGN_PARAGRAPH.CENTER
    _line(word)


def _add_body(word: Any, document: OfficialDocument) -> None:
    _line(word, f"{document.addressee}：")
    _add_blocks(word, document.body)
    # The page that is sealed must hold some of the text.
    word.paragraphs[-1].paragraph_format.keep_with_next = True


def _add_blocks(word: Any, blocks: Any) -> None:
    counter = Counter()
    for block in blocks:
        _add_block(word, block, counter)


def _add_block(word: Any, block: Block, counter: Counter) -> None:
    match block:
        case Heading():
            mark = counter.next_mark(block.level)
            paragraph = _line(word, mark + block.text, face=HEADING_FACES[block.level - 1])
            if block.text_after:
                add_run(paragraph, block.text_after, BODY_FACE)
            indent(paragraph, first=2)
            # A heading alone at the foot of a page would head nothing.
            paragraph.paragraph_format.keep_with_next = not block.text_after
        case Paragraph():
            indent(_line(word, block.text), first=2)
        case Table():
            _add_table(word, block)


def _add_list_of_attachments(word: Any, document: OfficialDocument) -> None:
    attachments = document.attachments
    if not attachments:
        return
    _line(word).paragraph_format.keep_with_next = True
    alone = len(attachments) == 1
    for number, attachment in enumerate(attachments, start=1):
        mark = "" if alone else f"{number}."
        before = "附件：" if number == 1 else ""
        paragraph = _line(word, f"{before}{mark}{attachment.title}")
        # Names that run over go on under the name's first letter.
        hanging = letters_wide(before + mark)
        indent(paragraph, left=5 + letters_wide(mark), hanging=hanging)
        paragraph.paragraph_format.keep_with_next = True


def _add_signature(word: Any, document: OfficialDocument) -> None:
    dated = day_in_words(document.signed_date)
    # Both over one another's middle, so that the seal presses on both.
    shift = (letters_wide(dated) - letters_wide(document.signature)) / 2
    for _ in range(LINES_OVER_SIGNATURE):
        _line(word).paragraph_format.keep_with_next = True
    inset = max(0.0, SEALED_INDENT + shift)
    signed, day = _line(word, document.signature), _line(word, dated)
    signed.paragraph_format.keep_with_next = True
    for paragraph, right in ((signed, inset), (day, inset - shift)):
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        indent(paragraph, right=right)
    if document.note:
        day.paragraph_format.keep_with_next = True
        indent(_line(word, f"（{document.note}）"), first=2)


def day_in_words(day: date | None) -> str:
    """2026年3月5日, in Arabic figures without leading zeros; a blank for no day."""
    if day is None:
        return f"{BLANK}年{BLANK}月{BLANK}日"
    return f"{day.year}年{day.month}月{day.day}日"


def _add_attachment(word: Any, attachment: Attachment, *, mark: str) -> None:
    first = _line(word, mark, face=ATTACHMENT_FACE)
    first.paragraph_format.page_break_before = True
    _line(word)
    _line(word, attachment.title, face=TITLE_FACE).alignment = WD_ALIGN_PARAGRAPH.CENTER
    _line(word)
    _add_blocks(word, attachment.blocks)


def _add_table(word: Any, table: Table) -> None:
    made = word.add_table(rows=1, cols=len(table.columns), style="Table Grid")
    made.alignment, made.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    _set_cell_margins(made)
    for cell, column in zip(made.rows[0].cells, table.columns, strict=True):
        _fill(cell, column.title, face=TABLE_HEAD_FACE, is_centred=True)
    for row in table.rows:
        added = made.add_row()
        for cell, text, column in zip(added.cells, row, table.columns, strict=True):
            _fill(cell, text, face=TABLE_FACE, is_centred=column.is_centred)
    for row in made.rows:
        # A row cut by a page's end is read wrongly.
        _mark_row(row, "w:cantSplit")
    _mark_row(made.rows[0], "w:tblHeader")
    for width, grid in zip(table.columns, made.columns, strict=True):
        grid.width = Mm(width.width_mm)
        for cell in grid.cells:
            cell.width = Mm(width.width_mm)


def _set_cell_margins(table: Any) -> None:
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), str(CELL_MARGIN_TWIPS))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    properties = table._tbl.tblPr
    # The schema wants it before the look.
    properties.insert(properties.index(properties.find(qn("w:tblLook"))), margins)


def _fill(cell: Any, text: str, *, face: Face, is_centred: bool) -> None:
    paragraph = cell.paragraphs[0]
    add_run(paragraph, text, face)
    paragraph.paragraph_format.line_spacing = 1.25
    if is_centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    cell.vertical_alignment = 1


def _mark_row(row: Any, name: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(name))
