"""The columns of each sort of change."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.urls import reverse

from liangxin.insight.queries.changes import Kind, Sort
from liangxin.registry.queries.differences import Window
from liangxin.registry.terms import OrganisationStatus, SizeClassCode
from liangxin.ui.listing import ListColumn

STATUS = dict(OrganisationStatus.choices)
SIZES = {**dict(SizeClassCode.choices), "": "未判定"}


def unit_columns() -> tuple[ListColumn, ...]:
    """What every list of organisations begins with."""
    return (
        ListColumn(
            "name",
            "单位名称",
            lambda row: row.name,
            link=lambda row: reverse("organisation", args=(row.organisation_id,)),
            sort=("name",),
        ),
        ListColumn("uscc", "统一社会信用代码", lambda row: row.organisation.uscc, wide=True),
        ListColumn("street", "街道", lambda row: row.street, sort=("street__code",)),
    )


def _organisation_columns(kind: Kind, window: Window) -> tuple[ListColumn, ...]:
    told = (
        ListColumn("since", "起于", lambda row: row.valid_from, sort=("valid_from",)),
        ListColumn("source", "来源", lambda row: row.provenance.source, wide=True),
    )
    pair = BEFORE_AND_AFTER.get(kind.code)
    if pair is None:
        return (*unit_columns(), *told)
    before, after = pair
    return (
        *unit_columns(),
        ListColumn("before", "原来", before),
        ListColumn("after", "现在", after),
        *told,
    )


def _place(street: object, site: object) -> str:
    return " ".join(str(part) for part in (street, site) if part) or "未填"


Value = Callable[[Any], object]
BEFORE_AND_AFTER: dict[str, tuple[Value, Value]] = {
    "closed": (lambda row: STATUS[row.before_status], lambda row: row.get_status_display()),
    "restated": (lambda row: STATUS[row.before_status], lambda row: row.get_status_display()),
    "moved": (
        lambda row: _place(row.before_street, row.before_site),
        lambda row: _place(row.street, row.site),
    ),
    "renamed": (lambda row: row.before_name, lambda row: row.name),
    "resized": (lambda row: SIZES[row.before_size_class], lambda row: SIZES[row.size_class]),
}


def _party_columns(kind: Kind, window: Window) -> tuple[ListColumn, ...]:
    return (
        ListColumn(
            "name",
            "党组织名称",
            lambda row: row.name,
            link=lambda row: reverse("party-organisation", args=(row.party_organisation_id,)),
            sort=("name",),
        ),
        ListColumn("kind", "类别", lambda row: row.get_kind_display()),
        ListColumn("street", "街道", lambda row: row.street),
        ListColumn("founded", "成立日期", lambda row: row.party_organisation.founded_date),
        ListColumn("dissolved", "撤销日期", lambda row: row.party_organisation.dissolved_date),
    )


def _member_columns(kind: Kind, window: Window) -> tuple[ListColumn, ...]:
    return (
        ListColumn(
            "name",
            "姓名",
            lambda row: row.person.name,
            link=lambda row: f"{reverse('member', args=(row.person_id,))}?at={_day(kind, window)}",
            sort=("person__name",),
        ),
        ListColumn("stage", "人员类别", lambda row: row.get_stage_display()),
        ListColumn("employer", "工作单位", lambda row: row.employer_name),
        ListColumn("held", "组织关系", lambda row: row.held_in_name or row.elsewhere),
    )


def _day(kind: Kind, window: Window) -> date:
    return window.since if kind.code == "members-gone" else window.until


def _posting_columns(kind: Kind, window: Window) -> tuple[ListColumn, ...]:
    return (
        _of_organisation(),
        ListColumn("street", "街道", lambda row: row.street_name),
        ListColumn("role", "类别", lambda row: row.get_role_display()),
        ListColumn("person", "姓名", lambda row: row.person.name),
        ListColumn("from", "起于", lambda row: row.valid_from, sort=("valid_from",)),
        ListColumn("to", "止于", lambda row: row.valid_to, sort=("valid_to",)),
    )


def _presence_columns(kind: Kind, window: Window) -> tuple[ListColumn, ...]:
    return (
        _of_organisation(),
        ListColumn("street", "街道", lambda row: row.street_name),
        ListColumn("kind", "类别", lambda row: row.get_kind_display()),
        ListColumn("from", "起于", lambda row: row.valid_from, sort=("valid_from",)),
        ListColumn("to", "止于", lambda row: row.valid_to, sort=("valid_to",)),
    )


def _told_organisation_columns(kind: Kind, window: Window) -> tuple[ListColumn, ...]:
    return (*unit_columns(), *_telling(window))


def _told_coverage_columns(kind: Kind, window: Window) -> tuple[ListColumn, ...]:
    party = ListColumn("party", "党组织", lambda row: row.party_name)
    return (_of_organisation(), party, *_telling(window))


def _told_posting_columns(kind: Kind, window: Window) -> tuple[ListColumn, ...]:
    person = ListColumn("person", "指导员联络员", lambda row: row.person.name)
    return (_of_organisation(), person, *_telling(window))


def _of_organisation() -> ListColumn:
    return ListColumn(
        "organisation",
        "单位名称",
        lambda row: row.organisation_name,
        link=lambda row: reverse("organisation", args=(row.organisation_id,)),
        sort=("organisation_name",),
    )


def _telling(window: Window) -> tuple[ListColumn, ...]:
    return (
        ListColumn("from", "生效日期", lambda row: row.valid_from, sort=("valid_from",)),
        ListColumn("at", "录入时间", lambda row: row.recorded_at, sort=("recorded_at",)),
        ListColumn("late", "补记", lambda row: "补记" if row.valid_from <= window.since else ""),
        ListColumn("source", "来源", lambda row: row.provenance.source, wide=True),
    )


COLUMNS: dict[Sort, Callable[[Kind, Window], tuple[ListColumn, ...]]] = {
    Sort.ORGANISATION: _organisation_columns,
    Sort.PARTY: _party_columns,
    Sort.MEMBER: _member_columns,
    Sort.POSTING: _posting_columns,
    Sort.PRESENCE: _presence_columns,
    Sort.TOLD_ORGANISATION: _told_organisation_columns,
    Sort.TOLD_COVERAGE: _told_coverage_columns,
    Sort.TOLD_POSTING: _told_posting_columns,
}
