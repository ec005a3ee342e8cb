"""Measures of GB/T 9704-2012 and what sets them on a Word document.

Source: GB/T 9704-2012 党政机关公文格式, 5.2 (page), 5.2.2 (type), 5.2.3 (lines and characters), 7.5 (page number).
"""

from dataclasses import dataclass
from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

PAGE_WIDTH_MM, PAGE_HEIGHT_MM = 210, 297
TEXT_WIDTH_MM, TEXT_HEIGHT_MM = 156, 225
TOP_MM, LEFT_MM = 37, 28
RIGHT_MM = PAGE_WIDTH_MM - LEFT_MM - TEXT_WIDTH_MM
BOTTOM_MM = PAGE_HEIGHT_MM - TOP_MM - TEXT_HEIGHT_MM
LINES, CHARACTERS = 22, 28
# The dash of a page number lies 7 mm under the text; its line is as high as its 14 pt.
FOOTER_MM = 25.5

TWIPS_PER_MM = 1440 / 25.4
# Rounded down, since 22 lines of a rounded up height would not fit the page.
LINE_TWIPS = int(TEXT_HEIGHT_MM * TWIPS_PER_MM / LINES)
CHARACTER_PT = TEXT_WIDTH_MM * 72 / 25.4 / CHARACTERS
BODY_PT, TITLE_PT, PAGE_NUMBER_PT, TABLE_PT = 16, 22, 14, 12
CHARACTER_TWIPS = int(CHARACTER_PT * 20)

FANGSONG, KAITI, HEITI = "仿宋_GB2312", "楷体_GB2312", "黑体"
XIAOBIAOSONG, SONGTI = "方正小标宋简体", "宋体"
# What a machine without the named font is to take in its place.
STAND_INS = {FANGSONG: "仿宋", KAITI: "楷体", XIAOBIAOSONG: "宋体"}


@dataclass(frozen=True)
class Face:
    """A font, its size in points, and its colour (RRGGBB, '' for black)."""

    font: str
    size_pt: float = BODY_PT
    colour: str = ""


BODY_FACE = Face(FANGSONG)
NAME_FACE = Face(KAITI)
TITLE_FACE = Face(XIAOBIAOSONG, TITLE_PT)
ATTACHMENT_FACE = Face(HEITI)
HEADING_FACES = (Face(HEITI), Face(KAITI), BODY_FACE, BODY_FACE)
PAGE_NUMBER_FACE = Face(SONGTI, PAGE_NUMBER_PT)
TABLE_HEAD_FACE = Face(HEITI, TABLE_PT)
TABLE_FACE = Face(FANGSONG, TABLE_PT)
RED = "FF0000"


def set_page(section: Any) -> None:
    """A4, the margins, and the grid of 22 lines."""
    section.page_width, section.page_height = Mm(PAGE_WIDTH_MM), Mm(PAGE_HEIGHT_MM)
    section.top_margin, section.bottom_margin = Mm(TOP_MM), Mm(BOTTOM_MM)
    section.left_margin, section.right_margin = Mm(LEFT_MM), Mm(RIGHT_MM)
    section.header_distance, section.footer_distance = Mm(15), Mm(FOOTER_MM)
    grid = section._sectPr.find(qn("w:docGrid"))
    if grid is None:
        grid = OxmlElement("w:docGrid")
        section._sectPr.append(grid)
    # Not "linesAndChars": programs other than Word give a letter wider than its cell two cells.
    grid.set(qn("w:type"), "lines")
    grid.set(qn("w:linePitch"), str(LINE_TWIPS))


