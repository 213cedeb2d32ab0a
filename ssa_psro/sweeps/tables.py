"""How a sweep stands, as tables for people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ssa_psro.findings.table import Column, Table, make_table
from ssa_psro.findings.wording import Form
from ssa_psro.metagame.intervals import Interval
from ssa_psro.sweeps.figure import Field, MapCell
from ssa_psro.sweeps.folder import SweepStanding
from ssa_psro.sweeps.plan import plain, shown

MOST_ROWS = 40
"""Of a table that is printed; the others stand in the CSV file."""
MOST_OWNERS = 4
"""Beside one another."""


def found_table(standing: SweepStanding, fields: Sequence[Field]) -> Table:
    """What the map shows, place by place."""
    sweep, some = standing.sweep, fields[:MOST_OWNERS]
    named = zip(sweep.plan.columns, sweep.plan.axes, strict=True)
    columns = [
        *(Column(name, axis.unit, axis.label) for name, axis in named),
        *(Column(one.whose or one.quantity, write=_told) for one in some),
    ]
    rows = []
    for place in sweep.places[:MOST_ROWS]:
        cells = (one.cells[plain(place)] for one in some)
        rows.append((*map(shown, place), *(_cell(one) for one in cells)))
    left = len(sweep.places) - MOST_ROWS
    note = f"And {left:,} more: see the CSV file." if left > 0 else ""
    seeds = len(sweep.plan.seeds)
    of = "[95 % interval]" if seeds == 1 else f"mean over {seeds} seeds [95 % interval]"
    title = f"{sweep.plan.name}: {fields[0].quantity}, {of}"
    return make_table("sweep", title, columns, rows, note=note)


def failed_table(standing: SweepStanding) -> Table:
    """The points that failed, and why."""
    columns = (Column("point"), Column("reason"))
    failures = list(standing.failures.values())
    rows = [(one.at, f"{one.error}: {' '.join(one.reason.split())}") for one in failures]
    left = len(rows) - MOST_ROWS
    note = f"And {left:,} more." if left > 0 else ""
    title = "Failed; the next call tries them again"
    return make_table("failed", title, columns, rows[:MOST_ROWS], note=note)


def _cell(cell: MapCell) -> Interval | str:
    """What is known, and which seeds are not."""
    if cell.value is None or not cell.lack:
        return cell.value or cell.lack
    return f"{_told(cell.value)}, {cell.lack}"


def _told(value: Any) -> str:
    return Form(3).interval(value) if isinstance(value, Interval) else str(value)
