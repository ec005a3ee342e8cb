"""A few hundred bytes that would make the reader lay out gigabytes are refused, however written."""

from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from liangxin.workbook.book import UnreadableFile
from liangxin.workbook.reading import read_book
from liangxin.workbook.sheet_extent import measured_extent
from tests.workbook.making import saved_xlsx

FAR = b"XFD1048576"


def with_row(path: Path, row: bytes, *, sheet: str = "worksheets/sheet1.xml") -> Path:
    """An ordinary workbook whose sheet has one row more, kept inside under the name `sheet`."""
    plain = saved_xlsx(path.with_name("plain.xlsx"), [["企业名称"], ["甲公司"]])
    with ZipFile(plain) as source, ZipFile(path, "w") as target:
        for name in source.namelist():
            content = source.read(name).replace(b"</sheetData>", row + b"</sheetData>")
            content = content.replace(b"worksheets/sheet1.xml", sheet.encode())
            target.writestr(name.replace("worksheets/sheet1.xml", sheet), content)
    return path


@pytest.mark.parametrize(
    "cell",
    [
        b'<c r="%s"><v>1</v></c>' % FAR,
        b"<c r='%s'><v>1</v></c>" % FAR,
        b'<c r = "%s"><v>1</v></c>' % FAR,
        b'<c\tr="%s"><v>1</v></c>' % FAR,
        b'<c t="n" r="%s"><v>1</v></c>' % FAR,
        b'<c r="%s"><v>1</v></c>' % FAR.lower(),
        b'<c r="%s" x="/>" ><v>1</v></c>' % FAR,
        b'<c r="B4294967290"><v>1</v></c>',
        b"<c><v>1</v></c>" * 16384,
    ],
)
def test_read_book_far_cell_in_any_form_is_refused(tmp_path: Path, cell: bytes) -> None:
    path = with_row(tmp_path / "远.xlsx", b'<row r="1048576">%s</row>' % cell)
    with pytest.raises(UnreadableFile, match="中间大片空白"):
        read_book(path, file_name=path.name)


@pytest.mark.parametrize("sheet", ["worksheets/tab.xml", "data/Sheet1.XML", "media/picture.png"])
def test_read_book_far_cell_of_a_sheet_under_any_name_is_refused(
    tmp_path: Path, sheet: str
) -> None:
    row = b'<row r="1048576"><c r="%s"><v>1</v></c></row>' % FAR
    path = with_row(tmp_path / "远.xlsx", row, sheet=sheet)
    with pytest.raises(UnreadableFile, match="中间大片空白"):
        read_book(path, file_name=path.name)


def test_measured_extent_counts_cells_that_hold_something() -> None:
    xml = (
        b'<x:sheetData xmlns:x="s"><x:row r="3"><x:c r="AB3"><x:v>1</x:v></x:c><x:c><x:v/></x:c></x:row>'
        b'<x:row><x:c r="XFD4" s="1"/></x:row></x:sheetData>'
    )
    extent = measured_extent(BytesIO(xml))
    assert (extent.last_row, extent.last_column, extent.filled_cells) == (3, 29, 2)
