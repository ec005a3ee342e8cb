"""What a template is filled with: values by name, and rows by marker; all of it JSON can hold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

NOTHING = "—"
Plain = str | int | float | None


class Unit(StrEnum):
    """How a value is written."""

    TEXT = "text"
    NUMBER = "number"
    SHARE = "share"


NUMBER_FORMATS = {Unit.NUMBER: "#,##0", Unit.SHARE: "0.0%"}


@dataclass(frozen=True)
class Value:
    """One value: text, a number, or a share (0.5 is 50%); None where there is nothing to tell."""

    plain: Plain
    unit: Unit = Unit.TEXT

    @property
    def words(self) -> str:
        """The value as it stands in a sentence."""
        if self.plain is None or isinstance(self.plain, str):
            return self.plain if isinstance(self.plain, str) else NOTHING
        if self.unit is Unit.SHARE:
            return f"{self.plain:.1%}"
        return f"{self.plain:,}"

    @property
    def as_json(self) -> list[object]:
        return [self.plain, self.unit.value]


@dataclass(frozen=True)
class Rows:
    """The rows that stand for one repeated row; `keys` name each row from report to report.

    `columns` are the names of the placeholders of the row; the marker is one of them.
    """

    columns: tuple[str, ...]
    units: tuple[Unit, ...]
    keys: Sequence[str]
    titles: Sequence[str]
    rows: Sequence[Sequence[Plain]]

    def value(self, number: int, column: str) -> Value | None:
        """A cell; None where the rows have no such column."""
        if column not in self.columns:
            return None
        place = self.columns.index(column)
        return Value(self.rows[number][place], self.units[place])


@dataclass(frozen=True)
class Content:
    """Everything a report tells: `values` by placeholder, `tables` by marker."""

    values: Mapping[str, Value] = field(default_factory=dict)
    tables: Mapping[str, Rows] = field(default_factory=dict)

    def value(self, name: str) -> Value:
        """A value by its placeholder; nothing for one that was never collected."""
        return self.values.get(name, Value(None))


def as_json(content: Content) -> dict[str, Any]:
    """The content as values JSON can hold; `from_json` reads it."""
    return {
        "values": {name: value.as_json for name, value in content.values.items()},
        "tables": {
            marker: {
                "columns": list(table.columns),
                "units": [unit.value for unit in table.units],
                "keys": list(table.keys),
                "titles": list(table.titles),
                "rows": [list(row) for row in table.rows],
            }
            for marker, table in content.tables.items()
        },
    }


def from_json(told: Mapping[str, Any]) -> Content:
    """What `as_json` wrote."""
    return Content(
        values={name: Value(plain, Unit(unit)) for name, (plain, unit) in told["values"].items()},
        tables={
            marker: Rows(
                columns=tuple(table["columns"]),
                units=tuple(Unit(unit) for unit in table["units"]),
                keys=table["keys"],
                titles=table["titles"],
                rows=table["rows"],
            )
            for marker, table in told["tables"].items()
        },
    )
