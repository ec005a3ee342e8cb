"""Two proposals side by side."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render

from liangxin.coverage.queries.comparison import ComparedFigure, Comparison, comparison
from liangxin.coverage.queries.proposal_summary import sees_whole
from liangxin.coverage.queries.proposals import proposals
from liangxin.coverage.terms import ProposalState
from liangxin.kernel.pages import ViewerRequest
from liangxin.kernel.pages import page as page_for
from liangxin.kernel.permissions import Permission
from liangxin.ui.templatetags.ui import percent, thousands

PER_PAGE = 50
# Figures in the order of the page: name, unit, and whether more is better (None: neither).
FIGURES: dict[str, tuple[str, str, bool | None]] = {
    "base": ("统计基数", "家", None),
    "covered_after": ("组织覆盖（落实以后）", "家", True),
    "either_after": ("任一覆盖（落实以后）", "家", True),
    "candidates": ("正式党员不足的单位", "家", None),
    "groups": ("拟建联合党支部", "个", None),
    "joined_units": ("纳入单位", "家", True),
    "members": ("组内党员", "名", True),
    "to_transfer": ("需转接组织关系", "名", None),
    "left_out": ("未能联建", "家", False),
    "attached": ("就近联系", "家", True),
    "unattached": ("联系暂无着落", "家", False),
    "objective_mm": ("方案总代价", "人·米", False),
    "bound_mm": ("理论下界", "人·米", None),
    "gap": ("比理论下界多", "", False),
}


@dataclass(frozen=True)
class ShownComparison:
    """One line of the table; `verdict` is 好 or 差 for the second proposal, '' where it is neither."""

    title: str
    unit: str
    a: str
    b: str
    change: str
    verdict: str


@page_for(Permission.PLAN_BRANCHES)
def proposal_compare(request: ViewerRequest) -> HttpResponse:
    """比较两个方案.

    Opened by whoever had two plans computed and must choose one. At a glance: which covers more with less
    walking, by which parameters they differ, and which units change groups.
    """
    ready = list(
        proposals(request.viewer).filter(state=ProposalState.READY).prefetch_related("streets")
    )
    chosen = {str(one.pk): one for one in ready}
    a, b = (chosen.get(request.GET.get(name, "")) for name in ("a", "b"))
    context: dict[str, object] = {"ready": ready, "a": a, "b": b}
    if a is not None and b is not None and a != b:
        compared = comparison(request.viewer, a, b)
        is_told = sees_whole(request.viewer, a) and sees_whole(request.viewer, b)
        context |= {
            "compared": compared,
            "figures": _shown_figures(compared) if is_told else (),
            "is_same": _is_same(compared),
            "moved_at": max(a.at, b.at).isoformat(),
            **_differences(request, compared),
        }
    return render(request, "coverage/proposal_compare.html", context)


def _differences(request: ViewerRequest, compared: Comparison) -> dict[str, object]:
    """One page of the groups that differ, or of the units that change groups."""
    shows_units = request.GET.get("show") == "units"
    rows: Sequence[object] = compared.moved if shows_units else compared.changed
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return {"shows_units": shows_units, "page": page}


def _shown_figures(compared: Comparison) -> Sequence[ShownComparison]:
    known = {one.code: one for one in compared.figures}
    return [_shown(known[code]) for code in FIGURES if code in known]


def _shown(one: ComparedFigure) -> ShownComparison:
    title, unit, is_more_better = FIGURES[one.code]
    verdict = ""
    if one.change and is_more_better is not None:
        verdict = "好" if (one.change > 0) == is_more_better else "差"
    change = _words(one.code, one.change)
    if one.code == "gap" and one.change:
        change = f"{one.change * 100:.1f} 个百分点"
    sign = "+" if one.change and one.change > 0 else ""
    return ShownComparison(
        title, unit, _words(one.code, one.a), _words(one.code, one.b), f"{sign}{change}", verdict
    )


def _words(code: str, value: float | None) -> str:
    if code == "gap":
        return percent(value)
    return thousands(None if value is None else round(value))


def _is_same(compared: Comparison) -> bool:
    return not (compared.changed or compared.only_a or compared.only_b)
