"""Filled reports say what the pages say, keep the form, and stay what they were."""

from datetime import date
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from liangxin.coverage.queries import coverage_table
from liangxin.coverage.terms import Base, Grouping, Slice
from liangxin.insight.actions.report_templates import provide_built_in_templates
from liangxin.insight.actions.reports import (
    InvalidReport,
    ReportIsSent,
    ask_for_report,
    discard_report,
    fill,
    send_report,
)
from liangxin.insight.models import ImmutableReport, Report, ReportTemplate
from liangxin.insight.queries.reports import content_of, report_or_none
from liangxin.insight.terms import ReportState
from liangxin.kernel.blobs import content
from liangxin.kernel.jobs import Progress
from liangxin.kernel.models import User
from liangxin.kernel.permissions import NotAllowed
from liangxin.kernel.viewer import SYSTEM, Role, Scope, ScopeKind
from liangxin.registry.models import OrganisationVersion
from liangxin.registry.terms import MassKind, PartyKind
from tests.factories.registry import (
    make_area,
    make_mass_presence,
    make_organisation,
    make_party_organisation,
)
from tests.factories.reports import account, make_report, make_template

pytestmark = pytest.mark.django_db
DAY = date(2026, 6, 1)
LATER = date(2026, 7, 1)


def sheet_of(report: Report, number: int = 0) -> Any:
    assert report.blob is not None
    return openpyxl.load_workbook(BytesIO(content(report.blob))).worksheets[number]


def rows_of(sheet: Any) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


@pytest.fixture
def district() -> None:
    """Two streets: one firm alone, two jointly, one by its union, two by nobody."""
    one, two = make_area("甲街道"), make_area("乙街道")
    alone, first = make_organisation(street=one, name="甲一"), make_organisation(street=one)
    second, union = make_organisation(street=two), make_organisation(street=two, name="乙工会")
    make_organisation(street=one, name="甲空白")
    make_organisation(street=two, name="乙空白")
    make_party_organisation(covers=(alone.organisation,), street=one)
    covers = (first.organisation, second.organisation)
    make_party_organisation(kind=PartyKind.JOINT_BRANCH, covers=covers, street=two)
    make_mass_presence(union.organisation, kind=MassKind.UNION)


def test_figures_are_those_of_the_page(district: None) -> None:
    template = make_template(
        ["{{组织覆盖率}}", "{{组织覆盖率.分子}}", "{{组织覆盖率.分母}}"],
        ["{{coverage.work_rate}}", "{{indicator.either_rate}}", "{{均未覆盖}}"],
        ["共 {{统计基数}} 家，覆盖 {{组织覆盖率}}", "{{单位}}", "{{统计日期}}"],
    )
    rows = rows_of(sheet_of(make_report(template, at=DAY)))
    total = coverage_table(SYSTEM, at=DAY, base=Base()).total

    assert rows[0] == [total.organisation_share.value, 3, 6]
    assert rows[1] == [total.work_share.value, total.either_share.value, total.gap]
    assert rows[2] == ["共 6 家，覆盖 50.0%", "全区", "2026年6月1日"]


@pytest.mark.parametrize(
    ("marker", "by"),
    [("每个街道", Grouping.STREET), ("每个行业", Grouping.INDUSTRY), ("每个规模", Grouping.SIZE)],
)
def test_repeated_rows_are_those_of_the_page(district: None, marker: str, by: Grouping) -> None:
    template = make_template(
        ["名称", "基数", "覆盖率", "未覆盖"],
        [f"{{{{{marker}}}}}", "{{组织覆盖率.分母}}", "{{组织覆盖率}}", "{{均未覆盖}}"],
        ["合计", "=SUM(B2:B2)", "{{组织覆盖率}}", "=SUM(D2:D2)"],
    )
    rows = rows_of(sheet_of(make_report(template, at=DAY)))
    table = coverage_table(SYSTEM, at=DAY, base=Base(), by=by)

    assert rows[1:-1] == [
        [row.title, row.count(Slice.BASE), row.organisation_share.value, row.gap]
        for row in table.rows
    ]
    last = 1 + len(table.rows)
    assert rows[-1][1] == f"=SUM(B2:B{last})"


@pytest.mark.parametrize("which", Slice)
def test_list_is_as_long_as_its_figure(district: None, which: Slice) -> None:
    template = make_template(
        [f"{{{{清单:{which.label}}}}}", "{{单位名称}}", "{{信用代码}}"], [f"{{{{{which.label}}}}}"]
    )
    report = make_report(template, at=DAY)
    told = content_of(report)

    assert told.value(str(which.label)).plain == len(told.tables[f"清单:{which.label}"].rows)
    *listed, last = rows_of(sheet_of(report))
    assert len([row for row in listed if row[0] != "无"]) == last[0]


def test_built_in_forms_are_filled(district: None) -> None:
    provide_built_in_templates()
    provide_built_in_templates()

    assert ReportTemplate.objects.count() == 3
    for template in ReportTemplate.objects.all():
        sheet = sheet_of(make_report(template, at=DAY))
        texts = [str(cell) for row in rows_of(sheet) for cell in row if cell is not None]
        assert [text for text in texts if "{{" in text] == []
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert sheet.print_title_rows == "$1:$3"
        assert str(sheet.print_area).endswith(f"${sheet.max_row}")


def test_built_in_table_has_rates_and_totals(district: None) -> None:
    provide_built_in_templates()
    template = ReportTemplate.objects.get(code="two_coverages")
    sheet = sheet_of(make_report(template, at=DAY))

    assert [row[:6] for row in rows_of(sheet)[3:6]] == [
        ["甲街道", 3, 2, 1, 1, 2 / 3],
        ["乙街道", 3, 1, 0, 1, 1 / 3],
        ["合计", 6, 3, 1, 2, 0.5],
    ]
    assert sheet["F4"].number_format == "0.0%"


