"""`liangxin plan branches`: a plan of joint branches from a plain file; no Django, no database."""

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from liangxin.config.cli.plan_files import plan_document, refuse_unwritable, write_plan
from liangxin.config.cli.plan_parameters import read_settings
from liangxin.config.cli.plan_problem import PlanQuestion, plan_question
from liangxin.config.cli.plan_team import hired_team
from liangxin.config.cli.unit_files import in_words, read_units
from liangxin.config.cli.wording import Refused
from liangxin.optimize.grouping.check import Fault, faults
from liangxin.optimize.grouping.problem import InvalidProblem
from liangxin.optimize.grouping.solution import LeftOutReason, Solution
from liangxin.optimize.grouping.solve import VERSION, solve
from liangxin.optimize.grouping.warming import warm_up
from liangxin.optimize.stop import InvalidStop, OnProgress, Stop
from liangxin.optimize.team import Team


def branches_command(
    *,
    units: Path,
    out: Path,
    params: Path | None,
    seed: int,
    effort: float,
    time_limit_s: float | None,
    workers: int = 1,
    scheduler: str | None = None,
) -> None:
    """Read, plan, check, write, and say in a few lines what came out. Raises Refused."""
    stop = asked_stop(effort, time_limit_s)
    file = read_units(units)
    settings = read_settings(params, is_in_degrees=file.is_in_degrees)
    question = plan_question(file, settings)
    refuse_unwritable(out, inputs=(units, params))
    with hired_team(workers=workers, scheduler=scheduler) as team:
        solution = _solved(question, stop=stop, seed=seed, team=team)
    refuse_faulty(faults(question.problem, solution))
    document = plan_document(question, solution, settings=settings, version=VERSION)
    write_plan(out, document)
    click.echo("\n".join([*summary(question, solution), f"方案已写入 {out}。"]))


def refuse_faulty(found: Sequence[Fault]) -> None:
    """A plan that breaks a rule is never written. Raises Refused."""
    if found:
        said = in_words([fault.text for fault in found], what="测算结果没有通过核对：")
        raise Refused(f"{said}\n没有写出方案。这是程序的错，请把单位名单和参数交给维护人员。")


def asked_stop(effort: float, time_limit_s: float | None) -> Stop:
    """The budget asked for. Raises Refused."""
    try:
        return Stop(effort=effort, time_limit_s=time_limit_s)
    except InvalidStop as error:
        raise Refused(str(error)) from error


def _solved(question: PlanQuestion, *, stop: Stop, seed: int, team: Team) -> Solution:
    with shown_progress() as on_progress:
        warm_up()
        try:
            return solve(question.problem, stop=stop, seed=seed, on_progress=on_progress, team=team)
        except InvalidProblem as error:
            raise Refused(f"按这些要求编不成：{error}") from error


@contextmanager
def shown_progress() -> Iterator[OnProgress]:
    """A progress bar on the error stream, so that the output stays clean."""
    console = Console(stderr=True)
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
        console=console,
        disable=not console.is_terminal,
        transient=True,
    )
    with bar:
        task = bar.add_task("准备（第一次要编译，约一分钟）", total=None)
        yield lambda share: bar.update(task, completed=share, total=1.0, description="测算")


def summary(question: PlanQuestion, solution: Solution) -> list[str]:
    """What came out, in the words of the office."""
    count = len(question.problem.units)
    joined = sum(len(group.units) for group in solution.groups)
    joining = sum(group.branch >= 0 for group in solution.groups)
    said = f"参加测算 {count:,} 家单位：编入 {joined:,} 家，联合党支部 {len(solution.groups) - joining:,} 个"
    lines = [f"{said}，另有 {joining:,} 个现有支部接收单位。" if joining else f"{said}。"]
    lines += _left_out_lines(question, solution)
    lines += [*_cost_lines(question, solution), *_apart_lines(question)]
    if not solution.is_reproducible:
        lines.append("因 --time-limit 提前结束：同样的输入再算一次，结果不保证相同。")
    return lines


def _left_out_lines(question: PlanQuestion, solution: Solution) -> list[str]:
    words = {
        LeftOutReason.TOO_FEW_NEAR: "附近党员不足 {least} 名，需要选派指导员",
        LeftOutReason.SETTLED: "受人工限定",
        LeftOutReason.TOO_FAR: "编入反而多走路",
    }
    lines = []
    for reason, text in words.items():
        count = sum(out.reason is reason for out in solution.left_out)
        if count:
            said = text.format(least=question.problem.rules.min_members)
            lines.append(f"未编入 {count:,} 家：{said}。")
    return lines


def _cost_lines(question: PlanQuestion, solution: Solution) -> list[str]:
    walked = sum(group.cost_mm for group in solution.groups)
    fined = solution.objective_mm - walked
    above = "高出的比例无从计算"
    if solution.is_proven_best:
        above = "本方案已是最好的"
    elif math.isfinite(solution.gap):
        above = f"本方案高出 {solution.gap:.1%}"
    penalty = question.problem.rules.left_out_mm
    return [
        f"总代价 {solution.objective_mm:,.0f} 人·米：每次开会全体党员单程走路的总和（含方式权重和超出一般单位数的折合）"
        f"{walked:,.0f}，能编入而未编入的单位（每家折合 {penalty:,.0f}）{fined:,.0f}。",
        f"任何方案都不会低于 {solution.bound_mm:,.0f} 人·米（下界），{above}；"
        f"用时 {solution.seconds:.1f} 秒，种子 {solution.seed}。",
    ]


def _apart_lines(question: PlanQuestion) -> list[str]:
    apart = (
        (question.ignored, "没有正式党员，不参加联建"),
        (question.own_branch, "正式党员够数，应单独建立党支部，不参加联建"),
    )
    return [f"另有 {len(units):,} 家{said}。" for units, said in apart if units]
