"""The results as rows: one of every comparison, measured or not, into JSON and CSV."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from evidence.peers.turns import Turn, ratio_of
from evidence.peers.works import Comparison
from ssa_psro.inputs.files import write_bytes
from ssa_psro.report.csv_files import write_rows

MEASURED, ABSENT, FAILED = "measured", "not installed", "failed"
COLUMNS = (
    "comparison",
    "peer",
    "version",
    "status",
    "unit",
    "own_cpu_s",
    "peer_cpu_s",
    "ratio",
    "ratio_low",
    "ratio_high",
    "wall_ratio",
    "aim",
    "met",
    "rounds",
    "disagreement",
    "against",
    "how",
    "differs",
    "definition",
)
"""Of the table; seconds are of one unit, and medians over the rounds."""

Row = dict[str, Any]


def row(one: Comparison, status: str, **found: Any) -> Row:
    """A row with all columns; what was not found is empty."""
    said = {
        "comparison": one.key,
        "peer": one.peer,
        "status": status,
        "unit": one.work.unit,
        "aim": one.aim,
        "against": one.work.against,
        "how": one.how,
        "differs": one.differs,
        "definition": one.work.definition,
        **found,
    }
    return {name: said.get(name) for name in COLUMNS}


def left_out(peer: str, why: str) -> Row:
    """The row of a peer that is known and not compared."""
    said = {"comparison": f"none/{peer}", "peer": peer, "status": f"not compared: {why}"}
    return {name: said.get(name) for name in COLUMNS}


def measured_row(
    one: Comparison,
    version: str,
    own: Sequence[Turn],
    theirs: Sequence[Turn],
    apart: dict[str, float],
) -> Row:
    """The row of a comparison that was made."""
    found, wall = ratio_of(list(own), list(theirs)), ratio_of(list(own), list(theirs), "wall_s")
    return row(
        one,
        MEASURED,
        version=version,
        own_cpu_s=found.own_s,
        peer_cpu_s=found.peer_s,
        ratio=found.ratio,
        ratio_low=found.low,
        ratio_high=found.high,
        wall_ratio=wall.ratio,
        met=None if one.aim is None else found.ratio >= one.aim,
        rounds=len(own),
        disagreement=apart,
    )


def write(rows: Sequence[Row], provenance: dict[str, Any], folder: Path) -> None:
    """``peers.json`` and ``peers.csv``; the disagreement is one text in the latter."""
    document = {**provenance, "rows": list(rows)}
    write_bytes(folder / "peers.json", (json.dumps(document, indent=2) + "\n").encode())
    write_rows(folder / "peers.csv", [{**one, "disagreement": in_words(one)} for one in rows])


def in_words(one: Row) -> str:
    """The disagreement, as ``median_s 0.012, largest_s 0.2``."""
    return ", ".join(f"{name} {value:.4g}" for name, value in (one["disagreement"] or {}).items())


def line(one: Row) -> str:
    """One comparison on one line of the screen."""
    if one["status"] != MEASURED:
        return f"{one['comparison']}: {one['status']}"
    return (
        f"{one['comparison']}: {one['ratio']:.3g} times ({one['ratio_low']:.3g} to "
        f"{one['ratio_high']:.3g}) a {one['unit']}; {in_words(one)}"
    )
