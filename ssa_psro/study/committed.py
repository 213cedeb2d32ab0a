"""What the iterations of a run have committed: records, members, payoffs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod

import numpy as np
from numpy.typing import NDArray

from ssa_psro.errors import Fault
from ssa_psro.inputs.array_files import ArrayLayout
from ssa_psro.inputs.documents import FROM_BACKUP
from ssa_psro.learn.protocol import Member
from ssa_psro.metagame.payoffs import PayoffTable
from ssa_psro.psro import IterationRecord, Population
from ssa_psro.scenario.schema import SIDES
from ssa_psro.study import folder as layout
from ssa_psro.study.folder import Manifest, MemberFile
from ssa_psro.study.integrity import (
    PAYOFFS,
    FolderReader,
    is_plain,
    payoffs_digest,
)

MOST_NEW = 64
"""Policies a side that an iteration may have added before it was cut short."""


def read_records(reader: FolderReader) -> tuple[IterationRecord, ...] | None:
    """All records, which must be numbered without a gap; ``None`` if any is unusable."""
    paths = sorted((reader.folder / layout.ITERATIONS).glob("*.json"))
    found = len(reader.faults)
    records = []
    for iteration in range(1, len(paths) + 1):
        path = layout.record_path(reader.folder, iteration)
        record = reader.document(path, IterationRecord)
        if record is not None:
            records.append(record)
            if record.iteration != iteration:
                key = f"{reader.key(path)}: iteration"
                fault = Fault(key, record.iteration, f"is not {iteration}", FROM_BACKUP)
                reader.faults.append(fault)
    return tuple(records) if len(reader.faults) == found else None


def read_populations(
    reader: FolderReader, manifest: Manifest, records: Sequence[IterationRecord]
) -> tuple[Population[MemberFile], Population[MemberFile]] | None:
    """Whom each side began with, and one member for every record; ``None`` if any is unusable."""
    found = len(reader.faults)
    sides = []
    for number, side in enumerate(SIDES):
        trained = [one.name for r in records for one in r.sides[number].responses]
        names = [*manifest.populations[side], *trained]
        odd = [name for name in names if not is_plain(name)]
        for name in odd:
            fault = Fault(f"populations/{side}", name, "is no name of a file", FROM_BACKUP)
            reader.faults.append(fault)
        if not odd:
            members = [_member(reader, side, n, name) for n, name in enumerate(names)]
            sides.append((side, tuple(Member(one.name, one) for one in members if one)))
    if len(reader.faults) > found:
        return None
    blue, red = (Population(side, members) for side, members in sides)
    return blue, red


def _member(reader: FolderReader, side: str, index: int, name: str) -> MemberFile | None:
    path = layout.member_path(reader.folder, side, index, name)
    file = reader.document(path, MemberFile)
    if file is None:
        return None
    if file.name != name:
        key = f"{reader.key(path)}: name"
        reader.faults.append(Fault(key, file.name, f"is not {name}", FROM_BACKUP))
    elif file.kind == "doctrine-network":
        weights = layout.weights_path(path)
        reader.vouch({reader.key(weights): file.sha256})
        reader.content(weights)
    elif file.doctrine is None:
        key = f"{reader.key(path)}: doctrine"
        reader.faults.append(Fault(key, None, "is missing", FROM_BACKUP))
    return file


def read_table(
    reader: FolderReader, unplayed: PayoffTable, records: Sequence[IterationRecord]
) -> PayoffTable:
    """The committed payoffs: the file may also hold those of an iteration that was cut short."""
    path = reader.folder / layout.PAYOFFS
    if not path.exists() and not records:
        return unplayed
    try:
        arrays = reader.arrays(path)
        if arrays is None:
            return unplayed
        _refuse_layouts(arrays.layouts, unplayed)
        table = _committed(PayoffTable.from_arrays(arrays), unplayed, records)
        vouched = reader.vouched.get(PAYOFFS)
        if records and vouched and payoffs_digest(table) != vouched:
            raise ValueError("they are not those that the last record commits")
        return table
    except Exception as error:  # numpy, zipfile and zlib raise many kinds on a damaged file
        reader.blame(path, f"cannot be used: {error}")
    return unplayed


def _refuse_layouts(layouts: Mapping[str, ArrayLayout], unplayed: PayoffTable) -> None:
    """See, before payoffs are unpacked, that they are of so many policies and episodes.

    Raises:
        ValueError: they are not.
        KeyError: one of the arrays is missing.
    """
    sizes = [prod(layouts[name].shape) for name in ("rows", "columns")]
    most = [len(names) + MOST_NEW for names in (unplayed.rows, unplayed.columns)]
    shape = (*sizes, len(unplayed.seeds), 2)
    kept = [layouts[name].shape for name in ("samples", "scores") if name in layouts]
    if any(one > limit for one, limit in zip(sizes, most, strict=True)):
        raise ValueError(f"it has {sizes[0]} and {sizes[1]} policies")
    if any(one != shape for one in kept) or prod(layouts["seeds"].shape) != shape[2]:
        raise ValueError(f"its payoffs are of the shape {kept[0] if kept else ()}, not {shape}")


def _committed(
    table: PayoffTable, unplayed: PayoffTable, records: Sequence[IterationRecord]
) -> PayoffTable:
    n, m = len(unplayed.rows), len(unplayed.columns)
    if table.rows[:n] != unplayed.rows or table.columns[:m] != unplayed.columns:
        raise ValueError("its policies are not those of the populations")
    if not np.array_equal(table.seeds, unplayed.seeds):
        raise ValueError("its episodes are not those of this scenario and seed")
    kept = [one for one in (table.samples, table.scores) if one is not None]
    if any(one.dtype != np.float64 for one in kept):
        raise ValueError("its payoffs are not numbers of double precision")
    if not records:  # of the first payoffs nothing tells how many there were: play them again
        return table if table.samples.shape == unplayed.samples.shape else unplayed
    return _as_recorded(table, unplayed, np.array(records[-1].episodes))


def _as_recorded(
    table: PayoffTable, unplayed: PayoffTable, episodes: NDArray[np.int64]
) -> PayoffTable:
    """The table with the episodes that the last record tells of, and no others."""
    n, m = len(unplayed.rows), len(unplayed.columns)
    samples = table.samples[:n, :m].copy()
    scores = None if table.scores is None else table.scores[:n, :m].copy()
    if episodes.shape != samples.shape[:2]:
        raise ValueError("its cells are not those of the last record")
    for kept in (samples, scores):
        if kept is not None:
            kept[np.arange(len(table.seeds)) >= episodes[..., None]] = np.nan
    recorded = PayoffTable(unplayed.rows, unplayed.columns, table.seeds, samples, scores)
    if not np.array_equal(recorded.count, episodes):
        raise ValueError("episodes are missing")
    return recorded
