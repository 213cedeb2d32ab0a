"""Positions of a catalogue by every program: SGP4's own in TEME, and in GCRS.

In TEME all are held against ``sgp4``'s compiled code, which is what this package calls: the same
double-precision formulas, so that what is left between programs is how each reads an element set.
In GCRS they are held against each other, and differ by their models of the Earth's axis.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from evidence.peers.access import elements
from evidence.peers.turns import Answer, Task, Told
from evidence.validation.access import element_sets
from evidence.validation.setting import START
from evidence.validation.stored import DEFAULT_FOLDER
from ssa_psro.arrays import Floats
from ssa_psro.catalogs.checks import teme_positions_km
from ssa_psro.geometry.flight import positions_km
from ssa_psro.scenario.orbits import as_record

STEP_S, DAYS = 300.0, 1.0
EVERY = 12
"""Of the positions, one an hour is compared."""


def task(frame: str) -> Task:
    """The 32 element sets of the access comparison, every five minutes of a day."""
    times = np.arange(0.0, DAYS * 86400.0 + STEP_S / 2.0, STEP_S)
    return {
        "work": "states",
        "frame": frame,
        "elements": elements(),
        "start": START.isoformat(),
        "times_s": times.tolist(),
        "every": EVERY,
    }


def teme_task() -> Task:
    """In the frame of SGP4."""
    return task("TEME")


def gcrs_task() -> Task:
    """In the frame of the tables."""
    return task("GCRS")


def states(task: Task) -> tuple[Callable[[], tuple[Answer, int]], Told]:
    """Positions by SGP4; reading the elements is not measured."""
    satellites, times_s = element_sets(DEFAULT_FOLDER), np.array(task["times_s"])
    records = [as_record(one) for one in satellites]

    def run() -> tuple[Floats, int]:
        if task["frame"] == "TEME":
            found = teme_positions_km(records, START, times_s)
        else:
            found = positions_km(satellites, START, times_s)
        return found, found.shape[0] * found.shape[1]

    return run, lambda found: found.transpose(1, 0, 2)[:, :: task["every"]].tolist()


def disagreement(ours: Any, theirs: Any) -> dict[str, float]:
    """Distances between the positions of both, in m."""
    apart_m = 1e3 * np.linalg.norm(np.array(ours) - np.array(theirs), axis=-1)
    return {
        "positions": int(apart_m.size),
        "median_m": float(np.median(apart_m)),
        "95 %_m": float(np.quantile(apart_m, 0.95)),
        "largest_m": float(apart_m.max()),
    }
