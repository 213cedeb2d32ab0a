"""Errors flown one by one under the Earth's pull, against the covariance that the game carries.

Each member of a cloud starts off the nominal orbit by a draw from a covariance, feels white
acceleration of the density that the game assumes, and flies under point mass and J2. Nothing is
linear, and nothing is about a circle.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ssa_psro.arrays import Floats
from ssa_psro.game.motion import position_variance
from ssa_psro.geometry.constants import EARTH_J2, EARTH_MU_KM3_S2, EARTH_RADIUS_KM

MEMBERS = 2000
NOISE_STEPS = 2
"""Kicks of white acceleration a step of integration are one in so many."""


class Orbit(NamedTuple):
    """An orbit to fly about; perigee first."""

    axis_km: float
    eccentricity: float
    inclination_deg: float
    step_s: float

    @property
    def motion_rad_h(self) -> float:
        """Mean motion."""
        return 3600.0 * float(np.sqrt(EARTH_MU_KM3_S2 / self.axis_km**3))


ORBITS: dict[str, Orbit] = {
    "LEO, 1,000 km, 80°": Orbit(7378.0, 0.001, 80.0, 60.0),
    "LEO, 500 km, e = 0.01": Orbit(6878.0, 0.01, 97.4, 60.0),
    "MEO, e = 0.01": Orbit(26_560.0, 0.01, 55.0, 300.0),
    "GEO": Orbit(42_164.0, 0.0003, 1.0, 300.0),
    "GTO, e = 0.73": Orbit(24_400.0, 0.73, 7.0, 30.0),
    "Molniya, e = 0.72": Orbit(26_560.0, 0.72, 63.4, 30.0),
}


def rms_by_cloud(
    orbit: Orbit, covariance: Floats, density_km2_h3: float, hours: Sequence[float]
) -> Floats:
    """RMS distance [km] of a cloud from its nominal orbit, after each of some hours.

    Args:
        orbit: flown from perigee.
        covariance: ``[6, 6]`` of the first errors in Hill's frame, in km and km/h.
        density_km2_h3: of white acceleration, on each axis.
        hours: rising.
    """
    random = np.random.default_rng(1)
    state = _cloud(orbit, covariance, random)
    kick_s = NOISE_STEPS * orbit.step_s
    kick_km_s = np.sqrt(density_km2_h3 * kick_s / 3600.0) / 3600.0
    found, now_s, kicks = [], 0.0, 0
    for hour in hours:
        while now_s < 3600.0 * hour - 1e-6:
            state = _stepped(state, orbit.step_s)
            now_s += orbit.step_s
            kicks += 1
            if kicks % NOISE_STEPS == 0:
                state[3:, 1:] += kick_km_s * random.normal(size=(3, MEMBERS))
        away = state[:3, 1:] - state[:3, :1]
        found.append(float(np.sqrt((away**2).sum(axis=0).mean())))
    return np.array(found)


def rms_by_game(
    orbit: Orbit, covariance: Floats, density_km2_h3: float, hours: Sequence[float]
) -> Floats:
    """The same as the game has it."""
    variances = [
        position_variance(covariance, density_km2_h3, orbit.motion_rad_h, hour) for hour in hours
    ]
    return np.sqrt(variances)


def _cloud(orbit: Orbit, covariance: Floats, random: np.random.Generator) -> Floats:
    """States ``[6, 1 + M]`` in km and km/s, the nominal one first."""
    e, axis = orbit.eccentricity, orbit.axis_km
    speed = np.sqrt(EARTH_MU_KM3_S2 / axis * (1.0 + e) / (1.0 - e))
    tilt = np.radians(orbit.inclination_deg)
    axes = np.array([[1, 0, 0], [0, np.cos(tilt), -np.sin(tilt)], [0, np.sin(tilt), np.cos(tilt)]])
    # second moments of the draws as wanted, to the last digit: less chance in the result
    draws = random.normal(size=(6, MEMBERS))
    draws = np.linalg.solve(np.linalg.cholesky(draws @ draws.T / MEMBERS), draws)
    errors = _root(covariance) @ draws
    turn = speed / (axis * (1.0 - e)) * np.array([0.0, 0.0, 1.0])
    velocity = errors[3:] / 3600.0 + np.cross(turn, errors[:3], axis=0)
    place = np.array([axis * (1.0 - e), 0.0, 0.0])[:, None] + errors[:3]
    velocity += np.array([0.0, speed, 0.0])[:, None]
    nominal = np.array([axis * (1.0 - e), 0.0, 0.0, 0.0, speed, 0.0])[:, None]
    cloud = np.hstack([nominal, np.vstack([place, velocity])])
    return np.vstack([axes @ cloud[:3], axes @ cloud[3:]])


def _root(covariance: Floats) -> Floats:
    """Whose square it is; of a singular one too."""
    values, vectors = np.linalg.eigh(covariance)
    return np.asarray(vectors * np.sqrt(np.maximum(values, 0.0)))


def _stepped(state: Floats, step_s: float) -> Floats:
    """After one step of Runge and Kutta."""
    first = _derivative(state)
    second = _derivative(state + step_s / 2.0 * first)
    third = _derivative(state + step_s / 2.0 * second)
    fourth = _derivative(state + step_s * third)
    return np.asarray(state + step_s / 6.0 * (first + 2.0 * second + 2.0 * third + fourth))


def _derivative(state: Floats) -> Floats:
    x, y, z = state[:3]
    square = x * x + y * y + z * z
    pull = -EARTH_MU_KM3_S2 / (square * np.sqrt(square))
    bulge = 1.5 * EARTH_J2 * EARTH_RADIUS_KM**2 / square
    level = 1.0 + bulge * (1.0 - 5.0 * z * z / square)
    upright = 1.0 + bulge * (3.0 - 5.0 * z * z / square)
    rates = np.empty_like(state)
    rates[:3] = state[3:]
    rates[3], rates[4], rates[5] = pull * level * x, pull * level * y, pull * upright * z
    return rates
