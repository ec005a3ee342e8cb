"""Filling the placeholders of somebody else's Excel or Word file, layout kept; no Django."""

from liangxin.workbook.filling.content import Content, Rows, Unit, Value, as_json, from_json
from liangxin.workbook.filling.excel import DoesNotFit, fill_excel, read_excel
from liangxin.workbook.filling.hostile import format_of, refuse_hostile
from liangxin.workbook.filling.placeholders import EACH, LIST, Found, Loose, is_marker, plain_name
from liangxin.workbook.filling.reading import Reading
from liangxin.workbook.filling.word import fill_word, read_word

__all__ = [
    "EACH",
    "LIST",
    "Content",
    "DoesNotFit",
    "Found",
    "Loose",
    "Reading",
    "Rows",
    "Unit",
    "Value",
    "as_json",
    "fill_excel",
    "fill_word",
    "format_of",
    "from_json",
    "is_marker",
    "plain_name",
    "read_excel",
    "read_word",
    "refuse_hostile",
]
