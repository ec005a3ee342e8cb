"""Read back what was written: the measures of GB/T 9704-2012."""

import io
import zipfile
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from liangxin.standards.official_documents import (
    BLANK,
    Attachment,
    Heading,
    Masthead,
    OfficialDocument,
    Paragraph,
    Table,
    TableColumn,
    write_docx,
)

UNITS = Table(
    columns=(TableColumn("序号", 16, is_centred=True), TableColumn("单位名称", 140)),
    rows=(("1", "甲公司"), ("2", "乙公司")),
)
REQUEST = OfficialDocument(
    title=("中共某街道工作委员会", "关于成立某某联合党支部的请示"),
    addressee="中共某区委两新工委",
    body=(
        Paragraph("现将有关事项请示如下："),
        Heading("基本情况"),
        Heading("涉及单位。", level=2, text_after="共2个。"),
        Heading("甲公司。", level=3),
        Heading("拟请批准事项"),
        Paragraph("妥否，请批示。"),
    ),
    signature="中共某街道工作委员会",
    signed_date=date(2026, 3, 5),
    masthead=Masthead(number="某工委〔2026〕3号", signer="李某"),
    note=f"联系人：{BLANK}",
    attachments=(Attachment("涵盖单位情况表", (UNITS,)),),
)


def read(document: OfficialDocument = REQUEST) -> Any:
    return Document(io.BytesIO(write_docx(document)))


def line(word: Any, text: str) -> Any:
    """The only paragraph of exactly this text."""
    (found,) = [one for one in word.paragraphs if one.text == text]
    return found


def face(run: Any) -> tuple[str, float]:
    """East Asian font and size in points."""
    return run._r.rPr.rFonts.get(qn("w:eastAsia")), run.font.size.pt


def characters(paragraph: Any, name: str) -> float:
    """An indent in characters of the grid."""
    return int(paragraph._p.pPr.ind.get(qn(f"w:{name}Chars"), "0")) / 100


def test_page_is_a4_with_the_text_where_the_standard_has_it() -> None:
    section = read().sections[0]

    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert (round(section.top_margin.mm), round(section.left_margin.mm)) == (37, 28)
    width = section.page_width - section.left_margin - section.right_margin
    height = section.page_height - section.top_margin - section.bottom_margin
    assert (round(width / Mm(1)), round(height / Mm(1))) == (156, 225)


def test_page_takes_22_lines_of_28_characters() -> None:
    word = read()
    style = word.styles["Normal"]
    text_height, text_width = Mm(225).pt, Mm(156).pt
    drawn_in = int(style.element.rPr.find(qn("w:spacing")).get(qn("w:val"))) / 20

    assert text_height // style.paragraph_format.line_spacing.pt == 22
    assert text_width // (style.font.size.pt + drawn_in) == 28


def test_body_is_in_fangsong_16_pt_set_in_by_two_characters() -> None:
    paragraph = line(read(), "现将有关事项请示如下：")

    assert face(paragraph.runs[0]) == ("仿宋_GB2312", 16)
    assert characters(paragraph, "firstLine") == 2


def test_title_is_centred_in_22_pt() -> None:
    paragraph = line(read(), "关于成立某某联合党支部的请示")

    assert paragraph.alignment == WD_ALIGN_PARAGRAPH.CENTER
    assert face(paragraph.runs[0]) == ("方正小标宋简体", 22)


@pytest.mark.parametrize(
    ("text", "font"),
    [
        ("一、基本情况", "黑体"),
        ("（一）涉及单位。共2个。", "楷体_GB2312"),
        ("1.甲公司。", "仿宋_GB2312"),
        ("二、拟请批准事项", "黑体"),
    ],
)
def test_headings_are_numbered_each_level_in_its_font(text: str, font: str) -> None:
    assert face(line(read(), text).runs[0]) == (font, 16)


def test_text_after_a_heading_is_in_the_face_of_the_body() -> None:
    assert face(line(read(), "（一）涉及单位。共2个。").runs[1]) == ("仿宋_GB2312", 16)


def test_addressee_stands_at_the_left_edge() -> None:
    paragraph = line(read(), "中共某区委两新工委：")

    assert paragraph._p.pPr is None or paragraph._p.pPr.ind is None


def test_masthead_has_number_left_signer_right_over_a_red_line() -> None:
    paragraph = line(read(), "某工委〔2026〕3号\t签发人：李某")
    border = paragraph._p.pPr.find(qn("w:pBdr")).find(qn("w:bottom"))

    assert face(paragraph.runs[-1]) == ("楷体_GB2312", 16)
    assert paragraph.paragraph_format.tab_stops[0].position > Mm(145)
    assert border.get(qn("w:color")) == "FF0000"


