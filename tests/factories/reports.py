"""Templates and reports for tests."""

from datetime import date
from io import BytesIO
from typing import Any

import docx
import openpyxl

from liangxin.insight.actions.report_templates import add_template
from liangxin.insight.actions.reports import ask_for_report
from liangxin.insight.models import Report, ReportTemplate, TemplateVersion
from liangxin.insight.tasks import fill_report
from liangxin.kernel.jobs import run_job
from liangxin.kernel.models import JobState
from liangxin.kernel.viewer import Held, Role, Scope, ScopeKind, Viewer
from tests.factories.accounts import make_user

REGISTERED = fill_report.__name__  # the worker loads the tasks of every app; a test loads these
DISTRICT = Scope(ScopeKind.DISTRICT)


def workbook_of(*rows: list[Any]) -> bytes:
    """A workbook with one sheet of these rows."""
    workbook = openpyxl.Workbook()
    for row in rows:
        workbook.active.append(row)
    target = BytesIO()
    workbook.save(target)
    return target.getvalue()


def document_of(*paragraphs: str, rows: tuple[tuple[str, ...], ...] = ()) -> bytes:
    """A document with these paragraphs, then a table of these rows."""
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    if rows:
        table = document.add_table(rows=len(rows), cols=len(rows[0]))
        for number, row in enumerate(rows):
            for column, text in enumerate(row):
                table.cell(number, column).text = text
    target = BytesIO()
    document.save(target)
    return target.getvalue()


def account(role: Role = Role.DISTRICT_OFFICE, scope: Scope = DISTRICT) -> Viewer:
    """A viewer with an account and the grant that goes with it."""
    user = make_user(role, scope)
    return Viewer(user.pk, user.username, user.name, frozenset({Held(role, scope)}))


def make_template(
    *rows: list[Any], by: Viewer | None = None, title: str = "测试模板"
) -> ReportTemplate:
    """A template of one sheet with these rows."""
    return make_version(workbook_of(*rows), by=by, title=title).template


def make_version(
    data: bytes, *, by: Viewer | None = None, title: str = "测试模板", file_name: str = "测试.xlsx"
) -> TemplateVersion:
    """The first version of a template with this file."""
    return add_template(data, title=title, file_name=file_name, by=by or account())


def make_report(
    template: ReportTemplate,
    *,
    by: Viewer | None = None,
    scope: Scope = DISTRICT,
    at: date,
    adds_changes: bool = False,
) -> Report:
    """A report, filled."""
    by = by or account()
    report = ask_for_report(template, by=by, scope=scope, at=at, adds_changes=adds_changes)
    done = run_job(report.job.pk)
    assert done.state == JobState.DONE, done.error
    return Report.objects.select_related("blob", "version__template").get(pk=report.pk)
