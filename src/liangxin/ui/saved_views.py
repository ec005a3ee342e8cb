"""Saved views: the conditions of a list that somebody asks for again and again, under a name."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import Resolver404, resolve

from liangxin.kernel.audit import record
from liangxin.kernel.models import SavedView, User
from liangxin.kernel.permissions import Permission, require
from liangxin.kernel.viewer import Viewer

# The page and the export belong to the moment, the day is asked for anew each time.
NOT_KEPT = ("page", "export", "at")
MAX_QUERY = 2000
MOST = 30


class UnfitView(ValueError):
    """A view cannot be saved as asked; the text says why in Chinese."""


@dataclass(frozen=True)
class OpenView:
    """A saved view as its list shows it: its address there, and whether the list is at it now."""

    name: str
    url: str
    is_current: bool


def own_views(viewer: Viewer) -> QuerySet[SavedView]:
    """The viewer's own views, those of one list together."""
    return SavedView.objects.filter(user_id=viewer.user_id or 0).order_by("listing", "pk")


def open_views(
    viewer: Viewer, *, listing: str, path: str, asked: QueryDict
) -> tuple[OpenView, ...]:
    """The viewer's views of a list as addresses of the page that shows it, with the day asked for."""
    if viewer.user_id is None:
        return ()
    now = _pairs(kept_query(asked.urlencode()))
    day = asked.get("at", "")
    return tuple(
        OpenView(view.name, _address(path, view.query, day=day), _pairs(view.query) == now)
        for view in own_views(viewer).filter(listing=listing)
    )


def kept_query(text: str) -> str:
    """What of a query string a view keeps: filters, search and order."""
    asked = QueryDict(text, mutable=True)
    for name in [one for one in asked if one in NOT_KEPT or not any(asked.getlist(one))]:
        del asked[name]
    return asked.urlencode()


def save_view(
    name: str, *, by: Viewer, listing: str, listing_title: str, path: str, query: str
) -> SavedView:
    """Keep the conditions under the name; those that had this name on this list are replaced.

    Raises UnfitView.
    """
    require(by, Permission.SEE_HOME)
    user_id = by.user_id or 0
    name, query = _fit_name(name), kept_query(query)
    if len(query) > MAX_QUERY:
        raise UnfitView("条件太长，存不下。")
    _refuse_strange_page(path, listing=listing)
    told = {"listing_title": listing_title[:120], "path": path, "query": query}
    with transaction.atomic():
        # Two windows of one person could otherwise both be the last that fits.
        User.objects.select_for_update().get(pk=user_id)
        own = own_views(by).filter(listing=listing)
        view = own.filter(name=name).first()
        if view is None and own.count() >= MOST:
            raise UnfitView(f"每个名单最多保存 {MOST} 个常用条件，请先删掉不用的。")
        view = view or SavedView(user_id=user_id, listing=listing, name=name)
        for field, value in told.items():
            setattr(view, field, value)
        view.save()
        _record("saved_view.save", "保存", view=view, by=by)
    return view


def rename_view(view: SavedView, *, by: Viewer, name: str) -> None:
    """Give an own view another name. Raises UnfitView."""
    require(by, Permission.SEE_HOME)
    name = _fit_name(name)
    with transaction.atomic():
        others = own_views(by).filter(listing=view.listing, name=name).exclude(pk=view.pk)
        if others.exists():
            raise UnfitView(f"这个名单已有叫“{name}”的常用条件。")
        own_views(by).filter(pk=view.pk).update(name=name)
        _record("saved_view.rename", "改名", view=view, by=by)


def forget_view(view: SavedView, *, by: Viewer) -> None:
    """Remove an own view."""
    require(by, Permission.SEE_HOME)
    with transaction.atomic():
        _record("saved_view.forget", "删除", view=view, by=by)
        own_views(by).filter(pk=view.pk).delete()


def address_of(view: SavedView) -> str:
    """Where the view was saved, with its conditions."""
    return _address(view.path, view.query, day="")


def _fit_name(name: str) -> str:
    cleaned = " ".join(name.split())
    if not cleaned:
        raise UnfitView("请给常用条件起个名字。")
    if len(cleaned) > 40:
        raise UnfitView("名字最多 40 个字。")
    return cleaned


def _refuse_strange_page(path: str, *, listing: str) -> None:
    # An address of elsewhere would be offered as one of ours later.
    if not listing or len(listing) > 60 or len(path) > 200:
        raise UnfitView("这个名单不能保存常用条件。")
    try:
        resolve(path)
    except Resolver404:
        raise UnfitView("这个名单不能保存常用条件。") from None


def _pairs(query: str) -> Sequence[tuple[str, list[str]]]:
    return sorted(QueryDict(query).lists())


def _address(path: str, query: str, *, day: str) -> str:
    asked = QueryDict(query, mutable=True)
    if day:
        asked["at"] = day
    return f"{path}?{asked.urlencode()}" if asked else path


def _record(action: str, word: str, *, view: SavedView, by: Viewer) -> None:
    # Neither the name nor the conditions: both may tell whom somebody looked for.
    summary = f"{word}“{view.listing_title}”的常用条件"
    record(action, by=by, summary=summary, about=view, changes_ledger=False)
