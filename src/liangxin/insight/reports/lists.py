"""The lists that a row of a template can be repeated for, and the columns each offers."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from liangxin.coverage.queries import coverage_rules, planned_branch, stated_reason
from liangxin.coverage.terms import Coverage, Slice, Standing
from liangxin.insight.queries.report_lists import (
    listed_organisations,
    listed_party_organisations,
    secretaries,
)
from liangxin.kernel.viewer import Viewer
from liangxin.standards.industries import sections
from liangxin.workbook.filling import Unit
from liangxin.workbook.filling.content import Plain

CHUNK_ROWS = 2000
WITHOUT_PARTY = (Coverage.WORK, Coverage.NONE)
NUMBER = "序号"


@dataclass(frozen=True)
class Column:
    """One column: its placeholder and the value of a row."""

    title: str
    value: Callable[[Any], Plain]
    unit: Unit = Unit.TEXT


@dataclass(frozen=True)
class ListKind:
    """A list by its name; `key` names a row from report to report, `title` in words."""

    name: str
    note: str
    columns: Callable[[Viewer, date], tuple[Column, ...]]
    rows: Callable[[Viewer, date], Iterator[Any]]
    key: Callable[[Any], str]
    title: Callable[[Any], str]
    column_titles: tuple[str, ...]


def list_kinds() -> Mapping[str, ListKind]:
    """Every list by its name, and 未覆盖 beside 均未覆盖."""
    slices = {str(which.label): _slice_list(str(which.label), which) for which in Slice}
    return {
        "未覆盖": _slice_list("未覆盖", Slice.UNCOVERED),
        **slices,
        "党组织": PARTY_ORGANISATIONS,
    }


def _slice_list(name: str, which: Slice) -> ListKind:
    return ListKind(
        name=name,
        note=f"覆盖情况里“{which.label}”的单位",
        columns=_organisation_columns,
        rows=lambda viewer, at: listed_organisations(viewer, at=at, which=which).iterator(
            chunk_size=CHUNK_ROWS
        ),
        key=lambda row: f"organisation:{row.organisation_id}",
        title=lambda row: str(row.name),
        column_titles=ORGANISATION_COLUMNS,
    )


ORGANISATION_COLUMNS = (
    "单位名称",
    "信用代码",
    "单位类型",
    "街道",
    "楼宇园区",
    "地址",
    "行业",
    "规模",
    "从业人数",
    "覆盖情况",
    "原因和办法",
)
PARTY_COLUMNS = (
    "党组织名称",
    "党组织编码",
    "类别",
    "上级党组织",
    "街道",
    "成立日期",
    "书记",
    "涵盖单位数",
    "党员数",
)


def _organisation_columns(viewer: Viewer, at: date) -> tuple[Column, ...]:
    trades = {section.code: section.name for section in sections()}
    rules = coverage_rules(at)

    def reason(row: Any) -> str:
        if row.standing != Standing.IN_BASE or row.coverage not in WITHOUT_PARTY:
            return ""
        return stated_reason(row, rules=rules, planned=planned_branch(row)).text

    values: tuple[Callable[[Any], Plain], ...] = (
        lambda row: row.name,
        lambda row: row.organisation.uscc,
        lambda row: row.get_kind_display(),
        lambda row: row.street.name if row.street else "",
        lambda row: row.site.name if row.site else "",
        lambda row: row.address,
        lambda row: trades.get(row.industry_section, ""),
        lambda row: row.get_size_class_display(),
        lambda row: row.employees,
        _covered_how,
        reason,
    )
    return _columns(ORGANISATION_COLUMNS, values, numbers=("从业人数",))


def _covered_how(row: Any) -> str:
    if row.standing == Standing.UNKNOWN:
        return str(Standing.UNKNOWN.label)
    return str(Coverage(row.coverage).label)


def _party_columns(viewer: Viewer, at: date) -> tuple[Column, ...]:
    heads = secretaries(viewer, at=at)
    values: tuple[Callable[[Any], Plain], ...] = (
        lambda row: row.name,
        lambda row: row.party_organisation.code or "",
        lambda row: row.get_kind_display(),
        lambda row: row.parent_name or "",
        lambda row: row.street.name if row.street else "",
        lambda row: row.party_organisation.founded_date.isoformat(),
        lambda row: heads.get(row.party_organisation_id, ""),
        lambda row: row.units or 0,
        lambda row: row.members,
    )
    return _columns(PARTY_COLUMNS, values, numbers=("涵盖单位数", "党员数"))


def _columns(
    titles: tuple[str, ...],
    values: tuple[Callable[[Any], Plain], ...],
    *,
    numbers: tuple[str, ...],
) -> tuple[Column, ...]:
    return tuple(
        Column(title, value, Unit.NUMBER if title in numbers else Unit.TEXT)
        for title, value in zip(titles, values, strict=True)
    )


PARTY_ORGANISATIONS = ListKind(
    name="党组织",
    note="统计日期已成立、未撤销的党组织",
    columns=_party_columns,
    rows=lambda viewer, at: listed_party_organisations(viewer, at=at).iterator(
        chunk_size=CHUNK_ROWS
    ),
    key=lambda row: f"party:{row.party_organisation_id}",
    title=lambda row: str(row.name),
    column_titles=PARTY_COLUMNS,
)
