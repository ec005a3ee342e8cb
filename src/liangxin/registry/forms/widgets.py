"""Inputs that the forms of the ledger share."""

from django import forms
from django.urls import reverse_lazy


def date_input() -> forms.DateInput:
    # Browsers take only this form; the language's own would leave the field empty.
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


def asks(
    url_name: str, *, target: str, trigger: str, include: str = "", swap: str = "innerHTML"
) -> dict[str, object]:
    """Attributes of an input that asks the server while somebody types."""
    # Only the named fields travel in the address: whole forms would leave phones in access logs.
    return {
        "hx-get": reverse_lazy(url_name),
        "hx-target": target,
        "hx-swap": swap,
        "hx-trigger": trigger,
        "hx-include": include or "this",
        "hx-sync": "this:replace",
        "autocomplete": "off",
    }
