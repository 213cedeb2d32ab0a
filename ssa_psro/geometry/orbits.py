"""The same orbits as ``boinor`` objects, for plotting, analysis, and checking the propagation.

boinor (the maintained continuation of poliastro) takes seconds to import and compile, and nothing
on the way to the tables needs it; so it is imported when one of these functions is called.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ssa_psro.geometry.elements import Elements, as_rows
from ssa_psro.geometry.propagation import eccentric_anomaly

if TYPE_CHECKING:
    from boinor.twobody import Orbit

TRUTH_RTOL = 1e-10


def as_orbits(elements: Elements, epoch: datetime) -> list[Orbit]:
    """One ``boinor.twobody.Orbit`` about the Earth for each of the elements at ``epoch``."""
    from astropy import units
    from astropy.time import Time
    from boinor.bodies import Earth
    from boinor.twobody import Orbit

    orbits = []
    for row in as_rows(elements):
        shape, angles = row[1], [*row[2:5], true_anomaly(row[5], row[1])]
        angles_rad = [angle * units.rad for angle in angles]
        orbits.append(
            Orbit.from_classical(
                Earth, row[0] * units.km, shape * units.one, *angles_rad, epoch=Time(epoch)
            )
        )
    return orbits


def true_anomaly(mean_anomaly_rad: float, eccentricity: float) -> float:
    """True anomaly in [-pi, pi], the range in which boinor's solvers are right."""
    half = eccentric_anomaly(mean_anomaly_rad, eccentricity) / 2.0
    ratio = np.sqrt((1.0 + eccentricity) / (1.0 - eccentricity))
    return float(2.0 * np.arctan2(ratio * np.sin(half), np.cos(half)))


def cowell_positions_km(orbit: Orbit, times_s: NDArray[np.float64]) -> NDArray[np.float64]:
    """Positions ``[T, 3]`` by boinor's Cowell method under the Earth's point mass and J2.

    Slow, and free of this package's own formulas: the truth that its propagation is tested
    against. ``times_s`` ascends from the orbit's epoch, in s.
    """
    from astropy import units
    from boinor.bodies import Earth
    from boinor.core.perturbations import J2_perturbation
    from boinor.core.propagation import func_twobody
    from boinor.core.propagation.cowell import cowell

    flattening, radius_km = Earth.J2.value, Earth.R.to_value(units.km)

    def acceleration(time: float, state: NDArray[np.float64], mu: float) -> NDArray[np.float64]:
        change = func_twobody(time, state, mu)
        change[3:] += J2_perturbation(time, state, mu, flattening, radius_km)
        return np.asarray(change)

    start_km, speed_km_s = orbit.rv()
    positions_km, _ = cowell(
        Earth.k.to_value(units.km**3 / units.s**2),
        start_km.to_value(units.km),
        speed_km_s.to_value(units.km / units.s),
        times_s,
        TRUTH_RTOL,
        f=acceleration,
    )
    return np.array(positions_km)
