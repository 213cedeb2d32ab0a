"""Orbits of either kind flown over the horizon, in one frame.

Mean elements are of the Earth's true equator and mean equinox (TEME) at the window's epoch: the
axis of their drift is where the Earth's axis is, and one rotation takes them into GCRS. To take
the pole of GCRS for that axis, 0.15° away in 2026, would put a LEO satellite 10 km (rms) off after
three days and 30 km after ten, and up to 80 km with some nodes; GEO hardly notices.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ssa_psro.geometry.elements import Elements
from ssa_psro.geometry.frames import teme_to_gcrs
from ssa_psro.geometry.propagation import propagate
from ssa_psro.geometry.sgp4_propagation import propagate_sgp4
from ssa_psro.scenario.schema import ElementSet

Orbits: TypeAlias = Elements | tuple[ElementSet, ...]
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
    (rotation,) = teme_to_gcrs(epoch, np.zeros(1))
    return [
        np.einsum("ij,tkj->tki", rotation, propagate(group, times_s))
        if isinstance(group, Elements)
        else next(flown)
        for group in groups
    ]
