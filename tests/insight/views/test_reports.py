"""The pages of reports: who may open them, what they show, and that they stay quick."""

from datetime import date
from io import BytesIO

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from liangxin.insight.models import Report, ReportTemplate
from liangxin.insight.terms import ReportState
from liangxin.kernel.jobs import run_job
from liangxin.kernel.models import AuditEntry, Blob
from liangxin.kernel.viewer import Role, Scope, ScopeKind
from tests.factories.accounts import client_of, make_user
from tests.factories.registry import make_area, make_organisation
from tests.factories.reports import account, make_report, make_template, workbook_of

pytestmark = pytest.mark.django_db
DAY = date(2026, 6, 1)
LISTS = ("reports", "report-templates")
PAGES = (*LISTS, "report-new", "report-placeholders", "report-template-new")


@pytest.fixture
def office() -> Client:
    return client_of(make_user(Role.DISTRICT_OFFICE))


def file_of(*rows: list[str]) -> SimpleUploadedFile:
    return SimpleUploadedFile("上级表样.xlsx", workbook_of(*rows))


@pytest.mark.parametrize("name", PAGES)
def test_stranger_may_not(name: str) -> None:
    assert Client().get(reverse(name)).status_code == 302
    for role in set(Role) - {Role.DISTRICT_OFFICE, Role.COMMITTEE_OFFICER}:
        assert client_of(make_user(role)).get(reverse(name)).status_code == 403, role


@pytest.mark.parametrize("name", PAGES)
def test_page_opens(name: str, office: Client) -> None:
    assert office.get(reverse(name)).status_code == 200


def test_officer_does_not_manage_templates() -> None:
    scope = Scope(ScopeKind.STREET, str(make_area().pk))
    client = client_of(make_user(Role.COMMITTEE_OFFICER, scope))
    template = make_template(["{{统计基数}}"])
    address = reverse("report-template", args=(template.pk,))

    assert client.get(address).status_code == 200
    assert client.get(reverse("report-template-new")).status_code == 403
    assert client.post(address, {"file": file_of(["{{均未覆盖}}"])}).status_code == 403
    assert template.versions.count() == 1
    assert client.post(reverse("report-template-retire", args=(template.pk,))).status_code == 403


def test_report_is_asked_for_filled_taken_away_and_sent(office: Client) -> None:
    make_organisation(name="一家公司")
    template = make_template(["{{统计基数}}"], ["{{清单:均未覆盖}}", "{{单位名称}}"])
    asked = {"template": template.pk, "scope": "district:", "at": "2026-06-01", "title": "六月"}
    office.post(reverse("report-new"), asked)
    report = Report.objects.get()
    address = reverse("report", args=(report.pk,))
    assert "生成中" in office.get(address).content.decode()

    run_job(report.job.pk)
    page = office.get(address).content.decode()
    assert "一家公司" in page
    answer = office.get(reverse("report-file", args=(report.pk,)))
    book = openpyxl.load_workbook(BytesIO(answer.content))
    assert [cell.value for cell in book.active["A"]] == [1, 1]
    today = timezone.localdate().isoformat()
    office.post(reverse("report-sent", args=(report.pk,)), {"sent_date": today, "sent_to": "市里"})
    report.refresh_from_db()

    assert (report.state, report.sent_date, report.sent_to) == (
        ReportState.SENT,
        timezone.localdate(),
        "市里",
    )
    page = office.get(address).content.decode()
    assert "标记已报送</button>" not in page
    assert office.post(reverse("report-discard", args=(report.pk,))).status_code == 302
    assert Report.objects.filter(pk=report.pk).exists()
    told = list(
        AuditEntry.objects.filter(action__startswith="report.").values_list("action", flat=True)
    )
    assert sorted(told) == ["report.create", "report.download", "report.fill", "report.send"]


def test_file_whose_time_is_over_is_answered_in_words(office: Client) -> None:
    report = make_report(make_template(["{{统计基数}}"]), at=DAY)
    Blob.objects.filter(pk=report.blob_id).update(key="gone")
    answer = office.get(reverse("report-file", args=(report.pk,)), follow=True)

    assert "文件已过保存期限" in answer.content.decode()


