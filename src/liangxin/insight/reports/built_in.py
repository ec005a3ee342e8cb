"""The three forms every district starts with, made by code: A4 landscape, ready to print."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import openpyxl
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

# Grows when a form below is changed: deployments then add it as a new version.
EDITION = 1
THIN = Side(style="thin", color="FF7F7F7F")
BORDER = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)
HEAD = PatternFill("solid", fgColor="FFF2E6E6")
CENTRE = Alignment(horizontal="center", vertical="center", wrap_text=True)
LEFT = Alignment(horizontal="left", vertical="center", wrap_text=True)
BODY_FONT, HEAD_FONT = Font(name="宋体", size=10), Font(name="黑体", size=10)
TITLE_FONT, NOTE_FONT = Font(name="黑体", size=18), Font(name="宋体", size=10)


@dataclass(frozen=True)
class Head:
    """A column: its heading, the placeholder of its cells, its width in characters."""

    title: str
    placeholder: str
    width: float
    is_text: bool = False
    total: str = ""
    number_format: str = "General"


@dataclass(frozen=True)
class BuiltIn:
    """A form made by code."""

    code: str
    title: str
    make: Callable[[], bytes]

    @property
    def file_name(self) -> str:
        return f"{self.title}.xlsx"


def _count(title: str, figure: str, width: float = 10) -> Head:
    return Head(title, figure, width, total=figure, number_format="#,##0")


def _share(title: str, figure: str) -> Head:
    return Head(title, figure, 10, total=figure, number_format="0.0%")


COVERAGE_HEADS = (
    Head("街道", "每个街道", 18, is_text=True, total="合计"),
    _count("在营单位\n（基数）", "组织覆盖率.分母"),
    _count("组织覆盖", "组织覆盖率.分子"),
    _count("其中：\n单独组建", "单独组建"),
    _count("其中：\n联合组建", "联合组建"),
    _share("组织\n覆盖率", "组织覆盖率"),
    _count("没有党组织\n（基数）", "工作覆盖率.分母", 11),
    _count("工作覆盖", "工作覆盖率.分子"),
    _share("工作\n覆盖率", "工作覆盖率"),
    _share("任一\n覆盖率", "任一覆盖率"),
    _count("均未覆盖", "均未覆盖"),
    _count("状态不明\n（另计）", "状态不明"),
)
PARTY_HEADS = (
    Head("序号", "清单:党组织", 6),
    Head("党组织名称", "党组织名称", 34, is_text=True),
    Head("类别", "类别", 11),
    Head("上级党组织", "上级党组织", 26, is_text=True),
    Head("街道", "街道", 13),
    Head("成立日期", "成立日期", 12),
    Head("书记", "书记", 10),
    Head("涵盖\n单位数", "涵盖单位数", 8, number_format="#,##0"),
    Head("党员数", "党员数", 8, number_format="#,##0"),
)
UNCOVERED_HEADS = (
    Head("序号", "清单:未覆盖", 6),
    Head("单位名称", "单位名称", 32, is_text=True),
    Head("统一社会信用代码", "信用代码", 21, number_format="@"),
    Head("街道", "街道", 13),
    Head("楼宇园区", "楼宇园区", 16, is_text=True),
    Head("行业", "行业", 18, is_text=True),
    Head("从业\n人数", "从业人数", 8, number_format="#,##0"),
    Head("原因和办法", "原因和办法", 36, is_text=True),
)


def _coverage_form() -> bytes:
    notes = (
        "组织覆盖率＝组织覆盖÷在营单位；工作覆盖率＝没有党组织而有指导员、联络员或群团组织的单位÷没有党组织的单位；"
        "任一覆盖率＝组织覆盖和工作覆盖合计÷在营单位。状态不明的单位不计入基数。"
    )
    return _form("两新组织“两个覆盖”情况统计表", COVERAGE_HEADS, notes=notes, has_total=True)


def _party_form() -> bytes:
    notes = (
        "共 {{党组织数}} 个。只列统计日期已成立、未撤销的党组织；党员数为组织关系在该党组织的党员。"
    )
    return _form("两新组织党组织台账", PARTY_HEADS, notes=notes)


def _uncovered_form() -> bytes:
    notes = "共 {{均未覆盖}} 家，占在营单位 {{统计基数}} 家的一部分：党组织没有覆盖，指导员、联络员和群团组织也没有覆盖。"
    return _form("两新组织未覆盖单位清单", UNCOVERED_HEADS, notes=notes)


BUILT_INS = (
    BuiltIn("two_coverages", "两个覆盖情况统计表", _coverage_form),
    BuiltIn("party_organisations", "党组织台账", _party_form),
    BuiltIn("uncovered", "未覆盖清单", _uncovered_form),
)


def _form(title: str, heads: Sequence[Head], *, notes: str, has_total: bool = False) -> bytes:
    workbook = openpyxl.Workbook()
    sheet: Any = workbook.active
    sheet.title = title[:31]
    last = get_column_letter(len(heads))
    _line(sheet, 1, f"A1:{last}1", title, font=TITLE_FONT, alignment=CENTRE, height=34)
    where = "填报单位：{{单位}}        统计日期：{{统计日期}}        计量单位：家、个、人"
    _line(sheet, 2, f"A2:{last}2", where, font=NOTE_FONT, alignment=LEFT, height=20)
    for column, head in enumerate(heads, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = head.width
        _box(sheet.cell(3, column), head.title, font=HEAD_FONT, fill=HEAD)
        cell = sheet.cell(4, column)
        _box(cell, f"{{{{{head.placeholder}}}}}", alignment=LEFT if head.is_text else CENTRE)
        cell.number_format = head.number_format
        if has_total:
            _total(sheet.cell(5, column), head)
    sheet.row_dimensions[3].height = 32
    foot = 6 if has_total else 5
    height = 15.0 * (2 if len(notes) > 60 else 1) + 4
    _line(sheet, foot, f"A{foot}:{last}{foot}", f"注：{notes}", height=height)
    signed = "填报人：{{填报人}}        审核人：                填报日期：{{填报日期}}"
    _line(sheet, foot + 1, f"A{foot + 1}:{last}{foot + 1}", signed, height=22)
    _print_setup(sheet, last=last, bottom=foot + 1)
    target = BytesIO()
    workbook.save(target)
    return target.getvalue()


def _line(
    sheet: Any,
    row: int,
    area: str,
    text: str,
    *,
    height: float,
    font: Font = NOTE_FONT,
    alignment: Alignment = LEFT,
) -> None:
    sheet.merge_cells(area)
    cell = sheet.cell(row, 1)
    cell.value, cell.font, cell.alignment = text, font, alignment
    sheet.row_dimensions[row].height = height


def _box(
    cell: Any,
    text: str,
    *,
    font: Font = BODY_FONT,
    alignment: Alignment = CENTRE,
    fill: PatternFill | None = None,
) -> None:
    cell.value, cell.font, cell.alignment, cell.border = text, font, alignment, BORDER
    if fill is not None:
        cell.fill = fill


def _total(cell: Any, head: Head) -> None:
    text = head.total if head.total == "合计" else f"{{{{{head.total}}}}}"
    _box(cell, text, font=HEAD_FONT, fill=HEAD)
    cell.number_format = head.number_format


def _print_setup(sheet: Any, *, last: str, bottom: int) -> None:
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = openpyxl.worksheet.properties.PageSetupProperties(
        fitToPage=True
    )
    sheet.print_title_rows = "1:3"
    sheet.print_area = f"A1:{last}{bottom}"
    sheet.print_options.horizontalCentered = True
    sheet.page_margins.left = sheet.page_margins.right = 0.5
    sheet.page_margins.top, sheet.page_margins.bottom = 0.6, 0.7
    sheet.oddFooter.center.text = "第 &P 页，共 &N 页"
    sheet.freeze_panes = "A4"
