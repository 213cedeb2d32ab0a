"""Hill's linear motion against two-body motion, integrated without any linearisation.

Provenance: scipy's DOP853 at a relative tolerance of 1e-12, on finite differences of 10 m and
1 cm/s about a circular orbit; shares no formula with the package.
"""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.integrate import solve_ivp

from evidence.uncertainty.hill import flow

MU_KM3_S2 = 398600.4418
STEPS = np.array([0.01, 0.01, 0.01, 1e-5, 1e-5, 1e-5])
"""Differences in km and km/s."""
TOLERANCE = 2e-4
"""Of the largest entry of the column: what is of second order in the differences."""


def _flown(state: NDArray[np.float64], time_s: float) -> NDArray[np.float64]:
    def derivative(_: float, at: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.concatenate([at[3:], -MU_KM3_S2 * at[:3] / np.linalg.norm(at[:3]) ** 3])

    solved = solve_ivp(derivative, (0.0, time_s), state, method="DOP853", rtol=1e-12, atol=1e-10)
    return np.asarray(solved.y[:, -1])


def _to_hill(difference: NDArray[np.float64], motion: float, time_s: float) -> NDArray[np.float64]:
    """A difference of inertial states in the frame that turns with the orbit."""
    cosine, sine = np.cos(motion * time_s), np.sin(motion * time_s)
    turn = np.array([[cosine, sine, 0.0], [-sine, cosine, 0.0], [0.0, 0.0, 1.0]])
    position, velocity = turn @ difference[:3], turn @ difference[3:]
    return np.concatenate([position, velocity - np.cross([0.0, 0.0, motion], position)])


@pytest.mark.parametrize(
    ("radius_km", "hours"),
    [(7378.0, 0.5), (7378.0, 6.0), (26578.0, 6.0), (42164.0, 2.0), (42164.0, 24.0)],
)
def test_transition_is_that_of_two_body_motion(radius_km: float, hours: float) -> None:
    motion, time_s = np.sqrt(MU_KM3_S2 / radius_km**3), 3600.0 * hours
    circle = np.array([radius_km, 0.0, 0.0, 0.0, motion * radius_km, 0.0])
    transition, _ = flow(motion, time_s, 0.0)
    for column, size in enumerate(STEPS):
        offset = np.zeros(6)
        offset[column] = size
        if column < 3:  # at rest in the turning frame, so not in the inertial one
            offset[3:] += np.cross([0.0, 0.0, motion], offset[:3])
        ahead, behind = _flown(circle + offset, time_s), _flown(circle - offset, time_s)
        measured = _to_hill((ahead - behind) / 2.0, motion, time_s) / size
        expected = transition[:, column]
        assert measured[:3] == pytest.approx(
            expected[:3], abs=TOLERANCE * np.abs(expected[:3]).max()
        )
