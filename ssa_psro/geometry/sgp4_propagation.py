"""Element sets of a scenario flown by SGP4, all of them at once, and turned into GCRS."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from ssa_psro.catalogs.flight import flight_problems, teme_positions_km
from ssa_psro.errors import Fault, ScenarioError
from ssa_psro.geometry.frames import teme_to_gcrs
from ssa_psro.scenario.element_sets import ElementSet, as_record


def propagate_sgp4(
    groups: Sequence[Sequence[ElementSet]], epoch: datetime, times_s: NDArray[np.float64]
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


def _lost(group: Sequence[ElementSet], problems: Sequence[str]) -> ScenarioError:
    """What is left to say of element sets that no file was checked for."""
    cure = "Leave it out, or use a shorter horizon or a newer element set."
    faults = [
        Fault("element set", one.name or one.catalog_id, problem, cure)
        for one, problem in zip(group, problems, strict=True)
        if problem
    ]
    return ScenarioError("scenario", faults)
