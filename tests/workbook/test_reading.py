"""Files of every format come in as they stand, or are refused saying why."""

import zipfile
from datetime import date
from pathlib import Path

import msoffcrypto
import pytest
import xlwt
from msoffcrypto.format.ooxml import OOXMLFile
from openpyxl import Workbook

from liangxin.workbook import delimited, spreadsheet, zip_guard
from liangxin.workbook.cells import CellError
from liangxin.workbook.reading import MergedRange, UnreadableFile, read_book
from tests.workbook.making import saved_xlsx

ROWS = (("企业名称", "从业人数"), ("甲公司", 12))


def refusal(path: Path) -> UnreadableFile:
    with pytest.raises(UnreadableFile) as caught:
        read_book(path, file_name=path.name)
    return caught.value


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def test_read_book_xlsx_keeps_true_row_and_column_numbers(tmp_path: Path) -> None:
    workbook = Workbook()
    workbook.active["C4"] = "名称"  # type: ignore[index]
    workbook.save(tmp_path / "a.xlsx")
    rows = read_book(tmp_path / "a.xlsx", file_name="a.xlsx").sheets[0].rows
    assert rows == [(), (), (), (None, None, "名称")]


def test_read_book_xlsx_gives_dates_numbers_and_truth(tmp_path: Path) -> None:
    path = saved_xlsx(tmp_path / "a.xlsx", [(date(2021, 3, 5), 3.0, 2.5, True, "甲", None)])
    (row,) = read_book(path, file_name="a.xlsx").sheets[0].rows
    assert [(type(cell), cell) for cell in row] == [
        (date, date(2021, 3, 5)),
        (int, 3),
        (float, 2.5),
        (bool, True),
        (str, "甲"),
    ]


def test_read_book_xlsx_long_number_stays_a_float(tmp_path: Path) -> None:
    path = saved_xlsx(tmp_path / "a.xlsx", [(911234567890123456,)])
    assert isinstance(read_book(path, file_name="a.xlsx").sheets[0].rows[0][0], float)


def test_read_book_xlsx_marks_errors_and_uncalculated_formulas(tmp_path: Path) -> None:
    workbook = Workbook()
    worksheet = workbook.active
    assert worksheet is not None
    worksheet.append(["甲", "=A1&1", "乙"])
    worksheet["D1"] = "#REF!"
    worksheet["D1"].data_type = "e"
    workbook.save(tmp_path / "a.xlsx")
    (row,) = read_book(tmp_path / "a.xlsx", file_name="a.xlsx").sheets[0].rows
    assert row == ("甲", CellError("公式没有计算结果"), "乙", CellError("#REF!"))


def test_read_book_xlsx_errors_belong_to_their_own_sheet(tmp_path: Path) -> None:
    workbook = Workbook()
    workbook.active["A1"] = "甲"  # type: ignore[index]
    workbook.create_sheet("二")["A1"] = "=1+1"
    workbook.move_sheet("二", offset=-1)
    workbook.save(tmp_path / "a.xlsx")
    sheets = read_book(tmp_path / "a.xlsx", file_name="a.xlsx").sheets
    assert [(one.name, one.rows) for one in sheets] == [
        ("二", [(CellError("公式没有计算结果"),)]),
        ("Sheet", [("甲",)]),
    ]


def test_read_book_xlsx_fills_vertical_merges_down(tmp_path: Path) -> None:
    workbook = Workbook()
    worksheet = workbook.active
    assert worksheet is not None
    for row in (("街道", "名称"), ("东街道", "甲"), (None, "乙"), (None, None), (None, "丙")):
        worksheet.append(row)
    worksheet.merge_cells("A2:A4")
    workbook.save(tmp_path / "a.xlsx")
    (sheet,) = read_book(tmp_path / "a.xlsx", file_name="a.xlsx").sheets
    assert sheet.rows[1:] == [("东街道", "甲"), ("东街道", "乙"), (), (None, "丙")]
    assert sheet.merged == (MergedRange(1, 0, 3, 0),)


def test_read_book_marks_hidden_sheets(tmp_path: Path) -> None:
    workbook = Workbook()
    workbook.active["A1"] = "甲"  # type: ignore[index]
    workbook.create_sheet("旧表").sheet_state = "veryHidden"
    workbook.save(tmp_path / "a.xlsx")
    sheets = read_book(tmp_path / "a.xlsx", file_name="a.xlsx").sheets
    assert [(one.name, one.hidden) for one in sheets] == [("Sheet", False), ("旧表", True)]


