"""Motion near a circular orbit and what a look tells of it, solved numerically.

A state ``[6]`` is position [km] and velocity [km/h] in Hill's turning frame: radial, along-track,
cross-track. No closed form of the rules is used: the dynamics are exponentiated, the noise is
integrated by Van Loan's block matrix (IEEE Transactions on Automatic Control 23, 1978), and long
times are put together from short ones.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import expm, null_space

Matrix = NDArray[np.float64]

POSITION = slice(0, 3)
ACCELERATIONS = np.eye(6)[:, 3:]
ALONG_ACCELERATION = np.eye(6)[:, 4:5]


class Flow(NamedTuple):
    """What some time does to a state: ``[6, 6]`` each.

    Attributes:
        transition: of the state.
        noise: covariance from white acceleration of density 1 km²/h³ on all three axes.
        along_noise: covariance from such acceleration along track alone.
    """

    transition: Matrix
    noise: Matrix
    along_noise: Matrix

    def carry(self, covariance: Matrix, density: float = 0.0) -> Matrix:
        """A covariance after this time, with noise of that density [km²/h³]."""
        return self.transition @ covariance @ self.transition.T + density * self.noise


def dynamics(n_rad_h: float) -> Matrix:
    """Derivative of the state by time (Clohessy and Wiltshire 1960)."""
    matrix = np.zeros((6, 6))
    matrix[:3, 3:] = np.eye(3)
    matrix[3, 0], matrix[3, 4] = 3 * n_rad_h**2, 2 * n_rad_h
    matrix[4, 3] = -2 * n_rad_h
    matrix[5, 2] = -(n_rad_h**2)
    return matrix


@lru_cache(maxsize=2**15)
def flow(n_rad_h: float, hours: float) -> Flow:
    """The flow over some time for a mean motion."""
    if n_rad_h * hours > 1.0:
        # Van Loan's matrix holds growing and falling parts of long flows side by side, and loses
        # the small ones; two halves, one after the other, add up what is positive.
        half = flow(n_rad_h, hours / 2)
        twice = half.transition
        return Flow(
            twice @ twice,
            twice @ half.noise @ twice.T + half.noise,
            twice @ half.along_noise @ twice.T + half.along_noise,
        )
    noises = (van_loan(n_rad_h, hours, by) for by in (ACCELERATIONS, ALONG_ACCELERATION))
    return Flow(expm(dynamics(n_rad_h) * hours), *noises)


def van_loan(n_rad_h: float, hours: float, by: Matrix) -> Matrix:
    """``[6, 6]`` covariance from white noise of unit density that enters by the columns ``by``."""
    rate = dynamics(n_rad_h)
    block = np.block([[-rate, by @ by.T], [np.zeros((6, 6)), rate.T]])
    solved = expm(block * hours)
    noise = solved[6:, 6:].T @ solved[:6, 6:]
    return (noise + noise.T) / 2


def density_of_growth(n_rad_h: float, growth_km_h: float) -> float:
    """Noise density [km²/h³] by which a perfect orbit is off by so much an hour after a day."""
    return (24 * growth_km_h) ** 2 / variance(flow(n_rad_h, 24.0).noise)


def variance(covariance: Matrix) -> float:
    """Mean square of the position error [km²]."""
    return float(np.trace(covariance[POSITION, POSITION]))


def across(sight: Matrix) -> Matrix:
    """``[2, 6]`` the position's components along two axes across a line of sight."""
    return np.hstack([null_space(sight[None, :]).T, np.zeros((2, 3))])


def variance_across(covariance: Matrix, sight: Matrix) -> float:
    """Mean square of the position error across the line of sight [km²]."""
    axes = across(sight)
    return float(np.trace(axes @ covariance @ axes.T))


def seen(covariance: Matrix, sight: Matrix, noise_km2: float) -> Matrix:
    """The covariance after one direction was measured: Kalman's update in Joseph's form."""
    axes = across(sight)
    spread = axes @ covariance @ axes.T + noise_km2 * np.eye(2)
    gain = np.linalg.solve(spread, axes @ covariance).T
    rest = np.eye(6) - gain @ axes
    return rest @ covariance @ rest.T + noise_km2 * gain @ gain.T


KEPT_UP_GAPS_H = [
    3.0 + 6.0 * math.modf((look + 1) / ((1 + math.sqrt(5)) / 2))[0] for look in range(12)
]


@lru_cache(maxsize=2**10)
def kept_up(n_rad_h: float, density: float, noise_km2: float) -> Matrix:
    """``[6, 6]`` covariance of an orbit right after the last of twelve looks, 3 to 9 h apart."""
    covariance = np.diag([5.0**2] * 3 + [18.0**2] * 3)
    for look in range(12):
        up = 1 - (2 * look + 1) / 12
        turn = look * math.pi * (3 - math.sqrt(5))
        level = math.sqrt(1 - up**2)
        sight = np.array([level * math.cos(turn), level * math.sin(turn), up])
        covariance = flow(n_rad_h, KEPT_UP_GAPS_H[look]).carry(covariance, density)
        covariance = seen(covariance, sight, noise_km2)
    return covariance
