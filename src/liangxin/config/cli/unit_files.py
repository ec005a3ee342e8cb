"""UNITS.csv: one organisation per row, read whole or refused with every wrong row named."""

import csv
import io
import math
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from liangxin.config.cli.wording import Refused

SHOWN_FAULTS = 20
NEEDED = ("unit_id", "members", "site_id", "street_id", "industry")
SETTLED = ("pinned_group", "frozen")
METRES = ("x_m", "y_m")
DEGREES = ("lon", "lat")
MOST_DEGREES = 2.0  # of latitude on one plane: lengths are then wrong by some 2 % at most
FURTHEST_M = 1e8
LIMITS = {
    "x_m": (-FURTHEST_M, FURTHEST_M),
    "y_m": (-FURTHEST_M, FURTHEST_M),
    "lon": (73, 136),
    "lat": (3, 54),
}
MOST_MEMBERS = 1_000_000
YES = {"1", "是", "有", "√", "y", "yes", "true", "t"}
NO = {"", "0", "否", "无", "×", "n", "no", "false", "f"}
DECIMAL = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


class UnreadableUnits(Refused):
    """The file, or some of its rows, cannot be used; the text names line, column, value and mend."""


@dataclass(frozen=True, kw_only=True, slots=True)
class UnitRow:
    """One organisation; codes are as written, '' where not known. `east` and `north` are x, y or lon, lat."""

    line: int
    unit_id: str
    members: int
    east: float
    north: float
    site_id: str
    street_id: str
    industry: str
    pinned_group: str
    is_frozen: bool


@dataclass(frozen=True)
class UnitFile:
    """All rows of a file, and whether its positions are degrees."""

    rows: tuple[UnitRow, ...]
    is_in_degrees: bool


class _BadCell(ValueError):
    """A cell that cannot be used: why, and how to mend it."""


def read_units(path: Path) -> UnitFile:
    """Read a CSV of organisations (UTF-8 or GB18030). Raises UnreadableUnits."""
    lines = _lines(path)
    header = next(lines, None)
    if header is None:
        raise UnreadableUnits(f"“{path}”是空文件：第一行应是列名 {'、'.join((*NEEDED, *METRES))}。")
    columns = _columns(header[1])
    reader = _RowReader(columns, width=len(header[1]))
    rows = [row for line, cells in lines if (row := reader.row(line, cells))]
    faults = [*reader.faults, *_half_frozen(rows)]
    if faults:
        raise UnreadableUnits(in_words(faults, what=f"“{path}”"))
    if not rows:
        raise UnreadableUnits(f"“{path}”只有列名，没有单位：请在下面各行写入单位。")
    return UnitFile(tuple(rows), is_in_degrees=DEGREES[0] in columns)


def in_words(faults: Sequence[str], *, what: str) -> str:
    """Every fault on a line of its own, the first twenty, and how many there are."""
    shown = "\n".join(f"  {fault}" for fault in faults[:SHOWN_FAULTS])
    more = f"\n  …… 另有 {len(faults) - SHOWN_FAULTS:,} 处。" if len(faults) > SHOWN_FAULTS else ""
    return f"{what}有 {len(faults):,} 处不对：\n{shown}{more}"


# ---- text


