"""The establishments ticked in the list, as an address names them."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from liangxin.coverage.models import Establishment
from liangxin.coverage.queries.establishments import establishments
from liangxin.kernel.pages import ViewerRequest

# An address that names more is refused on its way, and nobody signs such a request.
MOST_AT_ONCE = 100


def chosen_keys(request: ViewerRequest) -> list[int]:
    """Their keys; raises Http404 for what is none."""
    texts = request.GET.getlist("establishment")
    if not all(text.isdecimal() for text in texts):
        raise Http404
    return sorted({int(text) for text in texts})


def chosen_establishments(request: ViewerRequest) -> list[Establishment]:
    """Those asked for, oldest first; [] for none or too many. Raises Http404 where one is out of sight."""
    keys = chosen_keys(request)
    return seen_establishments(request, keys) if len(keys) <= MOST_AT_ONCE else []


def seen_establishments(request: ViewerRequest, keys: list[int]) -> list[Establishment]:
    """The establishments of these keys; raises Http404 where the viewer may not see one."""
    found = list(establishments(request.viewer).filter(pk__in=keys).order_by("pk"))
    if len(found) != len(set(keys)):
        raise Http404
    return found


def not_chosen(request: ViewerRequest) -> HttpResponse:
    """Back to the list, with what was wrong with the choice."""
    count = len(chosen_keys(request))
    too_many = f"一次最多办 {MOST_AT_ONCE} 件，您选了 {count} 件，请分几次。"
    messages.warning(request, too_many if count else "请先在名单里勾选要办的组建事项。")
    return redirect("establishments")
