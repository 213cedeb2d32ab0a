"""What of a run folder has been committed: records, the members they added, their payoffs.

A record commits its iteration. Members and payoffs without one were cut short, and passed over.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ssa_psro.errors import Fault
from ssa_psro.metagame.payoffs import PayoffTable
from ssa_psro.oracles.protocol import Member
from ssa_psro.psro import IterationRecord, Population
from ssa_psro.runs import layout
from ssa_psro.runs.documents import FROM_BACKUP, read_document
from ssa_psro.runs.files import read_arrays
from ssa_psro.runs.manifest import Manifest
from ssa_psro.runs.members import MemberFile
from ssa_psro.scenario.schema import SIDES


def read_records(folder: Path, faults: list[Fault]) -> tuple[IterationRecord, ...] | None:
    """All records, which must be numbered without a gap; ``None`` if any is unusable."""
    paths = sorted((folder / layout.ITERATIONS).glob("*.json"))
    found = len(faults)
    records = []
    for iteration in range(1, len(paths) + 1):
        path = layout.record_path(folder, iteration)
        record = read_document(folder, path, IterationRecord, faults)
        if record is not None:
            records.append(record)
            if record.iteration != iteration:
                key = f"{path.relative_to(folder)}: iteration"
                faults.append(Fault(key, record.iteration, f"is not {iteration}", FROM_BACKUP))
    return tuple(records) if len(faults) == found else None


def read_populations(
    folder: Path, manifest: Manifest, records: Sequence[IterationRecord], faults: list[Fault]
) -> tuple[Population[MemberFile], Population[MemberFile]] | None:
    """Whom each side began with, and one member for every record; ``None`` if any is unusable."""
    found = len(faults)
    sides = []
    for number, side in enumerate(SIDES):
        trained = [one.name for r in records for one in r.sides[number].responses]
        names = [*manifest.populations[side], *trained]
        paths = [layout.member_path(folder, side, n, name) for n, name in enumerate(names)]
        files = [read_document(folder, path, MemberFile, faults) for path in paths]
        for name, path, file in zip(names, paths, files, strict=True):
            if file is not None:
                faults += _member_faults(path, str(path.relative_to(folder)), name, file)
        sides.append((side, tuple(Member(file.name, file) for file in files if file is not None)))
    if len(faults) > found:
        return None
    blue, red = (Population(side, members) for side, members in sides)
    return blue, red


def _member_faults(path: Path, key: str, name: str, file: MemberFile) -> list[Fault]:
    if file.name != name:
        return [Fault(f"{key}: name", file.name, f"is not {name}", FROM_BACKUP)]
    if file.kind == "heuristic" and file.doctrine is None:
        return [Fault(f"{key}: doctrine", None, "is missing", FROM_BACKUP)]
    weights = layout.weights_path(path)
    if file.kind == "doctrine-network" and not weights.is_file():
        return [Fault(key.replace(path.name, weights.name), None, "is missing", FROM_BACKUP)]
    return []


def read_table(
    folder: Path,
    unplayed: PayoffTable,
    records: Sequence[IterationRecord],
    faults: list[Fault],
) -> PayoffTable:
    """The committed payoffs: the file may also hold those of an iteration that was cut short."""
    path = folder / layout.PAYOFFS
    if not path.exists() and not records:
        return unplayed
    try:
        table = PayoffTable.from_arrays(read_arrays(path))
        return _committed(table, unplayed, records)
    except Exception as error:  # numpy, zipfile and zlib raise many kinds on a damaged file
        faults.append(Fault(layout.PAYOFFS, None, f"cannot be used: {error}", FROM_BACKUP))
    return unplayed


def _committed(
    table: PayoffTable, unplayed: PayoffTable, records: Sequence[IterationRecord]
) -> PayoffTable:
    n, m = len(unplayed.rows), len(unplayed.columns)
    if table.rows[:n] != unplayed.rows or table.columns[:m] != unplayed.columns:
        raise ValueError("its policies are not those of the populations")
    if not np.array_equal(table.seeds, unplayed.seeds):
        raise ValueError("its episodes are not those of this scenario and seed")
    if table.samples.dtype != np.float64:
        raise ValueError("its payoffs are not numbers of double precision")
    if not records:  # of the first payoffs nothing tells how many there were: play them again
        return table if table.samples.shape == unplayed.samples.shape else unplayed
    return _as_recorded(table, unplayed, np.array(records[-1].episodes))


def _as_recorded(
    table: PayoffTable, unplayed: PayoffTable, episodes: NDArray[np.int64]
) -> PayoffTable:
    """The table with the episodes that the last record tells of, and no others."""
    samples = table.samples[: len(unplayed.rows), : len(unplayed.columns)].copy()
    if episodes.shape != samples.shape[:2]:
        raise ValueError("its cells are not those of the last record")
    samples[np.arange(len(table.seeds)) >= episodes[..., None]] = np.nan
    recorded = PayoffTable(unplayed.rows, unplayed.columns, table.seeds, samples)
    if not np.array_equal(recorded.count, episodes):
        raise ValueError("episodes are missing")
    return recorded
