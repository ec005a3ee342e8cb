"""What pages that show several apps keep: templates of reports, and reports made of them."""

from liangxin.insight.models.reports import ImmutableReport, Report, ReportTemplate, TemplateVersion

__all__ = ["ImmutableReport", "Report", "ReportTemplate", "TemplateVersion"]
