"""What element sets do not say of an object: size, brightness, whether it is contested.

A CSV with a line of column names. ``catalog_id`` or ``name`` says which object (or, for a name that
several objects bear, objects) a row is about; other columns may be left out, and cells left blank.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from ssa_psro.catalogs.element_set import ElementSet, canonical_id
from ssa_psro.catalogs.tables import Cell, flag_cell, number_cell, read_table
from ssa_psro.errors import CatalogError, Fault


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
        contested: whether both operators vie for it.
        weight: of its coverage in the score.
    """

    catalog_id: str = ""
    name: str = ""
    radius_m: float | None = None
    albedo: float | None = None
    standard_magnitude: float | None = None
    contested: bool | None = None
    weight: float | None = None


COLUMNS: dict[str, Cell] = {
    "catalog_id": str,
    "name": str,
    "radius_m": number_cell(0.001, 1000.0),
    "albedo": number_cell(0.001, 1.0),
    "standard_magnitude": number_cell(-5.0, 30.0),
    "contested": flag_cell,
    "weight": number_cell(0.0, 1e6),
}


def read_attributes(path: str | Path) -> tuple[Attributes, ...]:
    """The rows of the file at ``path``.

    Raises:
        CatalogError: with every fault: of the file, of a cell, of rows about nobody or one object.
    """
    rows = read_table(Path(path), COLUMNS, required=())
    faults: list[Fault] = []
    seen: dict[str, int] = {}
    for number, row in rows:
        key = object_key(row.get("catalog_id", ""), row.get("name", ""))
        if not key:
            cure = "Fill in catalog_id or name."
            faults.append(Fault(f"line {number}", None, "says not which object", cure))
        elif seen.setdefault(key, number) != number:
            problem = f"is about the same object as line {seen[key]}"
            faults.append(Fault(f"line {number}", None, problem, "Keep one of them."))
    if faults:
        raise CatalogError(str(path), faults)
    return tuple(Attributes(**row) for _, row in rows)


def attributes_of(
    rows: Iterable[Attributes], element_sets: Sequence[ElementSet]
) -> tuple[Attributes | None, ...]:
    """The row about each element set, found by its id or else by its name; ``None`` without one."""
    table = {object_key(row.catalog_id, row.name): row for row in rows}
    return tuple(
        table.get(object_key(one.catalog_id, "")) or table.get(object_key("", one.name))
        for one in element_sets
    )


def unmatched(
    rows: Iterable[Attributes], element_sets: Sequence[ElementSet]
) -> tuple[Attributes, ...]:
    """The rows about objects that are not among ``element_sets``."""
    known = {object_key(one.catalog_id, "") for one in element_sets}
    known |= {object_key("", one.name) for one in element_sets}
    return tuple(row for row in rows if object_key(row.catalog_id, row.name) not in known)


def attributes_csv(rows: Iterable[Attributes]) -> str:
    """``rows`` as the text of a file that reads back as them; columns nobody fills are left out."""
    written = [{name: _cell(value) for name, value in asdict(row).items()} for row in rows]
    columns = [name for name in COLUMNS if any(row[name] for row in written)]
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(written)
    return text.getvalue()


def object_key(catalog_id: str, name: str) -> str:
    """What objects are matched by: the id where there is one, else the name, whatever its case."""
    if catalog_id:
        return f"id {canonical_id(catalog_id)}"
    return f"name {' '.join(name.split()).casefold()}" if name else ""


def _cell(value: object) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)
