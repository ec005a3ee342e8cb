"""Filling reports, marking them as sent, and throwing drafts away."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from liangxin.insight.models import Report, ReportTemplate
from liangxin.insight.queries.reports import (
    as_seen_for,
    chinese_day,
    content_of,
    newest_version,
    previous_report,
    scope_of,
    titled,
)
from liangxin.insight.reports.changes import changes, changes_sheet
from liangxin.insight.reports.collecting import Asked, Collector, list_name
from liangxin.insight.terms import MAX_TITLE, ReportState, TemplateFormat
from liangxin.kernel.audit import record
from liangxin.kernel.blobs import keep
from liangxin.kernel.jobs import JobRefused, Progress, enqueue, job_kind, request_cancel
from liangxin.kernel.models import User
from liangxin.kernel.permissions import NotAllowed, Permission, require
from liangxin.kernel.viewer import Scope, Viewer
from liangxin.registry.queries.rules import rule_at
from liangxin.workbook.filling import Content, DoesNotFit, as_json, fill_excel, fill_word

FILL: Final = job_kind("report.fill")
RETENTION: Final = "report.retention_days"
STEPS: Final = 4


class InvalidReport(ValueError):
    """The report cannot be asked for like this; the text says why, in Chinese."""


class ReportIsSent(Exception):
    """What was sent is not changed any more; the text says so, in Chinese."""


def ask_for_report(
    template: ReportTemplate,
    *,
    by: Viewer,
    scope: Scope,
    at: date,
    title: str = "",
    adds_changes: bool = False,
) -> Report:
    """Ask for a report of a scope of one's own on a day; a job fills it. Raises InvalidReport."""
    require(by, Permission.MAKE_REPORTS)
    today = timezone.localdate()
    if at > today:
        raise InvalidReport("统计日期不能晚于今天。")
    if template.is_retired:
        raise InvalidReport("这个模板已停用，请选用其他模板。")
    if as_seen_for(by, scope) is None:
        raise NotAllowed("所选范围不在您的管理范围内。")
    version = newest_version(template)
    with transaction.atomic():
        report = Report.objects.create(
            version=version,
            title=(title.strip() or f"{template.title}（{chinese_day(at)}）")[:MAX_TITLE],
            at=at,
            scope_kind=scope.kind.value,
            scope_key=scope.key,
            scope_title=titled(scope)[:120],
            adds_changes=adds_changes and version.file_format == TemplateFormat.XLSX,
            created_by_id=by.user_id,
            created_at=timezone.now(),
            is_synthetic=User.objects.filter(pk=by.user_id or 0, is_synthetic=True).exists(),
        )
        arguments = {"report": report.pk, "user": by.user_id}
        report.job = enqueue(FILL, by=by, title=f"填报：{report.title}"[:120], arguments=arguments)
        report.save(update_fields=["job"])
        _record("create", report, by=by, summary=f"填报《{report.title}》")
    return report


def fill(report: Report, *, by: Viewer, progress: Progress) -> Report:
    """Fill a waiting report and keep its file and its own copy; safe to run again from its start."""
    require(by, Permission.MAKE_REPORTS)
    if report.state != ReportState.WAITING:
        return report
    viewer = as_seen_for(by, scope_of(report))
    if viewer is None:
        raise JobRefused("这个范围已不在您的管理范围内，没有生成报表。")
    before = previous_report(report)
    content = _collected(report, viewer, before=before, progress=progress)
    progress.step(STEPS - 1, STEPS, "填入模板")
    data = _filled(report, content, before=before)
    days = int(str(rule_at(RETENTION, at=timezone.localdate()).value))
    blob = keep(data, file_name=file_name_of(report), by=by, days=days)
    filled = {
        "blob": blob,
        "previous": before,
        "content": json.dumps(as_json(content), ensure_ascii=False),
        "figure_count": len(content.values),
        "row_count": sum(len(table.rows) for table in content.tables.values()),
        "ready_at": timezone.now(),
        "state": ReportState.READY,
    }
    with transaction.atomic():
        # Of two workers on one report the first one's answer stands.
        if Report.objects.filter(pk=report.pk, state=ReportState.WAITING).update(**filled):
            _record("fill", report, by=by, summary=f"生成《{report.title}》")
    progress.step(STEPS, STEPS, "完成")
    return Report.objects.get(pk=report.pk)


