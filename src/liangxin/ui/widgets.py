"""Form controls that are quick with hundreds of choices."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html
from django.utils.safestring import SafeString

from liangxin.ui.markup import options_markup


class Select(forms.Select):
    """A choice among hundreds, without groups; Django's own renders a template for each of them."""

    def render(
        self, name: str, value: Any, attrs: Mapping[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        """The control with the chosen option marked."""
        told = flatatt(self.build_attrs(self.attrs, {"name": name, **(attrs or {})}))
        choices: Iterable[tuple[Any, Any]] = self.choices
        options = ((str(code or ""), str(title)) for code, title in choices)
        return format_html("<select{}>{}</select>", told, options_markup(options, str(value or "")))
