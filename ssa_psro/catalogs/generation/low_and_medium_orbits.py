"""LEO and MEO: what flies there, and how much of it.

LEO has sun-synchronous clusters, shells of large constellations, and dead upper stages. The
shares follow roughly what is large enough to be seen: one in three objects is sun-synchronous, one
in three belongs to a shell, the rest are spent stages and old payloads. MEO has four navigation
systems, each with its planes, and each slot kept.
"""

from __future__ import annotations

from datetime import UTC, datetime
from math import acos, degrees
from typing import NamedTuple

import numpy as np

from ssa_psro.catalogs.element_set import WGS72_RADIUS_KM
from ssa_psro.catalogs.generation.drafts import (
    WGS72_J2,
    Draft,
    Draw,
    Orbit,
    Upkeep,
    altitude_axis_km,
    anywhere,
    log_normal,
    mean_motion_rev_day,
    pick,
    rayleigh,
)
from ssa_psro.randomness import generator

LOW_SHARES = {"SSO": 0.35, "SHELL53": 0.25, "SHELL88": 0.1, "STAGE": 0.3}

SUN_SYNCHRONOUS_KM = ((505.0, 20.0), (620.0, 40.0), (790.0, 25.0))
"""Mean and spread of the altitudes that imaging and weather satellites cluster at."""
LOCAL_TIMES_H = (6.0, 9.5, 10.5, 13.5, 22.5)
"""Local times of the ascending node in use: dawn-dusk, morning and afternoon."""
LOCAL_TIME_SPREAD_H = 0.25
TROPICAL_YEAR_DAYS = 365.2422
J2000 = datetime(2000, 1, 1, 12, tzinfo=UTC)

STAGE_INCLINATIONS_DEG = (65.0, 71.0, 74.0, 82.9, 98.0)
"""Inclinations at which spent stages pile up."""

DRAG_MAKE_UP = Upkeep(interval_days=10.0, window_h=4.0, delta_v_m_s=(0.05, 0.3), probability=0.8)
"""Altitude kept against drag, with chemical thrusters, at solar maximum."""
SHELL_UPKEEP = Upkeep(interval_days=4.0, window_h=3.0, delta_v_m_s=(0.02, 0.1), probability=0.7)
"""Altitude kept and others avoided, with electric thrusters."""


def low_orbits(seed: int, epoch: datetime) -> Draw:
    """One object of LEO."""

    def draw(random: np.random.Generator, at: datetime) -> Draft:
        return FAMILIES[pick(random, LOW_SHARES)](random, at)

    return draw


def _sun_synchronous(random: np.random.Generator, epoch: datetime) -> Draft:
    """Node at a usual local time, inclination such that it stays there; nearly circular."""
    altitude_km = random.normal(*SUN_SYNCHRONOUS_KM[random.integers(len(SUN_SYNCHRONOUS_KM))])
    axis_km = altitude_axis_km(altitude_km)
    local_time_h = random.choice(LOCAL_TIMES_H) + random.normal(0.0, LOCAL_TIME_SPREAD_H)
    raan_deg = sun_longitude_deg(epoch) + 15.0 * (local_time_h - 12.0)
    inclination_deg = sun_synchronous_inclination_deg(axis_km) + random.normal(0.0, 0.03)
    orbit = Orbit(
        axis_km,
        rayleigh(random, 0.0008),
        inclination_deg,
        raan_deg,
        anywhere(random),
        anywhere(random),
    )
    return _payload("SSO", random, orbit, (0.4, 2.5), DRAG_MAKE_UP)


def _shell_53(random: np.random.Generator, epoch: datetime) -> Draft:
    """550 km, 53°, 72 planes."""
    return _shell("SHELL53", random, 550.0, 53.05, 72, 5.0)


def _shell_88(random: np.random.Generator, epoch: datetime) -> Draft:
    """1,200 km, 87.9°, 12 planes over half a revolution."""
    return _shell("SHELL88", random, 1200.0, 87.9, 12, 15.2)


def _shell(
    family: str,
    random: np.random.Generator,
    altitude_km: float,
    inclination_deg: float,
    planes: int,
    apart_deg: float,
) -> Draft:
    orbit = Orbit(
        altitude_axis_km(altitude_km + random.normal(0.0, 1.5)),
        rayleigh(random, 0.0001),
        inclination_deg + random.normal(0.0, 0.01),
        apart_deg * random.integers(planes) + random.normal(0.0, 0.1),
        anywhere(random),
        anywhere(random),
    )
    return _payload(family, random, orbit, (0.8, 2.0), SHELL_UPKEEP)


