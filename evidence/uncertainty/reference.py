"""Covariances of objects whose orbits are kept up by directions measured from LEO.

Sensors and objects fly circular two-body orbits. Every few hours one of the sensors with line of
sight takes one dwell of exposures; a Kalman filter turns them into a covariance. Sun, shadow and
magnitude are left out: they delay observations, but the revisit time is an input here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from itertools import product

import numpy as np

from evidence.uncertainty.hill import carried, flow, seen
from ssa_psro.arrays import Floats
from ssa_psro.geometry.constants import EARTH_MU_KM3_S2, EARTH_RADIUS_KM, HORIZON_RADIUS_KM
from ssa_psro.scenario.schema import RegimeName
from ssa_psro.scenario.standards import ARCSEC, SBV_ARCSEC

CORRELATION_H = 3.0
"""How long an unmodelled acceleration keeps its direction in Hill's frame; assumed."""
DWELL_S = 600.0
EXPOSURES = 10
"""Evenly over a dwell, that of the shipped sensors."""
LOST_KM, LOST_KM_S = 5.0, 5e-3
"""What is known before the first observation: an old element set."""
SEARCH_S = 300.0
"""Without line of sight, the next try is so much later."""
LEO_REACH_KM = 5000.0
"""A small object in LEO is too faint beyond; those further away are large."""

REGIME_ORBITS: dict[RegimeName, tuple[float, float, float]] = {
    "LEO": (1000.0, 45.0, 100.0),
    "MEO": (20_200.0, 54.0, 65.0),
    "GEO": (35_786.0, 0.0, 10.0),
}
"""Altitude [km], least and largest inclination [deg]. HEO is not near a circular orbit."""


@dataclass(frozen=True)
class Tracking:
    """How an object is tracked.

    Attributes:
        regime: where it flies.
        unmodelled_nm_s2: sigma of the unmodelled acceleration.
        angular_resolution_arcsec: sigma of one exposure's direction.
        revisit_h: mean time between dwells; each gap is 0.5 to 1.5 times as long.
        dwells: how many there have been.
    """

    regime: RegimeName
    unmodelled_nm_s2: float
    angular_resolution_arcsec: float = SBV_ARCSEC
    revisit_h: float = 6.0
    dwells: int = 12

    @property
    def motion_rad_s(self) -> float:
        """Mean motion of the object."""
        return motion_rad_s(REGIME_ORBITS[self.regime][0])

    @property
    def noise_km2_s3(self) -> float:
        """White noise with the effect of an acceleration correlated over ``CORRELATION_H``."""
        return 2.0 * (self.unmodelled_nm_s2 * 1e-12) ** 2 * CORRELATION_H * 3600.0


def motion_rad_s(altitude_km: float) -> float:
    """Mean motion of a circular orbit."""
    return float(np.sqrt(EARTH_MU_KM3_S2 / (EARTH_RADIUS_KM + altitude_km) ** 3))


@dataclass(frozen=True)
class Circle:
    """A circular two-body orbit; angles in rad."""

    altitude_km: float
    inclination: float
    raan: float
    start: float

    def axes(self, times_s: Floats) -> Floats:
        """Radial, along-track and cross-track unit vectors ``[T, 3, 3]``, inertial."""
        angle = self.start + motion_rad_s(self.altitude_km) * times_s
        cos_i, sin_i = np.cos(self.inclination), np.sin(self.inclination)
        cos_o, sin_o = np.cos(self.raan), np.sin(self.raan)
        node = np.array([cos_o, sin_o, 0.0])
        crest = np.array([-sin_o * cos_i, cos_o * cos_i, sin_i])
        cos_u, sin_u = np.cos(angle)[:, None], np.sin(angle)[:, None]
        radial, along = cos_u * node + sin_u * crest, cos_u * crest - sin_u * node
        return np.stack([radial, along, np.cross(radial, along)], axis=1)

    def position_km(self, times_s: Floats) -> Floats:
        """``[T, 3]``."""
        radius_km = EARTH_RADIUS_KM + self.altitude_km
        return np.asarray(radius_km * self.axes(times_s)[:, 0])


