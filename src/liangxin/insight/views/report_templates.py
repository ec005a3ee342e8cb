"""Templates of reports: the list, taking one in, its versions, and everything a placeholder can name."""

from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from liangxin.insight.actions.report_templates import (
    UnfitTemplate,
    add_template,
    add_version,
    provide_built_in_templates,
    retire_template,
)
from liangxin.insight.forms.reports import TemplateForm, VersionForm
from liangxin.insight.models import ReportTemplate, TemplateVersion
from liangxin.insight.queries.reports import (
    report_scopes,
    scope_from,
    templates,
    titled,
    versions,
)
from liangxin.insight.reports.placeholders import placeholder_catalogue
from liangxin.insight.terms import TemplateFormat
from liangxin.insight.views.report import DOCX
from liangxin.kernel.pages import ViewerRequest, page
from liangxin.kernel.permissions import Permission, may
from liangxin.ui.dates import asked_date
from liangxin.ui.exporting import XLSX
from liangxin.ui.listing import ListColumn, ListFilter, Listing, list_response

YES, NO = "1", "0"


@page(Permission.MAKE_REPORTS)
@never_cache
def report_templates(request: ViewerRequest) -> HttpResponse:
    """报表模板: the forms that reports are filled into."""
    provide_built_in_templates()
    listing = Listing(
        code="report-templates",
        title="报表模板",
        columns=(
            ListColumn(
                "title",
                "模板",
                lambda row: row.title,
                link=lambda row: reverse("report-template", args=(row.pk,)),
                sort=("title",),
            ),
            ListColumn("origin", "来源", lambda row: "内置" if row.code else "自备"),
            ListColumn("version", "版次", lambda row: f"第{row.version_number}版"),
            ListColumn("reports", "已填报", lambda row: row.report_count, numeric=True),
            ListColumn("state", "状态", lambda row: "已停用" if row.is_retired else "在用"),
        ),
        filters=(
            ListFilter(
                "retired", "状态", [(NO, "在用"), (YES, "已停用")], lambda v: Q(is_retired=v == YES)
            ),
        ),
        search=lambda text: Q(title__icontains=text),
        search_hint="模板名称",
        empty_title="还没有模板",
        empty_text="把上级发的表样写上占位符，上传就成为模板。",
    )
    is_keeper = may(request.viewer, Permission.MANAGE_REPORT_TEMPLATES)
    return list_response(
        request,
        listing,
        templates(request.viewer),
        template="insight/report_templates.html",
        context={"is_keeper": is_keeper},
    )


@page(Permission.MANAGE_REPORT_TEMPLATES)
def report_template_new(request: ViewerRequest) -> HttpResponse:
    """新建模板: upload a form; whatever is wrong with it is said at once."""
    form = TemplateForm(request.POST or None, request.FILES or None)
    faults: list[str] = []
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        title = form.cleaned_data["title"]
        try:
            made = add_template(file.read(), title=title, file_name=file.name, by=request.viewer)
        except UnfitTemplate as refusal:
            faults = refusal.faults
        else:
            messages.success(request, "模板检查无误，已保存。")
            return redirect("report-template", made.template_id)
    return render(request, "insight/report_template_form.html", {"form": form, "faults": faults})


@page(Permission.MAKE_REPORTS)
def report_template(request: ViewerRequest, template_id: int) -> HttpResponse:
    """One template: its versions, what it asks for; the district adds a newer file."""
    found = get_object_or_404(templates(request.viewer), pk=template_id)
    is_keeper = may(request.viewer, Permission.MANAGE_REPORT_TEMPLATES)
    form = VersionForm(request.POST or None, request.FILES or None)
    faults: list[str] = []
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            made = add_version(found, file.read(), file_name=file.name, by=request.viewer)
        except UnfitTemplate as refusal:
            faults = refusal.faults
        else:
            messages.success(request, f"已保存为第{made.number}版，以后的报表用这一版。")
            return redirect("report-template", found.pk)
    kept = list(versions(found))
    context: dict[str, Any] = {
        "template": found,
        "versions": kept,
        "asked": list(dict.fromkeys(name for name, _ in kept[0].placeholders)),
        "form": form if is_keeper else None,
        "faults": faults,
        "is_keeper": is_keeper,
    }
    return render(request, "insight/report_template.html", context)


@page(Permission.MAKE_REPORTS)
def report_template_file(request: ViewerRequest, template_id: int, number: int) -> HttpResponse:
    """The file of one version, as it was given."""
    found = get_object_or_404(TemplateVersion, template_id=template_id, number=number)
    kind = XLSX if found.file_format == TemplateFormat.XLSX else DOCX
    response = HttpResponse(bytes(found.content), content_type=kind)
    name = f"{found.template.title}_模板第{found.number}版.{found.file_format}"
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@page(Permission.MANAGE_REPORT_TEMPLATES)
@require_POST
def report_template_retire(request: ViewerRequest, template_id: int) -> HttpResponse:
    """Take a template out of use, or back."""
    found = get_object_or_404(ReportTemplate, pk=template_id)
    retire_template(found, is_retired=not found.is_retired, by=request.viewer)
    return redirect("report-template", found.pk)


@page(Permission.MAKE_REPORTS)
def report_placeholders(request: ViewerRequest) -> HttpResponse:
    """占位符目录: every placeholder with its value on the day, for copying."""
    at = min(asked_date(request), timezone.localdate())
    offered = report_scopes(request.viewer)
    scope = scope_from(offered[0][0]) if offered else None
    context = {
        "at": at,
        "scope_title": titled(scope) if scope else "",
        "catalogue": placeholder_catalogue(request.viewer, scope=scope, at=at),
    }
    return render(request, "insight/report_placeholders.html", context)
