"""Reading an uploaded file into a book, or saying plainly why it cannot be read."""

from pathlib import Path

from liangxin.workbook.book import MAX_ROWS, Book, MergedRange, Sheet, UnreadableFile
from liangxin.workbook.delimited import read_delimited
from liangxin.workbook.file_format import FileFormat, file_format
from liangxin.workbook.spreadsheet import read_spreadsheet

__all__ = ["MAX_ROWS", "Book", "MergedRange", "Sheet", "UnreadableFile", "read_book"]


def read_book(path: Path, *, file_name: str) -> Book:
    """Return the file's sheets, its format told by content; raises UnreadableFile.

    `file_name` is the name the person gave it: it names the single sheet of a text file.
    """
    form = file_format(path)
    if form is FileFormat.TEXT:
        sheets: tuple[Sheet, ...] = (read_delimited(path, name=Path(file_name).stem),)
    else:
        sheets = read_spreadsheet(path, form=form)
    if not any(sheet.rows for sheet in sheets):
        raise UnreadableFile("文件里没有内容", "请检查是否选错了文件，填好名单后再上传")
    return Book(file_name=file_name, sheets=sheets)
