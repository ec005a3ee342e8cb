"""`liangxin plan country`: joint branches of many counties at once, from Parquet to Parquet."""

from pathlib import Path
from time import perf_counter

import click

from liangxin.config.cli.country_files import read_country, write_country
from liangxin.config.cli.plan_parameters import BadParameters, PlanSettings, read_settings
from liangxin.config.cli.plan_team import hired_team
from liangxin.config.cli.planning import asked_stop, refuse_faulty, shown_progress
from liangxin.config.cli.wording import Refused
from liangxin.optimize.grouping.check import faults
from liangxin.optimize.grouping.solve import VERSION, solve
from liangxin.optimize.grouping.warming import warm_up


def country_command(
    *,
    counties: Path,
    out: Path,
    params: Path | None,
    seed: int,
    effort: float,
    workers: int,
    scheduler: str | None,
) -> None:
    """Read, plan, check, write, and say how long each took. Raises Refused."""
    stop = asked_stop(effort, None)
    if out.exists():
        raise Refused(f"“{out}”已经存在：请换一个 --out，或先移走它。")
    if not out.absolute().parent.is_dir():
        raise Refused(f"没有文件夹“{out.absolute().parent}”：请先建立。")
    started_s = perf_counter()
    country = read_country(counties, rules=_settings(params).rules({}))
    read_s = perf_counter() - started_s
    with hired_team(workers=workers, scheduler=scheduler) as team, shown_progress() as on_progress:
        warm_up()
        solution = solve(country.problem, stop=stop, seed=seed, on_progress=on_progress, team=team)
    refuse_faulty(faults(country.problem, solution))
    figures = {
        "objective": round(solution.objective_mm, 1),
        "bound": round(solution.bound_mm, 1),
        "gap": round(solution.gap, 6) if solution.bound_mm else None,
        "groups": len(solution.groups),
        "uncovered": len(solution.left_out),
        "seed": solution.seed,
        "effort": solution.effort,
        "version": VERSION,
        "reproducible": solution.is_reproducible,
    }
    write_country(out, country, solution, figures=figures)
    enterprises = sum(counts["enterprises"] for counts in country.counts.values())
    click.echo(
        f"{len(country.counties):,} 个县、{enterprises:,} 家企业，其中 {len(country.problem.units):,} 家有党员而不足"
        f"以单独建支部：编成 {len(solution.groups):,} 组，{len(solution.left_out):,} 家未编入。\n"
        f"总代价 {solution.objective_mm:,.0f} 人·米，下界 {solution.bound_mm:,.0f}，高出 {solution.gap:.2%}。\n"
        f"用时：读取 {read_s:.1f} 秒，测算 {solution.seconds:.1f} 秒，全程 {perf_counter() - started_s:.1f} 秒。\n"
        f"方案已写入 {out}。"
    )


def _settings(params: Path | None) -> PlanSettings:
    """The limits and weights; what names single units, streets or branches is for one district's file."""
    settings = read_settings(params, is_in_degrees=False)
    if settings != PlanSettings(amounts=settings.amounts):
        raise BadParameters(
            "成批测算各县时，--params 只能写限值和权重；指定单位、街道或现有支部的，请用 plan branches 逐个区县测算。"
        )
    return settings
