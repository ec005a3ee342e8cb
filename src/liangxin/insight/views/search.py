"""The search box of every page: its page, and the suggestions under it."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from liangxin.insight.queries.found import Answer, answer
from liangxin.kernel.pages import ViewerRequest, page
from liangxin.kernel.permissions import Permission

MAX_TEXT = 100
ON_PAGE, IN_BOX = 20, 5


@page(Permission.SEE_HOME)
@never_cache
def search(request: ViewerRequest) -> HttpResponse:
    """查找."""
    return render(request, "insight/search.html", _context(request, limit=ON_PAGE))


@page(Permission.SEE_HOME)
@never_cache
def search_suggest(request: ViewerRequest) -> HttpResponse:
    """The fragment under the box."""
    return render(request, "insight/_search_suggest.html", _context(request, limit=IN_BOX))


def _context(request: ViewerRequest, *, limit: int) -> dict[str, object]:
    text = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:MAX_TEXT]
    found = (
        answer(request.viewer, text, at=timezone.localdate(), limit=limit) if text else Answer(())
    )
    return {"text": text, "answer": found, "limit": limit}
