"""Where everybody lands after logging in."""

from django.http import HttpResponse
from django.shortcuts import render

from liangxin.kernel.pages import ViewerRequest, page
from liangxin.kernel.permissions import Permission


@page(Permission.SEE_HOME)
def home(request: ViewerRequest) -> HttpResponse:
    """The viewer's own starting page."""
    return render(request, "insight/home.html", {})
