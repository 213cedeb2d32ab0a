"""A finished table: what every figure is drawn from and every CSV file holds."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Value = str | int | float | bool | None


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Attributes:
        name: heading of the CSV column.
        unit: what the numbers are counted in; empty for names.
        meaning: one sentence.
    """

    name: str
    unit: str
    meaning: str


@dataclass(frozen=True)
class Table:
    """Named columns and plain rows.

    Attributes:
        name: of the CSV file, without its ending.
        title: what the table shows.
        columns: in order.
        rows: one value a column each.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]

    def __post_init__(self) -> None:
        assert all(len(row) == len(self.columns) for row in self.rows), self.name

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns."""
        return tuple(column.name for column in self.columns)

    def values(self, name: str) -> list[Any]:
        """All values of one column, row by row."""
        index = self.names.index(name)
        return [row[index] for row in self.rows]

    def numbers(self, name: str) -> NDArray[np.float64]:
        """The same as floats; an empty cell becomes nan."""
        return np.array([np.nan if v is None else v for v in self.values(name)], dtype=np.float64)

    def unique(self, name: str) -> list[Any]:
        """The different values of one column, in the order of their first appearance."""
        return list(dict.fromkeys(self.values(name)))

    def where(self, name: str, value: Value) -> Table:
        """Only the rows that have ``value`` in column ``name``."""
        index = self.names.index(name)
        return replace(self, rows=tuple(row for row in self.rows if row[index] == value))


def make_table(
    name: str, title: str, columns: Sequence[Column], rows: Iterable[Sequence[Value]]
) -> Table:
    """A table from any rows; numpy numbers become plain ones."""
    plain = tuple(tuple(_plain(value) for value in row) for row in rows)
    return Table(name, title, tuple(columns), plain)


def write_csv(table: Table, folder: Path) -> Path:
    """Write ``folder/NAME.csv``: floats to their last digit, an empty cell for ``None``."""
    path = folder / f"{table.name}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(table.names)
        writer.writerows(table.rows)
    return path


def dictionary_of(tables: Sequence[Table]) -> Table:
    """What every column of ``tables`` means, as a table itself."""
    columns = (
        Column("file", "", "CSV file"),
        Column("column", "", "column of it"),
        Column("unit", "", "what its numbers are counted in"),
        Column("meaning", "", "what it says"),
    )
    rows = [
        (f"{table.name}.csv", column.name, column.unit, column.meaning)
        for table in tables
        for column in table.columns
    ]
    return make_table("columns", "What the columns of all tables mean", columns, rows)


def _plain(value: Any) -> Value:
    plain: Value = value.item() if isinstance(value, np.generic) else value
    return plain
