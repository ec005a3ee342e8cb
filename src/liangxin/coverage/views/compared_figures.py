"""The figures of several proposals beside one another: the first is what the others are held against."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.urls import reverse

from liangxin.coverage.models import BranchProposal
from liangxin.coverage.queries.proposal_summary import seen_counts
from liangxin.coverage.queries.proposals import figures
from liangxin.coverage.terms import AttachmentKind
from liangxin.kernel.viewer import Viewer
from liangxin.ui.templatetags.ui import percent, thousands

Values = dict[str, float | None]


@dataclass(frozen=True)
class FigureKind:
    """A line of the table: name, unit, whether more is better (None: neither), and the list behind it."""

    title: str
    unit: str
    is_more_better: bool | None
    route: str = ""
    asked: str = ""


# Figures in the order of the page.
FIGURES: dict[str, FigureKind] = {
    "base": FigureKind("统计基数", "家", None),
    "rate_after": FigureKind("组织覆盖率（落实以后）", "", True),
    "covered_after": FigureKind("组织覆盖（落实以后）", "家", True),
    "either_after": FigureKind("任一覆盖（落实以后）", "家", True),
    "candidates": FigureKind("正式党员不足的单位", "家", None),
    "groups": FigureKind("拟建联合党支部", "个", None, "proposal", "?founding=new#groups"),
    "joined_units": FigureKind("纳入单位", "家", True, "proposal-units"),
    "joining_units": FigureKind("其中并入现有支部", "家", None, "proposal-units", "?founding=join"),
    "members": FigureKind("组内党员", "名", True),
    "to_transfer": FigureKind("需转接组织关系", "名", None, "proposal-units", "?transfer=yes"),
    "left_out": FigureKind("未能联建", "家", False, "proposal-left-out"),
    "walked_mm": FigureKind("开一次会的路", "人·米", False),
    "mean_way_m": FigureKind("每名党员平均单程", "米", False),
    "attached": FigureKind("就近联系", "家", True, "proposal-attachments"),
    "unattached": FigureKind(
        "联系暂无着落", "家", False, "proposal-attachments", f"?kind={AttachmentKind.NONE}"
    ),
    "objective_mm": FigureKind("方案总代价", "人·米", False),
    "bound_mm": FigureKind("理论下界", "人·米", None),
    "gap": FigureKind("比理论下界多", "", False),
}
SHARES = ("gap", "rate_after")


@dataclass(frozen=True)
class ShownValue:
    """One figure of one proposal; `verdict` says 好 or 差 against the first, '' where it is neither."""

    words: str
    change: str
    verdict: str
    url: str


@dataclass(frozen=True)
class ShownLine:
    """One figure of all proposals, in their order."""

    title: str
    unit: str
    values: tuple[ShownValue, ...]


def compared_lines(viewer: Viewer, plans: Sequence[BranchProposal]) -> list[ShownLine]:
    """Every figure of the plans, each with its list, and the change against the first."""
    found = [_values(viewer, plan) for plan in plans]
    return [
        ShownLine(
            kind.title,
            kind.unit,
            tuple(
                _shown(code, kind, plan, value=values.get(code), first=found[0].get(code))
                for plan, values in zip(plans, found, strict=True)
            ),
        )
        for code, kind in FIGURES.items()
    ]


def _values(viewer: Viewer, plan: BranchProposal) -> Values:
    known, seen = figures(plan), seen_counts(viewer, plan)
    counts: Values = dict(vars(known)) if known else {}
    counts["rate_after"] = known.covered_after / known.base if known and known.base else None
    return counts | {
        "walked_mm": seen.cost_mm,
        "mean_way_m": seen.mean_way_m,
        "objective_mm": plan.objective_mm,
        "bound_mm": plan.bound_mm,
        "gap": plan.gap,
    }


def _shown(
    code: str,
    kind: FigureKind,
    plan: BranchProposal,
    *,
    value: float | None,
    first: float | None,
) -> ShownValue:
    change = None if value is None or first is None else value - first
    # What is the same as far as it is shown is no difference.
    words, as_first = _words(code)(value), _words(code)(first)
    verdict = ""
    if change and words != as_first and kind.is_more_better is not None:
        verdict = "好" if (change > 0) == kind.is_more_better else "差"
    url = reverse(kind.route, args=(plan.pk,)) + kind.asked if kind.route else ""
    return ShownValue(words, "" if words == as_first else _change(code, change), verdict, url)


def _change(code: str, change: float | None) -> str:
    if change is None:
        return ""
    if code in SHARES:
        return f"{change * 100:+.1f} 个百分点"
    return f"{round(change):+,}"


def _words(code: str) -> Callable[[float | None], str]:
    if code in SHARES:
        return percent
    return lambda value: thousands(None if value is None else round(value))