def _lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield every row that holds anything, with the line it begins on."""
    text = _text(path)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    before = 0
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield before + 1, cells
            before = reader.line_num
    except csv.Error as error:
        raise UnreadableUnits(
            f"“{path}”第 {before + 1} 行起读不下去：引号没有成对，或一格里的字太多。请核对后重试。"
        ) from error


def _text(path: Path) -> str:
    data = _data(path)
    if data.startswith(WORKBOOKS):
        raise UnreadableUnits(f"“{path}”是 Excel 文件：请另存为 CSV（UTF-8）后再用。")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise UnreadableUnits(f"“{path}”不是 UTF-8 或 GB18030 的文本：请另存为 CSV（UTF-8）后再用。")


def _data(path: Path) -> bytes:
    if path.is_dir():
        raise UnreadableUnits(f"“{path}”是文件夹：请写出其中的 CSV 文件。")
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise UnreadableUnits(f"找不到文件“{path}”：请检查路径和文件名。") from error
    except OSError as error:
        raise UnreadableUnits(f"读不了“{path}”：请检查它的权限和所在的磁盘。") from error


def _delimiter(text: str) -> str:
    first = text.lstrip().split("\n", 1)[0]
    return max(",\t;", key=first.count)


# ---- header


def _columns(header: list[str]) -> dict[str, int]:
    """Where each column stands that is read; others are left alone."""
    names = [plain(name).lower() for name in header]
    known = (*NEEDED, *METRES, *DEGREES, *SETTLED)
    twice = [name for name in known if names.count(name) > 1]
    if twice:
        raise UnreadableUnits(f"第 1 行的列名 {'、'.join(twice)} 出现了不止一次：请各留一列。")
    columns = {name: names.index(name) for name in known if name in names}
    in_metres, in_degrees = (
        [name for name in pair if name in columns] for pair in (METRES, DEGREES)
    )
    if in_metres and in_degrees:
        raise UnreadableUnits(
            f"第 1 行同时有 {'、'.join((*in_metres, *in_degrees))}：坐标请只用一种，x_m、y_m 或 lon、lat。"
        )
    pair = DEGREES if in_degrees else METRES
    missing = [name for name in (*NEEDED, *pair) if name not in columns]
    if missing:
        raise UnreadableUnits(
            f"第 1 行缺少列 {'、'.join(missing)}（现有：{'、'.join(filter(None, names))[:200]}）。"
            f"列名应为 {'、'.join((*NEEDED, *METRES))}（坐标也可用 lon、lat），先后不限。"
        )
    return columns


# ---- rows


class _RowReader:
    """Turns rows into units and gathers what is wrong with them."""

    def __init__(self, columns: dict[str, int], *, width: int) -> None:
        self.columns, self.width = columns, width
        self.place = DEGREES if DEGREES[0] in columns else METRES
        self.faults: list[str] = []
        self.seen: dict[str, int] = {}

    def row(self, line: int, cells: list[str]) -> UnitRow | None:
        """The unit of a row; None where something was wrong with it."""
        before = len(self.faults)
        if any(cell.strip() for cell in cells[self.width :]):
            # A decimal comma without quotes shifts every cell behind it into a wrong column.
            said = "比第 1 行的列名多。小数点请用“.”，含逗号的文字请用双引号括起来。"
            self.faults.append(f"第 {line} 行有 {len(cells)} 格，{said}")
            return None
        texts = self._texts(cells)
        unit_id = self._unit_id(line, texts["unit_id"])
        members = self._number(line, "members", texts)
        east, north = (self._number(line, name, texts) for name in self.place)
        is_frozen = self._frozen(line, texts)
        if len(self.faults) > before:
            return None
        return UnitRow(
            line=line,
            unit_id=unit_id,
            members=int(members),
            east=east,
            north=north,
            site_id=texts["site_id"],
            street_id=texts["street_id"],
            industry=texts["industry"],
            pinned_group=texts["pinned_group"],
            is_frozen=is_frozen,
        )

    def _texts(self, cells: list[str]) -> dict[str, str]:
        names = (*NEEDED, *self.place, *SETTLED)
        places = {name: self.columns.get(name, len(cells)) for name in names}
        return {name: plain(cells[at]) if at < len(cells) else "" for name, at in places.items()}

    def _refuse(self, line: int, column: str, value: str, said: str) -> None:
        self.faults.append(f"第 {line} 行 {column} 列“{value[:40]}”：{said}")

    def _unit_id(self, line: int, text: str) -> str:
        if not text:
            self._refuse(line, "unit_id", text, "空着。请写上单位编号。")
        elif text in self.seen:
            said = f"与第 {self.seen[text]} 行重复。请每个单位只留一行。"
            self._refuse(line, "unit_id", text, said)
        else:
            self.seen[text] = line
        return text

    def _number(self, line: int, column: str, texts: dict[str, str]) -> float:
        try:
            return _members(texts[column]) if column == "members" else _place(column, texts)
        except _BadCell as bad:
            self._refuse(line, column, texts[column], str(bad))
            return math.nan

    def _frozen(self, line: int, texts: dict[str, str]) -> bool:
        text = texts["frozen"].lower()
        if text not in YES | NO:
            self._refuse(line, "frozen", texts["frozen"], "看不出是或否。请写 1 或 0。")
        elif text in YES and not texts["pinned_group"]:
            said = "已定的组没有组号。请在 pinned_group 列写上组号。"
            self._refuse(line, "frozen", texts["frozen"], said)
        return text in YES


def _members(text: str) -> float:
    number = _decimal(text)
    if number < 0 or number != int(number):
        raise _BadCell("党员人数应是不小于 0 的整数。没有党员请写 0。")
    if number > MOST_MEMBERS:
        raise _BadCell("党员人数太大。请核对。")
    return number


def _place(column: str, texts: dict[str, str]) -> float:
    number = _decimal(texts[column])
    least, most = LIMITS[column]
    if least <= number <= most:
        return number
    if column in DEGREES and _are_swapped(texts):
        raise _BadCell("经度和纬度好像写反了。lon 是经度（73 到 136），lat 是纬度（3 到 54）。")
    raise _BadCell(f"不在 {least:,.0f} 到 {most:,.0f} 之间。请核对坐标。")


def _are_swapped(texts: dict[str, str]) -> bool:
    try:
        lon, lat = (_decimal(texts[name]) for name in reversed(DEGREES))
    except _BadCell:
        return False
    return 73 <= lon <= 136 and 3 <= lat <= 54


def _decimal(text: str) -> float:
    if not text:
        raise _BadCell("空着。请写上数字。")
    if "," in text:
        raise _BadCell("有逗号。小数点请用“.”，千分位的逗号请去掉。")
    if not DECIMAL.fullmatch(text) or not math.isfinite(float(text)):
        raise _BadCell("不是数字。请写成 120 或 31.82 的样子。")
    return float(text)


def _half_frozen(rows: Sequence[UnitRow]) -> Iterator[str]:
    """Groups of which some rows are frozen and others are not."""
    states: dict[str, bool] = {}
    for row in rows:
        if row.pinned_group and states.setdefault(row.pinned_group, row.is_frozen) != row.is_frozen:
            yield (
                f"第 {row.line} 行 frozen 列“{int(row.is_frozen)}”：同组（pinned_group "
                f"“{row.pinned_group}”）的前面各行不是这样写的。请写成一样。"
            )


def plain(text: str) -> str:
    """A name as it is compared: full-width letters as half-width ones, nothing around it."""
    return unicodedata.normalize("NFKC", text).strip()


def middle_of(east: Sequence[float], north: Sequence[float]) -> tuple[float, float]:
    """Where a plane touches the earth for places in degrees. Raises UnreadableUnits: too far apart for one."""
    south, top = min(north), max(north)
    if top - south > MOST_DEGREES:
        raise UnreadableUnits(
            f"纬度从 {south:.2f} 到 {top:.2f}，相差 {top - south:.1f} 度，按经纬度算距离会差得太多（最多 "
            f"{MOST_DEGREES:.0f} 度）：请核对有没有写错的坐标，分开测算，或换成平面坐标 x_m、y_m。"
        )
    return (min(east) + max(east)) / 2, (south + top) / 2
