"""The stored figures of ``access_speed``: times depend on the machine, so none is measured here."""

from __future__ import annotations

from pathlib import Path

from evidence.validation.figures import Figure
from evidence.validation.stored import read_peer, read_rows

GOAL = 20.0


def measure(folder: Path) -> list[Figure]:
    """Processor time a pair, and how many times faster this package is."""
    path = folder / "access_speed.csv"
    times_ms = {row["program"]: float(row["cpu_ms_a_pair"]) for row in read_rows(path)}
    peer = read_peer(path)
    subject = "sight and range, 240 pairs over 24 h"
    ratio = times_ms["tatc"] / times_ms["ssa_psro"]
    return [
        Figure(subject, "CPU time a pair, TAT-C", times_ms["tatc"], "ms", peer, high=100.0),
        Figure(subject, "CPU time a pair, here", times_ms["ssa_psro"], "ms", peer, high=5.0),
        Figure(subject, "ratio", ratio, "", peer, low=GOAL),
    ]
