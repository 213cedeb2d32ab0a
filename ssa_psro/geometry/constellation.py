"""A side's constellation as orbits that can be flown."""

from __future__ import annotations

import numpy as np

from ssa_psro.geometry.constants import EARTH_RADIUS_KM
from ssa_psro.geometry.elements import Elements, as_elements, from_schema
from ssa_psro.geometry.fitting import fit_mean_elements
from ssa_psro.geometry.flight import Orbits
from ssa_psro.scenario.schema import Constellation, StatedConstellation, Walker


def constellation_orbits(design: Constellation, arc_s: float) -> Orbits:
    """The orbit of every satellite, in the order of the design.

    The elements of a Walker pattern *are* mean elements: the pattern is a design of mean orbits,
    and stays rigid because all of them drift alike. Explicit elements are osculating, so their
    mean elements are fitted over the first ``arc_s`` seconds. Element sets are flown as they are.
    """
    if isinstance(design, Walker):
        return walker_elements(design)
    if isinstance(design, StatedConstellation):
        return fit_mean_elements(from_schema(design.satellites), arc_s)
    return design.satellites


def walker_elements(design: Walker) -> Elements:
    """The circular orbits of a Walker pattern i:t/p/f (Walker 1984), plane after plane.

    1. The nodes of the ``p`` planes are spread evenly over 360° (delta) or 180° (star).
    2. The ``t / p`` satellites of a plane are spread evenly along it.
    3. From a plane to the next one eastwards, satellites are ahead by ``f * 360° / t``.
    """
    per_plane = design.satellites // design.planes
    plane, slot = np.divmod(np.arange(per_plane * design.planes), per_plane)
    spread = 2.0 * np.pi if design.kind == "walker-delta" else np.pi
    raan = np.radians(design.raan_deg) + spread * plane / design.planes
    stagger = 2.0 * np.pi * design.phasing * plane / design.satellites
    anomaly = np.radians(design.anomaly_deg) + 2.0 * np.pi * slot / per_plane + stagger
    count = plane.size
    return as_elements(
        np.column_stack(
            (
                np.full(count, EARTH_RADIUS_KM + design.altitude_km),
                np.zeros(count),
                np.full(count, np.radians(design.inclination_deg)),
                raan,
                np.zeros(count),
                anomaly,
            )
        )
    )
