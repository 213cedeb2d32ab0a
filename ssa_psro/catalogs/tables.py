"""CSV tables that people write by hand: every fault of a file at once, each with its line."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from ssa_psro.catalogs.element_set import whole
from ssa_psro.catalogs.omm_fields import any_instant
from ssa_psro.catalogs.omm_formats import separator_of, split_cells, why_unread
from ssa_psro.catalogs.reading import read_text
from ssa_psro.catalogs.records import RecordError, decimal, lines_of
from ssa_psro.errors import CatalogError, Fault, did_you_mean

Cell = Callable[[str], Any]
"""What a text in a column means; raises ``RecordError``."""
Row = dict[str, Any]
"""Values by column, without the columns left blank."""

MOST_ROWS = 500_000
"""A dozen of every object in the whole public catalogue."""
MOST_FAULTS = 1000
"""Told of a file; whoever mends them looks again."""

FLAGS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def read_table(
    path: Path, columns: Mapping[str, Cell], *, required: Collection[str]
) -> list[tuple[int, Row]]:
    """The rows of the file at ``path`` and their lines.

    Args:
        path: a line of column names, then a row a line, separated by commas, semicolons, tabs or
            bars; lines that begin with ``#`` are comments.
        columns: what may stand in it, by name.
        required: columns that every row must fill.

    Raises:
        CatalogError: with every fault of the file, at most ``MOST_FAULTS``.
    """
    lines = (
        (number, line)
        for number, line in lines_of(read_text(path))
        if line.strip() and not line.lstrip().startswith("#")
    )
    number, names = next(lines, (1, ""))
    separator = separator_of(names.lower(), columns)
    header = [name.strip().lower() for name in split_cells(names, separator) or [""]]
    told = _header_faults(f"line {number}", header, columns, required)
    faults = list(islice(told, MOST_FAULTS))
    rows = []
    if not faults:
        reader = _RowReader(header, separator, columns, required, faults)
        for number, line in lines:
            rows.append((number, reader.row(f"line {number}", line)))
            if len(faults) >= MOST_FAULTS:
                faults.append(Fault(f"line {number}", None, "is not the last", "Mend these first."))
                break
            if len(rows) > MOST_ROWS:
                cure = "Leave out rows that are not needed."
                faults.append(Fault("the file", None, f"has more than {MOST_ROWS} rows", cure))
                break
    if faults:
        raise CatalogError(str(path), faults)
    return rows


def number_cell(low: float, high: float) -> Cell:
    """Numbers from ``low`` to ``high``."""

    def cell(text: str) -> float:
        value = decimal(text, "the value")
        if not low <= value <= high:
            raise RecordError("is out of range", f"Write a number from {low:g} to {high:g}.")
        return value

    return cell


def flag_cell(text: str) -> bool:
    """true or false."""
    found = FLAGS.get(whole(text.lower()))  # tables of numbers write 1.0 where a value is missing
    if found is None:
        raise RecordError("is neither true nor false", "Write true or false.")
    return found


def instant_cell(text: str) -> datetime:
    """A date and time in UTC."""
    try:
        return any_instant(text)
    except RecordError:
        cure = "Write UTC, as in 2026-03-20T06:00:00."
        raise RecordError("is not a date and time", cure) from None


def _header_faults(
    at: str, header: list[str], columns: Mapping[str, Cell], required: Collection[str]
) -> Iterator[Fault]:
    for name in dict.fromkeys(header):
        if name not in columns:
            yield Fault(at, name, "unknown column", did_you_mean(name, columns))
        elif header.count(name) > 1:
            yield Fault(at, name, "column is there twice", "Keep one of them.")
    for name in required:
        if name not in header:
            yield Fault(at, None, f"column {name} is missing", f"Add {name}.")


@dataclass
class _RowReader:
    """Reads rows under one header and collects their faults."""

    header: list[str]
    separator: str
    columns: Mapping[str, Cell]
    required: Collection[str]
    faults: list[Fault]

    def row(self, at: str, line: str) -> Row:
        """The values in ``line``; whatever is wrong with it goes to the faults."""
        texts = split_cells(line, self.separator)
        if texts is None or len(texts) != len(self.header):
            what = why_unread(line) if texts is None else f"has {len(texts)} values"
            cure = f"Write {len(self.header)} values, separated as the names are."
            self.faults.append(Fault(at, None, what, cure))
            return {}
        found = dict(zip(self.header, map(str.strip, texts), strict=True))
        self.faults += [
            Fault(f"{at}, {name}", None, "is blank", "Fill it in.")
            for name in self.required
            if not found[name]
        ]
        return {
            name: self._cell(f"{at}, {name}", name, text) for name, text in found.items() if text
        }

    def _cell(self, at: str, name: str, text: str) -> Any:
        try:
            return self.columns[name](text)
        except RecordError as error:
            self.faults.append(Fault(at, text, error.problem, error.cure))
            return None