def send_report(report: Report, *, by: Viewer, on: date, to: str, today: date) -> None:
    """Mark a report as sent on a day; from then on it never changes. Raises InvalidReport, ReportIsSent."""
    require(by, Permission.MAKE_REPORTS)
    if on > today or on < report.at:
        raise InvalidReport("报送日期不能早于统计日期，也不能晚于今天。")
    sent = {"state": ReportState.SENT, "sent_date": on, "sent_to": to.strip()[:80]}
    with transaction.atomic():
        ready = Report.objects.filter(pk=report.pk, state=ReportState.READY)
        if not ready.update(**sent, sent_by_id=by.user_id):
            raise ReportIsSent("这份报表已经报送，或者还没有生成，不能再标记。")
        _record("send", report, by=by, summary=f"《{report.title}》已于 {on} 报送")


def discard_report(report: Report, *, by: Viewer) -> None:
    """Delete a draft; one that was sent stays. Raises NotAllowed, ReportIsSent."""
    require(by, Permission.MAKE_REPORTS)
    if not may_discard(report, viewer=by):
        raise NotAllowed("只有填报人或区级管理部门可以删除这份报表。")
    with transaction.atomic():
        held = Report.objects.select_for_update().defer("content").filter(pk=report.pk).first()
        if held is None:
            return
        if held.state == ReportState.SENT:
            raise ReportIsSent("已报送的报表不能删除。")
        if held.job_id is not None:
            request_cancel(held.job_id)
        _record("discard", held, by=by, summary=f"删除报表《{held.title}》")
        held.delete()


def record_download(report: Report, *, by: Viewer) -> None:
    """Leave on record that the file was taken away."""
    require(by, Permission.MAKE_REPORTS)
    with transaction.atomic():
        _record("download", report, by=by, summary=f"下载《{report.title}》")


def may_discard(report: Report, *, viewer: Viewer) -> bool:
    """Whether the viewer made the report, or answers for the whole district."""
    is_own = viewer.user_id is not None and report.created_by_id == viewer.user_id
    return is_own or viewer.sees_district()


def file_name_of(report: Report) -> str:
    """The name under which the file is taken away."""
    suffix = report.version.file_format
    mark = "演示数据_" if report.is_synthetic else ""
    return f"{mark}{report.title}_{report.scope_title}_{report.at:%Y%m%d}.{suffix}".replace(
        "/", "-"
    )


def _collected(
    report: Report, viewer: Viewer, *, before: Report | None, progress: Progress
) -> Content:
    progress.step(0, STEPS, "统计数字")
    collector = Collector(
        viewer=viewer,
        at=report.at,
        context=_context(report, before=before),
        previous=content_of(before) if before else None,
    )
    asked = [Asked(name, marker) for name, marker in report.version.placeholders]
    return collector.collect(
        asked, on_list=lambda marker: progress.step(1, STEPS, f"整理{list_name(marker)}")
    )


def _context(report: Report, *, before: Report | None) -> dict[str, str]:
    today = timezone.localdate()
    return {
        "报表名称": report.title,
        # Whatever is made up says so wherever it goes.
        "单位": f"{report.scope_title}（演示数据）" if report.is_synthetic else report.scope_title,
        "统计日期": chinese_day(report.at),
        "统计年份": str(report.at.year),
        "统计月份": str(report.at.month),
        "填报人": report.created_by.name if report.created_by else "",
        "填报日期": chinese_day(today),
        "上期日期": chinese_day(before.at) if before else "",
    }


def _filled(report: Report, content: Content, *, before: Report | None) -> bytes:
    data = bytes(report.version.content)
    try:
        if report.version.file_format == TemplateFormat.DOCX:
            return fill_word(data, content)
        return fill_excel(data, content, changes=_changes(report, content, before=before))
    except DoesNotFit as refusal:
        raise JobRefused(str(refusal)) from refusal


def _changes(report: Report, content: Content, *, before: Report | None) -> Sequence[Sequence[Any]]:
    if not report.adds_changes:
        return ()
    if before is None:
        return [["变化情况"], ["同一模板、同一范围没有更早的报表，没有可以比较的数字。"]]
    found = changes(content_of(before), content)
    return changes_sheet(found, before=chinese_day(before.at), after=chinese_day(report.at))


def _record(verb: str, report: Report, *, by: Viewer, summary: str) -> None:
    details = {"at": report.at.isoformat(), "scope": f"{report.scope_kind}:{report.scope_key}"}
    record(
        f"report.{verb}",
        by=by,
        summary=summary,
        about=report,
        details=details,
        changes_ledger=False,
    )
