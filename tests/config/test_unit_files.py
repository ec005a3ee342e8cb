"""UNITS.csv as strangers write it: read as meant, or refused with line, column, value and mend."""

from pathlib import Path

import pytest

from liangxin.config.cli.unit_files import UnitRow, UnreadableUnits, read_units

HEADER = "unit_id,members,x_m,y_m,site_id,street_id,industry"
ROW = UnitRow(
    line=2,
    unit_id="甲",
    members=2,
    east=10.5,
    north=-3.0,
    site_id="T1",
    street_id="甲街道",
    industry="65",
    pinned_group="",
    is_frozen=False,
)


def written(folder: Path, text: str, *, encoding: str = "utf-8") -> Path:
    path = folder / "units.csv"
    path.write_bytes(text.encode(encoding))
    return path


def refusal(folder: Path, text: str) -> str:
    with pytest.raises(UnreadableUnits) as refused:
        read_units(written(folder, text))
    return refused.value.format_message()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_read_units_whatever_wrote_the_file(
    tmp_path: Path, encoding: str, newline: str, delimiter: str
) -> None:
    text = f"{HEADER}\n甲,2,10.5,-3,T1,甲街道,65\n".replace("\n", newline).replace(",", delimiter)
    file = read_units(written(tmp_path, text, encoding=encoding))

    assert (file.rows, file.is_in_degrees) == ((ROW,), False)


def test_read_units_takes_columns_in_any_order_and_leaves_others(tmp_path: Path) -> None:
    text = "名称,INDUSTRY, Y_M,x_m,street_id,site_id,members,unit_id\n某公司,65,-3,10.5,甲街道,T1,2,甲\n"

    assert read_units(written(tmp_path, text)).rows == (ROW,)


def test_read_units_mends_full_width_and_blank_lines(tmp_path: Path) -> None:
    text = f"{HEADER}\n\n,,,,,,\n 甲 ,２, 10.5,-3.0,T1,甲街道,６５,\n"
    (row,) = read_units(written(tmp_path, text)).rows

    assert (row.line, row.members, row.east, row.industry) == (4, 2, 10.5, "65")


def test_read_units_in_degrees(tmp_path: Path) -> None:
    text = f"{HEADER.replace('x_m', 'lon').replace('y_m', 'lat')}\n甲,1,117.2,31.8,,,\n"
    file = read_units(written(tmp_path, text))

    assert (file.is_in_degrees, file.rows[0].east, file.rows[0].north) == (True, 117.2, 31.8)


