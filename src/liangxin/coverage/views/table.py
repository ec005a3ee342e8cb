"""两个覆盖: both rates with their denominators, by street, site, industry or size."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render

from liangxin.coverage.queries import coverage_rules, coverage_table, shown_table
from liangxin.coverage.terms import BaseKind, Grouping
from liangxin.coverage.views.asked import asked_grouping, asked_question
from liangxin.kernel.pages import ViewerRequest
from liangxin.kernel.pages import page as page_for
from liangxin.kernel.permissions import Permission

PER_PAGE = 50


@page_for(Permission.SEE_COVERAGE)
def coverage(request: ViewerRequest) -> HttpResponse:
    """The coverage table of the viewer's scope."""
    asked = asked_question(request)
    by = asked_grouping(request)
    table = coverage_table(request.viewer, at=asked.at, base=asked.base, by=by)
    page = Paginator(table.rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "at": asked.at,
        "base": asked.base,
        "bases": BaseKind.choices,
        "by": by,
        "groupings": Grouping.choices,
        "shown": shown_table(table, rows=slice(page.start_index() - 1, page.end_index())),
        "page": page,
        "rules": coverage_rules(asked.at),
    }
    return render(request, "coverage/coverage.html", context)
