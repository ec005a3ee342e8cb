"""Lists: what one is made of, and the page, fragment or workbook that answers a request for it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers, patch_vary_headers

from liangxin.kernel.pages import ViewerRequest
from liangxin.kernel.permissions import NotAllowed, Permission, may, require
from liangxin.ui.dates import asked_date
from liangxin.ui.exporting import workbook_response
from liangxin.ui.keyed_rows import page_keys, rows_of_keys
from liangxin.ui.saved_views import kept_query, open_views
from liangxin.ui.shown import shown

SHORT_LETTERS = 10

OWN_PARAMETERS = ("q", "sort", "page", "export")


@dataclass(frozen=True)
class ListColumn:
    """One column; `sort` names the fields it orders by, `wide` columns stay off phones."""

    code: str
    title: str
    value: Callable[[Any], object]
    link: Callable[[Any], str | None] | None = None
    sort: tuple[str, ...] = ()
    numeric: bool = False
    wide: bool = False


Restating = Callable[[QuerySet[Any], Sequence[Any]], QuerySet[Any]]


@dataclass(frozen=True)
class ListFilter:
    """A choice that narrows the list; `condition` is asked with the chosen value only."""

    code: str
    title: str
    choices: Sequence[tuple[str, str]]
    condition: Callable[[str], Q]


@dataclass(frozen=True)
class Ticking:
    """Rows that can be ticked, and what is done to the ticked ones; `value` is posted as `tick`.

    `label` names a row to those who hear the page instead of seeing it. With `single`, each row has a
    button of that title that posts the row alone, as `only`.
    """

    title: str
    url: str
    value: Callable[[Any], str]
    label: Callable[[Any], str]
    single: str = ""


@dataclass(frozen=True)
class Listing:
    """A list: columns, filters, search, words for an empty one, and who may take it away.

    `restate` may tell the rows of one page, by their keys, in a way that costs less than for the whole list.
    """

    code: str
    title: str
    columns: Sequence[ListColumn]
    filters: Sequence[ListFilter] = ()
    search: Callable[[str], Q] | None = None
    search_hint: str = ""
    empty_title: str = "没有符合条件的记录"
    empty_text: str = "换个条件再试，或清除全部条件。"
    per_page: int = 50
    export_permission: Permission | None = None
    ticking: Ticking | None = None
    restate: Restating | None = None


@dataclass(frozen=True)
class Asked:
    """What the request asks of a list; `unknown` are filter values that the list does not offer."""

    search: str
    chosen: Mapping[str, str]
    unknown: tuple[str, ...]
    order: tuple[str, ...]
    sort: str


@dataclass(frozen=True)
class Cell:
    """One shown value; a short one (a date, a street, a state) is kept on one line."""

    column: ListColumn
    text: str
    url: str | None

    @property
    def is_short(self) -> bool:
        return len(self.text) <= SHORT_LETTERS


@dataclass(frozen=True)
class Row:
    """One shown row; `tick` is posted when it is ticked."""

    cells: Sequence[Cell]
    tick: str = ""
    label: str = ""


@dataclass(frozen=True)
class Heading:
    """A column's heading: its sort link, and how the list is ordered by it (ascending, descending, '')."""

    column: ListColumn
    url: str
    direction: str


@dataclass(frozen=True)
class Chip:
    """A condition in force, and the address without it."""

    title: str
    value: str
    url: str


def list_response(
    request: ViewerRequest,
    listing: Listing,
    queryset: QuerySet[Any],
    *,
    template: str = "ui/list.html",
    context: Mapping[str, object] | None = None,
) -> HttpResponse:
    """Answer with the list's page, its fragment (htmx) or its workbook; all from one queryset."""
    asked = read_request(request, listing)
    found = narrowed(queryset, listing, asked)
    if request.GET.get("export") == "xlsx":
        return _workbook(request, listing, found, asked=asked)
    for value in asked.unknown:
        messages.warning(request, f"没有“{value[:40]}”这个筛选条件，因此没有列出任何记录。")
    pages = _Pages(found, listing.per_page)
    pages.restate = listing.restate
    page = pages.get_page(request.GET.get("page"))
    shown_context = {**(context or {}), **_page_context(request, listing, asked, page)}
    response = render(request, _template(request, template), shown_context)
    patch_vary_headers(response, ["HX-Request"])
    add_never_cache_headers(response)
    return response


class _Pages(Paginator):  # type: ignore[type-arg]
    """Finds the keys of a page first: what each row tells is then worked out for its rows alone.

    In one query a database works out every subquery of every row before the sort keeps fifty.
    """

    restate: Restating | None = None

    def page(self, number: int | str) -> Page[Any]:
        wanted = self.validate_number(number)
        start = (wanted - 1) * self.per_page
        found = cast(QuerySet[Any], self.object_list)
        keys = page_keys(found, start, start + self.per_page)
        told = rows_of_keys(found.order_by(), keys)
        told = self.restate(told, keys) if self.restate else told
        rows = {row.pk: row for row in told}
        return Page([rows[key] for key in keys if key in rows], wanted, self)


def read_request(request: ViewerRequest, listing: Listing) -> Asked:
    """Understand the query string."""
    chosen, unknown = {}, []
    for choice in listing.filters:
        value = request.GET.get(choice.code, "")
        if value in {code for code, _ in choice.choices}:
            chosen[choice.code] = value
        elif value:
            unknown.append(value)
    sort, order = _order(listing, request.GET.get("sort", ""))
    return Asked(
        search=" ".join(request.GET.get("q", "").split())[:100] if listing.search else "",
        chosen={code: value for code, value in chosen.items() if value},
        unknown=tuple(unknown),
        order=order,
        sort=sort,
    )


