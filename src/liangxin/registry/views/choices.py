"""What forms offer while somebody types a name; each answers with the options of a list."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from liangxin.kernel.pages import ViewerRequest, page
from liangxin.kernel.permissions import Permission
from liangxin.registry.queries.choices import (
    guide_label,
    guides_offered,
    party_label,
    party_organisations_offered,
    unit_label,
    units_offered,
)

LONGEST = 120


@page(Permission.EDIT_LEDGER)
def units(request: ViewerRequest) -> HttpResponse:
    """Units of the own scope that fit."""
    found = units_offered(request.viewer, _typed(request), at=timezone.localdate())
    return _options(request, [unit_label(one) for one in found])


@page(Permission.EDIT_LEDGER)
def party_organisations(request: ViewerRequest) -> HttpResponse:
    """Party organisations that fit."""
    found = party_organisations_offered(request.viewer, _typed(request), at=timezone.localdate())
    return _options(request, [party_label(one) for one in found])


@page(Permission.EDIT_LEDGER)
def guides(request: ViewerRequest) -> HttpResponse:
    """Instructors and liaisons that fit."""
    found = guides_offered(request.viewer, _typed(request), at=timezone.localdate())
    return _options(request, [guide_label(one) for one in found])


def _typed(request: ViewerRequest) -> str:
    """What was typed, whatever the form calls the field: the only one that travels."""
    text = next((value for value in request.GET.values() if isinstance(value, str)), "")
    # A choice made before comes back with its brackets: the name in front finds it again.
    return text.strip()[:LONGEST].rsplit("（", 1)[0]


def _options(request: ViewerRequest, labels: list[str]) -> HttpResponse:
    return render(request, "registry/_choice_options.html", {"labels": labels})
