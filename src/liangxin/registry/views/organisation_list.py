"""The ledger of organisations as a list, and how other pages list some of them."""

from collections.abc import Sequence
from datetime import date
from urllib.parse import urlencode

from django.db.models import Q
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from liangxin.kernel.pages import ViewerRequest, page
from liangxin.kernel.permissions import Permission, may
from liangxin.kernel.viewer import Viewer
from liangxin.registry.models import OrganisationVersion
from liangxin.registry.queries import organisation_versions
from liangxin.registry.queries.changes import industry_title
from liangxin.registry.queries.kept_counts import with_kept_count
from liangxin.registry.queries.organisations import organisation_search
from liangxin.registry.queries.sites import street_choices
from liangxin.registry.terms import OrganisationKind, OrganisationStatus, SizeClassCode
from liangxin.registry.views.dated import dated_url
from liangxin.standards.industries import sections
from liangxin.ui.dates import asked_date
from liangxin.ui.listing import ListColumn, ListFilter, Listing, Ticking, list_response

NOT_FILLED_IN = "none"
LIST_ASKS = ("q", "street", "kind", "status", "size", "industry")


@page(Permission.SEE_LEDGER)
def organisations(request: ViewerRequest) -> HttpResponse:
    """单位台账."""
    at = asked_date(request)
    may_edit = may(request.viewer, Permission.EDIT_LEDGER)
    # Only what the ledger holds now can be changed.
    is_open = may_edit and at == timezone.localdate()
    context: dict[str, object] = {"at": at, "may_edit": may_edit}
    if is_open:
        asked = {k: str(v) for k, v in request.GET.items() if k in LIST_ASKS and v}
        context |= {
            "list_action": "批量修改全部",
            "list_action_url": f"{reverse('organisations-bulk')}?{urlencode({'all': '1', **asked})}",
        }
    return list_response(
        request,
        organisation_listing(request.viewer, at=at, is_open=is_open),
        with_kept_count(organisation_versions(request.viewer, at=at), viewer=request.viewer),
        template="registry/organisations.html",
        context=context,
    )


def organisation_listing(viewer: Viewer, *, at: date, is_open: bool = False) -> Listing:
    """The list of the ledger; where `is_open` its rows can be ticked to be changed together."""
    return Listing(
        code="organisations",
        title="单位台账",
        columns=organisation_columns(at=at),
        filters=organisation_filters(viewer, at=at),
        search=organisation_search,
        search_hint="单位名称、拼音首字母或信用代码",
        empty_title="台账里还没有单位",
        empty_text="可以导入已有的名单，也可以逐家新建。",
        export_permission=Permission.EXPORT_LISTS,
        ticking=_bulk_ticking() if is_open else None,
    )


def _bulk_ticking() -> Ticking:
    return Ticking(
        title="批量修改选中的",
        url=reverse("organisations-bulk"),
        value=lambda row: str(row.organisation_id),
        label=lambda row: row.name,
    )


def organisation_columns(*, at: date) -> Sequence[ListColumn]:
    """Columns over OrganisationVersion rows fetched with organisation, street and site."""
    return (
        ListColumn(
            "name",
            "单位名称",
            lambda row: row.name,
            link=lambda row: dated_url("organisation", row.organisation_id, at=at),
            sort=("name",),
        ),
        ListColumn("uscc", "统一社会信用代码", lambda row: row.organisation.uscc, wide=True),
        ListColumn("kind", "类型", lambda row: row.get_kind_display(), wide=True),
        ListColumn("street", "街道", lambda row: row.street, sort=("street__code",)),
        ListColumn("site", "楼宇（园区）", lambda row: row.site, sort=("site__name",)),
        ListColumn("industry", "行业", _industry, wide=True),
        ListColumn(
            "employees", "从业人数", lambda row: row.employees, sort=("employees",), numeric=True
        ),
        ListColumn("size", "规模", lambda row: row.get_size_class_display(), wide=True),
        ListColumn("status", "状态", lambda row: row.get_status_display()),
    )


def organisation_filters(viewer: Viewer, *, at: date) -> tuple[ListFilter, ...]:
    """Filters over OrganisationVersion rows: the viewer's streets, kind, status, size, industry section."""
    places = street_choices(viewer, at=at)
    return (
        ListFilter(
            "street", "街道", [*places, (NOT_FILLED_IN, "未填")], lambda value: _street(value)
        ),
        ListFilter("kind", "类型", OrganisationKind.choices, lambda value: Q(kind=value)),
        ListFilter("status", "状态", OrganisationStatus.choices, lambda value: Q(status=value)),
        ListFilter(
            "size",
            "规模",
            [*SizeClassCode.choices, (NOT_FILLED_IN, "未判定")],
            lambda value: Q(size_class="" if value == NOT_FILLED_IN else value),
        ),
        ListFilter(
            "industry",
            "行业门类",
            [(one.code, one.name) for one in sections()],
            lambda value: Q(industry_section=value),
        ),
    )


def _street(value: str) -> Q:
    return Q(street__isnull=True) if value == NOT_FILLED_IN else Q(street_id=int(value))


def _industry(row: OrganisationVersion) -> str:
    return industry_title(row.industry_code) if row.industry_code else ""
