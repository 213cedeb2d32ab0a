"""Forecast manoeuvre windows from a CSV: when an object may manoeuvre, how likely, how hard."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from math import pi
from pathlib import Path
from typing import Final

from ssa_psro.catalogs.attributes import object_key
from ssa_psro.catalogs.element_set import ElementSet
from ssa_psro.catalogs.tables import Cell, instant_cell, number_cell, read_table
from ssa_psro.errors import CatalogError, Fault

CROSS_TRACK: Final = 2.0 / (3.0 * pi)
"""An impulse across the plane displaces by at most delta_v / n, a quarter of a period later; so
many times its size along track, which displaces by 3 delta_v t, does the same in that time."""


@dataclass(frozen=True)
class Forecast:
    """One forecast window.

    Attributes:
        object: catalogue id or name.
        start_utc: the manoeuvre comes no earlier.
        end_utc: nor later.
        probability: that it comes at all.
        delta_v_m_s: along-track impulse that displaces as much as the manoeuvre does; of a burn
            across the plane ``CROSS_TRACK`` times its size.
    """

    object: str
    start_utc: datetime
    end_utc: datetime
    probability: float = 1.0
    delta_v_m_s: float = 0.5


COLUMNS: dict[str, Cell] = {
    "object": str,
    "start_utc": instant_cell,
    "end_utc": instant_cell,
    "probability": number_cell(0.0, 1.0),
    "delta_v_m_s": number_cell(0.0, 1000.0),
}


def read_forecasts(path: str | Path) -> tuple[Forecast, ...]:
    """The windows in the file at ``path``.

    Raises:
        CatalogError: with every fault: of the file, of a cell, windows that end before they start,
            or that overlap another of the same object.
    """
    table = read_table(Path(path), COLUMNS, required=("object", "start_utc", "end_utc"))
    rows = [(number, Forecast(**row)) for number, row in table]
    faults = [
        Fault(f"line {number}, end_utc", None, "is not after start_utc", "Write a later time.")
        for number, row in rows
        if row.end_utc <= row.start_utc
    ]
    # by object and start, so that only neighbours can overlap
    ordered = sorted(rows, key=lambda item: (object_key("", item[1].object), item[1].start_utc))
    for (number, one), (later, other) in pairwise(ordered):
        if other.start_utc < one.end_utc and _same(one, other):
            problem = f"overlaps the window of line {number}"
            faults.append(Fault(f"line {later}, start_utc", None, problem, "Keep them apart."))
    if faults:
        raise CatalogError(str(path), faults)
    return tuple(row for _, row in rows)


def forecasts_of(
    rows: Iterable[Forecast], element_sets: Sequence[ElementSet]
) -> tuple[tuple[Forecast, ...], ...]:
    """The windows of each element set, found by its id or by its name."""
    table: dict[str, list[Forecast]] = {}
    for row in rows:
        # an object may be called by its id or by its name, and nothing tells which is meant
        for key in {object_key(row.object, ""), object_key("", row.object)}:
            table.setdefault(key, []).append(row)
    return tuple(
        tuple(
            table.get(object_key(one.catalog_id, ""), []) or table.get(object_key("", one.name), [])
        )
        for one in element_sets
    )


def unmatched_forecasts(
    rows: Sequence[Forecast], element_sets: Sequence[ElementSet]
) -> tuple[Forecast, ...]:
    """The windows of objects that are not among ``element_sets``."""
    matched = {id(row) for found in forecasts_of(rows, element_sets) for row in found}
    return tuple(row for row in rows if id(row) not in matched)


def forecasts_csv(rows: Iterable[Forecast]) -> str:
    """``rows`` as the text of a file that reads back as them."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows:
        start, end = (_instant(moment) for moment in (row.start_utc, row.end_utc))
        writer.writerow([row.object, start, end, row.probability, row.delta_v_m_s])
    return text.getvalue()


def _same(one: Forecast, other: Forecast) -> bool:
    return object_key("", one.object) == object_key("", other.object)


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