def test_report_of_another_scope_is_not_found() -> None:
    mine, other = make_area(), make_area()
    client = client_of(make_user(Role.COMMITTEE_OFFICER, Scope(ScopeKind.STREET, str(mine.pk))))
    scope = Scope(ScopeKind.STREET, str(other.pk))
    report = make_report(make_template(["{{统计基数}}"]), scope=scope, at=DAY)

    for name in ("report", "report-file"):
        assert client.get(reverse(name, args=(report.pk,))).status_code == 404
    for name in ("report-sent", "report-discard"):
        assert client.post(reverse(name, args=(report.pk,))).status_code == 404
    asked = {"template": report.version.template_id, "at": "2026-06-01"}
    answer = client.post(reverse("report-new"), {**asked, "scope": f"street:{other.pk}"})
    assert "不在您的管理范围内" in answer.content.decode()
    assert Report.objects.count() == 1


def test_template_is_checked_when_it_comes_in(office: Client) -> None:
    address = reverse("report-template-new")
    answer = office.post(address, {"file": file_of(["{{组织履盖率}}"]), "title": ""})

    assert "没有占位符“组织履盖率”" in answer.content.decode()
    assert not ReportTemplate.objects.filter(code="").exists()
    office.post(address, {"file": file_of(["{{组织覆盖率}}"]), "title": ""})
    template = ReportTemplate.objects.get(code="")
    assert template.title == "上级表样"
    answer = office.post(
        reverse("report-template", args=(template.pk,)), {"file": file_of(["{{均未覆盖}}"])}
    )
    assert template.versions.count() == 2
    taken = office.get(reverse("report-template-file", args=(template.pk, 1)))
    assert openpyxl.load_workbook(BytesIO(taken.content)).active["A1"].value == "{{组织覆盖率}}"


@pytest.mark.parametrize("name", LISTS)
def test_list_takes_as_many_queries_for_three_rows_as_for_one(name: str, office: Client) -> None:
    by = account()
    make_report(make_template(["{{统计基数}}"], by=by), by=by, at=DAY)
    office.get(reverse(name))
    with CaptureQueriesContext(connection) as one:
        office.get(reverse(name))
    for _ in range(2):
        make_report(make_template(["{{统计基数}}"], by=by), by=by, at=DAY)
    with CaptureQueriesContext(connection) as three:
        office.get(reverse(name))

    assert len(three) == len(one)


def test_list_does_not_read_what_reports_hold(office: Client) -> None:
    make_report(make_template(["{{统计基数}}"]), at=DAY)
    with CaptureQueriesContext(connection) as asked:
        office.get(reverse("reports"))

    assert [one["sql"] for one in asked if '"insight_report"."content"' in one["sql"]] == []


def test_catalogue_of_placeholders_has_the_values_of_the_day(office: Client) -> None:
    make_organisation()
    page = office.get(reverse("report-placeholders")).content.decode()

    assert "{{组织覆盖率}}" in page
    assert "{{清单:均未覆盖}}" in page
    assert "{{coverage" not in page


def test_progress_is_followed_by_whoever_asked_only() -> None:
    street = make_area()
    scope = Scope(ScopeKind.STREET, str(street.pk))
    asking, other = (make_user(Role.COMMITTEE_OFFICER, scope) for _ in range(2))
    template = make_template(["{{统计基数}}"])
    asked = {"template": template.pk, "scope": f"street:{street.pk}", "at": "2026-06-01"}
    client_of(asking).post(reverse("report-new"), asked)
    report = Report.objects.get()
    followed = f'hx-get="{reverse("job", args=(report.job.pk,))}"'
    address = reverse("report", args=(report.pk,))

    assert followed in client_of(asking).get(address).content.decode()
    page = client_of(other).get(address).content.decode()
    assert followed not in page
    assert "正在生成" in page
    assert client_of(other).post(reverse("report-discard", args=(report.pk,))).status_code == 403
