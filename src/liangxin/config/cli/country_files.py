"""Counties as Parquet partitions: what they must hold, and what is written beside them.

IN/county=330101/part-0.parquet      unit_id, members, x_m, y_m (or lon, lat), site_id, street_id, industry
OUT/county=330101/groups.parquet     unit_id, group_id, host_id, mode, way_m, members
OUT/county=330101/uncovered.parquet  unit_id, reason
OUT/plan.json                        figures of the whole and of each county
"""

import json
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from liangxin.config.cli.unit_files import middle_of
from liangxin.config.cli.wording import Refused
from liangxin.optimize.grouping.problem import (
    NONE,
    Floats,
    GroupingProblem,
    Ints,
    InvalidProblem,
    Rules,
    Units,
)
from liangxin.optimize.grouping.solution import Solution
from liangxin.standards.coordinates import plane_m

CODES = ("site_id", "street_id", "industry")
PLACES = (("x_m", "y_m"), ("lon", "lat"))
COUNTY = "county"
SHOWN = 5


class UnreadableCounties(Refused):
    """The partitions cannot be used; the text says which, why, and how to mend it."""


@dataclass(frozen=True)
class Country:
    """The candidates of all counties as one problem, the county of each, and counts of the other rows."""

    problem: GroupingProblem
    county: Ints  # of each unit, index in `counties`
    counties: tuple[str, ...]
    counts: Mapping[
        str, Mapping[str, int]
    ]  # by county: enterprises, units, without members, own branch


def read_country(folder: Path, *, rules: Rules) -> Country:
    """Read every partition, keep the candidates only. Raises UnreadableCounties."""
    frame, places = _frame(folder)
    counts = _counts(frame, rules)
    chosen = (
        frame.filter((pl.col("members") > 0) & (pl.col("members") < rules.min_members))
        .sort(COUNTY, "unit_id")
        .collect()
    )
    _refuse_doubles(chosen)
    names = sorted(counts)
    try:
        units = _units(chosen, places)
    except InvalidProblem as error:
        raise UnreadableCounties(f"各县名单合不到一起：{error}") from error
    county = np.searchsorted(np.array(names), chosen[COUNTY].to_numpy()).astype(np.int64)
    return Country(GroupingProblem(units=units, rules=rules), county, tuple(names), counts)


def write_country(
    folder: Path, country: Country, solution: Solution, *, figures: Mapping[str, Any]
) -> None:
    """Put the folder in place whole: partitions by county of the unit, and the figures."""
    unfinished = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.absolute().parent))
    try:
        _write_rows(unfinished, "groups.parquet", _group_rows(country, solution))
        _write_rows(unfinished, "uncovered.parquet", _left_out_rows(country, solution))
        told = {**figures, "counties": _county_figures(country, solution)}
        text = json.dumps(told, ensure_ascii=False, indent=1)
        (unfinished / "plan.json").write_text(text + "\n", encoding="utf-8")
        unfinished.chmod(0o755)
        unfinished.rename(folder)
    except OSError as error:
        raise Refused(f"写不了“{folder}”：请检查权限和磁盘空间。原有文件没有改动。") from error
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


# ---- in


def _frame(folder: Path) -> tuple[pl.LazyFrame, tuple[str, str]]:
    files = sorted(folder.glob(f"{COUNTY}=*/*.parquet"))
    if not files:
        raise UnreadableCounties(
            f"“{folder}”里没有找到 {COUNTY}=代码/*.parquet：每个县一个文件夹，如 {COUNTY}=330101/part-0.parquet。"
        )
    frame = pl.scan_parquet(files, hive_partitioning=True, hive_schema={COUNTY: pl.String})
    try:
        names = frame.collect_schema().names()
        places = next((pair for pair in PLACES if set(pair) <= set(names)), None)
        missing = [name for name in ("unit_id", "members", *CODES) if name not in names]
        if missing or places is None:
            wanted = [*missing, *([] if places else ["x_m、y_m（或 lon、lat）"])]
            raise UnreadableCounties(f"“{files[0]}”缺少列 {'、'.join(wanted)}。")
        typed = frame.select(
            pl.col(COUNTY),
            pl.col("unit_id").cast(pl.String),
            pl.col("members").cast(pl.Int64),
            *(pl.col(name).cast(pl.Float64) for name in places),
            *(pl.col(name).cast(pl.String) for name in CODES),
        )
        _refuse_bad_rows(typed, places)
    except pl.exceptions.PolarsError as error:
        raise UnreadableCounties(
            f"“{folder}”的分区读不了，或各分区的列和类型不一致：{str(error).splitlines()[0][:200]}"
        ) from error
    return typed, places


