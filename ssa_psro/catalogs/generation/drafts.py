"""What the distributions draw: one object before it has a name, an id and an element set."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from math import sqrt
from typing import NamedTuple

import numpy as np

from ssa_psro.catalogs.element_set import WGS72_MU_KM3_S2, WGS72_RADIUS_KM

DAY_S = 86400.0
WGS72_J2 = 0.001082616
"""Second zonal harmonic that SGP4 elements are fitted with."""
REVOLUTION_DEG = 360.0


class Orbit(NamedTuple):
    """Mean elements; angles in any turn."""

    semi_major_axis_km: float
    eccentricity: float
    inclination_deg: float
    raan_deg: float
    argument_of_perigee_deg: float
    mean_anomaly_deg: float


class Upkeep(NamedTuple):
    """Manoeuvres that an object makes again and again.

    Attributes:
        interval_days: from one to the next.
        window_h: how long before and after taken together one is expected.
        delta_v_m_s: smallest and largest size, as in ``particulars.Forecast``.
        probability: that one is made in its window.
    """

    interval_days: float
    window_h: float
    delta_v_m_s: tuple[float, float]
    probability: float


@dataclass(frozen=True)
class Draft:
    """One drawn object.

    Attributes:
        family: what it is, and the start of its name, such as ``SSO``.
        orbit: at its epoch.
        bstar: drag term [1/earth radii].
        radius_m: of the sphere that shines as it does.
        albedo: of that sphere.
        upkeep: the manoeuvres it makes; none for what is dead.
    """

    family: str
    orbit: Orbit
    bstar: float
    radius_m: float
    albedo: float
    upkeep: tuple[Upkeep, ...] = ()


Draw = Callable[[np.random.Generator, datetime], Draft]
"""Draws one object whose element set has that epoch."""
Population = Callable[[int, datetime], Draw]
"""A distribution, given a seed and the epoch of the catalogue."""


def altitude_axis_km(altitude_km: float) -> float:
    """Semi-major axis of an orbit whose mean altitude is ``altitude_km``."""
    return WGS72_RADIUS_KM + altitude_km


def mean_motion_rev_day(semi_major_axis_km: float) -> float:
    """Two-body mean motion, which is how catalogues turn mean motions into altitudes."""
    rate_rad_s = sqrt(WGS72_MU_KM3_S2 / semi_major_axis_km**3)
    return rate_rad_s * DAY_S / (2.0 * np.pi)


def rayleigh(random: np.random.Generator, scale: float) -> float:
    """Size of a vector with two normal components, as small eccentricities and inclinations are."""
    return float(random.rayleigh(scale))


def anywhere(random: np.random.Generator) -> float:
    """An angle in degrees without preference."""
    return float(random.uniform(0.0, REVOLUTION_DEG))


def pick(random: np.random.Generator, shares: dict[str, float]) -> str:
    """One of the names, each as often as its share says."""
    names, weights = list(shares), np.array(list(shares.values()))
    return names[int(random.choice(len(names), p=weights / weights.sum()))]


def log_normal(random: np.random.Generator, median: float, decades: float) -> float:
    """A size whose logarithm (base 10) is normal with a spread of so many decades."""
    return float(median * 10.0 ** random.normal(0.0, decades))
