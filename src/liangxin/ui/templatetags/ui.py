"""Filters and tags that every template may use."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django import template
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from liangxin.standards.id_number import mask_id_number
from liangxin.standards.phone import mask_phone as masked_phone
from liangxin.standards.spelling import folded, found_in, spelled
from liangxin.ui.dates import other_day, today_url
from liangxin.ui.icons import STROKES
from liangxin.ui.markup import cells_markup, options_markup

register = template.Library()
NOTHING = "—"


@register.filter
def percent(share: float | Decimal | None, places: int = 1) -> str:
    """0.123 as 12.3%; nothing known as a dash."""
    return NOTHING if share is None else f"{share * 100:.{places}f}%"


@register.filter
def thousands(number: float | Decimal | None) -> str:
    """12345 as 12,345; nothing known as a dash."""
    return NOTHING if number is None else f"{number:,}"


@register.filter
def whole(number: float | None) -> str:
    """12345.6 as 12,346; nothing known as a dash."""
    return NOTHING if number is None else f"{round(number):,}"


@register.filter
def mask_id(text: str | None) -> str:
    """An ID number with its middle hidden."""
    return mask_id_number(text) if text else NOTHING


@register.filter
def mask_phone(text: str | None) -> str:
    """A telephone number with its middle hidden."""
    return masked_phone(text) if text else NOTHING


@register.filter
def date_zh(day: date | None) -> str:
    """A date as 2026年3月5日; nothing known as a dash."""
    return f"{day.year}年{day.month}月{day.day}日" if day else NOTHING


@register.filter
def bar(share: float | None) -> str:
    """A share as the value attribute of a progress element, whatever the language."""
    return f"{share or 0:.4f}"


register.simple_tag(cells_markup, name="cells")
register.simple_tag(options_markup, name="options")


@register.simple_tag
def place(route: str, *args: object, **asked: object) -> str:
    """The address of a page with a query string; what is empty is left out."""
    told = {name: str(value) for name, value in asked.items() if value not in (None, "")}
    url = reverse(route, args=args)
    return f"{url}?{urlencode(told)}" if told else url


@register.simple_tag
def place_at(route: str, at: date, *args: object, **asked: object) -> str:
    """As `place`, for the day `at`: today's address needs no date."""
    day = None if at == timezone.localdate() else at.isoformat()
    return place(route, *args, **asked, at=day)


@register.simple_tag
def icon(name: str) -> SafeString:
    """A line icon that screen readers skip; raises KeyError for an unknown name."""
    strokes = format_html_join("", '<path d="{}"/>', ((stroke,) for stroke in STROKES[name]))
    return format_html(
        '<svg class="lx-icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>',
        strokes,
    )


@register.inclusion_tag("ui/_figure.html")
def figure(
    label: str, value: object, *, of: object = None, note: str = "", url: str = ""
) -> dict[str, object]:
    """A key figure with its denominator `of`; `url` opens the list behind it."""
    return {"label": label, "value": value, "of": of, "note": note, "url": url}


@register.simple_tag(takes_context=True)
def address_with_page(context: template.Context, number: int) -> str:
    """This page's address on another page of its list."""
    request: HttpRequest = context["request"]
    asked = request.GET.copy()
    asked["page"] = str(number)
    return f"{request.path}?{asked.urlencode()}"


@register.simple_tag(takes_context=True)
def address_with(context: template.Context, name: str, value: object) -> str:
    """This page's address with one parameter set (or dropped, for ''), back on the first page."""
    request: HttpRequest = context["request"]
    asked = request.GET.copy()
    for dropped in ("page", name):
        asked.pop(dropped, None)
    if value != "":
        asked[name] = str(value)
    return f"{request.path}?{asked.urlencode()}"


@register.filter
def fitting(menu: Iterable[Any], text: str) -> list[Any]:
    """The entries of the menu whose title fits every word of a search, by characters or pinyin."""
    terms = [term for term in map(folded, text.split()) if term]
    entries = (item for group in menu for item in group.items)
    return [
        one
        for one in entries
        if terms and all(found_in(term, spelled(one.title)) for term in terms)
    ]


@dataclass(frozen=True)
class AskedDay:
    """Another day than today that a page tells of, and the page's address for today."""

    day: date
    today_url: str


@register.simple_tag(takes_context=True)
def asked_other_day(context: template.Context) -> AskedDay | None:
    """The day the page tells of, where that is not today."""
    request: HttpRequest | None = context.get("request")
    day = other_day(request) if request is not None else None
    return AskedDay(day, today_url(request)) if request is not None and day else None
