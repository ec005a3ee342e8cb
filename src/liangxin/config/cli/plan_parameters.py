"""--params FILE: limits, weights and what people settled, in TOML; what is not named stays usual."""

import math
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from liangxin.config.cli.unit_files import DEGREES, LIMITS, METRES, in_words, plain
from liangxin.config.cli.wording import Refused
from liangxin.optimize.grouping.problem import InvalidProblem, Rules

COUNTS = ("min_members", "max_members", "min_units", "max_units", "largest_units")
AMOUNTS = ("street_radius_m", "industry_radius_m", "left_out_mm", "extra_unit_mm")
WEIGHTS = ("site", "street", "industry")
LISTS = ("forbidden", "hosts", "not_hosts")
TABLES = ("mode_weights", "new_branches_per_street", "branch")
BRANCH_TEXTS = ("id", "host", "site_id", "street_id", "industry")
BRANCH_COUNTS = ("free_units", "free_members")
MOST_COUNT = 100_000
COUNTED = f"应是 0 到 {MOST_COUNT:,} 的整数"


class BadParameters(Refused):
    """The file of parameters cannot be used; the text names each wrong key and how to mend it."""


@dataclass(frozen=True, kw_only=True)
class BranchRow:
    """An existing branch that takes units in; `east` and `north` as in the file of units."""

    id: str
    host: str
    east: float
    north: float
    site_id: str = ""
    street_id: str = ""
    industry: str = ""
    free_units: int
    free_members: int


@dataclass(frozen=True, kw_only=True)
class PlanSettings:
    """All parameters of a plan; units and streets by the names of the file of units."""

    amounts: Mapping[str, float] = field(default_factory=dict)  # fields of Rules
    new_branches_per_street: Mapping[str, int] = field(default_factory=dict)
    forbidden: tuple[tuple[str, str], ...] = ()
    hosts: tuple[str, ...] | None = None  # only these may host; None: all
    not_hosts: tuple[str, ...] = ()
    branches: tuple[BranchRow, ...] = ()

    def rules(self, street_codes: Mapping[str, int]) -> Rules:
        """The rules for the solver. Raises BadParameters."""
        limits = {street_codes[name]: n for name, n in self.new_branches_per_street.items()}
        numbers: dict[str, Any] = dict(self.amounts)
        try:
            return Rules(**numbers, new_groups_per_street=limits)
        except InvalidProblem as error:
            raise BadParameters(f"参数互相矛盾：{error}") from error


def read_settings(path: Path | None, *, is_in_degrees: bool) -> PlanSettings:
    """Read the parameters; the usual ones where no file is given. Raises BadParameters."""
    if path is None:
        return PlanSettings()
    table = _table(path)
    reader = _SettingsReader(table, place=DEGREES if is_in_degrees else METRES)
    settings = reader.settings()
    if reader.faults:
        raise BadParameters(in_words(reader.faults, what=f"参数文件“{path}”"))
    settings.rules({name: at for at, name in enumerate(settings.new_branches_per_street)})
    return settings


