"""Mean elements of an osculating orbit, by least squares against a numerical one.

Osculating elements used as mean ones put a LEO satellite thousands of km off after three days:
the oblateness swings the semi-major axis by several km during each orbit, and a wrong axis is a
wrong period. The fit removes that; what is left is the short-period swing of the position itself.

Measured against boinor's Cowell propagation with J2, fitted over 72 h (``tests/reference``):

=========================  ===========  ===========  ======================
orbit                      24 h, rms    72 h, rms    unfitted, after 72 h
=========================  ===========  ===========  ======================
LEO, 800 km, 65°           2.4 km       2.4 km       3,054 km
LEO, 500 km, 97.4°         4.7 km       4.7 km       685 km
MEO, GPS-like, 55°         0.2 km       0.2 km       16 km
GEO                        1.6 km       1.6 km       0.15 km
=========================  ===========  ===========  ======================

A fit over the ten days of the default horizon is no worse. Near-equatorial LEO is worst of the
circular orbits (9.4 km, all of it radial), a geostationary transfer orbit of all (15 km).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares

from ssa_psro.compiled import entry_point
from ssa_psro.geometry.constants import EARTH_J2, EARTH_MU_KM3_S2, EARTH_RADIUS_KM
from ssa_psro.geometry.propagation import (
    Elements,
    as_elements,
    as_rows,
    position_in_plane,
    propagate,
    turn,
)

STEPS_PER_ORBIT = 800
"""Runge-Kutta steps a revolution; the error after ten days is some metres in LEO."""
LEADING_ORBITS = (3.0, 20.0)
"""Arcs, in revolutions, that lead the fit to the whole arc without losing count of orbits."""
SAMPLES = 300
"""Numerical positions that a fit compares with."""
GOLDEN_SECTION = 0.6180339887498949
TOLERANCE = 1e-10
"""Relative change of elements or residuals at which a fit has converged."""


def fit_mean_elements(osculating: Elements, arc_s: float) -> Elements:
    """Mean elements whose J2-secular motion is nearest to the true J2 motion of each orbit.

    Args:
        osculating: ``K`` osculating orbits at the epoch.
        arc_s: time after the epoch over which positions are matched, in s.
    """
    rows = [_fit_one(row, arc_s) for row in as_rows(osculating)]
    return as_elements(np.array(rows))


def _fit_one(osculating: NDArray[np.float64], arc_s: float) -> NDArray[np.float64]:
    period_s = 2.0 * np.pi * float(np.sqrt(osculating[0] ** 3 / EARTH_MU_KM3_S2))
    whole_s = max(arc_s, period_s)
    times_s, positions_km = cowell(osculating, whole_s)
    # a mean motion wrong by a little has lost a revolution at the end of the arc, where the least
    # squares have another minimum; longer and longer arcs lead past it
    guess = _nonsingular(osculating)
    for span_s in (*(orbits * period_s for orbits in LEADING_ORBITS), whole_s):
        if span_s <= whole_s:
            picked = _spread(int(np.searchsorted(times_s, span_s)))
            guess = _solve(guess, times_s[picked], positions_km[picked])
    return _keplerian(guess)


def _spread(count: int) -> NDArray[np.int64]:
    """Indices below ``count`` that fall evenly over the arc and over the phases of the orbit.

    Evenly spaced samples could meet the orbit at the same few phases each time, and take its
    short-period swing for an offset; multiples of the golden section cannot.
    """
    return np.unique(np.arange(SAMPLES) * GOLDEN_SECTION % 1.0 * count).astype(np.int64)


def _solve(
    guess: NDArray[np.float64], times_s: NDArray[np.float64], positions_km: NDArray[np.float64]
) -> NDArray[np.float64]:
    def residuals(unknown: NDArray[np.float64]) -> NDArray[np.float64]:
        mean = as_elements(_keplerian(unknown)[None, :])
        return (propagate(mean, times_s)[:, 0] - positions_km).ravel()

    # kilometres beside radians: in units of the axis, all six unknowns move positions alike
    scale = np.array([guess[0], 1.0, 1.0, 1.0, 1.0, 1.0])
    solved = least_squares(residuals, guess, x_scale=scale, xtol=TOLERANCE, ftol=TOLERANCE)
    return np.asarray(solved.x)


def _nonsingular(row: NDArray[np.float64]) -> NDArray[np.float64]:
    """Axis, e cos w, e sin w, i, node, w + M: regular for circular orbits."""
    axis, shape, tilt, node, perigee, anomaly = row
    return np.array(
        [axis, shape * np.cos(perigee), shape * np.sin(perigee), tilt, node, perigee + anomaly]
    )


def _keplerian(row: NDArray[np.float64]) -> NDArray[np.float64]:
    axis, along, across, tilt, node, argument = row
    perigee = np.arctan2(across, along)
    # least squares may try what is no ellipse on its way
    shape = min(float(np.hypot(along, across)), 0.999)
    return np.array([axis, shape, tilt, node, perigee, argument - perigee])


def cowell(
    osculating: NDArray[np.float64], span_s: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Numerical orbit under the Earth's point mass and J2.

    Args:
        osculating: the six elements at the epoch, in the order of ``Elements``.
        span_s: how long to integrate, in s.

    Returns:
        Times ``[M]`` in s after the epoch, and positions ``[M, 3]`` in km; uneven in time, since
        steps are even in the regularised time ``ds = dt / r`` that suits eccentric orbits.
    """
    # ds = dt / r; over a revolution of a Kepler orbit s grows by 2 pi / (n a), in time by 2 pi / n
    axis = osculating[0]
    motion = np.sqrt(EARTH_MU_KM3_S2 / axis**3)
    step = 2.0 * np.pi / (STEPS_PER_ORBIT * motion * axis)
    count = int(np.ceil(span_s * motion / (2.0 * np.pi) * STEPS_PER_ORBIT))
    path = _integrate(_state(*osculating), step, count)
    return path[:, 6], path[:, :3]


