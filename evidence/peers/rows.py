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
from ssa_psro.report.markdown import markdown

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
RATIOS = ("ratio", "ratio_low", "ratio_high")
NBSP = "\N{NO-BREAK SPACE}"
UNITS = ("s", "m", "km")
"""That names of disagreements end in."""
MARK = "peers"

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
    """The disagreement, as ``intervals 250, median 0.012 s, largest 0.2 s``."""
    found = (one["disagreement"] or {}).items()
    return ", ".join(_with_unit(name, value) for name, value in found)


def _with_unit(name: str, value: float) -> str:
    what, _, unit = name.rpartition("_")
    if unit not in UNITS:
        what, unit = name, ""
    told = f"{value:,.0f}" if float(value).is_integer() else f"{value:.3g}"
    return f"{what.replace('_', ' ')}{NBSP}{told}{NBSP if unit else ''}{unit}"


def table_of(rows: Sequence[Row]) -> str:
    """The rows for a page: seconds a unit, how many times faster, and how the answers differ."""
    lines = [["comparison", "unit", "theirs", "ours", "times (least to most)", "aim", "answers"]]
    for one in rows:
        aim = f"≥{NBSP}{float(one['aim']):,.0f}" if one["aim"] else ""
        if one["status"] == MEASURED:
            ratio, low, high = (_times(float(one[key])) for key in RATIOS)
            theirs, ours = (_seconds(float(one[key])) for key in ("peer_cpu_s", "own_cpu_s"))
            told = [
                one["unit"],
                theirs,
                ours,
                f"{ratio} ({low}{NBSP}to{NBSP}{high})",
                aim,
                in_words(one),
            ]
        else:
            told = [one["unit"] or "", "", "", "", aim, one["status"]]
        lines.append([f"`{one['comparison']}`", *told])
    return markdown(lines)


def _times(ratio: float) -> str:
    return f"{ratio:,.0f}" if ratio >= 100.0 else f"{ratio:.3g}"


def _seconds(seconds: float) -> str:
    """With the unit that leaves one to three digits before the point."""
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.3g}{NBSP}{unit}"
    return f"{seconds / 1e-9:.3g}{NBSP}ns"


def line(one: Row) -> str:
    """One comparison on one line of the screen."""
    if one["status"] != MEASURED:
        return f"{one['comparison']}: {one['status']}"
    return (
        f"{one['comparison']}: {one['ratio']:.3g} times ({one['ratio_low']:.3g} to "
        f"{one['ratio_high']:.3g}) a {one['unit']}; {in_words(one)}"
    )
