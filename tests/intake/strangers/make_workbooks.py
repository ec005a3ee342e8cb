"""Fourteen workbooks as odd as life; every name is invented and marked 示例.

`make_all(folder)` writes them; `python -m tests.intake.strangers.make_workbooks FOLDER` does so by hand.
"""

import csv
import sys
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import xlwt
from msoffcrypto.format.ooxml import OOXMLFile
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.worksheet.worksheet import Worksheet

from tests.intake.strangers.numbers import credit_code, phone, wrong_code
from tests.intake.strangers.tables import (
    EAST,
    EAST_MING,
    SOUTH,
    WEST,
    WESTERN,
    Rows,
    bilingual_rows,
    block_rows,
    enterprise_rows,
    instructor_rows,
    member_rows,
    party_rows,
    short_word_rows,
    site_rows,
    social_organisation_rows,
    union_rows,
)

LAST_ROW = 1_048_576


def _put(sheet: Worksheet, *, first_row: int, rows: Rows) -> None:
    for r, row in enumerate(rows, start=first_row):
        for c, value in enumerate(row, start=1):
            if value is not None:
                sheet.cell(r, c, value)


def _merge(sheet: Worksheet, *ranges: str) -> None:
    for one in ranges:
        sheet.merge_cells(one)


def _sheet(title: str) -> tuple[Workbook, Worksheet]:
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = title
    return book, sheet


def enterprises_by_street(path: Path) -> None:
    """Two header rows, the street written once for many rows, subtotals, a hidden column, notes."""
    book, sheet = _sheet("企业底册")
    sheet["A1"] = "示例区两新组织企业底册（示例）"
    sheet["A1"].font = Font(size=20, bold=True)
    sheet["A2"] = "填表单位：示例区两新工委办公室          填表日期：2026年11月3日"
    head = ["序号", "所属街道", "基本情况", None, None, "经营规模", None, "原注册号", "负责人信息"]
    under = [None, None, "企业名称（必填）", "统一社会\n信用代码", "企业类型", "从业人数"]
    under += ["营业收入（万元）", None, "法定代表人", "联系电话"]
    _put(sheet, first_row=3, rows=[[*head, None, "有固定\n经营场所", "备注"], under])
    _put(sheet, first_row=5, rows=enterprise_rows())
    _merge(sheet, "A1:L1", "A2:L2", "A3:A4", "B3:B4", "C3:E3", "F3:G3", "H3:H4", "I3:J3")
    _merge(sheet, "K3:K4", "L3:L4", "B5:B10", "A11:E11", "B12:B15", "B16:B17", "A18:E18")
    sheet["A20"] = "注：1. 本表由各街道填报，每季度末更新。2. 从业人数以社保缴纳人数为准。"
    sheet["A21"] = "填表人：示例制表甲        审核人：示例审核乙        联系电话：12000000099"
    _merge(sheet, "A20:L20", "A21:L21")
    sheet.column_dimensions["H"].hidden = True
    book.save(path)


def enterprises_in_old_excel(path: Path) -> None:
    """Excel 97: a cover page, the list in short words and odd order, a pivot summary, an empty sheet."""
    book = xlwt.Workbook(encoding="utf-8")
    cover = book.add_sheet("封面")
    for row, text in (
        (3, "示例区非公企业摸底材料"),
        (6, "（二〇二六年第三季度）"),
        (12, "示例区社会工作部  电话：12000000098"),
    ):
        cover.write_merge(row, row, 1, 8, text)
    sheet = book.add_sheet("明细")
    day = xlwt.easyxf(num_format_str="yyyy/m/d")
    for r, cells in enumerate(short_word_rows()):
        for c, value in enumerate(cells):
            sheet.write(r, c, value, *([day] if isinstance(value, date) else []))
    pivot = book.add_sheet("汇总")
    summary: Rows = [
        ["行标签", "计数项:单位全称", "求和项:人数"],
        [EAST, 9, 301],
        [WEST, 4, 77],
        [SOUTH, 2, 12],
        ["总计", 15, 390],
    ]
    for r, line in enumerate(summary, start=2):
        for c, figure in enumerate(line):
            pivot.write(r, c, figure)
    book.add_sheet("Sheet3")
    book.save(str(path))


def social_organisations(path: Path) -> None:
    """GB18030, semicolons, a title line, a character outside the basic plane, a quoted semicolon."""
    with path.open("w", encoding="gb18030", newline="") as out:
        csv.writer(out, delimiter=";").writerows(social_organisation_rows())


