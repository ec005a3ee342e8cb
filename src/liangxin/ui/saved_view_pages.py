"""Saving, renaming and removing the conditions one asks of a list again and again."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from liangxin.kernel.pages import ViewerRequest, page
from liangxin.kernel.permissions import Permission
from liangxin.ui.saved_views import (
    UnfitView,
    address_of,
    forget_view,
    own_views,
    rename_view,
    save_view,
)


@page(Permission.SEE_HOME)
@never_cache
def saved_views(request: ViewerRequest) -> HttpResponse:
    """常用条件: one's own, to rename and to remove."""
    views = [(view, address_of(view)) for view in own_views(request.viewer)]
    return render(request, "ui/saved_views.html", {"views": views, "back": _back(request)})


@page(Permission.SEE_HOME)
@require_POST
def saved_view_save(request: ViewerRequest) -> HttpResponse:
    """Keep the conditions of the list one is at."""
    told = {
        one: request.POST.get(one, "")[:5000]
        for one in ("listing", "listing_title", "path", "query")
    }
    try:
        view = save_view(request.POST.get("name", ""), by=request.viewer, **told)
    except UnfitView as refusal:
        messages.error(request, str(refusal))
        return redirect(_back(request) or "saved-views")
    messages.success(request, f"已保存为“{view.name}”，以后点一下就能用。")
    return redirect(address_of(view))


@page(Permission.SEE_HOME)
@require_POST
def saved_view_rename(request: ViewerRequest, view_id: int) -> HttpResponse:
    """Give one's view another name."""
    view = get_object_or_404(own_views(request.viewer), pk=view_id)
    try:
        rename_view(view, by=request.viewer, name=request.POST.get("name", ""))
    except UnfitView as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "已改名。")
    return redirect("saved-views")


@page(Permission.SEE_HOME)
@require_POST
def saved_view_forget(request: ViewerRequest, view_id: int) -> HttpResponse:
    """Remove one's view."""
    view = get_object_or_404(own_views(request.viewer), pk=view_id)
    forget_view(view, by=request.viewer)
    messages.success(request, f"已删除“{view.name}”。")
    return redirect("saved-views")


def _back(request: ViewerRequest) -> str:
    asked = request.POST.get("back") or request.GET.get("back", "")
    is_ours = url_has_allowed_host_and_scheme(asked, allowed_hosts={request.get_host()})
    return asked if asked and is_ours else ""
