"""PLAN.json: what a plan of joint branches is written as, whole or not at all."""

import errno
import json
import math
import os
import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from liangxin.config.cli.plan_parameters import PlanSettings
from liangxin.config.cli.plan_problem import PlanQuestion
from liangxin.config.cli.wording import Refused
from liangxin.optimize.grouping.explain import group_reason, left_out_reason
from liangxin.optimize.grouping.problem import NONE, GroupingProblem, Rules
from liangxin.optimize.grouping.solution import Group, Solution

DECIMALS = 3  # of member-metres: millimetres
SYSTEM_WORDS = {
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "磁盘配额已用完",
    errno.EACCES: "没有写入的权限",
    errno.EPERM: "没有写入的权限",
    errno.EROFS: "这个磁盘是只读的",
    errno.ENAMETOOLONG: "文件名太长",
}


def plan_document(
    question: PlanQuestion, solution: Solution, *, settings: PlanSettings, version: str
) -> dict[str, Any]:
    """A plan in the form of docs/plan-branches.schema.json."""
    problem, ids = question.problem, question.problem.units.ids
    return {
        "groups": [_group(problem, group, settings=settings) for group in solution.groups],
        "uncovered": [
            {
                "unit": ids[out.unit],
                "code": out.reason.value,
                "reason": left_out_reason(problem, out),
            }
            for out in solution.left_out
        ],
        "objective": round(solution.objective_mm, DECIMALS),
        "bound": round(solution.bound_mm, DECIMALS),
        "gap": round(solution.gap, 6) if math.isfinite(solution.gap) else None,
        "seconds": round(solution.seconds, DECIMALS),
        "seed": solution.seed,
        "params": parameters_document(problem.rules, settings),
        "effort": solution.effort,
        "reproducible": solution.is_reproducible,
        "version": version,
        "ignored": list(question.ignored),
        "own_branch": list(question.own_branch),
    }


def _group(problem: GroupingProblem, group: Group, *, settings: PlanSettings) -> dict[str, Any]:
    ids = problem.units.ids
    joins = group.branch != NONE
    return {
        "units": [ids[unit] for unit in group.units],
        "host": settings.branches[group.branch].host if joins else ids[group.host],
        "branch": settings.branches[group.branch].id if joins else None,
        "mode": group.mode.value,
        "unit_modes": [mode.value for mode in group.modes],
        "unit_ways_m": [round(way_m, DECIMALS) for way_m in group.ways_m],
        "members": group.members,
        "cost_mm": round(group.cost_mm, DECIMALS),
        "frozen": group.is_frozen,
        "reason": group_reason(problem, group),
    }


def parameters_document(rules: Rules, settings: PlanSettings) -> dict[str, Any]:
    """Every parameter the plan was computed with, the usual ones too, as --params would name it."""
    weights = ("site_weight", "street_weight", "industry_weight")
    own = (*weights, "new_groups_per_street")
    numbers = {name: value for name, value in vars(rules).items() if name not in own}
    return numbers | {
        "mode_weights": {name.removesuffix("_weight"): getattr(rules, name) for name in weights},
        "new_branches_per_street": dict(settings.new_branches_per_street),
        "forbidden": [list(pair) for pair in settings.forbidden],
        "hosts": list(settings.hosts) if settings.hosts is not None else None,
        "not_hosts": list(settings.not_hosts),
        "branch": [asdict(branch) for branch in settings.branches],
    }


def refuse_unwritable(path: Path, *, inputs: tuple[Path | None, ...]) -> None:
    """Raise Refused before hours are spent on a plan that could not be written."""
    folder = path.absolute().parent
    if path.is_dir() or (path.exists() and not path.is_file()):
        raise Refused(f"--out “{path}”不是普通文件：请写一个文件名，如 {path}/plan.json。")
    if not folder.is_dir():
        raise Refused(f"没有文件夹“{folder}”：请先建立，或换一个 --out。")
    if not os.access(folder, os.W_OK):
        raise Refused(f"文件夹“{folder}”不能写入：请修改它的权限，或换一个 --out。")
    if any(given and path.exists() and given.exists() and path.samefile(given) for given in inputs):
        raise Refused(f"--out “{path}”就是输入文件，会被盖掉：请换一个文件名。")


def write_plan(path: Path, document: Mapping[str, Any]) -> None:
    """Put the plan in place whole; what stood there stays when anything fails. Raises Refused."""
    text = json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False)
    unfinished: Path | None = None
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name[:40]}.", dir=path.absolute().parent)
        unfinished = Path(name)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text + "\n")
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except OSError as error:
        said = SYSTEM_WORDS.get(error.errno or 0, "系统不让写")
        raise Refused(f"写不了“{path}”：{said}。原有文件没有改动。") from error
    finally:
        if unfinished:
            unfinished.unlink(missing_ok=True)
