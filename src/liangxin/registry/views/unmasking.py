"""Numbers in full: a fragment that asks for the reason, and the fragment that shows them."""

from collections.abc import Callable
from datetime import date
from typing import Protocol

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from liangxin.kernel.pages import ViewerRequest, page
from liangxin.kernel.permissions import Permission
from liangxin.kernel.viewer import Viewer
from liangxin.registry.actions.unmasking import (
    NoReason,
    OpenedNumbers,
    OutOfSight,
    open_guide_phone,
    open_member_numbers,
    open_organisation_phone,
)
from liangxin.registry.queries import organisations_in_scope
from liangxin.registry.queries.guides import guides
from liangxin.registry.queries.people import member_persons


class Opening(Protocol):
    """An action of actions.unmasking."""

    def __call__(self, key: int, /, *, by: Viewer, reason: str, today: date) -> OpenedNumbers: ...


Sight = Callable[[Viewer, int, date], bool]


@page(Permission.SEE_PEOPLE)
@require_http_methods(["GET", "POST"])
@never_cache
def member_numbers(request: ViewerRequest, person_id: int) -> HttpResponse:
    """A member's numbers."""
    return _opened(request, open_member_numbers, person_id, _is_member_seen)


@page(Permission.SEE_LEDGER)
@require_http_methods(["GET", "POST"])
@never_cache
def guide_phone(request: ViewerRequest, person_id: int) -> HttpResponse:
    """An instructor's or liaison's telephone number."""
    return _opened(request, open_guide_phone, person_id, _is_guide_seen)


@page(Permission.SEE_LEDGER)
@require_http_methods(["GET", "POST"])
@never_cache
def organisation_phone(request: ViewerRequest, organisation_id: int) -> HttpResponse:
    """The telephone number of an organisation's contact."""
    return _opened(request, open_organisation_phone, organisation_id, _is_organisation_seen)


@sensitive_variables("opened")
def _opened(request: ViewerRequest, opening: Opening, key: int, is_seen: Sight) -> HttpResponse:
    reason = request.POST.get("reason", "")
    context: dict[str, object] = {"address": request.path, "reason": reason}
    if request.method == "POST":
        try:
            opened = opening(key, by=request.viewer, reason=reason, today=timezone.localdate())
        except OutOfSight as missing:
            raise Http404 from missing
        except NoReason as refusal:
            context["error"] = str(refusal)
        else:
            return render(request, "registry/_numbers.html", {"opened": opened})
    elif not is_seen(request.viewer, key, timezone.localdate()):
        raise Http404
    return render(request, "registry/_unmask_form.html", context)


def _is_member_seen(viewer: Viewer, key: int, today: date) -> bool:
    return member_persons(viewer, at=today).filter(pk=key).exists()


def _is_guide_seen(viewer: Viewer, key: int, today: date) -> bool:
    return guides(viewer, at=today).filter(person_id=key).exists()


def _is_organisation_seen(viewer: Viewer, key: int, today: date) -> bool:
    return organisations_in_scope(viewer, at=today).filter(organisation_id=key).exists()
