"""What is held on a person: for themselves, and for the office that prints it for them."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from liangxin.insight.actions.held_data import open_held_data
from liangxin.insight.queries.held_data import own_data as own_data_of
from liangxin.kernel.pages import ViewerRequest, page
from liangxin.kernel.permissions import Permission

TEMPLATE = "insight/held_data.html"


@page(Permission.SEE_HOME)
@never_cache
def own_data(request: ViewerRequest) -> HttpResponse:
    """本人信息."""
    today = timezone.localdate()
    found = own_data_of(request.viewer, at=today)
    return render(request, TEMPLATE, {"people": found, "at": today, "is_own": True})


@page(Permission.SEE_PEOPLE)
@never_cache
def held_data(request: ViewerRequest, person_id: int) -> HttpResponse:
    """系统中的全部信息."""
    today = timezone.localdate()
    found = open_held_data(person_id, by=request.viewer, at=today)
    if found is None:
        raise Http404
    return render(request, TEMPLATE, {"people": [found], "at": today, "is_own": False})