def test_read_units_tells_lines_behind_a_quoted_line_break(tmp_path: Path) -> None:
    text = f'{HEADER},note\n甲,1,0,0,,,,"两\n行"\n乙,x,0,0,,,,\n'

    assert "第 4 行 members 列“x”" in refusal(tmp_path, text)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (",1,0,0,,,", "第 2 行 unit_id 列“”：空着。请写上单位编号。"),
        ("甲,,0,0,,,", "第 2 行 members 列“”：空着。请写上数字。"),
        ("甲,1.5,0,0,,,", "第 2 行 members 列“1.5”：党员人数应是不小于 0 的整数。"),
        ("甲,-1,0,0,,,", "第 2 行 members 列“-1”：党员人数应是不小于 0 的整数。"),
        ("甲,1e9,0,0,,,", "第 2 行 members 列“1e9”：党员人数太大。"),
        ("甲,两,0,0,,,", "第 2 行 members 列“两”：不是数字。"),
        ("甲,1,NaN,0,,,", "第 2 行 x_m 列“NaN”：不是数字。"),
        ("甲,1,0,inf,,,", "第 2 行 y_m 列“inf”：不是数字。"),
        ("甲,1,1e999,0,,,", "第 2 行 x_m 列“1e999”：不是数字。"),
        ("甲,1,1e9,0,,,", "第 2 行 x_m 列“1e9”：不在 -100,000,000 到 100,000,000 之间。"),
        ('甲,1,"3,5",0,,,', "第 2 行 x_m 列“3,5”：有逗号。小数点请用“.”"),
        ("甲,1,3,5,0,0,,,甲", "第 2 行有 9 格，比第 1 行的列名多。小数点请用“.”"),
        ("甲,1,0", "第 2 行 y_m 列“”：空着。"),
    ],
)
def test_read_units_refuses_a_wrong_cell(tmp_path: Path, row: str, said: str) -> None:
    message = refusal(tmp_path, f"{HEADER}\n{row}\n")

    assert f"有 1 处不对：\n  {said}" in message


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("31.8,117.2", "lon 列“31.8”：经度和纬度好像写反了"),
        ("500000,3500000", "lon 列“500000”：不在 73 到 136 之间"),
    ],
)
def test_read_units_refuses_degrees_outside_the_country(
    tmp_path: Path, place: str, said: str
) -> None:
    header = HEADER.replace("x_m", "lon").replace("y_m", "lat")

    assert said in refusal(tmp_path, f"{header}\n甲,1,{place},,,\n")


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("甲,1,0,0,,,,,\n甲,1,0,0,,,,,", "第 3 行 unit_id 列“甲”：与第 2 行重复。"),
        ("甲,1,0,0,,,,,,maybe", "第 2 行 frozen 列“maybe”：看不出是或否。请写 1 或 0。"),
        ("甲,1,0,0,,,,,,1", "第 2 行 frozen 列“1”：已定的组没有组号。"),
        ("甲,1,0,0,,,,,g,1\n乙,1,0,0,,,,,g,", "第 3 行 frozen 列“0”：同组（pinned_group “g”）"),
    ],
)
def test_read_units_refuses_rows_that_contradict_each_other(
    tmp_path: Path, rows: str, said: str
) -> None:
    assert said in refusal(tmp_path, f"{HEADER},extra,pinned_group,frozen\n{rows}\n")


def test_read_units_lists_every_wrong_row_and_shows_twenty(tmp_path: Path) -> None:
    rows = "".join(f"u{at},x,0,0,,,\n" for at in range(33))
    message = refusal(tmp_path, f"{HEADER}\n{rows}")

    assert "有 33 处不对" in message
    assert message.count("members 列“x”") == 20
    assert message.endswith("…… 另有 13 处。")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "是空文件：第一行应是列名 unit_id、members"),
        ("\n\n", "是空文件"),
        (f"{HEADER}\n", "只有列名，没有单位"),
        ("unit_id,members,x_m,site_id\n", "第 1 行缺少列 street_id、industry、y_m（现有："),
        ("unit_id,members,lon,site_id,street_id,industry\n", "第 1 行缺少列 lat（现有："),
        (f"{HEADER},lon,lat\n", "第 1 行同时有 x_m、y_m、lon、lat：坐标请只用一种"),
        (f"{HEADER},members\n", "第 1 行的列名 members 出现了不止一次"),
        ("甲,1,0,0,,,\n", "第 1 行缺少列 unit_id"),
    ],
)
def test_read_units_refuses_a_file_without_its_columns(
    tmp_path: Path, text: str, said: str
) -> None:
    assert said in refusal(tmp_path, text)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"PK\x03\x04 anything", "是 Excel 文件：请另存为 CSV"),
        (b"\xff\xff\xff\xff,", "不是 UTF-8 或 GB18030 的文本"),
        (b"unit_id\0,members", "不是 UTF-8 或 GB18030 的文本"),
        (HEADER.encode() + b'\n"' + b"x" * 200_000 + b'"', "第 2 行起读不下去：引号没有成对"),
        (HEADER.encode() + b'\na,1,0,0,,,\n"b,1,0,0,,,\n', "第 3 行起读不下去：引号没有成对"),
    ],
)
def test_read_units_refuses_what_is_no_csv(tmp_path: Path, data: bytes, said: str) -> None:
    path = tmp_path / "units.csv"
    path.write_bytes(data)

    with pytest.raises(UnreadableUnits, match=said):
        read_units(path)


def test_read_units_refuses_what_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UnreadableUnits, match="找不到文件"):
        read_units(tmp_path / "none.csv")
    with pytest.raises(UnreadableUnits, match="是文件夹"):
        read_units(tmp_path)
