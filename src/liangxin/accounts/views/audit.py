"""The audit trail: who did what, when, about which object."""

from django.db.models import Q
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from liangxin.accounts.queries import audit_entries, within_days
from liangxin.accounts.terms import ACCOUNT_ACTIONS, ACTION_TITLES
from liangxin.kernel.chain_jobs import last_verification
from liangxin.kernel.models import AuditEntry
from liangxin.kernel.pages import ViewerRequest, page
from liangxin.kernel.permissions import Permission
from liangxin.ui.listing import ListColumn, ListFilter, Listing, list_response

PERIODS = (("1", "今天"), ("7", "近 7 天"), ("30", "近 30 天"), ("365", "近一年"))
PAGES_OF_OBJECTS = {
    "registry.organisation": "organisation",
    "registry.partyorganisation": "party-organisation",
    "registry.site": "site",
    "intake.batch": "import-batch",
}


@page(Permission.SEE_AUDIT)
def audit(request: ViewerRequest) -> HttpResponse:
    """操作记录."""
    viewer = request.viewer
    today = timezone.localdate()
    titles = ACTION_TITLES if viewer.sees_district() else ACCOUNT_ACTIONS
    listing = Listing(
        code="audit",
        title="操作记录",
        columns=(
            ListColumn(
                "summary",
                "说明",
                lambda row: row.summary,
                link=_office_link if viewer.sees_district() else _administrator_link,
            ),
            ListColumn("action", "事项", lambda row: ACTION_TITLES.get(row.action, row.action)),
            ListColumn("by", "办理人", lambda row: row.by_name, sort=("by_name", "-id")),
            ListColumn("at", "时间", lambda row: row.at, sort=("id",)),
            ListColumn("object", "对象", _object_words, link=_object_link),
        ),
        filters=(
            ListFilter("period", "时间", PERIODS, lambda days: within_days(int(days), today=today)),
            ListFilter("action", "事项", tuple(titles.items()), lambda code: Q(action=code)),
        ),
        search=lambda text: Q(by_name__icontains=text) | Q(summary__icontains=text),
        search_hint="办理人或说明",
        empty_title="还没有操作记录",
        empty_text="每办一件事，系统都会在这里留下一条不能改动的记录。",
        export_permission=Permission.SEE_AUDIT,
    )
    return list_response(
        request,
        listing,
        audit_entries(viewer),
        template="accounts/audit.html",
        context={"verification": last_verification()},
    )


def _object_words(entry: AuditEntry) -> str:
    return "全部记录" if entry.object_key else ""


def _object_link(entry: AuditEntry) -> str | None:
    if not entry.object_key:
        return None
    return reverse("audit-object", args=(entry.object_kind, entry.object_key))


def _office_link(entry: AuditEntry) -> str | None:
    route = PAGES_OF_OBJECTS.get(entry.object_kind)
    return reverse(route, args=(entry.object_key,)) if route else None


def _administrator_link(entry: AuditEntry) -> str | None:
    if entry.object_kind != "kernel.user":
        return None
    return reverse("user", args=(entry.object_key,))
