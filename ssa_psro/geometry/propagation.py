"""J2-secular propagation: mean orbits whose node, perigee and anomaly drift at constant rates.

Only the secular part of the Earth's oblateness is kept (Kozai 1959; Vallado, *Fundamentals of
Astrodynamics*, chapter 9): cheap enough to tabulate 84 orbits over ten days in a fraction of
a second. It is only as good as its mean elements; ``fitting`` finds those of an osculating orbit.

Positions are in the frame of the elements, which does not turn and whose z-axis is the Earth's
axis; ``flight`` takes them into GCRS.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from ssa_psro.compiled import entry_point
from ssa_psro.geometry.constants import EARTH_J2, EARTH_MU_KM3_S2, EARTH_RADIUS_KM
from ssa_psro.geometry.elements import Elements
from ssa_psro.geometry.vectors import Vector

KEPLER_TOLERANCE_RAD = 1e-12
KEPLER_ITERATIONS = 50


@entry_point
def secular_rates(
    semi_major_axis_km: float, eccentricity: float, inclination_rad: float
) -> tuple[float, float, float]:
    """Rates of node, argument of perigee and mean anomaly of one mean orbit, in rad/s."""
    motion = math.sqrt(EARTH_MU_KM3_S2 / semi_major_axis_km**3)
    shape = 1.0 - eccentricity**2
    oblateness = 0.75 * EARTH_J2 * (EARTH_RADIUS_KM / (semi_major_axis_km * shape)) ** 2 * motion
    cosine = math.cos(inclination_rad)
    node = -2.0 * oblateness * cosine
    perigee = oblateness * (5.0 * cosine**2 - 1.0)
    anomaly = motion + oblateness * math.sqrt(shape) * (3.0 * cosine**2 - 1.0)
    return node, perigee, anomaly


@entry_point
def eccentric_anomaly(mean_anomaly_rad: float, eccentricity: float) -> float:
    """Solution of Kepler's equation by Newton's method, in rad, for an eccentricity in [0, 1).

    The mean anomaly is reduced to [-pi, pi] first; from a start at pi (of its sign) Newton
    converges for every eccentricity below 1 (Charles and Tatum 1998).
    """
    mean = mean_anomaly_rad - 2.0 * math.pi * round(mean_anomaly_rad / (2.0 * math.pi))
    anomaly = mean if eccentricity < 0.1 else math.copysign(math.pi, mean)
    for _ in range(KEPLER_ITERATIONS):
        residual = anomaly - eccentricity * math.sin(anomaly) - mean
        change = residual / (1.0 - eccentricity * math.cos(anomaly))
        anomaly -= change
        if abs(change) < KEPLER_TOLERANCE_RAD:
            break
    return anomaly


@entry_point
def position_in_plane(
    semi_major_axis_km: float, eccentricity: float, mean_anomaly_rad: float
) -> tuple[float, float]:
    """Position along the directions of perigee and 90° ahead of it, in km."""
    anomaly = eccentric_anomaly(mean_anomaly_rad, eccentricity)
    along = semi_major_axis_km * (math.cos(anomaly) - eccentricity)
    across = semi_major_axis_km * math.sqrt(1.0 - eccentricity**2) * math.sin(anomaly)
    return along, across


@entry_point
def turn(
    along: float, across: float, inclination: float, raan: float, argument_of_perigee: float
) -> Vector:
    """A vector of the orbital plane turned into the inertial frame; angles in rad."""
    cos_w, sin_w = math.cos(argument_of_perigee), math.sin(argument_of_perigee)
    node_ward = along * cos_w - across * sin_w
    crest_ward = along * sin_w + across * cos_w
    cos_o, sin_o = math.cos(raan), math.sin(raan)
    level = crest_ward * math.cos(inclination)
    return (
        node_ward * cos_o - level * sin_o,
        node_ward * sin_o + level * cos_o,
        crest_ward * math.sin(inclination),
    )


@entry_point
def propagate(mean: Elements, times_s: NDArray[np.float64]) -> NDArray[np.float64]:
    """Positions ``[T, K, 3]`` in km of ``K`` mean orbits at ``T`` times after the epoch."""
    count = mean.semi_major_axis_km.shape[0]
    positions = np.empty((times_s.shape[0], count, 3))
    for k in range(count):
        axis, shape = mean.semi_major_axis_km[k], mean.eccentricity[k]
        tilt = mean.inclination_rad[k]
        node, perigee, anomaly = secular_rates(axis, shape, tilt)
        for i in range(times_s.shape[0]):
            time = times_s[i]
            along, across = position_in_plane(
                axis, shape, mean.mean_anomaly_rad[k] + anomaly * time
            )
            raan = mean.raan_rad[k] + node * time
            argument = mean.argument_of_perigee_rad[k] + perigee * time
            position = turn(along, across, tilt, raan, argument)
            positions[i, k, 0] = position[0]
            positions[i, k, 1] = position[1]
            positions[i, k, 2] = position[2]
    return positions
