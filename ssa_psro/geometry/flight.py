"""Orbits of either kind flown over the horizon, in one frame: by J2's drift, or by SGP4.

SGP4 gives positions in TEME of date, which are turned into GCRS instant by instant. Mean elements
are of the Earth's true equator and mean equinox (TEME) at the window's epoch: the axis of their
drift is where the Earth's axis is, and one rotation takes them into GCRS. To take the pole of GCRS
for that axis, 0.15° away in 2026, would put a LEO satellite 10 km (rms) off after three days and
30 km after ten, and up to 80 km with some nodes; GEO hardly notices.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ssa_psro.catalogs.checks import MOST_SAMPLES, flight_problems, teme_positions_km
from ssa_psro.errors import Fault, ScenarioError
from ssa_psro.geometry.propagation import Elements, propagate
from ssa_psro.geometry.sky import teme_to_gcrs
from ssa_psro.progress import Progress, untold
from ssa_psro.scenario.orbits import StatedElementSet, as_record

Orbits: TypeAlias = Elements | Sequence[StatedElementSet]
"""Mean elements that drift by J2, or element sets for SGP4."""


def fly(
    orbits: Orbits,
    epoch: datetime,
    times_s: NDArray[np.float64],
    out_km: NDArray[Any],
    tell: Progress = untold,
) -> None:
    """Write where ``K`` orbits lead, some at a time: in double precision all would fill a memory.

    Args:
        orbits: of either kind.
        epoch: of the scenario's window, in UTC.
        times_s: ``[T]`` seconds after the epoch.
        out_km: ``[T, K, 3]`` in GCRS, written in place, in its own precision.
        tell: told the share that is written.

    Raises:
        ScenarioError: SGP4 cannot follow some of the element sets over all of ``times_s``.
    """
    # one rotation for the whole horizon: mean elements refer to the axes of the epoch, which stay
    rotation = teme_to_gcrs(epoch, np.zeros(1) if isinstance(orbits, Elements) else times_s)
    count, size = out_km.shape[1], max(1, MOST_SAMPLES // len(times_s))
    for first in range(0, count, size):
        some = slice(first, first + size)
        if isinstance(orbits, Elements):
            flown_km = propagate(Elements(*(column[some] for column in orbits)), times_s)
        else:
            flown_km = teme_positions_km([*map(as_record, orbits[some])], epoch, times_s)
            if not np.isfinite(flown_km).all():
                raise _lost(orbits, epoch, times_s)
        # not by matmul, whose rounding depends on how many objects there are
        out_km[:, some] = np.einsum("tij,tkj->tki", rotation, flown_km)
        tell(min(1.0, (first + size) / count))


def positions_km(
    orbits: Orbits, epoch: datetime, times_s: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Where ``K`` orbits lead, ``[T, K, 3]`` in double precision, as ``fly`` writes it."""
    count = len(orbits[0]) if isinstance(orbits, Elements) else len(orbits)
    positions = np.empty((len(times_s), count, 3))
    fly(orbits, epoch, times_s, positions)
    return positions


def _lost(
    group: Sequence[StatedElementSet], epoch: datetime, times_s: NDArray[np.float64]
) -> ScenarioError:
    """What is left to say of element sets that no file was checked for."""
    cure = "Leave it out, or use a shorter horizon or a newer element set."
    problems = flight_problems([*map(as_record, group)], epoch, times_s)
    faults = [
        Fault("element set", one.name or one.catalog_id, problem, cure)
        for one, problem in zip(group, problems, strict=True)
        if problem
    ]
    return ScenarioError("scenario", faults)
