"""Sites (buildings, parks, markets): the list; a page of one is insight's."""

from django.db.models import Q
from django.http import HttpResponse
from django.urls import reverse

from liangxin.kernel.pages import ViewerRequest, page
from liangxin.kernel.permissions import Permission, may
from liangxin.registry.queries.containing import containing
from liangxin.registry.queries.keeping import kept_streets
from liangxin.registry.queries.kept_counts import with_kept_count
from liangxin.registry.queries.sites import described_sites, street_choices
from liangxin.registry.terms import SiteKind
from liangxin.registry.views.dated import dated_url
from liangxin.ui.dates import asked_date
from liangxin.ui.listing import ListColumn, ListFilter, Listing, list_response


@page(Permission.SEE_LEDGER)
def sites(request: ViewerRequest) -> HttpResponse:
    """楼宇园区."""
    at = asked_date(request)
    listing = Listing(
        code="sites",
        title="楼宇园区",
        columns=(
            ListColumn(
                "name",
                "名称",
                lambda row: row.name,
                link=lambda row: dated_url("site", row.pk, at=at),
                sort=("name",),
            ),
            ListColumn("kind", "类型", lambda row: row.get_kind_display()),
            ListColumn("street", "街道", lambda row: row.street, sort=("street__code",)),
            ListColumn("address", "地址", lambda row: row.address, wide=True),
            ListColumn(
                "tenants", "在营单位", lambda row: row.tenants or 0, sort=("tenants",), numeric=True
            ),
            ListColumn(
                "staff", "从业人数", lambda row: row.staff or 0, sort=("staff",), numeric=True
            ),
        ),
        filters=(
            ListFilter(
                "street",
                "街道",
                street_choices(request.viewer, at=at),
                lambda value: Q(street_id=int(value)),
            ),
            ListFilter("kind", "类型", SiteKind.choices, lambda value: Q(kind=value)),
        ),
        search=lambda text: containing("name", text) | containing("address", text),
        search_hint="名称或地址",
        empty_title="还没有楼宇园区",
        empty_text="可以导入楼宇园区名单，也可以逐处新建。",
        export_permission=Permission.EXPORT_LISTS,
    )
    return list_response(
        request,
        listing,
        with_kept_count(described_sites(request.viewer, at=at), viewer=request.viewer),
        template="registry/kept_list.html",
        context={"at": at, "new_title": "新建楼宇园区", "new_url": _new_url(request)},
    )


def _new_url(request: ViewerRequest) -> str:
    """Where a site is put in the ledger; '' for who keeps no street."""
    is_keeper = may(request.viewer, Permission.EDIT_LEDGER)
    return reverse("site-create") if is_keeper and kept_streets(request.viewer).exists() else ""