@entry_point
def _state(
    axis: float, shape: float, tilt: float, node: float, perigee: float, anomaly: float
) -> NDArray[np.float64]:
    """Position, velocity and time (0) of osculating elements, ``[7]``."""
    along, across = position_in_plane(axis, shape, anomaly)
    radius = np.hypot(along, across)
    root = np.sqrt(1.0 - shape**2)
    speed = np.sqrt(EARTH_MU_KM3_S2 * axis) / radius
    cosine, sine = along / axis + shape, across / (axis * root)
    position = turn(along, across, tilt, node, perigee)
    velocity = turn(-speed * sine, speed * root * cosine, tilt, node, perigee)
    return np.array(
        [position[0], position[1], position[2], velocity[0], velocity[1], velocity[2], 0.0]
    )


@entry_point
def _derivative(state: NDArray[np.float64]) -> NDArray[np.float64]:
    """Derivative of position, velocity and time by the regularised time."""
    # the gradient of mu / r (1 - J2 (R / r)² (3 (z / r)² - 1) / 2), times r
    x, y, z = state[0], state[1], state[2]
    square = x * x + y * y + z * z
    radius = np.sqrt(square)
    pull = -EARTH_MU_KM3_S2 / (square * radius)
    bulge = 1.5 * EARTH_J2 * EARTH_RADIUS_KM**2 / square
    level = pull * (1.0 + bulge * (1.0 - 5.0 * z * z / square))
    polar = pull * (1.0 + bulge * (3.0 - 5.0 * z * z / square))
    return np.array(
        [
            radius * state[3],
            radius * state[4],
            radius * state[5],
            radius * level * x,
            radius * level * y,
            radius * polar * z,
            radius,
        ]
    )


@entry_point
def _integrate(start: NDArray[np.float64], step: float, count: int) -> NDArray[np.float64]:
    """Classical fourth-order Runge-Kutta: states ``[count + 1, 7]``."""
    path = np.empty((count + 1, 7))
    path[0] = start
    for i in range(count):
        k1 = _derivative(path[i])
        k2 = _derivative(path[i] + 0.5 * step * k1)
        k3 = _derivative(path[i] + 0.5 * step * k2)
        k4 = _derivative(path[i] + step * k3)
        path[i + 1] = path[i] + step / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4)
    return path
