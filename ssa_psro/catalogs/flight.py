"""Element sets flown by SGP4: positions in TEME, and which orbits do not last."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

import numpy as np
from numpy.typing import NDArray
from sgp4.api import SatrecArray, jday

from ssa_psro.catalogs.checks import sgp4_problem
from ssa_psro.catalogs.element_set import ElementSet, satrec

MOST_SAMPLES = 750_000
"""Positions and velocities worked out at a time; they take 36 MB, 260 objects over ten days."""
DAY_S = 86400.0


def teme_positions_km(
    element_sets: Sequence[ElementSet], epoch: datetime, times_s: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Positions ``[T, K, 3]`` in km of ``K`` objects; nan where SGP4 finds none.

    Args:
        element_sets: the ``K`` objects.
        epoch: in UTC.
        times_s: ``[T]`` seconds after ``epoch``.
    """
    positions = np.empty((len(times_s), len(element_sets), 3))
    first = 0
    for codes, batch in _flights(element_sets, epoch, times_s):
        batch[codes != 0] = np.nan
        positions[:, first : first + len(batch)] = batch.transpose(1, 0, 2)
        first += len(batch)
    return positions


def flight_problems(
    element_sets: Sequence[ElementSet], epoch: datetime, times_s: NDArray[np.float64]
) -> list[str]:
    """What keeps each object from being flown at all of ``times_s``, in words; empty if nothing."""
    problems = []
    for codes, positions in _flights(element_sets, epoch, times_s):
        lost = (codes != 0) | ~np.isfinite(positions).all(axis=2)
        for row, code in zip(lost, codes, strict=True):
            problems.append(_problem(row, code, times_s) if row.any() else "")
    return problems


def _problem(
    lost: NDArray[np.bool_], codes: NDArray[np.uint8], times_s: NDArray[np.float64]
) -> str:
    step = int(np.argmax(lost))
    words = sgp4_problem(int(codes[step])) if codes[step] else "diverging: SGP4 finds no position"
    return f"{words}, {times_s[step] / DAY_S:.1f} days into the window"


def _flights(
    element_sets: Sequence[ElementSet], epoch: datetime, times_s: NDArray[np.float64]
) -> Iterator[tuple[NDArray[np.uint8], NDArray[np.float64]]]:
    """SGP4's error codes ``[k, T]`` and positions ``[k, T, 3]`` of one batch after another."""
    second = epoch.second + epoch.microsecond / 1e6
    whole, fraction = jday(epoch.year, epoch.month, epoch.day, epoch.hour, epoch.minute, second)
    days, fractions = np.full(len(times_s), whole), fraction + times_s / DAY_S
    size = max(1, MOST_SAMPLES // max(1, len(times_s)))
    for first in range(0, len(element_sets), size):
        batch = SatrecArray([satrec(one) for one in element_sets[first : first + size]])
        codes, positions, _ = batch.sgp4(days, fractions)
        yield codes, positions
