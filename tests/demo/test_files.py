"""The lists on disk hold every fact once, and their own account of what is spoilt is true."""

import csv
import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from unicodedata import normalize

import pytest
from python_calamine import CalamineWorkbook

from liangxin.demo.facts import District
from liangxin.demo.files import Written, write_lists

Row = list[object]
Rows = dict[tuple[str, str], list[Row]]


def _sheets(path: Path) -> Iterator[tuple[str, list[Row]]]:
    if path.suffix == ".csv":
        with path.open(encoding="gb18030", newline="") as stream:
            yield "", [list(row) for row in csv.reader(stream)]
        return
    book = CalamineWorkbook.from_path(path)
    for name in book.sheet_names:
        table = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        yield name, [list(row) for row in table]


@pytest.fixture(scope="module")
def rows(written: Written) -> Rows:
    return {(p.name, name): found for p in written.files for name, found in _sheets(p)}


def _column(table: list[Row], title: str) -> int:
    return next(row.index(title) for row in table[:5] if title in row)


def _cells(rows: Rows, written: Written, dirt: str, titles: tuple[str, ...]) -> list[object]:
    found = []
    for spoilt in written.spoilt:
        if spoilt.dirt == dirt:
            table = rows[spoilt.file, spoilt.sheet]
            title = next(t for t in titles if any(t in row for row in table[:5]))
            found.append(table[spoilt.row - 1][_column(table, title)])
    return found


def _is_numbered(row: Row) -> bool:
    return bool(row) and str(row[0]).removesuffix(".0").isdigit()


def test_write_lists_numbers_every_line_of_every_list(written: Written, rows: Rows) -> None:
    lines = sum(_is_numbered(row) for table in rows.values() for row in table)

    assert lines == sum(written.expected.values()) + len(written.spoilt)


def test_write_lists_expects_every_fact_of_the_district(
    district: District, written: Written
) -> None:
    assert written.expected == {
        "sites": len(district.sites),
        "enterprises": len(district.enterprises),
        "social_organisations": len(district.social_organisations),
        "party_organisations": len(district.party_organisations),
        "members": len(district.members),
        "instructors": len(district.instructors),
        "mass_organisations": len(district.mass_presences),
    }


def test_write_lists_spoils_two_percent_in_many_ways(written: Written) -> None:
    share = len(written.spoilt) / (len(written.spoilt) + sum(written.expected.values()))

    assert 0.018 <= share <= 0.022
    assert len({spoilt.dirt for spoilt in written.spoilt}) >= 35
    assert len({(s.file, s.sheet, s.row) for s in written.spoilt}) == len(written.spoilt)


@pytest.mark.parametrize(
    ("dirt", "titles", "cells"),
    [
        ("unknown_street", ("所属街道", "街道"), {"查无此街道"}),
        ("employees_negative", ("从业人数", "职工人数"), {-5.0, "-5"}),
        ("blank_id_number", ("身份证号码",), {""}),
        ("stage_unknown", ("人员类别",), {"共青团员"}),
        ("blank_work_unit", ("工作单位",), {""}),
        ("longitude_outside", ("经度",), {12.345678, "12.345678"}),
    ],
)
def test_write_lists_accounts_for_spoilt_rows_by_their_number(
    written: Written, rows: Rows, dirt: str, titles: tuple[str, ...], cells: set[object]
) -> None:
    found = _cells(rows, written, dirt, titles)

    assert found != []
    assert set(found) <= cells


def test_write_lists_puts_a_copy_below_the_row_it_copies(written: Written, rows: Rows) -> None:
    copies = [s for s in written.spoilt if s.dirt == "duplicate_id_number" and "党员" in s.file]

    assert copies != []
    for copy in copies:
        table = rows[copy.file, copy.sheet]
        column = _column(table, "身份证号码")
        above = {_squeezed(row[column]) for row in table[4 : copy.row - 1] if len(row) > column}
        assert table[copy.row - 1][column] in above


def _squeezed(cell: object) -> str:
    return "".join(normalize("NFKC", str(cell)).split()).upper()


def test_write_lists_keeps_its_account_in_a_file_too(written: Written) -> None:
    entries = json.loads(written.spoilt_list.read_text(encoding="utf-8"))

    assert entries == [asdict(spoilt) for spoilt in written.spoilt]


def test_write_lists_repeats_itself_for_the_same_seed(
    district: District, written: Written, tmp_path: Path
) -> None:
    again = write_lists(district, tmp_path, seed=7)

    assert again.spoilt == written.spoilt
    for first, second in zip(written.files, again.files, strict=True):
        if first.suffix == ".csv":
            assert first.read_bytes() == second.read_bytes()


def test_write_lists_registers_merge_groups_over_two_header_rows(rows: Rows) -> None:
    table = rows["02-市场监管局-企业名单.xlsx", "企业名单"]

    assert table[2][10] == "法定代表人"
    assert table[3][10:12] == ["姓名", "联系电话"]
    assert table[2][1] == "企业名称"


def test_write_lists_ends_registers_with_totals_and_notes(rows: Rows) -> None:
    table = rows["02-市场监管局-企业名单.xlsx", "企业名单"]

    assert table[-3][0] == "合计"
    assert str(table[-2][0]).startswith("注：")
