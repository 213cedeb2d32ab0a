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
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ssa_psro.catalogs.checks import flight_problems, teme_positions_km
from ssa_psro.errors import Fault, ScenarioError
from ssa_psro.geometry.propagation import Elements, propagate
from ssa_psro.geometry.sky import teme_to_gcrs
from ssa_psro.scenario.orbits import StatedElementSet, as_record

Orbits: TypeAlias = Elements | tuple[StatedElementSet, ...]
"""Mean elements that drift by J2, or element sets for SGP4."""


def fly(
    groups: Sequence[Orbits], epoch: datetime, times_s: NDArray[np.float64]
) -> list[NDArray[np.float64]]:
    """Positions ``[T, K, 3]`` in km, GCRS, of each group of ``K`` orbits.

    Raises:
        ScenarioError: SGP4 cannot follow some of the element sets over all of ``times_s``.
    """
    stated = [group for group in groups if not isinstance(group, Elements)]
    flown = iter(propagate_sgp4(stated, epoch, times_s))
    # one rotation for the whole horizon: mean elements refer to the axes of the epoch, which stay
    (rotation,) = teme_to_gcrs(epoch, np.zeros(1))
    return [
        np.einsum("ij,tkj->tki", rotation, propagate(group, times_s))
        if isinstance(group, Elements)
        else next(flown)
        for group in groups
    ]


def propagate_sgp4(
    groups: Sequence[Sequence[StatedElementSet]], epoch: datetime, times_s: NDArray[np.float64]
) -> list[NDArray[np.float64]]:
    """Positions ``[T, K, 3]`` in km, GCRS, of each group of ``K`` element sets.

    Args:
        groups: of element sets.
        epoch: of the scenario's window, in UTC.
        times_s: ``[T]`` seconds after the epoch.

    Raises:
        ScenarioError: with every object that has no position at some of the times.
    """
    if not groups:
        return []
    rotation = teme_to_gcrs(epoch, times_s)
    found = []
    for group in groups:
        records = [as_record(one) for one in group]
        teme_km = teme_positions_km(records, epoch, times_s)
        if not np.isfinite(teme_km).all():
            raise _lost(group, flight_problems(records, epoch, times_s))
        # not by matmul, whose rounding depends on how many objects there are
        found.append(np.einsum("tij,tkj->tki", rotation, teme_km))
    return found


def _lost(group: Sequence[StatedElementSet], problems: Sequence[str]) -> ScenarioError:
    """What is left to say of element sets that no file was checked for."""
    cure = "Leave it out, or use a shorter horizon or a newer element set."
    faults = [
        Fault("element set", one.name or one.catalog_id, problem, cure)
        for one, problem in zip(group, problems, strict=True)
        if problem
    ]
    return ScenarioError("scenario", faults)
