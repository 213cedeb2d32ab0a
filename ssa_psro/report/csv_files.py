"""The one writer of CSV files of results: UTF-8, floats to their last digit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ssa_psro.findings import Table
from ssa_psro.inputs.cells import csv_text
from ssa_psro.inputs.files import write_bytes


def write_csv(table: Table, folder: Path) -> Path:
    """Write ``folder/NAME.csv``, at once or not at all; an empty cell for ``None``."""
    path, flat = folder / f"{table.name}.csv", table.flat()
    _write(path, flat.names, flat.rows)
    return path


def write_rows(path: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write rows of named values; columns in the order in which they first appear."""
    columns = list(dict.fromkeys(key for row in rows for key in row))
    _write(path, columns, ([row.get(column) for column in columns] for row in rows))


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    write_bytes(path, csv_text([header, *rows]).encode())
