"""Every address of the site, and what the text of an answer tells of the outside."""

import html
import io
import json
import zipfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.db import connection
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLResolver, get_resolver

from liangxin.kernel.models import AuditEntry
from liangxin.kernel.pages import TOKEN, required_permission
from liangxin.kernel.permissions import Permission
from liangxin.registry.models import Area, Site
from tests.scope.world import MARK, OUTSIDE_NUMBER

ZIP = b"PK\x03\x04"
# Tables that every request may touch without anything having been done.
NOT_FACTS = ("django_session",)


@dataclass(frozen=True)
class Route:
    """One address of the site: its pattern, the name that `reverse` takes, and what its view declares."""

    pattern: str
    name: str
    required: Permission | str | None


def routes(resolver: URLResolver, *, prefix: str = "", space: str = "") -> Iterator[Route]:
    """Yield every route of the site."""
    for entry in resolver.url_patterns:
        pattern = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from routes(entry, prefix=pattern, space=inner)
        else:
            yield Route(pattern, f"{space}{entry.name}", required_permission(entry.callback))


EVERY_ROUTE = sorted(routes(get_resolver()), key=lambda route: route.pattern)
# What programs call with a token is looked through by tests/api.
EVERY_PAGE = [route for route in EVERY_ROUTE if route.required != TOKEN]
WITH_KEYS = sorted(page.name for page in EVERY_PAGE if "<" in page.pattern)
WITHOUT_KEYS = sorted(page.name for page in EVERY_PAGE if "<" not in page.pattern)


def text_of(response: HttpResponseBase) -> str:
    """Everything a reader of the answer can find in it: workbooks and documents are unpacked."""
    content = (
        b"".join(response)  # type: ignore[arg-type]
        if response.streaming
        else response.content  # type: ignore[attr-defined]
    )
    if content.startswith(ZIP):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            content = b"\n".join(packed.read(name) for name in packed.namelist())
    elif "json" in response["Content-Type"]:
        return json.dumps(json.loads(content), ensure_ascii=False)
    # A name may be written as numbers of characters.
    return html.unescape(content.decode(errors="replace"))


def leaks(
    response: HttpResponseBase,
    *,
    typed: Collection[str] = (),
    places: Sequence[Area | Site] = (),
) -> list[str]:
    """Pieces of the answer that tell of the outside.

    What was `typed` may be echoed; the names and keys of `places` may stand in it.
    """
    text = text_of(response)
    for words in (*(place.name for place in places), *(one for one in typed if MARK in one)):
        text = text.replace(words, "")
    found = [text[max(0, at - 60) : at + 40] for at in _places(text, MARK)]
    echoed = {*typed} | {str(one.pk) for one in places}
    found += [
        text[max(0, one.start() - 60) : one.end() + 40]
        for one in OUTSIDE_NUMBER.finditer(text)
        if not any(one.group() in words for words in echoed)
    ]
    return found


def fingerprint() -> Mapping[str, object]:
    """How many rows every table holds, and the newest entry of the trail: what a change would change."""
    names = [name for name in connection.introspection.table_names() if name not in NOT_FACTS]
    counted = (f"SELECT '{name}', COUNT(*) FROM \"{name}\"" for name in names)
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(counted))
        counts: dict[str, object] = dict(cursor.fetchall())
    newest = AuditEntry.objects.order_by("-id").values_list("id", flat=True).first()
    accounts = list(get_user_model().objects.order_by("pk").values_list("pk", "is_active"))
    return {**counts, "newest entry": newest, "accounts": accounts}


def is_refused(response: HttpResponse) -> bool:
    """Whether the answer is no: not found, not allowed, or the way to the login."""
    if response.status_code == 302:
        return response["Location"].startswith("/login/")
    return response.status_code in (403, 404, 405)


def _places(text: str, wanted: str) -> Iterator[int]:
    at = text.find(wanted)
    while at >= 0:
        yield at
        at = text.find(wanted, at + 1)
