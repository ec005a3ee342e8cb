"""Many counties at once: what is read, what is refused in words, and that nobody's doing changes the plan."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner, Result
from distributed import LocalCluster

from liangxin.config.cli import main
from liangxin.optimize.grouping import solve as solving
from liangxin.optimize.grouping import tiles
from tests.optimize.grouping.random_problems import scattered


def write_counties(folder: Path, *, size: int = 240, **changed: object) -> Path:
    """Two counties of scattered units, beside firms without members and with enough of their own."""
    units = scattered(size, seed=3)
    frame = pl.DataFrame(
        {
            "county": ["330101" if x_m < 1500 else "330102" for x_m in units.x_m.tolist()],
            "unit_id": list(units.ids),
            "members": units.members,
            "x_m": units.x_m,
            "y_m": units.y_m,
            "site_id": [f"B{code}" if code >= 0 else "" for code in units.site.tolist()],
            "street_id": [f"S{code}" for code in units.street.tolist()],
            "industry": [f"I{code}" for code in units.industry.tolist()],
        }
    )
    others = frame.head(2).with_columns(
        pl.Series("unit_id", ["NOBODY", "ENOUGH"]), pl.Series("members", [0, 5])
    )
    frame = pl.concat([frame, others]).with_columns(**changed)  # type: ignore[arg-type]
    for (county,), part in frame.partition_by("county", as_dict=True, include_key=False).items():
        (folder / f"county={county}").mkdir(parents=True)
        part.write_parquet(folder / f"county={county}" / "part-0.parquet")
    return folder


def planned(folder: Path, out: Path, *options: str) -> Result:
    return CliRunner().invoke(
        main, ["plan", "country", str(folder), "--out", str(out), "--effort", "0.2", *options]
    )


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_country_writes_each_county_its_groups(tmp_path: Path) -> None:
    result = planned(write_counties(tmp_path / "in"), tmp_path / "out")

    told = json.loads((tmp_path / "out" / "plan.json").read_text())
    groups = pl.read_parquet(tmp_path / "out" / "county=*" / "groups.parquet")
    assert result.exit_code == 0, result.output
    assert sum(county["units"] for county in told["counties"].values()) == 240
    assert sum(county["enterprises"] for county in told["counties"].values()) == 242
    assert sum(county["groups"] for county in told["counties"].values()) == told["groups"]
    assert len(groups) + told["uncovered"] == 240
    assert groups["group_id"].n_unique() == told["groups"]
    assert groups.group_by("group_id").agg(pl.col("members").sum())["members"].min() >= 3
    assert "NOBODY" not in groups["unit_id"]
    assert told["objective"] >= told["bound"] > 0


def test_country_is_planned_the_same_by_processes_and_by_dask(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(solving, "MOST_WHOLE", 0)
    monkeypatch.setattr(tiles, "MOST_ITEMS", 60)
    counties = write_counties(tmp_path / "in")

    results = [
        planned(counties, tmp_path / "alone"),
        planned(counties, tmp_path / "two", "--workers", "2"),
    ]
    with dask_scheduler() as address:
        results.append(planned(counties, tmp_path / "dask", "--scheduler", address))

    assert [result.exit_code for result in results] == [0, 0, 0], results[-1].output
    assert files_of(tmp_path / "two") == files_of(tmp_path / "alone")
    assert files_of(tmp_path / "dask") == files_of(tmp_path / "alone")


@contextmanager
def dask_scheduler() -> Iterator[str]:
    with LocalCluster(
        n_workers=1, threads_per_worker=1, processes=False, dashboard_address=None
    ) as cluster:
        yield cluster.scheduler_address


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"members": pl.lit(-1)}, "members 不是不小于 0 的整数：330101 县"),
        ({"x_m": pl.lit(float("nan"))}, "坐标不是数：330101 县"),
        ({"unit_id": pl.lit("")}, "unit_id 空着：330101 县 （空）"),
        ({"unit_id": pl.lit("SAME")}, "unit_id 重复：SAME 等 1 个。"),
        ({"members": pl.lit("三")}, "的分区读不了"),
    ],
)
def test_country_with_bad_rows_is_refused_in_words(
    tmp_path: Path, changed: dict[str, object], said: str
) -> None:
    result = planned(write_counties(tmp_path / "in", **changed), tmp_path / "out")

    assert (result.exit_code, said in result.output) == (2, True), result.output
    assert not (tmp_path / "out").exists()


def test_country_without_partitions_or_with_settings_of_one_district_is_refused(
    tmp_path: Path,
) -> None:
    (tmp_path / "empty").mkdir()
    params = tmp_path / "params.toml"
    params.write_text('hosts = ["U1"]\n', encoding="utf-8")
    counties = write_counties(tmp_path / "in")

    empty = planned(tmp_path / "empty", tmp_path / "out")
    settled = planned(counties, tmp_path / "out", "--params", str(params))
    (tmp_path / "out").mkdir()
    taken = planned(counties, tmp_path / "out")

    assert "没有找到 county=代码/*.parquet" in empty.output
    assert "--params 只能写限值和权重" in settled.output
    assert "已经存在" in taken.output
    assert [empty.exit_code, settled.exit_code, taken.exit_code] == [2, 2, 2]


def test_team_that_cannot_be_hired_is_refused(tmp_path: Path) -> None:
    counties = write_counties(tmp_path / "in")

    both = planned(counties, tmp_path / "out", "--workers", "2", "--scheduler", "tcp://127.0.0.1:9")
    none = planned(counties, tmp_path / "out", "--workers", "0")

    assert "只能用一个" in both.output
    assert "--workers 应在 1 到 256 之间" in none.output


def test_plain_plans_do_not_load_dask_or_polars() -> None:
    code = "import sys, liangxin.config.cli.planning; print({'polars', 'distributed'} & set(sys.modules))"

    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert said.stdout.strip() == "set()"
