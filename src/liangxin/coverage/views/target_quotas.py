"""年度名额: how many members each street may add in a year."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from liangxin.coverage.actions.targets import YEARS, set_quotas
from liangxin.coverage.forms.targets import QuotaForm
from liangxin.coverage.queries.targets import quotas_of
from liangxin.kernel.pages import ViewerRequest, page
from liangxin.kernel.permissions import Permission
from liangxin.registry.queries.sites import editable_streets


@page(Permission.EDIT_RULES)
def target_quotas(request: ViewerRequest) -> HttpResponse:
    """Type the quotas of a year, once; every later computation of that year takes them."""
    year = _year(request)
    streets = list(editable_streets(request.viewer).values_list("pk", "name"))
    known = {f"street_{key}": number for key, number in quotas_of(year).items()}
    form = QuotaForm(request.POST or None, streets=streets, initial=known)
    if request.method == "POST" and form.is_valid():
        changed = set_quotas(year, form.numbers(), by=request.viewer)
        messages.success(request, f"已保存，{changed} 个街道的名额有改动。")
        return redirect(f"{reverse('target-quotas')}?year={year}")
    context = {"form": form, "year": year, "before": year - 1, "after": year + 1}
    return render(request, "coverage/target_quotas.html", context)


def _year(request: ViewerRequest) -> int:
    text = request.GET.get("year", "")
    year = int(text) if text.isdecimal() and len(text) == 4 else 0
    return year if year in YEARS else timezone.localdate().year
