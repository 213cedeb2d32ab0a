"""GEO and HEO: what flies there.

GEO has kept slots, slots kept in longitude only, librating wrecks, and the graveyard above. HEO has
spent stages in geostationary transfer orbits, and satellites in Molniya orbits.

Inclinations of what is no longer kept north-south follow the poles of their orbits, which circle
the pole of the Laplace plane, 7.4° from the Earth's, once in 53 years (Allan and Cook 1964): 0.85°
a year at first, 15° at most, node and inclination hanging together.
"""

from __future__ import annotations

from datetime import UTC, datetime
from math import acos, atan2, cos, degrees, pi, radians, sin, sqrt

import numpy as np

from ssa_psro.catalogs.element_set import WGS72_RADIUS_KM
from ssa_psro.catalogs.generation.drafts import (
    Draft,
    Draw,
    Orbit,
    Upkeep,
    anywhere,
    log_normal,
    pick,
    rayleigh,
)
from ssa_psro.catalogs.particulars import CROSS_TRACK

GEO_SHARES = {"SLOT": 0.6, "INCLINED": 0.15, "LIBRATING": 0.15, "GRAVEYARD": 0.1}

SYNCHRONOUS_AXIS_KM = 42_164.78
"""Of 1.002717 rev/day, at which SGP4 stays over one longitude: J2, Sun and Moon turn node and
perigee by the 0.000021 rev/day that are missing to a sidereal day."""
LAPLACE_TILT_RAD = radians(7.4)
POLE_PERIOD_YEARS = 53.0
STABLE_LONGITUDES_DEG = (75.1, 254.7)
"""Where the ellipticity of the equator pulls to (Soop 1994)."""
PULL_DEG_DAY2 = 0.0017
"""Largest drift acceleration, halfway to the unstable longitudes (Soop 1994)."""
SLOT_SPACING_DEG = 0.5
SLOT_WIDTH_DEG = 0.05
GRAVEYARD_KM = (235.0, 450.0)
"""Above the synchronous orbit; disposal guidelines (IADC) ask for 235 km and more."""

EAST_WEST = Upkeep(interval_days=14.0, window_h=6.0, delta_v_m_s=(0.05, 0.15), probability=0.9)
"""About 2 m/s a year (Soop 1994)."""
NORTH_SOUTH = Upkeep(
    interval_days=14.0,
    window_h=4.0,
    delta_v_m_s=(1.5 * CROSS_TRACK, 2.0 * CROSS_TRACK),
    probability=0.9,
)
"""Burns of 1.5 to 2.0 m/s, about 45 m/s a year (Soop 1994), across the plane: an orbit that is
tilted by so much swings about the old one and does not run ahead of it."""


def geostationary(seed: int, epoch: datetime) -> Draw:
    """One object of the GEO belt."""

    def draw(random: np.random.Generator, at: datetime) -> Draft:
        return GEO_FAMILIES[pick(random, GEO_SHARES)](random, at)

    return draw


def _slot(random: np.random.Generator, epoch: datetime) -> Draft:
    """Kept in longitude and latitude."""
    plane = rayleigh(random, 0.03), anywhere(random)
    orbit = _orbit(random, epoch, _slot_deg(random), 0.0, plane, 0.0002)
    return _draft("SLOT", random, orbit, (EAST_WEST, NORTH_SOUTH))


def _inclined(random: np.random.Generator, epoch: datetime) -> Draft:
    """Kept in longitude only for the last years of its life."""
    plane = drifted_plane_deg(random.uniform(1.0, 12.0))
    orbit = _orbit(random, epoch, _slot_deg(random), 0.0, plane, 0.0003)
    return _draft("INCLINED", random, orbit, (EAST_WEST,))


def _librating(random: np.random.Generator, epoch: datetime) -> Draft:
    """Left near the synchronous orbit: swings about a stable longitude like a pendulum."""
    centre_deg = STABLE_LONGITUDES_DEG[random.integers(2)]
    swing_deg, phase = random.uniform(5.0, 85.0), random.uniform(0.0, 2.0 * pi)
    offset_deg = swing_deg * sin(phase)
    drift_deg_day = libration_drift_deg_day(offset_deg, swing_deg) * (1 if cos(phase) > 0 else -1)
    plane = drifted_plane_deg(random.uniform(2.0, 45.0))
    orbit = _orbit(random, epoch, centre_deg + offset_deg, drift_deg_day, plane, 0.0006)
    return _draft("LIBRATING", random, orbit, ())