def _stage(random: np.random.Generator, epoch: datetime) -> Draft:
    """Spent stages and dead payloads: higher, more eccentric, and large."""
    orbit = Orbit(
        altitude_axis_km(random.uniform(750.0, 1500.0)),
        rayleigh(random, 0.004),
        float(random.choice(STAGE_INCLINATIONS_DEG)) + random.normal(0.0, 0.3),
        anywhere(random),
        anywhere(random),
        anywhere(random),
    )
    bstar, radius_m = log_normal(random, 1e-4, 0.2), random.uniform(1.0, 3.0)
    return Draft("STAGE", orbit, bstar, radius_m, random.uniform(0.1, 0.3))


def _payload(
    family: str,
    random: np.random.Generator,
    orbit: Orbit,
    radius_m: tuple[float, float],
    upkeep: Upkeep,
) -> Draft:
    bstar, size_m = log_normal(random, 1e-4, 0.3), random.uniform(*radius_m)
    return Draft(family, orbit, bstar, size_m, random.uniform(0.15, 0.3), (upkeep,))


def sun_synchronous_inclination_deg(semi_major_axis_km: float) -> float:
    """Inclination at which J2 turns the node of a circular orbit once a tropical year."""
    # the node must go round with the Sun, eastwards; J2 turns it west below 90° and east above
    turn_rev_day = 1.0 / TROPICAL_YEAR_DAYS
    oblateness = 1.5 * WGS72_J2 * (WGS72_RADIUS_KM / semi_major_axis_km) ** 2
    return degrees(acos(-turn_rev_day / (oblateness * mean_motion_rev_day(semi_major_axis_km))))


def sun_longitude_deg(epoch: datetime) -> float:
    """Mean longitude of the Sun, the right ascension that mean solar time counts from."""
    days = (epoch - J2000).total_seconds() / 86400.0
    return (280.460 + 0.9856474 * days) % 360.0


FAMILIES = {
    "SSO": _sun_synchronous,
    "SHELL53": _shell_53,
    "SHELL88": _shell_88,
    "STAGE": _stage,
}
"""How each family is drawn."""


class System(NamedTuple):
    """The design of a navigation constellation (its interface control document)."""

    semi_major_axis_km: float
    inclination_deg: float
    planes: int
    slots: int
    eccentricity: float


SYSTEMS = {
    "NAV55": System(26_560.0, 55.0, 6, 5, 0.006),
    "NAV65": System(25_508.0, 64.8, 3, 8, 0.001),
    "NAV56": System(29_600.0, 56.0, 3, 8, 0.0003),
    "NAV55H": System(27_906.0, 55.0, 3, 8, 0.0006),
}
"""GPS-like, GLONASS-like, Galileo-like and BeiDou-like, in this order."""
MEDIUM_SHARES = {"NAV55": 0.32, "NAV65": 0.24, "NAV56": 0.24, "NAV55H": 0.2}


def medium_orbits(seed: int, epoch: datetime) -> Draw:
    """One navigation satellite. Where the planes of a system lie depends on the seed."""
    first_node_deg = {
        name: anywhere(generator(seed, "catalog", "planes", name)) for name in SYSTEMS
    }

    def draw(random: np.random.Generator, at: datetime) -> Draft:
        name = pick(random, MEDIUM_SHARES)
        system = SYSTEMS[name]
        plane, slot = random.integers(system.planes), random.integers(system.slots)
        perigee_deg = anywhere(random)
        # along the orbit from the node, with neighbouring planes shifted against each other
        along_deg = 360.0 * (slot / system.slots + plane / (system.planes * system.slots))
        orbit = Orbit(
            system.semi_major_axis_km + random.normal(0.0, 2.0),
            rayleigh(random, system.eccentricity),
            system.inclination_deg + random.normal(0.0, 0.6),
            first_node_deg[name] + 360.0 * plane / system.planes + random.normal(0.0, 2.0),
            perigee_deg,
            along_deg + random.normal(0.0, 3.0) - perigee_deg,
        )
        return Draft(name, orbit, 0.0, random.uniform(1.0, 2.5), random.uniform(0.15, 0.3))

    return draw
