"""Linear motion about a circular orbit, by matrix exponentials, and the covariance it carries.

State ``[6]``: radial, along-track and cross-track position and velocity in Hill's rotating frame
(Clohessy and Wiltshire 1960; Vallado, *Fundamentals of Astrodynamics*, chapter 6), in km and
seconds, or in km and hours throughout. Shares no formula with the game.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.linalg import expm

from ssa_psro.arrays import Floats


def dynamics(motion: float) -> Floats:
    """``[6, 6]`` derivative of the state by time, for a mean motion."""
    n = motion
    matrix = np.zeros((6, 6))
    matrix[:3, 3:] = np.eye(3)
    matrix[3, 0], matrix[3, 4] = 3.0 * n**2, 2.0 * n
    matrix[4, 3] = -2.0 * n
    matrix[5, 2] = -(n**2)
    return matrix


def flow(motion: float, time: float, noise: float | Sequence[float]) -> tuple[Floats, Floats]:
    """Transition and noise matrices ``[6, 6]`` over some time (Van Loan 1978).

    Args:
        motion: mean motion of the orbit.
        time: how long.
        noise: spectral density of white acceleration, one for all three axes or one an axis.
    """
    derivative = dynamics(motion)
    joint = np.zeros((12, 12))
    joint[:6, :6] = -derivative
    joint[3:6, 9:] = np.diag(np.broadcast_to(noise, 3))
    joint[6:, 6:] = derivative.T
    solved = expm(joint * time)
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