def _graveyard(random: np.random.Generator, epoch: datetime) -> Draft:
    """Raised at the end of its life: drifts west, without end."""
    plane = drifted_plane_deg(random.uniform(0.0, 30.0))
    orbit = _orbit(random, epoch, anywhere(random), 0.0, plane, 0.001)
    raised = orbit._replace(semi_major_axis_km=SYNCHRONOUS_AXIS_KM + random.uniform(*GRAVEYARD_KM))
    return _draft("GRAVEYARD", random, raised, ())


def _slot_deg(random: np.random.Generator) -> float:
    slot = random.integers(round(360.0 / SLOT_SPACING_DEG)) * SLOT_SPACING_DEG
    return float(slot + random.uniform(-SLOT_WIDTH_DEG, SLOT_WIDTH_DEG))


def _draft(
    family: str, random: np.random.Generator, orbit: Orbit, upkeep: tuple[Upkeep, ...]
) -> Draft:
    return Draft(family, orbit, 0.0, random.uniform(1.5, 4.0), random.uniform(0.15, 0.3), upkeep)


def _orbit(
    random: np.random.Generator,
    epoch: datetime,
    longitude_deg: float,
    drift_deg_day: float,
    plane_deg: tuple[float, float],
    eccentricity: float,
) -> Orbit:
    """The orbit over a longitude [deg east] that drifts east so fast.

    Longitude is where the mean object would be, so the eccentricity does not shift it.
    """
    inclination_deg, raan_deg = plane_deg
    perigee_deg = anywhere(random)
    anomaly_deg = longitude_deg + sidereal_angle_deg(epoch) - raan_deg - perigee_deg
    # of small drifts: a revolution a day faster by the drift means a lower orbit by Kepler's law
    axis_km = SYNCHRONOUS_AXIS_KM * (1.0 - 2.0 / 3.0 * drift_deg_day / 360.9856)
    drawn = rayleigh(random, eccentricity)
    return Orbit(axis_km, drawn, inclination_deg, raan_deg, perigee_deg, anomaly_deg)


def drifted_plane_deg(years: float) -> tuple[float, float]:
    """Inclination and node of an orbit left equatorial so many years ago.

    Its pole starts at the Earth's and circles the Laplace pole, which leans towards right ascension
    270°, clockwise.
    """
    turned = 2.0 * pi * years / POLE_PERIOD_YEARS
    x = sin(LAPLACE_TILT_RAD) * sin(turned)
    y = -sin(LAPLACE_TILT_RAD) * cos(LAPLACE_TILT_RAD) * (1.0 - cos(turned))
    z = cos(LAPLACE_TILT_RAD) ** 2 + sin(LAPLACE_TILT_RAD) ** 2 * cos(turned)
    return degrees(acos(min(1.0, z))), degrees(atan2(x, -y)) % 360.0


def libration_drift_deg_day(offset_deg: float, swing_deg: float) -> float:
    """Speed of a wreck so far from the stable longitude about which it swings so far.

    Energy of the pendulum whose acceleration is ``-PULL_DEG_DAY2 * sin(2 offset)``.
    """
    pull = radians(PULL_DEG_DAY2)
    energy = cos(2.0 * radians(offset_deg)) - cos(2.0 * radians(swing_deg))
    return degrees(sqrt(max(0.0, pull * energy)))


def sidereal_angle_deg(epoch: datetime) -> float:
    """Greenwich mean sidereal time (IAU 1982, without its quadratic terms), with UTC for UT1."""
    days = (epoch - datetime(2000, 1, 1, 12, tzinfo=UTC)).total_seconds() / 86400.0
    return (280.46061837 + 360.98564736629 * days) % 360.0


GEO_FAMILIES = {
    "SLOT": _slot,
    "INCLINED": _inclined,
    "LIBRATING": _librating,
    "GRAVEYARD": _graveyard,
}
"""How each family is drawn."""


HEO_SHARES = {"TRANSFER": 0.6, "MOLNIYA": 0.4}
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
        return HEO_FAMILIES[pick(random, HEO_SHARES)](random)

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


HEO_FAMILIES = {"TRANSFER": _transfer, "MOLNIYA": _molniya}
"""How each family is drawn."""