def _table(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise BadParameters(f"找不到参数文件“{path}”：请检查路径和文件名。") from error
    except OSError as error:
        raise BadParameters(f"读不了参数文件“{path}”：应是一个可以读取的文件。") from error
    except UnicodeDecodeError as error:
        raise BadParameters(f"参数文件“{path}”不是 UTF-8 文本：请另存为 UTF-8。") from error
    except tomllib.TOMLDecodeError as error:
        raise BadParameters(f"参数文件“{path}”不合 TOML 写法：{_where(str(error))}。") from error
    except ValueError as error:  # a number of thousands of digits
        raise BadParameters(f"参数文件“{path}”里有位数太多的数：请改成平常的数。") from error


def _where(said: str) -> str:
    """Line and column out of what the TOML reader says in English."""
    numbers = [word.strip(",)") for word in said.split() if word.strip(",)").isdigit()]
    return f"第 {numbers[0]} 行第 {numbers[1]} 个字附近" if len(numbers) == 2 else "文件末尾不完整"


class _SettingsReader:
    """Reads one table of parameters and gathers what is wrong with it."""

    def __init__(self, table: dict[str, Any], *, place: tuple[str, ...]) -> None:
        self.table, self.place = table, place
        self.faults: list[str] = []

    def settings(self) -> PlanSettings:
        """The parameters, as far as they can be read."""
        self._refuse_unknown(self.table, (*AMOUNTS, *COUNTS, *LISTS, *TABLES), where="")
        return PlanSettings(
            amounts=self._amounts(),
            new_branches_per_street=self._limits(),
            forbidden=tuple(self._pairs()),
            hosts=self._ids("hosts") if "hosts" in self.table else None,
            not_hosts=self._ids("not_hosts"),
            branches=tuple(self._branches()),
        )

    def _refuse(self, key: str, value: object, mend: str) -> None:
        self.faults.append(f"{key} = {value!r}：{mend}")

    def _refuse_unknown(
        self, table: Mapping[str, Any], known: tuple[str, ...], *, where: str
    ) -> None:
        for key in table:
            if key not in known:
                near = get_close_matches(key, known, n=1)
                meant = f"，是不是 {near[0]}？" if near else f"。可用：{'、'.join(known)}。"
                self.faults.append(f"{where}{key}：没有这个参数{meant}")

    def _amounts(self) -> dict[str, float]:
        found = self._numbers(self.table, AMOUNTS, is_amount, "应是不小于 0 的数")
        found |= self._numbers(self.table, COUNTS, is_count, COUNTED)
        weights = self._subtable("mode_weights")
        self._refuse_unknown(weights, WEIGHTS, where="mode_weights.")
        read = self._numbers(weights, WEIGHTS, is_amount, "应是大于 0 的数", where="mode_weights.")
        return found | {f"{mode}_weight": weight for mode, weight in read.items()}

    def _numbers(
        self,
        table: Mapping[str, Any],
        keys: tuple[str, ...],
        is_right: Callable[[object], bool],
        mend: str,
        *,
        where: str = "",
    ) -> dict[str, float]:
        for key in keys:
            if key in table and not is_right(table[key]):
                self._refuse(where + key, table[key], f"{mend}。")
        return {key: table[key] for key in keys if key in table and is_right(table[key])}

    def _limits(self) -> dict[str, int]:
        table = self._subtable("new_branches_per_street")
        where = "new_branches_per_street."
        read = self._numbers(table, tuple(table), is_count, COUNTED, where=where)
        return {plain(street): int(limit) for street, limit in read.items()}

    def _subtable(self, key: str) -> Mapping[str, Any]:
        table = self.table.get(key, {})
        if isinstance(table, dict):
            return table
        self._refuse(key, table, f"应写成表：另起一行写 [{key}]，下面各行写“名称 = 数”。")
        return {}

    def _ids(self, key: str) -> tuple[str, ...]:
        value = self.table.get(key, [])
        if isinstance(value, list) and all(is_name(item) for item in value):
            return tuple(plain(str(item)) for item in value)
        self._refuse(key, value, '应是单位编号的列表，如 ["U1", "U2"]。')
        return ()

    def _pairs(self) -> Iterator[tuple[str, str]]:
        value = self.table.get("forbidden", [])
        for pair in value if isinstance(value, list) else [value]:
            if isinstance(pair, list) and len(pair) == 2 and all(map(is_name, pair)):
                first, second = (plain(str(one)) for one in pair)
                if first != second:
                    yield first, second
                    continue
            self._refuse("forbidden", pair, '应是两个不同单位的编号，如 [["U1", "U2"]]。')

    def _branches(self) -> Iterator[BranchRow]:
        tables = self.table.get("branch", [])
        if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
            self._refuse("branch", tables, "每个现有支部请各写一段，以 [[branch]] 开头。")
            return
        seen: set[str] = set()
        for at, table in enumerate(tables, start=1):
            branch = self._branch(table, where=f"第 {at} 个 branch 的 ")
            if branch and branch.id in seen:
                self._refuse(f"第 {at} 个 branch 的 id", branch.id, "与前面的重复。")
            elif branch:
                seen.add(branch.id)
                yield branch

    def _branch(self, table: dict[str, Any], *, where: str) -> BranchRow | None:
        before = len(self.faults)
        self._refuse_unknown(table, (*BRANCH_TEXTS, *self.place, *BRANCH_COUNTS), where=where)
        for key in ("id", *self.place, *BRANCH_COUNTS):
            if key not in table:
                self.faults.append(f"{where}{key}：缺少。请写上。")
        for key in BRANCH_TEXTS:
            if key in table and not is_name(table[key]):
                self._refuse(where + key, table[key], "应是文字。")
        self._numbers(table, BRANCH_COUNTS, is_count, COUNTED, where=where)
        for key in self.place:
            least, most = LIMITS[key]
            said = f"应是 {least:,.0f} 到 {most:,.0f} 的数"
            self._numbers(table, (key,), _between(least, most), said, where=where)
        if len(self.faults) > before:
            return None
        return self._branch_row(
            {key: plain(str(table[key])) for key in BRANCH_TEXTS if key in table}, table
        )

    def _branch_row(self, texts: dict[str, str], table: dict[str, Any]) -> BranchRow:
        return BranchRow(
            **({"host": texts["id"]} | texts),
            east=float(table[self.place[0]]),
            north=float(table[self.place[1]]),
            free_units=int(table["free_units"]),
            free_members=int(table["free_members"]),
        )


def is_amount(value: object) -> bool:
    """A finite number from 0 up; TOML's true and false are none."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and math.isfinite(value) and 0 <= value < 1e15  # type: ignore[arg-type,operator]


def is_count(value: object) -> bool:
    """A whole number from 0 up, no larger than any count of units or members."""
    return is_amount(value) and isinstance(value, int) and value <= MOST_COUNT


def is_name(value: object) -> bool:
    """Text, or a whole number used as a name."""
    return isinstance(value, int | str) and not isinstance(value, bool) and bool(str(value).strip())


def _between(least: float, most: float) -> Callable[[object], bool]:
    def is_within(value: object) -> bool:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return is_number and least <= value <= most  # type: ignore[operator]

    return is_within
