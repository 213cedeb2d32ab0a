"""Tidy tables of a scenario and of a traced episode, as CSV or Parquet files.

A row is one thing: a body, a body at an instant, a look, a side and an object at a step. Times are
UTC; objects have their names, sensors the numbers of their satellites, and ``bodies`` has both.
``columns`` says what every column means.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ssa_psro.errors import Fault, UsageError
from ssa_psro.exports.ephemeris import Ephemeris
from ssa_psro.findings.events import interference_log, look_log, manoeuvre_log
from ssa_psro.findings.table import UTC as INSTANT
from ssa_psro.findings.table import Column, Table
from ssa_psro.inputs.cells import csv_text
from ssa_psro.inputs.files import replacing, write_bytes
from ssa_psro.scenario.schema import SIDES
from ssa_psro.trace import Activity, Trace

Array = NDArray[Any]

UTC = "UTC, ISO 8601"
SIDE = Column("side", "", "blue or red")


@dataclass(frozen=True, eq=False)
class Data:
    """One table, column by column.

    Attributes:
        name: of its file, without the ending.
        columns: what they hold, and their values, all ``[rows]``.
    """

    name: str
    columns: tuple[tuple[Column, Array], ...]


def data_of(table: Table) -> Data:
    """A table of ``findings``, column by column; instants become what they stand for."""
    columns = []
    for column in (flat := table.flat()).columns:
        values = flat.values(column.name)
        if column.unit == INSTANT:
            times = [one and one.removesuffix("Z") for one in values]
            columns.append((replace(column, unit=UTC), np.array(times, "datetime64[ms]")))
        elif any(isinstance(one, str) for one in values):
            columns.append((column, np.array([one or "" for one in values])))
        else:
            columns.append((column, np.array([np.nan if one is None else one for one in values])))
    return Data(table.name, tuple(columns))


def write_tables(tables: Sequence[Data], folder: Path, *, parquet: bool) -> list[Path]:
    """Write ``folder/NAME.csv`` or ``.parquet`` for every table, and what their columns mean.

    Raises:
        UsageError: Parquet is asked for, and pyarrow is not installed.
    """
    write, ending = (_write_parquet, "parquet") if parquet else (_write_csv, "csv")
    paths = []
    for table in (*tables, _meanings(tables)):
        path = folder / f"{table.name}.{ending}"
        write(table, path)
        paths.append(path)
    return paths


def tables_of(ephemeris: Ephemeris, trace: Trace | None = None) -> list[Data]:
    """The bodies and where they are; of a traced episode also all that happened."""
    found = [_bodies(ephemeris), _states(ephemeris)]
    if trace is not None:
        logs = (look_log, interference_log, manoeuvre_log)
        found += [data_of(log([trace], ephemeris.scenario)) for log in logs]
        found += [_knowledge(ephemeris, trace), _activity(ephemeris, trace)]
    return found


def _bodies(ephemeris: Ephemeris) -> Data:
    bodies, roster = ephemeris.bodies, list(ephemeris.scenario.catalog.roster())
    own = len(bodies) - len(roster)
    return Data(
        "bodies",
        (
            (Column("body", "", "key of the body in all tables"), _texts(b.key for b in bodies)),
            (Column("kind", "", "blue, red or object"), _texts(b.kind for b in bodies)),
            (
                Column("number", "", "among its kind, from 1: that of its sensor in other tables"),
                np.array([int(one.key.rpartition("-")[2]) for one in bodies]),
            ),
            (Column("name", "", "as people know it"), _texts(b.name for b in bodies)),
            (
                Column("catalog_id", "", "of its element set, if it has one"),
                _texts(b.catalog_id for b in bodies),
            ),
            (
                Column("designator", "", "international designator, likewise"),
                _texts(b.designator for b in bodies),
            ),
            (
                Column("regime", "", "LEO, MEO, GEO or HEO; of objects"),
                _texts([*[""] * own, *(one.regime for one in roster)]),
            ),
            (
                Column("contested", "", "whether only the fresher custody is paid for"),
                np.array([False] * own + [one.contested for one in roster]),
            ),
            (
                Column("weight", "weight in the score", "what it is worth"),
                np.array([0.0] * own + [one.weight for one in roster]),
            ),
        ),
    )


def _states(ephemeris: Ephemeris) -> Data:
    count, keys = len(ephemeris.times_s), _texts(one.key for one in ephemeris.bodies)
    place = ephemeris.position_km.transpose(1, 0, 2).reshape(-1, 3)
    speed = ephemeris.velocity_km_s.transpose(1, 0, 2).reshape(-1, 3)
    return Data(
        "ephemeris",
        (
            (Column("body", "", "key of the body"), keys.repeat(count)),
            (Column("utc", UTC), np.tile(_utc(ephemeris, ephemeris.times_s), len(keys))),
            *((Column(f"{x}_km", "km", "GCRF"), place[:, n]) for n, x in enumerate("xyz")),
            *((Column(f"v{x}_km_s", "km/s", "GCRF"), speed[:, n]) for n, x in enumerate("xyz")),
        ),
    )


def _knowledge(ephemeris: Ephemeris, trace: Trace) -> Data:
    """A row for every side, object and step."""
    names = _texts(ephemeris.scenario.catalog.names)
    count = trace.steps * len(names)
    return Data(
        "knowledge",
        (
            (SIDE, _texts(SIDES).repeat(count)),
            (Column("object", "", "its name"), np.tile(names.repeat(trace.steps), 2)),
            (Column("utc", UTC), np.tile(_steps(ephemeris, trace), 2 * len(names))),
            (Column("sigma_km", "km", "true error of the position, RMS"), _flat(trace.sigma_km)),
            (
                Column("expected_km", "km", "the error that the side expects"),
                _flat(trace.expected_km),
            ),
            (Column("custody", "", "whether the error is small enough"), _flat(trace.custody)),
            (
                Column("seen_h", "h", "hour of the last successful look, from the start"),
                _flat(trace.seen_h),
            ),
        ),
    )


def _activity(ephemeris: Ephemeris, trace: Trace) -> Data:
    """A row for every satellite and step."""
    counts = [one.constellation.count for one in ephemeris.scenario.sides]
    numbers = np.concatenate([np.arange(1, count + 1) for count in counts])
    words = _texts(one.name.lower() for one in Activity)

    def joined(values: Array) -> Array:
        return np.concatenate([values[side, :, : counts[side]].T.ravel() for side in (0, 1)])

    return Data(
        "activity",
        (
            (SIDE, _texts(SIDES).repeat(np.array(counts) * trace.steps)),
            (
                Column("sensor", "", "number of the side's sensor, from 1"),
                numbers.repeat(trace.steps),
            ),
            (Column("utc", UTC), np.tile(_steps(ephemeris, trace), len(numbers))),
            (Column("activity", "", ", ".join(words)), words[joined(trace.activity)]),
            (Column("denied", "", "whether it cannot observe for that"), joined(trace.denied)),
            (Column("protected", "", "whether it cannot be denied"), joined(trace.protected)),
        ),
    )


def _meanings(tables: Sequence[Data]) -> Data:
    rows = [(one.name, column) for one in tables for column, _ in one.columns]
    return Data(
        "columns",
        (
            (Column("table", "", "file"), _texts(name for name, _ in rows)),
            (Column("column", "", "column of it"), _texts(column.name for _, column in rows)),
            (Column("unit", "", "of its values"), _texts(column.unit for _, column in rows)),
            (Column("meaning", "", "what it says"), _texts(column.meaning for _, column in rows)),
        ),
    )


def _flat(values: Array) -> Array:
    """``[2, T, N]`` as the rows of ``_knowledge``."""
    return values.transpose(0, 2, 1).ravel()


def _texts(values: Any) -> Array:
    return np.array(list(values), dtype=np.str_)


def _utc(ephemeris: Ephemeris, times_s: Array) -> Array:
    """Instants as ``datetime64``, to the millisecond after the epoch."""
    epoch = np.datetime64(ephemeris.epoch.replace(tzinfo=None))
    if ephemeris.epoch.microsecond % 1000 == 0:
        epoch = epoch.astype("datetime64[ms]")
    return epoch + np.round(np.asarray(times_s) * 1000.0).astype("timedelta64[ms]")


def _steps(ephemeris: Ephemeris, trace: Trace) -> Array:
    """When each step of the episode begins."""
    return _utc(ephemeris, np.arange(trace.steps) * float(trace.step_s))


def _write_csv(table: Data, path: Path) -> None:
    names = [column.name for column, _ in table.columns]
    rows = zip(*(_written(values) for _, values in table.columns), strict=True)
    write_bytes(path, csv_text([names, *rows]).encode())


def _written(values: Array) -> list[Any]:
    """Values as CSV has them: instants in ISO 8601 with Z, nothing where there is none."""
    if values.dtype.kind == "M":
        texts = np.datetime_as_string(values, timezone="UTC")
        return ["" if text == "NaT" else text for text in texts.tolist()]
    if values.dtype == np.float32:  # its own digits, and not those of double precision
        return [str(one) for one in values]
    if values.dtype.kind == "f":
        return [None if np.isnan(one) else one for one in values.tolist()]
    return list(values.tolist())


def parquet_writer() -> tuple[Any, Any]:
    """pyarrow and its part for Parquet.

    Raises:
        UsageError: it is not installed.
    """
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError:
        cure = "Install it: pip install 'ssa-psro[parquet]', or ask for csv."
        raise UsageError("export", [Fault("pyarrow", None, "not installed", cure)]) from None
    return pa, parquet


def _write_parquet(table: Data, path: Path) -> None:
    pa, parquet = parquet_writer()
    arrays: Mapping[str, Any] = {
        column.name: pa.array(values, type=pa.timestamp("ms", "UTC"))
        if values.dtype.kind == "M"
        else pa.array(values.tolist() if values.dtype.kind == "U" else values, from_pandas=True)
        for column, values in table.columns
    }
    with replacing(path) as file:
        parquet.write_table(pa.table(arrays), file, compression="zstd")
