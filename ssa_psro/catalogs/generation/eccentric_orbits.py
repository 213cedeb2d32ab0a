"""HEO: spent stages in geostationary transfer orbits, and satellites in Molniya orbits."""

from __future__ import annotations

from datetime import datetime

import numpy as np

from ssa_psro.catalogs.element_set import WGS72_RADIUS_KM
from ssa_psro.catalogs.generation.drafts import Draft, Draw, Orbit, anywhere, log_normal, pick

SHARES = {"TRANSFER": 0.6, "MOLNIYA": 0.4}
LAUNCH_SITES_DEG = (6.0, 19.0, 27.0, 47.0)
"""Inclinations of transfer orbits: Kourou, Hainan, Cape Canaveral, Baikonur."""
GEOSTATIONARY_KM = 35_786.0
CRITICAL_INCLINATION_DEG = 63.4
"""Where J2 leaves the perigee alone."""
HALF_DAY_AXIS_KM = 26_562.0
"""Two revolutions a sidereal day."""


def eccentric_orbits(seed: int, epoch: datetime) -> Draw:
    """One object in a highly eccentric orbit."""

    def draw(random: np.random.Generator, at: datetime) -> Draft:
        return FAMILIES[pick(random, SHARES)](random)

    return draw


def _transfer(random: np.random.Generator) -> Draft:
    """Perigee high enough to last, apogee near or below GEO, perigee wherever it has drifted to."""
    perigee_km = random.uniform(250.0, 650.0)
    apogee_km = GEOSTATIONARY_KM - abs(random.normal(0.0, 1500.0))
    inclination_deg = float(random.choice(LAUNCH_SITES_DEG)) + random.normal(0.0, 0.7)
    orbit = _between(perigee_km, apogee_km, inclination_deg, random, anywhere(random))
    bstar, radius_m = log_normal(random, 1e-4, 0.2), random.uniform(1.2, 2.5)
    return Draft("TRANSFER", orbit, bstar, radius_m, random.uniform(0.1, 0.3))


def _molniya(random: np.random.Generator) -> Draft:
    """Half a day, apogee kept over the north."""
    perigee_km = random.uniform(600.0, 2500.0)
    apogee_km = 2.0 * (HALF_DAY_AXIS_KM - WGS72_RADIUS_KM) - perigee_km
    inclination_deg = CRITICAL_INCLINATION_DEG + random.normal(0.0, 0.5)
    argument_deg = 270.0 + random.normal(0.0, 8.0)
    orbit = _between(perigee_km, apogee_km, inclination_deg, random, argument_deg)
    return Draft("MOLNIYA", orbit, 0.0, random.uniform(1.0, 2.5), random.uniform(0.15, 0.3))


def _between(
    perigee_km: float,
    apogee_km: float,
    inclination_deg: float,
    random: np.random.Generator,
    argument_deg: float,
) -> Orbit:
    axis_km = WGS72_RADIUS_KM + (perigee_km + apogee_km) / 2.0
    eccentricity = (apogee_km - perigee_km) / (2.0 * axis_km)
    nodes = anywhere(random), argument_deg, anywhere(random)
    return Orbit(axis_km, eccentricity, inclination_deg, *nodes)


FAMILIES = {"TRANSFER": _transfer, "MOLNIYA": _molniya}
"""How each family is drawn."""
