"""Everything that was done to one object, and the look through the whole trail."""

from django.apps import apps
from django.contrib import messages
from django.db import models
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from liangxin.accounts.queries import audit_entries, scope_title
from liangxin.accounts.terms import ACTION_TITLES
from liangxin.kernel.chain_jobs import request_verification
from liangxin.kernel.models import AuditEntry, User
from liangxin.kernel.pages import ViewerRequest, page
from liangxin.kernel.permissions import Permission, may
from liangxin.kernel.viewer import Scope, ScopeKind, Viewer
from liangxin.ui.listing import ListColumn, Listing, list_response

# What the ledger calls the objects that have a name of their own.
NAMED = {
    "registry.organisation": ScopeKind.ORGANISATION,
    "registry.partyorganisation": ScopeKind.PARTY_ORGANISATION,
    "registry.person": ScopeKind.OWN_RECORD,
    "registry.site": ScopeKind.SITE,
    "registry.area": ScopeKind.STREET,
}


@page(Permission.SEE_AUDIT)
def audit_object(request: ViewerRequest, kind: str, key: str) -> HttpResponse:
    """一个对象的全部操作记录."""
    found = audit_entries(request.viewer).filter(object_kind=kind, object_key=key)
    if not found.exists():
        raise Http404
    title = f"{_title(request.viewer, kind=kind, key=key)}的操作记录"
    listing = Listing(
        code="audit-object",
        title=title,
        columns=(
            ListColumn("summary", "说明", lambda row: row.summary),
            ListColumn("action", "事项", lambda row: ACTION_TITLES.get(row.action, row.action)),
            ListColumn("fields", "涉及", _fields),
            ListColumn("by", "办理人", lambda row: row.by_name, sort=("by_name", "-id")),
            ListColumn("at", "时间", lambda row: row.at, sort=("id",)),
        ),
        search=lambda text: models.Q(by_name__icontains=text) | models.Q(summary__icontains=text),
        search_hint="办理人或说明",
        empty_title="没有操作记录",
        empty_text="换一个条件再找。",
        export_permission=Permission.SEE_AUDIT,
    )
    return list_response(request, listing, found, template="accounts/audit_object.html")


@page(Permission.SEE_AUDIT)
@require_POST
def audit_verify(request: ViewerRequest) -> HttpResponse:
    """Ask for a look through the whole trail."""
    asked = request_verification(by=request.viewer)
    if may(request.viewer, Permission.SEE_JOBS):
        return redirect("job", asked.pk)
    messages.success(request, "已开始核对，完成后结果显示在本页。")
    return redirect("audit")


def _title(viewer: Viewer, *, kind: str, key: str) -> str:
    """The object by its name; the administrator, who sees no facts, is told names of accounts only."""
    if kind == User._meta.label_lower:
        user = User.objects.filter(pk=key).first()
        return f"账号“{user.username if user else key}”"
    if viewer.sees_district() and kind in NAMED:
        return f"“{scope_title(Scope(NAMED[kind], key)) or key}”"
    try:
        return f"{apps.get_model(kind)._meta.verbose_name}（编号 {key}）"
    except (LookupError, ValueError):
        return f"对象（编号 {key}）"


def _fields(entry: AuditEntry) -> str:
    """Which fields, and why where a reason was asked for."""
    fields = entry.details.get("fields", ())
    named = "、".join(str(name) for name in fields) if isinstance(fields, list | dict) else ""
    reason = entry.details.get("reason", "")
    return "；".join(filter(None, (named, f"原因：{reason}" if reason else "")))
