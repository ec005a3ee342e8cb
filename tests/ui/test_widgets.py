"""The quick choice says what Django's own says."""

import pytest
from django import forms
from django.test.html import parse_html

from liangxin.ui.widgets import Select

CHOICES = [("", "未选"), ("1", "甲座"), ("2", '"乙" <座>')]


@pytest.mark.parametrize("value", [None, "", "2", 2, "9"])
@pytest.mark.parametrize("attrs", [{}, {"id": "id_site", "required": True, "aria-invalid": "true"}])
def test_it_says_what_djangos_own_says(value: object, attrs: dict[str, object]) -> None:
    quick, own = (
        kind(choices=CHOICES).render("site", value, attrs) for kind in (Select, forms.Select)
    )

    assert parse_html(quick) == parse_html(own)