def sites_below_instructions(path: Path) -> None:
    """Thirteen lines of instructions that use the words of the header, then the header."""
    book, sheet = _sheet("楼宇")
    advice = ["示例区商务楼宇、园区、市场名单（示例）", "填表说明："]
    advice += [
        "一、“名称”请填写全称，“所属街道”请按区划填写。",
        "二、“经度”“纬度”请保留六位小数，注明“坐标系”。",
    ]
    advice += [f"{n}、示例说明：本项由各街道自行核实。" for n in "三四五六七八九十"]
    _put(sheet, first_row=1, rows=[[line] for line in advice])
    head = [
        "序号",
        "楼宇（园区）名称",
        "楼宇类型",
        "所在街道",
        "详细地址",
        "经度",
        "纬度",
        "坐标系",
    ]
    _put(sheet, first_row=14, rows=[head, *site_rows()])
    _merge(sheet, *(f"A{row}:H{row}" for row in range(1, 13)))
    book.save(path)


def party_organisations(path: Path) -> None:
    """Titles with line breaks and hints, superiors merged over rows, covered units in every separator."""
    book, sheet = _sheet("党组织")
    sheet["A1"] = "示例区两新党组织名册（示例）"
    sheet["A2"] = "填表单位：示例区两新工委    填表日期：2026-11-03"
    head = [
        "序号",
        "党组织\n名称\n（必填）",
        "党组织\n编码",
        "组织\n类别",
        "上级党组织",
        "所属街道",
    ]
    head += ["成立日期\n（必填）", "涵盖单位\n（多个用顿号隔开）", "书记", "党员数"]
    _put(sheet, first_row=3, rows=[head, *party_rows()])
    _merge(sheet, "A1:J1", "A2:J2", "E6:E8", "F5:F9")
    for cell in sheet[3]:
        cell.alignment = Alignment(wrap_text=True, horizontal="center")
    book.save(path)


def members(path: Path) -> None:
    """ID numbers as text, as numbers that lost their tail, with a small x; short names of units."""
    book, sheet = _sheet("党员")
    sheet["A1"] = "示例区两新组织党员花名册（示例）"
    sheet["A2"] = "单位（盖章）：示例区两新工委        制表时间：2026年11月3日"
    head = ["序号", "姓名", "性别", "民族", "公民身份号码", "手机号码", "所在单位", "单位信用代码"]
    head += ["岗位", "党员类别", "入党时间", "转正时间", "组织关系所在支部"]
    _put(sheet, first_row=3, rows=[head, *member_rows()])
    _merge(sheet, "A1:M1", "A2:M2", "G4:G5")
    for row in range(4, 24):
        sheet.cell(row, 5).number_format = "0"
    sheet.cell(4, 5).number_format = "@"
    note = book.create_sheet("填写说明")
    _put(
        note,
        first_row=1,
        rows=[["填写说明"], ["1. 姓名、身份证号为必填项。"], ["2. 党员类别填正式党员或预备党员。"]],
    )
    book.save(path)


def instructors_and_unions(path: Path) -> None:
    """One instructor merged over three firms; liaisons without a role column; unions in ticks."""
    book, sheet = _sheet("指导员")
    head = [
        "序号",
        "姓名",
        "身份证号",
        "联系方式",
        "类别",
        "派出单位",
        "可联系企业数",
        "联系企业名称",
        "选派时间",
        "届满时间",
    ]
    _put(sheet, first_row=1, rows=[["示例区党建指导员名单（示例）"], head, *instructor_rows()])
    _merge(sheet, "A1:J1", *(f"{column}3:{column}5" for column in "ABCDEFGIJ"))
    liaisons = book.create_sheet("联络员")
    head = ["序号", "姓名", "联系电话", "所在单位", "联系企业"]
    rows = [["示例区党建联络员名单（示例）"], head]
    rows += [
        ["1", "示例联络甲", phone(520), "示例区税务所", EAST_MING],
        ["2", "示例联络乙", phone(521), "示例区税务所", WESTERN],
    ]
    _put(liaisons, first_row=1, rows=rows)
    unions = book.create_sheet("工会团组织")
    _put(unions, first_row=1, rows=union_rows())
    book.save(path)


def enterprise_and_contact_blocks(path: Path) -> None:
    """The words 姓名 and 电话 twice under two blocks; the header printed again on the second page."""
    book, sheet = _sheet("Sheet1")
    top = [
        "序号",
        "企业信息",
        None,
        None,
        None,
        "法定代表人",
        None,
        "党建联系人",
        None,
        None,
        "从业人员（人）",
    ]
    under = [
        None,
        "名称",
        "统一社会信用代码",
        "所属街道",
        "经营地址",
        "姓名",
        "电话",
        "姓名",
        "职务",
        "电话",
    ]
    _put(sheet, first_row=1, rows=[["示例区重点企业联系表（示例）"], top, under, *block_rows()[:6]])
    _put(sheet, first_row=10, rows=[top, under, *block_rows()[6:]])
    spans = ("A{0}:A{1}", "B{0}:E{0}", "F{0}:G{0}", "H{0}:J{0}", "K{0}:K{1}")
    _merge(sheet, "A1:K1", *(s.format(r, r + 1) for r in (2, 10) for s in spans))
    book.save(path)


