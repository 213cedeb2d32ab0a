"""What element sets do not say of an object, from two CSV files with a line of column names.

*Attributes*: size, brightness, whether it is contested. ``catalog_id`` or ``name`` says which
object (or, for a name that several objects bear, objects) a row is about; other columns may be left
out, and cells left blank.

*Forecasts*: when an object may manoeuvre, how likely, how hard.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import pairwise
from math import pi
from pathlib import Path
from typing import Final

from ssa_psro.catalogs.element_set import PLACEHOLDERS, ElementSet, canonical_id
from ssa_psro.catalogs.tables import (
    MOST_FAULTS,
    Cell,
    flag_cell,
    instant_cell,
    number_cell,
    read_table,
)
from ssa_psro.errors import CatalogError, Fault
from ssa_psro.inputs.cells import csv_text


@dataclass(frozen=True)
class Attributes:
    """What is known of one object; ``None`` is not known.

    Attributes:
        catalog_id: which object; if blank, ``name`` says so.
        name: its name.
        radius_m: of the sphere that shines as it does.
        albedo: share of light that the sphere reflects.
        standard_magnitude: at 1,000 km and half lit (phase angle 90°), as amateur observers' lists
            give it; instead of radius and albedo.
        brightness_scatter_mag: standard deviation of its magnitude from day to day.
        contested: whether both operators vie for it.
        weight: of its coverage in the score.
    """

    catalog_id: str = ""
    name: str = ""
    radius_m: float | None = None
    albedo: float | None = None
    standard_magnitude: float | None = None
    brightness_scatter_mag: float | None = None
    contested: bool | None = None
    weight: float | None = None


ATTRIBUTE_COLUMNS: dict[str, Cell] = {
    "catalog_id": str,
    "name": str,
    "radius_m": number_cell(0.001, 1000.0),
    "albedo": number_cell(0.001, 1.0),
    "standard_magnitude": number_cell(-5.0, 30.0),
    "brightness_scatter_mag": number_cell(0.0, 5.0),
    "contested": flag_cell,
    "weight": number_cell(0.0, 1e6),
}


def read_attributes(path: str | Path) -> tuple[Attributes, ...]:
    """The rows of the file at ``path``.

    Raises:
        CatalogError: with every fault: of the file, of a cell, of rows about nobody or one object.
    """
    rows = read_table(Path(path), ATTRIBUTE_COLUMNS, required=())
    faults: list[Fault] = []
    seen: dict[str, int] = {}
    for number, row in rows:
        key = object_key(row.get("catalog_id", ""), row.get("name", ""))
        if not key and row.get("catalog_id"):
            problem, cure = "is a number that stands for none", "Fill in the name."
            faults.append(Fault(f"line {number}, catalog_id", row["catalog_id"], problem, cure))
        elif not key:
            cure = "Fill in catalog_id or name."
            faults.append(Fault(f"line {number}", None, "says not which object", cure))
        elif seen.setdefault(key, number) != number:
            problem = f"is about the same object as line {seen[key]}"
            faults.append(Fault(f"line {number}", None, problem, "Keep one of them."))
        if len(faults) >= MOST_FAULTS:
            break
    if faults:
        raise CatalogError(str(path), faults)
    return tuple(Attributes(**row) for _, row in rows)


def attributes_of(
    rows: Iterable[Attributes], element_sets: Sequence[ElementSet]
) -> tuple[Attributes | None, ...]:
    """The row about each element set, found by its id or else by its name; ``None`` without one.

    Of an object that both an id and a name speak of, the row with the id is taken.
    """
    table = {object_key(row.catalog_id, row.name): row for row in rows}
    return tuple(
        table.get(object_key(one.catalog_id, one.name)) or table.get(object_key("", one.name))
        for one in element_sets
    )


def unmatched(
    rows: Sequence[Attributes], element_sets: Sequence[ElementSet]
) -> tuple[Attributes, ...]:
    """The rows that are taken for none of ``element_sets``."""
    matched = {id(row) for row in attributes_of(rows, element_sets)}
    return tuple(row for row in rows if id(row) not in matched)


def attributes_csv(rows: Iterable[Attributes]) -> str:
    """``rows`` as the text of a file that reads back as them; columns nobody fills are left out."""
    written = [{name: _cell(value) for name, value in asdict(row).items()} for row in rows]
    columns = [name for name in ATTRIBUTE_COLUMNS if any(row[name] for row in written)]
    return csv_text([columns, *([row[name] for name in columns] for row in written)])


def object_key(catalog_id: str, name: str) -> str:
    """What objects are matched by: the id where there is one, else the name, whatever its case.

    A number that stands for none is no id.
    """
    if catalog_id and canonical_id(catalog_id) not in PLACEHOLDERS:
        return f"id {canonical_id(catalog_id)}"
    return f"name {' '.join(name.split()).casefold()}" if name else ""


def _cell(value: object) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


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


FORECAST_COLUMNS: dict[str, Cell] = {
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
    table = read_table(Path(path), FORECAST_COLUMNS, required=("object", "start_utc", "end_utc"))
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
        if len(faults) >= MOST_FAULTS:
            break
    if faults:
        raise CatalogError(str(path), faults[:MOST_FAULTS])
    return tuple(row for _, row in rows)


def forecasts_of(
    rows: Iterable[Forecast], element_sets: Sequence[ElementSet]
) -> tuple[tuple[Forecast, ...], ...]:
    """The windows of each element set, found by its id or by its name."""
    table: dict[str, list[Forecast]] = {}
    for row in rows:
        # an object may be called by its id or by its name, and nothing tells which is meant
        for key in {object_key(row.object, ""), object_key("", row.object)} - {""}:
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
    """The windows that are taken for none of ``element_sets``."""
    matched = {id(row) for found in forecasts_of(rows, element_sets) for row in found}
    return tuple(row for row in rows if id(row) not in matched)


def forecasts_csv(rows: Iterable[Forecast]) -> str:
    """``rows`` as the text of a file that reads back as them."""
    written: list[list[object]] = [list(FORECAST_COLUMNS)]
    for row in rows:
        start, end = (_instant(moment) for moment in (row.start_utc, row.end_utc))
        written.append([row.object, start, end, row.probability, row.delta_v_m_s])
    return csv_text(written)


def _same(one: Forecast, other: Forecast) -> bool:
    return object_key("", one.object) == object_key("", other.object)


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
