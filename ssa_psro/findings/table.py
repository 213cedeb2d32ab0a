"""A finished table: what figures are drawn from, and what text, CSV, pages and Markdown show."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

import numpy as np

from ssa_psro.arrays import Floats
from ssa_psro.metagame.intervals import Interval

Value = str | int | float | bool | Interval | None

Facts = Sequence[tuple[str, str]]
"""Labels and what there is to say of each, for people."""

SIDES = ("blue", "red")

UTC = "UTC"
"""Unit of columns that hold instants, as ISO 8601 text."""


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Attributes:
        name: heading of the CSV column.
        unit: what the numbers are counted in; empty for names.
        meaning: one sentence.
        heading: what people read above it; the name, if empty.
        write: one value as people read it.
    """

    name: str
    unit: str = ""
    meaning: str = ""
    heading: str = ""
    write: Callable[[Any], str] = str


@dataclass(frozen=True)
class Table:
    """Named columns and plain rows.

    Attributes:
        name: of the CSV file, without its ending.
        title: what the table shows.
        columns: in order.
        rows: one value a column each.
        note: what people read below it.
        marked: places of the rows that are set off, from 0.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    note: str = ""
    marked: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        assert all(len(row) == len(self.columns) for row in self.rows), self.name

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns."""
        return tuple(column.name for column in self.columns)

    @property
    def header(self) -> list[str]:
        """What people read above the columns."""
        return [column.heading or column.name for column in self.columns]

    @property
    def texts(self) -> list[list[str]]:
        """What people read in the rows; nothing where there is no value."""
        writers = [column.write for column in self.columns]
        return [
            ["" if v is None else write(v) for write, v in zip(writers, row, strict=True)]
            for row in self.rows
        ]

    def values(self, name: str) -> list[Any]:
        """All values of one column, row by row."""
        index = self.names.index(name)
        return [row[index] for row in self.rows]

    def numbers(self, name: str) -> Floats:
        """All values of one column as floats; an empty cell becomes nan."""
        return np.array([np.nan if v is None else v for v in self.values(name)], dtype=np.float64)

    def intervals(self, prefix: str = "") -> list[Interval]:
        """The intervals that stand in ``mean``, ``low``, ``high`` and ``episodes``, row by row."""
        parts = (f"{prefix}{name}" for name in ("mean", "low", "high", COUNT.name))
        return [Interval(*row) for row in zip(*map(self.values, parts), strict=True)]

    def unique(self, name: str) -> list[Any]:
        """The different values of one column, in the order of their first appearance."""
        return list(dict.fromkeys(self.values(name)))

    def where(self, name: str, value: Value) -> Table:
        """Only the rows that have ``value`` in column ``name``."""
        index = self.names.index(name)
        return replace(self, rows=tuple(row for row in self.rows if row[index] == value))

    def first(self, count: int) -> Table:
        """Only the first rows."""
        return replace(self, rows=self.rows[:count])

    def flat(self) -> Table:
        """The table with four columns for each column of intervals, and a number in every cell."""
        kinds = [any(isinstance(row[n], Interval) for row in self.rows) for n in range(self.width)]
        pairs = list(zip(self.columns, kinds, strict=True))
        columns = chain.from_iterable(_flat_columns(*pair) for pair in pairs)
        rows = (
            chain.from_iterable(_flat_values(*cell) for cell in zip(row, kinds, strict=True))
            for row in self.rows
        )
        return replace(self, columns=tuple(columns), rows=tuple(map(tuple, rows)))

    @property
    def width(self) -> int:
        """How many columns there are."""
        return len(self.columns)


def make_table(
    name: str,
    title: str,
    columns: Iterable[Column],
    rows: Iterable[Sequence[Value]],
    *,
    note: str = "",
    marked: Sequence[int] = (),
) -> Table:
    """A table from any rows; numpy numbers become plain ones."""
    plain = tuple(tuple(_plain(value) for value in row) for row in rows)
    return Table(name, title, tuple(columns), plain, note, tuple(marked))


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
        for column in table.flat().columns
    ]
    return make_table("columns", "What the columns of all tables mean", columns, rows)


SIDE = Column("side", "", "blue or red; both, where they share a population")
ITERATION = Column("iteration", "", "PSRO iteration, from 1")
BEST = Column("best", "", "whether this is the iterate to use: the lowest credible bound")
COUNT = Column("episodes", "episodes", "how many episodes the estimate rests on")
"""Columns that several tables share, so that one word means one thing in all of them."""


def interval_columns(unit: str, what: str, prefix: str = "") -> tuple[Column, ...]:
    """``mean``, ``low`` and ``high`` of one quantity."""
    return (
        Column(f"{prefix}mean", unit, what),
        Column(f"{prefix}low", unit, "lower bound of its 95 % interval"),
        Column(f"{prefix}high", unit, "upper bound of its 95 % interval"),
    )


def numbers_of(interval: Interval) -> tuple[Value, Value, Value]:
    """What goes into :func:`interval_columns`."""
    return interval.mean, interval.low, interval.high


def _flat_columns(column: Column, intervals: bool) -> tuple[Column, ...]:
    if not intervals:
        return (column,)
    count = Column(f"{column.name}_count", COUNT.unit, COUNT.meaning)
    return (*interval_columns(column.unit, column.meaning, f"{column.name}_"), count)


def _flat_values(value: Value, intervals: bool) -> tuple[Value, ...]:
    if isinstance(value, Interval):
        return (*numbers_of(value), value.count)
    return (None,) * 4 if intervals else (value,)


def _plain(value: Any) -> Value:
    plain: Value = value.item() if isinstance(value, np.generic) else value
    return plain
