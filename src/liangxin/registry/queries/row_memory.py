"""Rows of the ledger as JSON and back, every column as it was."""

import json
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import models

from liangxin.kernel.encryption import blind_index


def remembered(row: models.Model, *, columns: Iterable[str] | None = None) -> str:
    """The row's values by column, all or the named ones, as JSON; sealed columns in the open."""
    wanted = set(columns) if columns is not None else None
    values = {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if wanted is None or field.attname in wanted
    }
    return json.dumps(values, default=_told, ensure_ascii=False)


def recalled(model: type[models.Model], text: str) -> dict[str, Any]:
    """The values by column, each in its own type again."""
    told = json.loads(text) if text else {}
    fields = {field.attname: field for field in model._meta.concrete_fields}
    return {name: fields[name].to_python(value) for name, value in told.items() if name in fields}


def changed_memory(row: models.Model, values: dict[str, Any]) -> str:
    """What the named columns hold before they get `values`, and marks of what they hold afterwards.

    Marks, not values: an ID number that was erased later must not live on here.
    """
    before = json.loads(remembered(row, columns=values))
    after = {name: mark(value) for name, value in values.items()}
    return json.dumps({"before": before, "after": after}, ensure_ascii=False)


def recalled_change(
    model: type[models.Model], text: str
) -> tuple[dict[str, Any], dict[str, str | None]]:
    """The values before, and the marks of the values after, by column."""
    told = json.loads(text)
    return recalled(model, json.dumps(told["before"])), told["after"]


def mark(value: object) -> str | None:
    """A keyed digest by which a value is known again."""
    return blind_index(json.dumps(value, default=_told, ensure_ascii=False))


def _told(value: object) -> str:
    # To the microsecond: a row put back must equal the row taken out.
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"no JSON for {type(value).__name__}")