def test_masthead_without_values_leaves_blanks() -> None:
    word = read(replace(REQUEST, masthead=Masthead()))

    assert line(word, f"{BLANK}\t签发人：{BLANK}")


def test_signature_is_centred_over_the_date_four_characters_from_the_right() -> None:
    word = read()
    signed, day = _signature(word)

    assert (signed.alignment, day.alignment) == (WD_ALIGN_PARAGRAPH.RIGHT,) * 2
    # 10 letters over 6 letters' width: two more on either side.
    assert (characters(signed, "right"), characters(day, "right")) == (2, 4)


def test_long_signature_ends_at_the_edge_with_the_date_under_its_middle() -> None:
    word = read(replace(REQUEST, signature="中" * 20))
    signed, day = _signature(word, name="中" * 20)

    assert (characters(signed, "right"), characters(day, "right")) == (0, 7)


def _signature(word: Any, name: str = "中共某街道工作委员会") -> tuple[Any, Any]:
    day = line(word, "2026年3月5日")
    signed = [one for one in word.paragraphs if one.text == name][-1]
    return signed, day


def test_undated_document_leaves_the_day_blank() -> None:
    assert line(read(replace(REQUEST, signed_date=None)), f"{BLANK}年{BLANK}月{BLANK}日")


def test_note_stands_in_brackets_after_the_date() -> None:
    texts = [one.text for one in read().paragraphs]

    assert texts[texts.index("2026年3月5日") + 1] == f"（联系人：{BLANK}）"


def test_attachments_are_named_before_the_signature() -> None:
    word = read(replace(REQUEST, attachments=REQUEST.attachments * 2))
    first, second = line(word, "附件：1.涵盖单位情况表"), line(word, "2.涵盖单位情况表")

    first_letters = characters(first, "left") - characters(first, "hanging")
    second_letters = characters(second, "left") - characters(second, "hanging")
    assert (first_letters, second_letters) == (2, 5)


def test_attachment_starts_a_page() -> None:
    word = read()
    mark = line(word, "附件")

    assert mark.paragraph_format.page_break_before is True
    assert face(mark.runs[0]) == ("黑体", 16)


def test_table_holds_its_rows_and_repeats_its_head() -> None:
    (table,) = read().tables
    texts = [[cell.text for cell in row.cells] for row in table.rows]

    assert texts == [["序号", "单位名称"], ["1", "甲公司"], ["2", "乙公司"]]
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert [round(column.width.mm) for column in table.columns] == [16, 140]


@pytest.mark.parametrize(
    ("name", "side", "inset"),
    [
        ("footer", WD_ALIGN_PARAGRAPH.RIGHT, "right"),
        ("even_page_footer", WD_ALIGN_PARAGRAPH.LEFT, "left"),
    ],
)
def test_page_number_stands_at_the_outer_side(
    name: str, side: WD_ALIGN_PARAGRAPH, inset: str
) -> None:
    word = read()
    paragraph = getattr(word.sections[0], name).paragraphs[0]
    fields = [one.text for one in paragraph._p.iter(qn("w:instrText"))]

    assert word.settings.odd_and_even_pages_header_footer is True
    assert (paragraph.alignment, characters(paragraph, inset)) == (side, 1)
    assert (paragraph.text, fields) == ("— 1 —", [" PAGE "])
    assert {face(run) for run in paragraph.runs} == {("宋体", 14)}


def test_same_document_gives_the_same_bytes() -> None:
    assert write_docx(REQUEST) == write_docx(REQUEST)


def test_fonts_have_stand_ins() -> None:
    with zipfile.ZipFile(io.BytesIO(write_docx(REQUEST))) as package:
        fonts = package.read("word/fontTable.xml").decode()

    assert '<w:font w:name="仿宋_GB2312"><w:altName w:val="仿宋"/>' in fonts


def test_body_runs_name_one_font_for_every_script() -> None:
    fonts = line(read(), "妥否，请批示。").runs[0]._r.rPr.rFonts

    assert {fonts.get(qn(f"w:{one}")) for one in ("ascii", "hAnsi", "eastAsia")} == {"仿宋_GB2312"}


def test_title_lines_are_as_high_as_the_body() -> None:
    assert read().styles["Normal"].paragraph_format.line_spacing < Pt(29)


def test_sealed_page_holds_some_of_the_text() -> None:
    word = read()
    texts = [one.text for one in word.paragraphs]
    last, seal = texts.index("妥否，请批示。"), texts.index("2026年3月5日")

    assert all(one.paragraph_format.keep_with_next for one in word.paragraphs[last:seal])
