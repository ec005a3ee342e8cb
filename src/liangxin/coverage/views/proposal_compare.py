"""Two or more proposals side by side."""

from collections.abc import Sequence
from typing import cast

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render

from liangxin.coverage.models import BranchProposal
from liangxin.coverage.queries.comparison import Comparison, comparison
from liangxin.coverage.queries.proposal_summary import sees_whole
from liangxin.coverage.queries.proposals import proposals
from liangxin.coverage.terms import ProposalState
from liangxin.coverage.views.compared_figures import ShownLine, compared_lines
from liangxin.kernel.pages import ViewerRequest
from liangxin.kernel.pages import page as page_for
from liangxin.kernel.permissions import Permission, may, require
from liangxin.ui.exporting import sheets_response
from liangxin.workbook.writing import TableSheet

PER_PAGE = 50
# The places of an address, and what the page calls each.
PLACES = {"a": "甲", "b": "乙", "c": "丙", "d": "丁"}
LEAST = 2
NO_GROUP = "未编入"


@page_for(Permission.PLAN_BRANCHES)
def proposal_compare(request: ViewerRequest) -> HttpResponse:
    """比较方案.

    Opened by whoever had several plans computed, or changed one by hand, and must choose. At a glance: which
    covers more with less walking, by which parameters they differ, and which units change groups.
    """
    ready = list(
        proposals(request.viewer).filter(state=ProposalState.READY).prefetch_related("streets")
    )
    chosen = {str(one.pk): one for one in ready}
    asked = {name: chosen.get(request.GET.get(name, "")) for name in PLACES}
    plans = _plans(asked)
    compared = comparison(request.viewer, *plans[:LEAST]) if len(plans) >= LEAST else None
    if compared is not None and request.GET.get("export") == "xlsx":
        return _workbook(request, plans, compared)
    context: dict[str, object] = {
        "ready": ready,
        "places": [(name, title, asked[name]) for name, title in PLACES.items()],
        "is_twice": asked["a"] is not None and asked["a"] == asked["b"],
    }
    if compared is not None:
        a, b = plans[:LEAST]
        context |= {
            "a": a,
            "b": b,
            "plans": list(zip(PLACES.values(), plans, strict=False)),
            "compared": compared,
            "lines": _lines(request, plans),
            "is_same": _is_same(compared),
            "are_apart": len({_ground(plan) for plan in plans}) > 1,
            "moved_at": max(a.at, b.at).isoformat(),
            "export_url": _export_url(request),
            **_differences(request, compared),
        }
    return render(request, "coverage/proposal_compare.html", context)


def _plans(asked: dict[str, BranchProposal | None]) -> list[BranchProposal]:
    """The plans asked for, each once, in the order of the address; none without the first two."""
    if asked["a"] is None or asked["b"] is None or asked["a"] == asked["b"]:
        return []
    return list(dict.fromkeys(one for one in asked.values() if one is not None))


def _lines(request: ViewerRequest, plans: Sequence[BranchProposal]) -> list[ShownLine]:
    """The figures, where all of the plans are the viewer's business as wholes."""
    if not all(sees_whole(request.viewer, plan) for plan in plans):
        return []
    return compared_lines(request.viewer, plans)


def _differences(request: ViewerRequest, compared: Comparison) -> dict[str, object]:
    """One page of the groups that differ, or of the units that change groups."""
    shows_units = request.GET.get("show") == "units"
    rows: Sequence[object] = compared.moved if shows_units else compared.changed
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return {"shows_units": shows_units, "page": page}


def _ground(plan: BranchProposal) -> tuple[object, ...]:
    """What of the ledger a plan was computed from: its day, its state, and how many were adopted already."""
    return plan.at, plan.ledger_revision, plan.figures.get("already_adopted")


def _is_same(compared: Comparison) -> bool:
    return not (compared.changed or compared.only_a or compared.only_b)


# ---- taking it away


def _export_url(request: ViewerRequest) -> str:
    if not may(request.viewer, Permission.EXPORT_LISTS):
        return ""
    asked = request.GET.copy()
    asked["export"] = "xlsx"
    return f"?{asked.urlencode()}"


def _workbook(
    request: ViewerRequest, plans: Sequence[BranchProposal], compared: Comparison
) -> HttpResponse:
    require(request.viewer, Permission.EXPORT_LISTS)
    titles = [f"{place}：{plan.title}" for place, plan in zip(PLACES.values(), plans, strict=False)]
    figures = [_figure_row(line) for line in _lines(request, plans)]
    moved = [(one.name, _group(one.a), _group(one.b)) for one in compared.moved]
    sheets = (
        TableSheet(title="数字", headers=("项目", "单位", *titles), rows=figures),
        TableSheet(title="换了组的单位", headers=("单位", *titles[:LEAST]), rows=moved),
        TableSheet(
            title="各组的差别",
            headers=(*titles[:LEAST], "乙里少了", "乙里多了"),
            rows=_group_rows(compared),
        ),
    )
    response = sheets_response(
        sheets,
        viewer=request.viewer,
        title="联建方案比较",
        total=len(moved),
        conditions=[
            (place, plan.title) for place, plan in zip(PLACES.values(), plans, strict=False)
        ],
    )
    # Views promise HttpResponse; Django serves its streaming sibling all the same.
    return cast(HttpResponse, response)


def _figure_row(line: ShownLine) -> tuple[str, ...]:
    return (line.title, line.unit, *(value.words for value in line.values))


def _group_rows(compared: Comparison) -> list[tuple[str, ...]]:
    changed = [
        (_group(one.a), _group(one.b), "、".join(one.left), "、".join(one.joined))
        for one in compared.changed
    ]
    gone = [(_group(number), "没有这一组", "", "") for number in compared.only_a]
    made = [("没有这一组", _group(number), "", "") for number in compared.only_b]
    return [*changed, *gone, *made]


def _group(number: int | None) -> str:
    return NO_GROUP if number is None else f"第 {number} 组"
