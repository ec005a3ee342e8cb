"""Telling the ledger dated facts by form: what holds from a day on, or was recorded wrongly."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from liangxin.registry.actions.form_refusals import PrecedesKnown, StaleForm
from liangxin.registry.actions.refusals import FutureDate
from liangxin.registry.models import Fact, PartyOrganisation, Person, Provenance, Site

FORM_SOURCE = "手工填写"
Recorded = Fact | Person | PartyOrganisation | Site


@dataclass(frozen=True, kw_only=True)
class Telling:
    """How facts are told: from a day on, or, where `from_date` is None, as a correction.

    A day before what the ledger holds needs `may_precede`; the fact then lasts until the next one known.
    """

    told: Provenance
    from_date: date | None
    may_precede: bool = False


def edition(*rows: Recorded | None) -> str:
    """What a form remembers of the rows it showed; new after every saved change of any of them."""
    return "_".join(f"{row.pk}.{row.provenance_id}" if row else "0" for row in rows)


def refuse_stale(*rows: Recorded | None, based_on: str) -> None:
    """Raise StaleForm unless the rows, locked, are those a form showed."""
    if edition(*rows) != based_on:
        newest = max((row.provenance for row in rows if row), key=lambda told: told.pk)
        raise StaleForm(newest)


def refuse_future(day: date | None, *, today: date) -> None:
    """Raise FutureDate for a day after today."""
    if day and day > today:
        raise FutureDate("日期不能晚于今天；台账只记已经发生的事。")


def tell_fact(
    model: type[Fact],
    keys: Mapping[str, Any],
    values: Mapping[str, Any] | None,
    *,
    telling: Telling,
) -> bool:
    """Let `values` hold for the series of `keys` (None: nothing holds); False where nothing differs.

    A fact dated like the one in force corrects it; else that one ends and another begins.
    Call inside the transaction that locked the series' owner. Raises PrecedesKnown.
    """
    series = list(model._base_manager.filter(**keys).order_by("valid_from", "pk"))
    day = _day(series, telling)
    before = next((row for row in reversed(series) if _holds(row, day)), None)
    if _is_same(before, values):
        return False
    if series and day < series[-1].valid_from and not telling.may_precede:
        raise PrecedesKnown(series[-1])
    if before is not None and before.valid_from == day:
        _replace(before, values, told=telling.told)
        return True
    ends = _end_of(series, before, day=day)
    if before is not None:
        end_fact(before, on=day, told=telling.told)
    if values is not None:
        begin_fact(model, {**keys, **values}, from_date=day, until=ends, told=telling.told)
    return True


def begin_fact(
    model: type[Fact],
    values: Mapping[str, Any],
    *,
    from_date: date,
    told: Provenance,
    until: date | None = None,
) -> Fact:
    """Write one new fact."""
    row: Fact = model._base_manager.create(
        **values,
        valid_from=from_date,
        valid_to=until,
        recorded_at=told.recorded_at,
        provenance=told,
    )
    return row


def end_fact(row: Fact, *, on: date, told: Provenance) -> None:
    """End a fact; what would have lasted no day is taken out."""
    found = type(row)._base_manager.filter(pk=row.pk)
    if row.valid_from >= on:
        found.delete()
    else:
        found.update(valid_to=on, ended_by=told)


def _day(series: list[Fact], telling: Telling) -> date:
    if telling.from_date is not None:
        return telling.from_date
    # A correction: where the ledger holds nothing there is nothing to put right, only to begin.
    return series[-1].valid_from if series else telling.told.as_of_date


def _holds(row: Fact, day: date) -> bool:
    return row.valid_from <= day and (row.valid_to is None or row.valid_to > day)


def _is_same(before: Fact | None, values: Mapping[str, Any] | None) -> bool:
    if before is None or values is None:
        return before is None and values is None
    return all(getattr(before, name) == value for name, value in values.items())


def _replace(row: Fact, values: Mapping[str, Any] | None, *, told: Provenance) -> None:
    found = type(row)._base_manager.filter(pk=row.pk)
    if values is None:
        found.delete()
    else:
        found.update(**values, provenance=told, recorded_at=told.recorded_at)


def _end_of(series: list[Fact], before: Fact | None, *, day: date) -> date | None:
    if before is not None:
        return before.valid_to
    return next((row.valid_from for row in series if row.valid_from > day), None)