def _refuse_bad_rows(frame: pl.LazyFrame, places: tuple[str, str]) -> None:
    """Raise UnreadableCounties naming the first rows that hold no usable number or id."""
    tests = {
        "unit_id 空着": pl.col("unit_id").is_null() | (pl.col("unit_id") == ""),
        "members 不是不小于 0 的整数": pl.col("members").is_null() | (pl.col("members") < 0),
        "坐标不是数": pl.any_horizontal(
            *(pl.col(name).is_null() | ~pl.col(name).is_finite() for name in places)
        ),
    }
    for said, test in tests.items():
        bad = frame.filter(test).select(COUNTY, "unit_id").head(SHOWN).collect()
        if len(bad):
            rows = "、".join(f"{county} 县 {unit or '（空）'}" for county, unit in bad.iter_rows())
            raise UnreadableCounties(f"{said}：{rows} 等。请改正后重试，没有写出任何文件。")


def _counts(frame: pl.LazyFrame, rules: Rules) -> dict[str, dict[str, int]]:
    members = pl.col("members")
    counted = (
        frame.group_by(COUNTY)
        .agg(
            enterprises=pl.len(),
            units=((members > 0) & (members < rules.min_members)).sum(),
            without_members=(members == 0).sum(),
            own_branch=(members >= rules.min_members).sum(),
        )
        .collect()
    )
    return {row.pop(COUNTY): row for row in counted.iter_rows(named=True)}


def _refuse_doubles(chosen: pl.DataFrame) -> None:
    doubled = chosen.filter(pl.col("unit_id").is_duplicated())["unit_id"].unique(
        maintain_order=True
    )
    if len(doubled):
        raise UnreadableCounties(
            f"unit_id 重复：{'、'.join(doubled.head(SHOWN).to_list())} 等 {len(doubled):,} 个。请每个单位只留一行。"
        )


def _units(chosen: pl.DataFrame, places: tuple[str, str]) -> Units:
    east, north = (chosen[name].to_numpy().astype(np.float64) for name in places)
    if places == PLACES[1] and len(chosen):
        east, north = plane_m(east, north, origin=middle_of(east.tolist(), north.tolist()))
    return Units(
        ids=tuple(chosen["unit_id"].to_list()),
        members=chosen["members"].to_numpy().astype(np.int64),
        x_m=east,
        y_m=north,
        # A street and a site belong to one county, whatever others call theirs; an industry does not.
        site=_coded(chosen.select(pl.concat_str(COUNTY, pl.lit("/"), _named("site_id")))),
        street=_coded(chosen.select(pl.concat_str(COUNTY, pl.lit("/"), _named("street_id")))),
        industry=_coded(chosen.select(_named("industry"))),
        may_host=np.ones(len(chosen), np.bool_),
        pinned=np.full(len(chosen), NONE, np.int64),
    )


def _named(column: str) -> pl.Expr:
    return pl.when(pl.col(column) != "").then(pl.col(column))


def _coded(column: pl.DataFrame) -> Ints:
    """Number the texts of a column, NONE where there is none."""
    ranks = column.to_series().rank("dense").cast(pl.Int64)
    codes: Ints = (ranks - 1).fill_null(NONE).to_numpy().astype(np.int64)
    return codes


# ---- out


def _group_rows(country: Country, solution: Solution) -> pl.DataFrame:
    groups, ids = solution.groups, np.array(country.problem.units.ids)
    sizes = [len(group.units) for group in groups]
    units = np.array([unit for group in groups for unit in group.units], np.int64)
    number = np.repeat(np.arange(1, len(groups) + 1), sizes)
    ways: Floats = np.array([way for group in groups for way in group.ways_m])
    return pl.DataFrame(
        {
            COUNTY: np.array(country.counties)[country.county[units]],
            "unit_id": ids[units],
            "group_id": number,
            "host_id": np.repeat(ids[[group.host for group in groups]], sizes),
            "mode": [mode.value for group in groups for mode in group.modes],
            "way_m": ways.round(1),
            "members": country.problem.units.members[units],
        }
    )


def _left_out_rows(country: Country, solution: Solution) -> pl.DataFrame:
    units = np.array([out.unit for out in solution.left_out], np.int64)
    return pl.DataFrame(
        {
            COUNTY: np.array(country.counties)[country.county[units]],
            "unit_id": np.array(country.problem.units.ids)[units],
            "reason": [out.reason.value for out in solution.left_out],
        }
    )


def _write_rows(folder: Path, name: str, rows: pl.DataFrame) -> None:
    for (county,), part in rows.partition_by(COUNTY, as_dict=True, include_key=False).items():
        place = folder / f"{COUNTY}={county}"
        place.mkdir(exist_ok=True)
        part.write_parquet(place / name)


def _county_figures(country: Country, solution: Solution) -> dict[str, dict[str, Any]]:
    """Figures of each county; a group counts where its host stands."""
    host = np.array([group.host for group in solution.groups], np.int64)
    cost = np.array([group.cost_mm for group in solution.groups])
    left = np.array([out.unit for out in solution.left_out], np.int64)
    size = len(country.counties)
    groups = np.bincount(country.county[host], minlength=size)
    travel = np.bincount(country.county[host], weights=cost, minlength=size)
    uncovered = np.bincount(country.county[left], minlength=size)
    return {
        name: {
            **country.counts[name],
            "groups": int(groups[at]),
            "travel_mm": round(float(travel[at]), 1),
            "uncovered": int(uncovered[at]),
        }
        for at, name in enumerate(country.counties)
    }