def narrowed(queryset: QuerySet[Any], listing: Listing, asked: Asked) -> QuerySet[Any]:
    """The rows asked for, in an order that ends with the primary key."""
    if asked.unknown:
        queryset = queryset.none()
    for choice in listing.filters:
        if choice.code in asked.chosen:
            queryset = queryset.filter(choice.condition(asked.chosen[choice.code]))
    if asked.search and listing.search:
        queryset = queryset.filter(listing.search(asked.search))
    own = queryset.query.order_by or tuple(queryset.model._meta.ordering)
    return queryset.order_by(*(asked.order or own), "pk")


def _workbook(
    request: ViewerRequest, listing: Listing, found: QuerySet[Any], *, asked: Asked
) -> HttpResponse:
    if listing.export_permission is None:
        raise NotAllowed(f"《{listing.title}》不能导出。")
    require(request.viewer, listing.export_permission)
    response = workbook_response(
        viewer=request.viewer,
        title=listing.title,
        columns=listing.columns,
        queryset=found,
        conditions=(*_asked_day(request), *conditions_in_words(listing, asked)),
    )
    # Views promise HttpResponse; Django serves its streaming sibling all the same.
    return cast(HttpResponse, response)


def _asked_day(request: ViewerRequest) -> tuple[tuple[str, str], ...]:
    return (("资料日期", asked_date(request).isoformat()),) if request.GET.get("at") else ()


def conditions_in_words(listing: Listing, asked: Asked) -> tuple[tuple[str, str], ...]:
    """Every condition in force as (title, value)."""
    words = [("搜索", asked.search)] if asked.search else []
    for choice in listing.filters:
        if choice.code in asked.chosen:
            words.append((choice.title, dict(choice.choices)[asked.chosen[choice.code]]))
    return tuple(words)


def _order(listing: Listing, sort: str) -> tuple[str, tuple[str, ...]]:
    column = next((one for one in listing.columns if one.code == sort.removeprefix("-")), None)
    if column is None or not column.sort:
        return "", ()
    if not sort.startswith("-"):
        return sort, column.sort
    flipped = (f[1:] if f.startswith("-") else f"-{f}" for f in column.sort)
    return sort, tuple(flipped)


def _template(request: ViewerRequest, template: str) -> str:
    htmx = getattr(request, "htmx", None)
    # A page that polls for itself must not be answered with its list alone.
    is_for_list = getattr(htmx, "target", None) in (None, "list")
    is_fragment = htmx and is_for_list and not htmx.history_restore_request and not htmx.boosted
    return "ui/_list.html" if is_fragment else template


def _page_context(
    request: ViewerRequest, listing: Listing, asked: Asked, page: Page[Any]
) -> dict[str, object]:
    may_export = listing.export_permission is not None and may(
        request.viewer, listing.export_permission
    )
    return {
        "listing": listing,
        # A template would call the search itself.
        "has_search": listing.search is not None,
        "asked": asked,
        "page": page,
        "total": page.paginator.count,
        "headings": [_heading(request, column, asked) for column in listing.columns],
        "rows": [_row(listing, row) for row in page.object_list],
        "chips": _chips(request, listing, asked),
        "selects": [(one, asked.chosen.get(one.code, "")) for one in listing.filters],
        "kept": _kept(request, listing),
        "saved_views": open_views(
            request.viewer, listing=listing.code, path=request.path, asked=request.GET
        ),
        "kept_query": kept_query(request.GET.urlencode()),
        "export_url": _address(request, export="xlsx") if may_export else "",
        "clear_url": _address(request, q="", **{one.code: "" for one in listing.filters}),
    }


def _row(listing: Listing, row: Any) -> Row:
    cells = [
        Cell(column, shown(column.value(row)), column.link(row) if column.link else None)
        for column in listing.columns
    ]
    if listing.ticking is None:
        return Row(cells)
    return Row(cells, listing.ticking.value(row), listing.ticking.label(row))


def _heading(request: ViewerRequest, column: ListColumn, asked: Asked) -> Heading:
    if not column.sort:
        return Heading(column, "", "")
    if asked.sort == column.code:
        return Heading(column, _address(request, sort=f"-{column.code}"), "ascending")
    direction = "descending" if asked.sort == f"-{column.code}" else ""
    return Heading(column, _address(request, sort=column.code), direction)


def _chips(request: ViewerRequest, listing: Listing, asked: Asked) -> list[Chip]:
    chips = [Chip("搜索", asked.search, _address(request, q=""))] if asked.search else []
    for choice in listing.filters:
        if choice.code in asked.chosen:
            value = dict(choice.choices)[asked.chosen[choice.code]]
            chips.append(Chip(choice.title, value, _address(request, **{choice.code: ""})))
    return chips


def _kept(request: ViewerRequest, listing: Listing) -> list[tuple[str, str]]:
    # Without these the filter form would drop the date, the base and the order.
    own = {"q", "page", "export", *(one.code for one in listing.filters)}
    return [(name, str(value)) for name, value in request.GET.items() if name not in own and value]


def _address(request: ViewerRequest, **changes: str) -> str:
    asked = request.GET.copy()
    for name in ("page", "export", *changes):
        asked.pop(name, None)
    for name, value in changes.items():
        if value:
            asked[name] = value
    return f"{request.path}?{asked.urlencode()}"