def set_body_style(document: Any) -> None:
    """Make the body's face and line height what every paragraph starts from."""
    style = document.styles["Normal"]
    properties = style.element.get_or_add_rPr()
    set_face(properties, BODY_FACE)
    # 28 letters of 16 pt are wider than the text; each is drawn in by a fraction of a point.
    drawn_in = _valued("w:spacing", CHARACTER_TWIPS - BODY_PT * 20)
    properties.insert_element_before(drawn_in, "w:w", "w:kern", "w:position", "w:sz", "w:szCs")
    paragraph = style.paragraph_format
    paragraph.space_before = paragraph.space_after = Pt(0)
    paragraph.line_spacing = Pt(LINE_TWIPS / 20)
    paragraph.widow_control = False
    # A title higher than a line would be given two, and figures a space on either side.
    for name in ("w:autoSpaceDE", "w:autoSpaceDN", "w:snapToGrid"):
        style.element.pPr.insert_element_before(_valued(name, 0), "w:spacing", "w:ind", "w:jc")
    for defaults in document.styles.element.iter(qn("w:rPrDefault")):
        properties = defaults.find(qn("w:rPr"))
        set_face(properties, BODY_FACE)
        # Chinese line breaks: no line begins with a comma.
        properties.find(qn("w:lang")).set(qn("w:eastAsia"), "zh-CN")


def _valued(name: str, value: object) -> Any:
    element = OxmlElement(name)
    element.set(qn("w:val"), str(value))
    return element


def set_face(properties: Any, face: Face) -> None:
    """Set font, size and colour on a w:rPr, for Chinese and for Western letters alike."""
    fonts = properties.get_or_add_rFonts()
    for name in list(fonts.attrib):
        # A theme's font would win over the named one.
        del fonts.attrib[name]
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), face.font)
    # Without it quotation marks and dashes are set as Western ones, half as wide.
    fonts.set(qn("w:hint"), "eastAsia")
    properties.sz_val = Pt(face.size_pt)
    if face.colour:
        properties.get_or_add_color().set(qn("w:val"), face.colour)


def add_run(paragraph: Any, text: str, face: Face) -> Any:
    """Text at the end of a paragraph."""
    run = paragraph.add_run(text)
    set_face(run._r.get_or_add_rPr(), face)
    return run


def indent(
    paragraph: Any, *, left: float = 0, right: float = 0, first: float = 0, hanging: float = 0
) -> None:
    """Set a paragraph in by characters; in twips besides, for readers that know no characters."""
    element = paragraph._p.get_or_add_pPr().get_or_add_ind()
    asked = {"left": left, "right": right, "firstLine": first, "hanging": hanging}
    for name, characters in asked.items():
        if characters:
            element.set(qn(f"w:{name}Chars"), str(round(characters * 100)))
            element.set(qn(f"w:{name}"), str(round(characters * CHARACTER_TWIPS)))


def number_pages(section: Any, settings: Any) -> None:
    """— 1 — at the outer side: right on odd pages, left on even ones, one character in."""
    settings.odd_and_even_pages_header_footer = True
    sides = (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT, {"right": 1.0}),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT, {"left": 1.0}),
    )
    for footer, side, inset in sides:
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]
        paragraph.alignment = side
        paragraph.paragraph_format.line_spacing = Pt(PAGE_NUMBER_PT)
        indent(paragraph, **inset)
        add_run(paragraph, "— ", PAGE_NUMBER_FACE)
        _add_page_field(paragraph)
        add_run(paragraph, " —", PAGE_NUMBER_FACE)


def _add_page_field(paragraph: Any) -> None:
    for kind in ("begin", "PAGE", "separate", "1", "end"):
        run = add_run(paragraph, "", PAGE_NUMBER_FACE)
        if kind == "PAGE":
            part = OxmlElement("w:instrText")
            part.set(qn("xml:space"), "preserve")
            part.text = " PAGE "
        elif kind == "1":
            part = OxmlElement("w:t")
            part.text = kind
        else:
            part = OxmlElement("w:fldChar")
            part.set(qn("w:fldCharType"), kind)
        run._r.append(part)


def rule_under(paragraph: Any, *, colour: str) -> None:
    """Draw a line as wide as the text under a paragraph, 4 mm below its letters."""
    borders = OxmlElement("w:pBdr")
    line = OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "12"), ("space", "11"), ("color", colour)):
        line.set(qn(f"w:{name}"), value)
    borders.append(line)
    properties = paragraph._p.get_or_add_pPr()
    # The schema wants it before the tabs, spacing and indents.
    properties.insert_element_before(
        borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def letters_wide(text: str) -> float:
    """How many characters of the grid a text takes: a Western letter or digit half of one."""
    return sum(0.5 if letter.isascii() else 1 for letter in text)
