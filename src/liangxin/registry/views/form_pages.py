"""How the forms of the ledger are shown, refused and left."""

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from liangxin.kernel.pages import ViewerRequest
from liangxin.registry.actions.form_refusals import StaleForm
from liangxin.registry.actions.refusals import RefusedChange
from liangxin.registry.forms.ledger_form import Difference, LedgerForm


@dataclass(frozen=True, kw_only=True)
class FormPage:
    """What stands around a form; `edition` is that of the record as it is now, '' for a new one."""

    title: str
    back_url: str
    back_name: str
    lead: str = ""
    edition: str = ""
    submit: str = "保存"
    may_confirm: bool = False
    template: str = "registry/ledger_form.html"


def shown(
    request: ViewerRequest,
    form: LedgerForm,
    page: FormPage,
    *,
    refusal: RefusedChange | None = None,
    more: dict[str, object] | None = None,
) -> HttpResponse:
    """The page of a form; what a refusal says stands at the answer it is about."""
    conflict: tuple[Difference, ...] = ()
    if refusal is not None and not form.is_bound:
        # Nothing was typed: the page shows the record as it is now.
        messages.error(request, str(refusal))
    elif refusal is not None:
        add_refusal(form, refusal)
        if isinstance(refusal, StaleForm):
            conflict = form.differences()
    # After a conflict the form goes on from what the other person saved.
    is_fresh = request.method == "GET" or isinstance(refusal, StaleForm)
    based_on = page.edition if is_fresh else request.POST.get("based_on", "")
    context = {"form": form, "page": page, "conflict": conflict, "based_on": based_on}
    return render(request, page.template, {**context, **(more or {})})


def add_refusal(form: forms.Form, refusal: RefusedChange) -> None:
    """Put a refusal at its answer, or over the form where the form does not ask for it."""
    form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))


def leave(request: ViewerRequest, url: str) -> HttpResponse:
    """Go where the form was called from, if that is a page of ours, else to `url`."""
    asked = request.POST.get("next", "") or request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(asked, allowed_hosts={request.get_host()})
    return redirect(asked if asked and is_ours else url)