def bilingual_header(path: Path) -> None:
    """A header in two languages, some words English only; invisible characters in codes."""
    book, sheet = _sheet("Companies")
    _put(sheet, first_row=1, rows=bilingual_rows())
    book.save(path)


def web_page_called_xls(path: Path) -> None:
    """What many systems give out as 'Excel': a table of a web page."""
    rows = [
        ["企业名称", "统一社会信用代码", "所属街道"],
        ["示例网页有限公司", credit_code(801), EAST],
    ]
    cells = "".join("<tr>" + "".join(f"<td>{c}</td>" for c in row) + "</tr>" for row in rows)
    path.write_text(
        f'<html><head><meta charset="gbk"></head><body><table border=1>{cells}</table></body></html>',
        "gbk",
    )


def empty_workbook(path: Path) -> None:
    """Three sheets and nothing in them."""
    book, _ = _sheet("Sheet1")
    book.create_sheet("Sheet2")
    book.create_sheet("Sheet3")
    book.save(path)


def locked_workbook(path: Path) -> None:
    """A list under a password to open."""
    book, sheet = _sheet("名单")
    _put(sheet, first_row=1, rows=[["企业名称", "所属街道"], ["示例加密有限公司", EAST]])
    plain = path.with_suffix(".plain")
    book.save(plain)
    with plain.open("rb") as source, path.open("wb") as sealed:
        OOXMLFile(source).encrypt("shili-0000", sealed)
    plain.unlink()


def formulas_never_calculated(path: Path) -> None:
    """Formulas written by a program; no Excel has ever put their results beside them."""
    book, sheet = _sheet("公式")
    rows: Rows = [
        ["企业名称", "统一社会信用代码", "所属街道", "男职工", "女职工", "从业人数", "成立日期"],
        ["示例公式一有限公司", credit_code(901), EAST, 10, 12, "=D2+E2", "2021-03-05"],
        ['="示例"&"公式二有限公司"', credit_code(902), EAST, 10, 12, 22, "2021-03-05"],
        ["示例公式三有限公司", credit_code(903), WEST, 10, 12, 22, "2021-03-05"],
        ["示例公式四有限公司", credit_code(904), WEST, 10, 12, 22, "=DATE(2021,3,5)"],
    ]
    _put(sheet, first_row=1, rows=rows)
    book.save(path)


def million_blank_rows(path: Path) -> None:
    """Twenty firms and one bad row, then borders down to the last row that Excel has."""
    book, sheet = _sheet("名单")
    rows: list[list[Any]] = [["企业名称", "统一社会信用代码", "所属街道", "从业人数"]]
    rows += [[f"示例百万{n}有限公司", credit_code(1000 + n), EAST, n] for n in range(1, 21)]
    rows += [["示例百万错码有限公司", wrong_code(1021), EAST, 3]]
    _put(sheet, first_row=1, rows=rows)
    sheet["A1"].border = Border(bottom=Side(style="thin"))
    small = path.with_suffix(".small")
    book.save(small)
    _add_blank_rows(small, path=path, first_row=len(rows) + 1)
    small.unlink()


def _add_blank_rows(small: Path, *, path: Path, first_row: int) -> None:
    blank = "".join(
        f'<row r="{n}"><c r="A{n}" s="1"/><c r="B{n}" s="1"/><c r="C{n}" s="1"/><c r="D{n}" s="1"/></row>'
        for n in range(first_row, LAST_ROW + 1)
    )
    with (
        zipfile.ZipFile(small) as old,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as new,
    ):
        for name in old.namelist():
            text = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                text = text.replace(b"</sheetData>", blank.encode() + b"</sheetData>")
                text = text.replace(b'ref="A1:D22"', f'ref="A1:D{LAST_ROW}"'.encode())
            new.writestr(name, text)


MAKERS: dict[str, Callable[[Path], None]] = {
    "01企业底册.xlsx": enterprises_by_street,
    "02非公企业摸底.xls": enterprises_in_old_excel,
    "03社会组织名单.csv": social_organisations,
    "04楼宇园区.xlsx": sites_below_instructions,
    "05党组织名册.xlsx": party_organisations,
    "06党员花名册.xlsx": members,
    "07指导员和工会.xlsx": instructors_and_unions,
    "08重点企业联系表.xlsx": enterprise_and_contact_blocks,
    "09外资企业.xlsx": bilingual_header,
    "10系统导出.xls": web_page_called_xls,
    "11空白.xlsx": empty_workbook,
    "12加密.xlsx": locked_workbook,
    "13公式.xlsx": formulas_never_calculated,
    "14百万空行.xlsx": million_blank_rows,
}


def make_all(folder: Path) -> dict[str, Path]:
    """Write every workbook into `folder` and say where each one is."""
    paths = {name: folder / name for name in MAKERS}
    for name, make in MAKERS.items():
        make(paths[name])
    return paths


if __name__ == "__main__":
    make_all(Path(sys.argv[1]))