SENSORS = tuple(
    Circle(800.0, np.radians(60.0), plane * np.pi / 3.0, slot * np.pi + plane * np.pi / 6.0)
    for plane, slot in product(range(6), range(2))
)
"""The shipped constellation of 12."""


@dataclass
class Track:
    """One object as it is being tracked.

    Attributes:
        tracking: how.
        flown: its orbit.
        covariance: ``[6, 6]`` at ``now_s``.
        now_s: time since the first dwell was wanted.
        ranges_km: of every exposure so far.
    """

    tracking: Tracking
    flown: Circle
    covariance: Floats
    now_s: float = 0.0
    ranges_km: list[float] = field(default_factory=list)

    def wait(self, until_s: float) -> None:
        """Let the covariance grow."""
        step = flow(self.tracking.motion_rad_s, until_s - self.now_s, self.tracking.noise_km2_s3)
        self.covariance = carried(self.covariance, *step)
        self.now_s = until_s

    def look(self, wanted_s: float, random: np.random.Generator) -> None:
        """Take one dwell as soon after ``wanted_s`` as there is line of sight."""
        offsets = np.linspace(0.0, DWELL_S, EXPOSURES)
        between = _flow(self.tracking.motion_rad_s, offsets[1], self.tracking.noise_km2_s3)
        start, lines = _next_dwell(self.flown, wanted_s, offsets, random)
        self.wait(start)
        for exposure, line in enumerate(lines):
            if exposure:
                self.covariance = carried(self.covariance, *between)
            range_km = float(np.linalg.norm(line))
            noise_km = self.tracking.angular_resolution_arcsec * ARCSEC * range_km
            self.covariance = seen(self.covariance, line / range_km, noise_km)
            self.ranges_km.append(range_km)
        self.now_s = start + DWELL_S


def tracked(tracking: Tracking, random: np.random.Generator) -> Track:
    """An object of random orbit, right after its last dwell."""
    unknown = np.diag([LOST_KM**2] * 3 + [LOST_KM_S**2] * 3)
    track = Track(tracking, _random_orbit(tracking.regime, random), unknown)
    track.look(0.0, random)
    for _ in range(tracking.dwells - 1):
        gap_s = random.uniform(0.5, 1.5) * tracking.revisit_h * 3600.0
        track.look(track.now_s + gap_s, random)
    return track


@cache
def _flow(motion: float, time_s: float, noise: float) -> tuple[Floats, Floats]:
    return flow(motion, time_s, noise)


def _random_orbit(regime: RegimeName, random: np.random.Generator) -> Circle:
    altitude_km, lowest_deg, highest_deg = REGIME_ORBITS[regime]
    inclination = np.radians(random.uniform(lowest_deg, highest_deg))
    return Circle(altitude_km, float(inclination), *random.uniform(0.0, 2.0 * np.pi, 2))


def _next_dwell(
    flown: Circle, wanted_s: float, offsets_s: Floats, random: np.random.Generator
) -> tuple[float, Floats]:
    """Start of the first dwell from ``wanted_s`` on, and its lines of sight ``[E, 3]``.

    They lead from a sensor to the object [km], in the object's Hill frame.
    """
    start = wanted_s
    while True:
        times = start + offsets_s
        position = flown.position_km(times)
        lines = [position - sensor.position_km(times) for sensor in SENSORS]
        usable = [line for line in lines if _in_view(position, line, flown.altitude_km)]
        if usable:
            line = usable[random.integers(len(usable))]
            return start, np.einsum("tij,tj->ti", flown.axes(times), line)
        start += SEARCH_S


def _in_view(position: Floats, line: Floats, altitude_km: float) -> bool:
    """Whether a line of sight that ends at ``position`` stays clear of the air all the time."""
    length = np.linalg.norm(line, axis=1)
    if altitude_km < 2000.0 and length.max() > LEO_REACH_KM:
        return False
    share = np.clip((position * line).sum(1) / length**2, 0.0, 1.0)
    closest = np.linalg.norm(position - share[:, None] * line, axis=1)
    return bool((closest > HORIZON_RADIUS_KM).all())
