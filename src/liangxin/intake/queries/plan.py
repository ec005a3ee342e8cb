"""A plan: what a batch would write, and what becomes of each row. Planning reads, it never writes.

Rows that do not exist yet carry negative keys; committing replaces them by reserved ones.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import models

from liangxin.intake.models import SheetReading
from liangxin.intake.queries.reach import Reach
from liangxin.intake.queries.row_packs import PackedRow
from liangxin.intake.terms import Outcome
from liangxin.registry.models import Fact
from liangxin.workbook.kinds import ListKind

MAX_LABEL = 200


@dataclass(frozen=True, slots=True)
class RowFault:
    """Why a row is set apart: the column, its value, the reason and the mend in Chinese."""

    column: str
    letter: str
    header: str
    value: str
    reason: str
    mend: str


@dataclass(frozen=True, slots=True)
class Change:
    """One value of a row that differs from the ledger, as people read it."""

    title: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class SetApart:
    """A row that will not be written, and why."""

    row: PackedRow
    outcome: Outcome
    label: str
    faults: tuple[RowFault, ...]


@dataclass(frozen=True, slots=True)
class Changed:
    """A row that will end what the ledger says now."""

    number: int
    label: str
    changes: tuple[Change, ...]


@dataclass(slots=True)
class Draft:
    """A row to insert; negative keys in `values` stand for rows that this plan creates."""

    model: type[models.Model]
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Ending:
    """A stored fact that stops being true on `on`."""

    model: type[Fact]
    key: int
    on: date


@dataclass(slots=True)
class SheetPlan:
    """What becomes of the rows of one sheet."""

    sheet: SheetReading
    kind: ListKind
    counts: Counter[str] = field(default_factory=Counter)
    set_apart: list[SetApart] = field(default_factory=list)
    changed: list[Changed] = field(default_factory=list)
    # Key of the ledger's row to the number of the first row of this sheet that named it.
    seen: dict[Any, int] = field(default_factory=dict)
    _places: dict[str, tuple[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._places = {
            column["code"]: (column["letter"], column["header"])
            for column in self.sheet.columns
            if column["code"]
        }

    def has_column(self, code: str) -> bool:
        """Whether the sheet has this column at all, blank or filled."""
        return code in self._places

    def fault(self, row: PackedRow, code: str, reason: str, mend: str) -> RowFault:
        """A fault of `row` in column `code`, with the column's place in this sheet."""
        letter, header = self._places.get(code, ("", self.kind.column(code).title))
        value = row.values.get(code, "")
        text = "、".join(value) if isinstance(value, tuple) else str(value)
        return RowFault(code, letter, header, text, reason, mend)

    def reject(self, row: PackedRow, faults: Sequence[RowFault]) -> None:
        """Set the row apart as wrong."""
        self.put_apart(row, outcome=Outcome.REJECTED, faults=faults)

    def put_apart(self, row: PackedRow, *, outcome: Outcome, faults: Sequence[RowFault]) -> None:
        """Set the row apart: nothing of it will be written."""
        label = str(row.values.get("name", ""))[:MAX_LABEL]
        self.counts[outcome] += 1
        self.set_apart.append(SetApart(row, outcome, label, tuple(faults)))

    def repeated(self, row: PackedRow, *, key: Any, code: str) -> RowFault | None:
        """The fault of a row whose key an earlier row of this sheet had; remembers the key."""
        first = self.seen.setdefault(key, row.number)
        if first == row.number:
            return None
        return self.fault(row, code, f"与第{first}行重复，已采用第{first}行", "核对后删去其中一行")

    def keep(self, row: PackedRow, *, changes: Sequence[Change]) -> None:
        """Count the row as changed, or unchanged where nothing differs."""
        if not changes:
            self.counts[Outcome.UNCHANGED] += 1
            return
        self.counts[Outcome.CHANGED] += 1
        label = str(row.values["name"])[:MAX_LABEL]
        self.changed.append(Changed(row.number, label, tuple(changes)))


@dataclass
class Plan:
    """Everything a batch would write, and the sheets it comes from."""

    as_of: date
    reach: Reach
    sheets: list[SheetPlan] = field(default_factory=list)
    drafts: list[Draft] = field(default_factory=list)
    endings: list[Ending] = field(default_factory=list)
    # Stored rows to take out (kept aside for undo) and stored rows to change in place.
    deletions: list[tuple[type[models.Model], int]] = field(default_factory=list)
    updates: dict[tuple[type[models.Model], int], dict[str, Any]] = field(default_factory=dict)
    # Compacted names of organisations whose rows are set apart, and where they stand.
    units_apart: dict[str, tuple[str, int]] = field(default_factory=dict)
    _last_key: Counter[type[models.Model]] = field(default_factory=Counter)

    def new_key(self, model: type[models.Model]) -> int:
        """A negative key for a row of `model` that this plan creates: -1, -2, …"""
        self._last_key[model] -= 1
        return self._last_key[model]

    def add(self, model: type[models.Model], values: dict[str, Any]) -> Draft:
        """Plan a row to insert."""
        draft = Draft(model, values)
        self.drafts.append(draft)
        return draft

    def end(self, model: type[Fact], *, key: int, valid_from: date, on: date) -> None:
        """Plan the end of a stored fact; one that would have lasted no day is taken out instead."""
        if valid_from < on:
            self.endings.append(Ending(model, key, on))
        else:
            self.deletions.append((model, key))

    def update(self, model: type[models.Model], *, key: int, values: dict[str, Any]) -> None:
        """Plan to change columns of a stored row in place."""
        self.updates.setdefault((model, key), {}).update(values)
