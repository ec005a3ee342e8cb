"""Reports: the list of one's scopes, and asking for another one."""

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from liangxin.insight.actions.report_templates import provide_built_in_templates
from liangxin.insight.actions.reports import InvalidReport, ask_for_report
from liangxin.insight.forms.reports import ReportForm
from liangxin.insight.models import Report, ReportTemplate
from liangxin.insight.queries.reports import report_scopes, templates
from liangxin.insight.queries.reports import reports as seen_reports
from liangxin.insight.terms import ReportState
from liangxin.kernel.pages import ViewerRequest, page
from liangxin.kernel.permissions import Permission, may
from liangxin.ui.dates import asked_date
from liangxin.ui.listing import ListColumn, ListFilter, Listing, list_response

COLUMNS = (
    ListColumn(
        "title",
        "报表",
        lambda row: row.title,
        link=lambda row: reverse("report", args=(row.pk,)),
        sort=("title",),
    ),
    ListColumn("scope", "单位", lambda row: row.scope_title, sort=("scope_title",)),
    ListColumn("at", "统计日期", lambda row: row.at, sort=("at",)),
    ListColumn("state", "状态", lambda row: _state(row)),
    ListColumn("sent", "报送日期", lambda row: row.sent_date, sort=("sent_date",), wide=True),
    ListColumn("by", "填报人", lambda row: row.created_by, wide=True),
    ListColumn(
        "template",
        "模板",
        lambda row: f"{row.version.template.title}第{row.version.number}版",
        wide=True,
    ),
)


@page(Permission.MAKE_REPORTS)
def reports(request: ViewerRequest) -> HttpResponse:
    """报表: what was filled and what was sent, newest first."""
    listing = Listing(
        code="reports",
        title="报表",
        columns=COLUMNS,
        filters=(
            ListFilter("state", "状态", ReportState.choices, lambda value: Q(state=value)),
            ListFilter(
                "template",
                "模板",
                _template_choices(request, with_retired=True),
                lambda value: Q(version__template_id=int(value)),
            ),
        ),
        search=lambda text: Q(title__icontains=text) | Q(scope_title__icontains=text),
        search_hint="报表名称或单位",
        empty_title="还没有报表",
        empty_text="点右上角“填报表”：选模板、范围和日期，系统按台账填好，您核对后下载报送。",
    )
    is_keeper = may(request.viewer, Permission.MANAGE_REPORT_TEMPLATES)
    return list_response(
        request,
        listing,
        seen_reports(request.viewer),
        template="insight/reports.html",
        context={"is_keeper": is_keeper},
    )


@page(Permission.MAKE_REPORTS)
@never_cache
def report_new(request: ViewerRequest) -> HttpResponse:
    """填报表: template, scope and day; the system fills the rest."""
    provide_built_in_templates()
    today = timezone.localdate()
    form = ReportForm(
        request.POST or None,
        templates=_template_choices(request),
        scopes=report_scopes(request.viewer),
        today=today,
        initial=_initial(request),
    )
    if request.method == "POST" and form.is_valid():
        made = _made(form, request)
        if made is not None:
            return redirect("report", made.pk)
    return render(request, "insight/report_form.html", {"form": form})


def _made(form: ReportForm, request: ViewerRequest) -> Report | None:
    cleaned = form.cleaned_data
    try:
        return ask_for_report(
            ReportTemplate.objects.get(pk=int(cleaned["template"])),
            by=request.viewer,
            scope=cleaned["scope"],
            at=cleaned["at"],
            title=cleaned["title"],
            adds_changes=cleaned["adds_changes"],
        )
    except InvalidReport as refusal:
        form.add_error(None, str(refusal))
        return None


def _initial(request: ViewerRequest) -> dict[str, Any]:
    at, today = asked_date(request), timezone.localdate()
    if at > today:
        messages.warning(request, "统计日期不能晚于今天，已改为今天。")
    return {
        "at": min(at, today),
        "template": request.GET.get("template", ""),
        "scope": request.GET.get("scope", ""),
    }


def _template_choices(
    request: ViewerRequest, *, with_retired: bool = False
) -> list[tuple[str, str]]:
    rows = templates(request.viewer).values_list("pk", "title", "is_retired")
    return [(str(pk), title) for pk, title, retired in rows if with_retired or not retired]


def _state(row: Report) -> str:
    if row.state == ReportState.WAITING and row.job is not None and row.job.is_finished:
        return "没有生成"
    return str(row.get_state_display())
