"""A LEO debris cloud: fragments of one parent, some weeks after it broke up.

1. The parent flies a circular orbit of 750 to 850 km, in an inclination where breakups happened.
2. Each fragment leaves it in a direction without preference, with a speed whose logarithm is normal
   (median 60 m/s, 0.4 decades as in NASA's standard breakup model, Johnson et al. 2001). What would
   come down within months, or leave low orbits, is drawn again.
3. From the breakup to the epoch the fragments run apart by Kepler's law and J2.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from ssa_psro.catalogs.element_set import WGS72_MU_KM3_S2, WGS72_RADIUS_KM
from ssa_psro.catalogs.generation.drafts import (
    WGS72_J2,
    Draft,
    Draw,
    Orbit,
    altitude_axis_km,
    anywhere,
    log_normal,
    mean_motion_rev_day,
)
from ssa_psro.randomness import generator

PARENT_ALTITUDE_KM = (750.0, 850.0)
PARENT_INCLINATIONS_DEG = (65.0, 74.0, 86.4, 98.7)
MEDIAN_SPEED_M_S = 60.0
SPEED_DECADES = 0.4
LOWEST_PERIGEE_KM = 400.0
HIGHEST_APOGEE_KM = 2000.0
AGE_DAYS = 30.0

State = tuple[NDArray[np.float64], NDArray[np.float64]]
"""Position [km] and velocity [km/s], ``[3]`` each."""


def debris_cloud(seed: int, epoch: datetime) -> Draw:
    """One fragment. The parent depends on the seed; it broke up 30 days before ``epoch``."""
    position_km, velocity_km_s = _parent(generator(seed, "catalog", "parent"))
    breakup = epoch - timedelta(days=AGE_DAYS)

    def draw(random: np.random.Generator, at: datetime) -> Draft:
        while True:
            direction = random.normal(size=3)
            speed_km_s = log_normal(random, MEDIAN_SPEED_M_S, SPEED_DECADES) / 1000.0
            kick = direction / np.linalg.norm(direction) * speed_km_s
            orbit = orbit_of(position_km, velocity_km_s + kick)
            if _stays(orbit):
                break
        days = (at - breakup) / timedelta(days=1)
        radius_m = min(0.6, max(0.05, log_normal(random, 0.15, 0.25)))
        bstar, albedo = log_normal(random, 5e-4, 0.3), random.uniform(0.1, 0.2)
        return Draft("FRAGMENT", secular(orbit, days), bstar, radius_m, albedo)

    return draw


def _stays(orbit: Orbit) -> bool:
    lowest_km, highest_km = (
        orbit.semi_major_axis_km * (1.0 + sign * orbit.eccentricity) - WGS72_RADIUS_KM
        for sign in (-1.0, 1.0)
    )
    return lowest_km > LOWEST_PERIGEE_KM and highest_km < HIGHEST_APOGEE_KM


def _parent(random: np.random.Generator) -> State:
    """Where the parent was, and how fast, when it broke up."""
    radius_km = altitude_axis_km(random.uniform(*PARENT_ALTITUDE_KM))
    inclination = np.radians(random.choice(PARENT_INCLINATIONS_DEG))
    node, along = np.radians([anywhere(random), anywhere(random)])
    ascending = np.array([np.cos(node), np.sin(node), 0.0])
    normal = np.array(
        [
            np.sin(node) * np.sin(inclination),
            -np.cos(node) * np.sin(inclination),
            np.cos(inclination),
        ]
    )
    highest = np.cross(normal, ascending)
    position = radius_km * (ascending * np.cos(along) + highest * np.sin(along))
    speed_km_s = np.sqrt(WGS72_MU_KM3_S2 / radius_km)
    return position, speed_km_s * (highest * np.cos(along) - ascending * np.sin(along))


def orbit_of(position_km: NDArray[np.float64], velocity_km_s: NDArray[np.float64]) -> Orbit:
    """Keplerian elements of a state (Vallado, *Fundamentals of Astrodynamics*, algorithm 9).

    The orbit must be elliptic and inclined.
    """
    momentum = np.cross(position_km, velocity_km_s)
    node = np.array([-momentum[1], momentum[0], 0.0])
    radius_km = np.linalg.norm(position_km)
    outward = np.cross(velocity_km_s, momentum) / WGS72_MU_KM3_S2 - position_km / radius_km
    axis_km = 1.0 / (2.0 / radius_km - velocity_km_s @ velocity_km_s / WGS72_MU_KM3_S2)
    eccentricity = np.linalg.norm(outward)
    true_anomaly = np.radians(_turn_deg(outward, position_km, momentum))
    half = np.sqrt((1.0 - eccentricity) / (1.0 + eccentricity)) * np.tan(true_anomaly / 2.0)
    eccentric = 2.0 * np.arctan(half)
    return Orbit(
        float(axis_km),
        float(eccentricity),
        float(np.degrees(np.arccos(momentum[2] / np.linalg.norm(momentum)))),
        float(np.degrees(np.arctan2(node[1], node[0]))),
        _turn_deg(node, outward, momentum),
        float(np.degrees(eccentric - eccentricity * np.sin(eccentric))),
    )


def _turn_deg(
    start: NDArray[np.float64], end: NDArray[np.float64], axis: NDArray[np.float64]
) -> float:
    """Angle from ``start`` to ``end`` about ``axis``, which is normal to both."""
    across = np.cross(axis / np.linalg.norm(axis), start)
    return float(np.degrees(np.arctan2(end @ across, end @ start)))


def secular(orbit: Orbit, days: float) -> Orbit:
    """``orbit`` so many days later: mean motion and the secular terms of J2 (Vallado, 9.6)."""
    axis_km, eccentricity, inclination_deg, node_deg, perigee_deg, anomaly_deg = orbit
    motion_deg_day = 360.0 * mean_motion_rev_day(axis_km)
    parameter = axis_km * (1.0 - eccentricity**2) / WGS72_RADIUS_KM
    j2_deg_day = 0.75 * WGS72_J2 * motion_deg_day / parameter**2
    cosine = np.cos(np.radians(inclination_deg))
    root = np.sqrt(1.0 - eccentricity**2)
    return orbit._replace(
        raan_deg=float(node_deg - 2.0 * j2_deg_day * cosine * days),
        argument_of_perigee_deg=float(perigee_deg + j2_deg_day * (5.0 * cosine**2 - 1.0) * days),
        mean_anomaly_deg=float(
            anomaly_deg + (motion_deg_day + j2_deg_day * root * (3.0 * cosine**2 - 1.0)) * days
        ),
    )