@pytest.mark.parametrize("name", ["名单.xls", "名单.et"])
def test_read_book_reads_xls_and_et(tmp_path: Path, name: str) -> None:
    workbook = xlwt.Workbook(encoding="utf-8")
    worksheet = workbook.add_sheet("企业")
    for number, row in enumerate(ROWS):
        for column, value in enumerate(row):
            worksheet.write(number, column, value)
    workbook.save(str(tmp_path / name))
    (sheet,) = read_book(tmp_path / name, file_name=name).sheets
    assert (sheet.name, sheet.rows) == ("企业", list(ROWS))


def test_read_book_xlsx_content_under_another_name_is_read(tmp_path: Path) -> None:
    path = saved_xlsx(tmp_path / "名单.et", ROWS)
    assert read_book(path, file_name="名单.et").sheets[0].rows == list(ROWS)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_read_book_reads_text_in_every_encoding(tmp_path: Path, encoding: str, mark: str) -> None:
    text = f'企业名称{mark}地址\n"甲{mark}公司"{mark}东路1号\n\n乙公司{mark}\n'
    path = written(tmp_path / "名单.csv", text.encode(encoding))
    (sheet,) = read_book(path, file_name="名单.csv").sheets
    assert sheet.rows == [
        ("企业名称", "地址"),
        (f"甲{mark}公司", "东路1号"),
        (),
        ("乙公司", None),
    ]


