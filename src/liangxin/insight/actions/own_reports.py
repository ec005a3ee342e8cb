"""Reports of one's own that are not sent yet pass to a successor."""

from typing import Any

from django.db.models import QuerySet

from liangxin.insight.models import Report
from liangxin.insight.terms import ReportState
from liangxin.kernel.catalogue import Handover


def _own_reports(user_id: int) -> QuerySet[Any]:
    drafts = Report.objects.filter(created_by_id=user_id).exclude(state=ReportState.SENT)
    return drafts.defer("content").order_by("pk")


def _label(report: Report) -> str:
    return f"第{report.pk}号报表，统计日期 {report.at}，{report.get_state_display()}"


HANDOVER = Handover(
    code="insight.reports",
    title="本人填报、尚未报送的报表",
    open_rows=_own_reports,
    owner="created_by",
    label=_label,
)