def test_firm_named_like_a_formula_stays_text() -> None:
    make_organisation(name='=HYPERLINK("http://example.com","点我")')
    template = make_template(["{{清单:均未覆盖}}", "{{单位名称}}", "名称：{{单位名称}}"])
    cell = sheet_of(make_report(template, at=DAY))["B1"]

    assert (cell.data_type, cell.quotePrefix) == ("s", True)


def test_firm_named_like_a_placeholder_is_not_read_again() -> None:
    make_organisation(name="{{填报人}}公司")
    template = make_template(["{{清单:均未覆盖}}", "{{单位名称}}"])

    assert sheet_of(make_report(template, at=DAY))["B1"].value == "{{填报人}}公司"


def test_report_tells_what_changed(district: None) -> None:
    template = make_template(
        ["{{均未覆盖}}", "{{均未覆盖.上期}}", "{{均未覆盖.增减}}"],
        ["{{清单:均未覆盖}}", "{{单位名称}}"],
    )
    by = account()
    first = make_report(template, by=by, at=DAY)
    OrganisationVersion.objects.filter(name="甲空白").update(valid_to=date(2026, 6, 15))
    make_organisation(name="新来的", valid_from=date(2026, 6, 20))
    make_organisation(name="又来的", valid_from=date(2026, 6, 20))
    second = make_report(template, by=by, at=LATER, adds_changes=True)

    assert second.previous == first
    assert rows_of(sheet_of(second))[0] == [3, 2, 1]
    told = [row for row in rows_of(sheet_of(second, 1)) if row[0] in ("均未覆盖", "新增", "减少")]
    assert told[0][2:5] == [2, 3, "+1"]
    assert sorted(tuple(row[:2]) for row in told[1:]) == [
        ("减少", "甲空白"),
        ("新增", "又来的"),
        ("新增", "新来的"),
    ]


def test_officer_gets_the_own_scope_only(district: None) -> None:
    street = make_area("丙街道")
    make_organisation(street=street, name="丙空白")
    scope = Scope(ScopeKind.STREET, str(street.pk))
    officer = account(Role.COMMITTEE_OFFICER, scope)
    template = make_template(["{{统计基数}}", "{{单位}}"], ["{{清单:统计基数}}", "{{单位名称}}"])
    report = make_report(template, by=officer, scope=scope, at=DAY)
    whole = make_report(template, at=DAY)
    of_street = make_report(template, scope=scope, at=DAY)

    assert rows_of(sheet_of(report)) == [[1, "丙街道"], [1, "丙空白"]]
    assert rows_of(sheet_of(of_street)) == rows_of(sheet_of(report))
    assert report_or_none(officer, whole.pk) is None
    assert report_or_none(officer, of_street.pk) is not None
    with pytest.raises(NotAllowed):
        ask_for_report(template, by=officer, scope=Scope(ScopeKind.DISTRICT), at=DAY)


def test_report_of_the_future_is_refused() -> None:
    template = make_template(["{{统计基数}}"])

    with pytest.raises(InvalidReport):
        ask_for_report(template, by=account(), scope=Scope(ScopeKind.DISTRICT), at=date(2999, 1, 1))


def test_report_that_was_sent_never_changes(district: None) -> None:
    by = account()
    report = make_report(make_template(["{{均未覆盖}}"]), by=by, at=DAY)
    send_report(report, by=by, on=DAY, to="市里", today=LATER)
    make_organisation(name="后来的")
    report = Report.objects.get(pk=report.pk)

    assert fill(report, by=by, progress=Progress()).state == ReportState.SENT
    assert content_of(report).value("均未覆盖").plain == 2
    with pytest.raises(ReportIsSent):
        send_report(report, by=by, on=DAY, to="", today=LATER)
    with pytest.raises(ReportIsSent):
        discard_report(report, by=by)
    report.title = "改名"
    with pytest.raises(ImmutableReport):
        report.save()
    with pytest.raises(ImmutableReport):
        report.delete()


def test_draft_can_be_thrown_away() -> None:
    by = account()
    report = make_report(make_template(["{{均未覆盖}}"]), by=by, at=DAY)
    discard_report(report, by=by)

    assert not Report.objects.filter(pk=report.pk).exists()


def test_own_copy_holds_every_placeholder(district: None) -> None:
    template = make_template(["{{单位}}", "{{工作覆盖率.分母}}"], ["{{每个街道}}", "{{均未覆盖}}"])
    report = make_report(template, at=DAY)
    told = content_of(report)

    assert {"单位", "工作覆盖率.分母"} <= set(told.values)
    assert [list(row) for row in told.tables["每个街道"].rows] == [["甲街道", 1], ["乙街道", 1]]
    assert (report.figure_count, report.row_count) == (2, 2)


def test_one_street_is_named_in_a_sentence(district: None) -> None:
    template = make_template(["{{街道:甲街道 组织覆盖率.分子}}/{{街道:甲街道 组织覆盖率.分母}}"])

    assert sheet_of(make_report(template, at=DAY))["A1"].value == "2/3"


def test_report_of_made_up_data_says_so(district: None) -> None:
    by = account()
    User.objects.filter(pk=by.user_id).update(is_synthetic=True)
    report = make_report(make_template(["{{单位}}"]), by=by, at=DAY)

    assert sheet_of(report)["A1"].value == "全区（演示数据）"
    assert report.blob is not None
    assert report.blob.file_name.startswith("演示数据_")
