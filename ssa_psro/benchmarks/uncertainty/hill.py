"""Linear motion about a circular orbit, and the covariance that it carries.

State ``[6]``: radial, along-track and cross-track position [km] and velocity [km/s] in Hill's
rotating frame (Clohessy and Wiltshire 1960; Vallado, *Fundamentals of Astrodynamics*, chapter 6).
"""

from __future__ import annotations

from typing import Final

import numpy as np
from scipy.linalg import expm

from ssa_psro.arrays import Floats

RADIAL, ALONG, CROSS = range(3)
ALONG_RATE: Final = 4


def dynamics(motion_rad_s: float) -> Floats:
    """``[6, 6]`` derivative of the state by time, for a mean motion."""
    n = motion_rad_s
    matrix = np.zeros((6, 6))
    matrix[:3, 3:] = np.eye(3)
    matrix[3, 0], matrix[3, 4] = 3.0 * n**2, 2.0 * n
    matrix[4, 3] = -2.0 * n
    matrix[5, 2] = -(n**2)
    return matrix


def flow(motion_rad_s: float, time_s: float, noise_km2_s3: float) -> tuple[Floats, Floats]:
    """Transition and noise matrices ``[6, 6]`` over some time (Van Loan 1978).

    Args:
        motion_rad_s: mean motion of the orbit.
        time_s: how long.
        noise_km2_s3: spectral density of white acceleration, alike along all three axes.
    """
    derivative = dynamics(motion_rad_s)
    joint = np.zeros((12, 12))
    joint[:6, :6] = -derivative
    joint[3:6, 9:] = noise_km2_s3 * np.eye(3)
    joint[6:, 6:] = derivative.T
    solved = expm(joint * time_s)
    transition = solved[6:, 6:].T
    return transition, transition @ solved[:6, 6:]


def carried(covariance: Floats, transition: Floats, noise: Floats) -> Floats:
    """``covariance`` after a flow."""
    return np.asarray(transition @ covariance @ transition.T + noise)


def seen(covariance: Floats, sight: Floats, sigma_km: float) -> Floats:
    """``covariance`` after one measured direction: the two axes across the line of sight.

    Args:
        covariance: ``[6, 6]``.
        sight: ``[3]`` unit vector from observer to object, in Hill's frame.
        sigma_km: angular resolution times range.
    """
    across = np.linalg.svd(sight[None, :])[2][1:]
    measured = np.hstack([across, np.zeros((2, 3))])
    spread = measured @ covariance @ measured.T + sigma_km**2 * np.eye(2)
    gain = np.linalg.solve(spread, measured @ covariance).T
    # Joseph's form stays positive when one axis is known a thousand times better than another
    rest = np.eye(6) - gain @ measured
    return np.asarray(rest @ covariance @ rest.T + sigma_km**2 * gain @ gain.T)


def impulse(covariance: Floats, delta_v_km_s: float, axis: int = ALONG_RATE) -> Floats:
    """``covariance`` after an impulse of unknown sign whose sigma is ``delta_v_km_s``."""
    grown = covariance.copy()
    grown[axis, axis] += delta_v_km_s**2
    return grown


def sigma_km(covariance: Floats) -> float:
    """The scalar sigma that the game's stands for: along the worst axis of the position."""
    return float(np.sqrt(np.linalg.eigvalsh(covariance[:3, :3])[-1]))
