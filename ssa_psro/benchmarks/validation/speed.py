"""The stored figures of ``access_speed``: times depend on the machine, so none is measured here."""

from __future__ import annotations

from pathlib import Path

from ssa_psro.benchmarks.validation.figures import Figure
from ssa_psro.benchmarks.validation.stored import read_provenance, read_rows

GOAL = 20.0


def measure(folder: Path) -> list[Figure]:
    """Processor time a pair, and how many times faster this package is."""
    path = folder / "access_speed.csv"
    times_ms = {row["program"]: float(row["cpu_ms_a_pair"]) for row in read_rows(path)}
    peer = read_provenance(path).split(",")[0]
    subject = "range and line of sight, 240 pairs over 24 h"
    times = [
        Figure(subject, f"CPU time a pair, {name}", value, "ms", peer, low=0.0)
        for name, value in times_ms.items()
    ]
    ratio = times_ms["tatc"] / times_ms["ssa_psro"]
    return [*times, Figure(subject, "times faster", ratio, "", peer, low=GOAL)]