def test_read_book_csv_keeps_guarded_leading_zeros(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", '名称,编码\n甲,"=""0571"""\n'.encode())
    assert read_book(path, file_name="a.csv").sheets[0].rows[1] == ("甲", "0571")


def test_read_book_password_protected_xlsx_is_refused(tmp_path: Path) -> None:
    plain = saved_xlsx(tmp_path / "a.xlsx", ROWS)
    locked = tmp_path / "b.xlsx"
    with plain.open("rb") as source, locked.open("wb") as target:
        office_file = msoffcrypto.OfficeFile(source)
        assert isinstance(office_file, OOXMLFile)
        office_file.encrypt("secret", target)
    assert "密码" in refusal(locked).reason


def _saved_xls(path: Path) -> Path:
    workbook = xlwt.Workbook(encoding="utf-8")
    workbook.add_sheet("企业").write(0, 0, "企业名称")
    workbook.save(str(path))
    return path


def test_read_book_password_protected_xls_is_refused(tmp_path: Path) -> None:
    content = bytearray(_saved_xls(tmp_path / "a.xls").read_bytes())
    second_record = content.find(b"\x09\x08\x10\x00") + 20
    content[second_record : second_record + 2] = b"\x2f\x00"  # FilePass, as Excel puts it there
    assert "密码" in refusal(written(tmp_path / "b.xls", bytes(content))).reason


def test_read_book_truncated_xls_is_refused(tmp_path: Path) -> None:
    content = _saved_xls(tmp_path / "a.xls").read_bytes()
    for length in range(1024, len(content), 512):
        assert "损坏" in refusal(written(tmp_path / "b.xls", content[:length])).reason


def _zip(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "空的"),
        (b"  \r\n ", "空的"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "图片"),
        (b"\xff\xd8\xff\xe0", "图片"),
        (b"Rar!\x1a\x07", "压缩包"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "网页"),
        (b"\xef\xbb\xbf  <!DOCTYPE html><html></html>", "网页"),
        (b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>', "XML"),
        (b"\x00\x01\x02\x03", "认不出"),
        (b"PK\x03\x04 broken", "损坏"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "损坏"),
        (b"W\0o\0r\0d\0D\0o\0c\0u\0m\0e\0n\0t\0\0\0", "损坏"),
    ],
)
def test_read_book_other_content_is_named_and_refused(
    tmp_path: Path, content: bytes, word: str
) -> None:
    if content.startswith(b"W\0"):
        content = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + content
        word = "Word"
    error = refusal(written(tmp_path / "名单.xls", content))
    assert word in error.reason
    assert error.mend


@pytest.mark.parametrize(
    ("member", "word"),
    [
        ("word/document.xml", "Word"),
        ("ppt/a.xml", "演示"),
        ("xl/workbook.bin", "xlsb"),
        ("a", "压缩包"),
    ],
)
def test_read_book_other_zip_content_is_named(tmp_path: Path, member: str, word: str) -> None:
    assert word in refusal(_zip(tmp_path / "a.xlsx", {member: b"x"})).reason


def test_read_book_unknown_encoding_is_refused(tmp_path: Path) -> None:
    assert "编码" in refusal(written(tmp_path / "a.csv", b"a,\xff\xff\xff\n")).reason


def test_read_book_truncated_xlsx_is_refused(tmp_path: Path) -> None:
    whole = saved_xlsx(tmp_path / "a.xlsx", ROWS).read_bytes()
    assert "损坏" in refusal(written(tmp_path / "b.xlsx", whole[: len(whole) // 2])).reason


def test_read_book_broken_sheet_xml_is_refused(tmp_path: Path) -> None:
    saved_xlsx(tmp_path / "a.xlsx", ROWS)
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members["xl/worksheets/sheet1.xml"] = b"<worksheet><sheetData><row><c r="
    assert "损坏" in refusal(_zip(tmp_path / "b.xlsx", members)).reason


def test_read_book_zip_bomb_is_refused_unopened(tmp_path: Path) -> None:
    bomb = _zip(
        tmp_path / "a.xlsx",
        {"xl/workbook.xml": b"<x/>", "xl/worksheets/sheet1.xml": b"\0" * 25_000_000},
    )
    assert "大得不正常" in refusal(bomb).reason


def test_read_book_too_large_unpacked_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zip_guard, "MAX_UNPACKED_BYTES", 1000)
    assert "大得不正常" in refusal(saved_xlsx(tmp_path / "a.xlsx", ROWS)).reason


def test_read_book_stray_cell_far_away_is_refused(tmp_path: Path) -> None:
    workbook = Workbook()
    workbook.active["A1"] = "名称"  # type: ignore[index]
    workbook.active["AZ1048576"] = "x"  # type: ignore[index]
    workbook.save(tmp_path / "a.xlsx")
    assert "第1048576行" in refusal(tmp_path / "a.xlsx").reason


def test_read_book_blank_formatted_tail_does_not_count(tmp_path: Path) -> None:
    path = saved_xlsx(tmp_path / "a.xlsx", ROWS)
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    tail = b'<row r="1048576"><c r="A1048576" s="0"/><c r="XFD1048576" s="0"/></row></sheetData>'
    name = "xl/worksheets/sheet1.xml"
    members[name] = members[name].replace(b"</sheetData>", tail)
    blank = _zip(tmp_path / "b.xlsx", members)
    assert read_book(blank, file_name="b.xlsx").sheets[0].rows == list(ROWS)


@pytest.mark.parametrize("suffix", ["xlsx", "csv"])
def test_read_book_too_many_rows_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    monkeypatch.setattr(spreadsheet, "MAX_ROWS", 2)
    monkeypatch.setattr(delimited, "MAX_ROWS", 2)
    path = tmp_path / f"a.{suffix}"
    if suffix == "xlsx":
        saved_xlsx(path, [*ROWS, *ROWS])
    else:
        path.write_text("名称,人数\n甲,1\n乙,2\n", encoding="utf-8")
    assert "行" in refusal(path).reason


def test_read_book_too_many_sheets_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spreadsheet, "MAX_SHEETS", 0)
    assert "工作表" in refusal(saved_xlsx(tmp_path / "a.xlsx", ROWS)).reason


def test_read_book_empty_workbook_is_refused(tmp_path: Path) -> None:
    assert "没有内容" in refusal(saved_xlsx(tmp_path / "a.xlsx", [])).reason


ODS_HEAD = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
    '<table:table table:name="企业">'
)
ODS_TAIL = "</table:table></office:spreadsheet></office:body></office:document-content>"


def _ods(path: Path, rows: str) -> Path:
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    )
    return _zip(
        path,
        {
            "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": manifest.encode(),
            "content.xml": (ODS_HEAD + rows + ODS_TAIL).encode(),
        },
    )


def _ods_cell(text: str, repeated: int = 1) -> str:
    return (
        f'<table:table-cell office:value-type="string" table:number-columns-repeated="{repeated}">'
        f"<text:p>{text}</text:p></table:table-cell>"
    )


def test_read_book_reads_ods(tmp_path: Path) -> None:
    row = f"<table:table-row>{_ods_cell('名称')}{_ods_cell('甲')}</table:table-row>"
    blank = '<table:table-row table:number-rows-repeated="1048575"><table:table-cell/></table:table-row>'
    (sheet,) = read_book(_ods(tmp_path / "a.ods", row + blank), file_name="a.ods").sheets
    assert (sheet.name, sheet.rows) == ("企业", [("名称", "甲")])


def test_read_book_swollen_ods_is_refused(tmp_path: Path) -> None:
    rows = (
        '<table:table-row table:number-rows-repeated="1048576">'
        f"{_ods_cell('x', 1024)}</table:table-row>"
    )
    assert "大得不正常" in refusal(_ods(tmp_path / "a.ods", rows)).reason


def test_read_book_text_named_xls_is_read(tmp_path: Path) -> None:
    path = written(tmp_path / "a.xls", "名称\t人数\n甲\t1\n".encode("gb18030"))
    book = read_book(path, file_name="导出.xls")
    assert (book.sheets[0].name, book.sheets[0].rows[1]) == ("导出", ("甲", "1"))


def test_unreadable_file_says_reason_and_mend() -> None:
    assert str(UnreadableFile("甲", "乙")) == "甲。乙"
