"""两个覆盖: both rates with their denominators, by street, site, industry or size."""

from django.http import HttpResponse
from django.shortcuts import render

from liangxin.coverage.queries import coverage_rules, coverage_table, shown_table
from liangxin.coverage.terms import BaseKind, Grouping
from liangxin.coverage.views.asked import asked_grouping, asked_question
from liangxin.kernel.pages import ViewerRequest, page
from liangxin.kernel.permissions import Permission


@page(Permission.SEE_COVERAGE)
def coverage(request: ViewerRequest) -> HttpResponse:
    """The coverage table of the viewer's scope."""
    asked = asked_question(request)
    by = asked_grouping(request)
    table = coverage_table(request.viewer, at=asked.at, base=asked.base, by=by)
    context = {
        "at": asked.at,
        "base": asked.base,
        "bases": BaseKind.choices,
        "by": by,
        "groupings": Grouping.choices,
        "shown": shown_table(table),
        "rules": coverage_rules(asked.at),
    }
    return render(request, "coverage/coverage.html", context)
