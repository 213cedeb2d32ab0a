"""Objects, and looks at them from the shipped constellation.

Sensors and objects fly two-body orbits. Every few hours one of the sensors with line of sight takes
one look. Sun, shadow and magnitude are left out: they delay looks, but the revisit time is an input
here.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

import numpy as np

from ssa_psro.arrays import Floats
from ssa_psro.geometry.constants import EARTH_MU_KM3_S2, EARTH_RADIUS_KM, HORIZON_RADIUS_KM
from ssa_psro.scenario.schema import RegimeName

SEARCH_S = 300.0
"""Without line of sight, the next try is so much later."""
LEO_KM = EARTH_RADIUS_KM + 2000.0
LEO_REACH_KM = 5000.0
"""A small object in LEO is too faint beyond; those further away are large."""

REGIME_ORBITS: dict[RegimeName, tuple[float, float, float, float]] = {
    "LEO": (7_378.0, 0.0, 45.0, 100.0),
    "MEO": (26_560.0, 0.0, 54.0, 65.0),
    "GEO": (42_164.0, 0.0, 0.0, 10.0),
    "HEO": (26_560.0, 0.7, 60.0, 65.0),
}
"""Semi-major axis [km], eccentricity, least and largest inclination [deg]."""


@dataclass(frozen=True)
class Kepler:
    """A two-body orbit; angles in rad.

    Attributes:
        axis_km: semi-major axis.
        eccentricity: 0 for a circle.
        inclination: to the equator.
        raan: of the node.
        perigee: argument of it.
        start: mean anomaly at time 0.
    """

    axis_km: float
    eccentricity: float
    inclination: float
    raan: float
    perigee: float
    start: float

    @property
    def motion_rad_s(self) -> float:
        """Mean motion."""
        return float(np.sqrt(EARTH_MU_KM3_S2 / self.axis_km**3))

    def state(self, time_s: float) -> Floats:
        """``[6]`` position [km] and velocity [km/s], inertial."""
        e, mean = self.eccentricity, self.start + self.motion_rad_s * time_s
        anomaly = mean
        for _ in range(50):  # Newton's method on Kepler's equation
            anomaly -= (anomaly - e * np.sin(anomaly) - mean) / (1.0 - e * np.cos(anomaly))
        flat = np.sqrt(1.0 - e * e)
        pace = self.axis_km * self.motion_rad_s / (1.0 - e * np.cos(anomaly))
        place = self.axis_km * np.array([np.cos(anomaly) - e, flat * np.sin(anomaly)])
        speed = pace * np.array([-np.sin(anomaly), flat * np.cos(anomaly)])
        plane = self._plane()
        return np.concatenate([place @ plane, speed @ plane])

    def _plane(self) -> Floats:
        """``[2, 3]`` directions of the perigee and of the motion there."""
        cos_i, sin_i = np.cos(self.inclination), np.sin(self.inclination)
        cos_o, sin_o = np.cos(self.raan), np.sin(self.raan)
        node = np.array([cos_o, sin_o, 0.0])
        crest = np.array([-sin_o * cos_i, cos_o * cos_i, sin_i])
        cos_w, sin_w = np.cos(self.perigee), np.sin(self.perigee)
        return np.stack([cos_w * node + sin_w * crest, cos_w * crest - sin_w * node])


def hill_axes(state: Floats) -> Floats:
    """Radial, along-track and cross-track unit vectors ``[3, 3]``, inertial."""
    radial, cross = state[:3], np.cross(state[:3], state[3:])
    radial, cross = radial / np.linalg.norm(radial), cross / np.linalg.norm(cross)
    return np.stack([radial, np.cross(cross, radial), cross])


SENSORS = tuple(
    Kepler(
        EARTH_RADIUS_KM + 800.0,
        0.0,
        np.radians(60.0),
        plane * np.pi / 3.0,
        0.0,
        slot * np.pi + plane * np.pi / 6.0,
    )
    for plane, slot in product(range(6), range(2))
)
"""The shipped constellation of 12."""


class Look(NamedTuple):
    """One look at an object.

    Attributes:
        time_s: when.
        sensor_km: ``[3]`` where the sensor is, inertial.
        sight: ``[3]`` unit vector from sensor to object in the object's Hill frame.
        range_km: how far it is.
    """

    time_s: float
    sensor_km: Floats
    sight: Floats
    range_km: float


def random_orbit(regime: RegimeName, random: np.random.Generator) -> Kepler:
    """An orbit of a regime with random orientation."""
    axis_km, eccentricity, lowest_deg, highest_deg = REGIME_ORBITS[regime]
    inclination = np.radians(random.uniform(lowest_deg, highest_deg))
    return Kepler(axis_km, eccentricity, float(inclination), *random.uniform(0.0, 2.0 * np.pi, 3))


def sequence(
    flown: Kepler,
    count: int,
    revisit_h: float,
    random: np.random.Generator,
    first_s: float = 0.0,
) -> list[Look]:
    """Looks at an object, each 0.5 to 1.5 revisit times after the last, from ``first_s`` on."""
    looks = [next_look(flown, first_s, random)]
    for _ in range(count - 1):
        gap_s = random.uniform(0.5, 1.5) * revisit_h * 3600.0
        looks.append(next_look(flown, looks[-1].time_s + gap_s, random))
    return looks


def next_look(flown: Kepler, wanted_s: float, random: np.random.Generator) -> Look:
    """The first look from ``wanted_s`` on, by one of the sensors that have line of sight."""
    time_s = wanted_s
    while True:
        state = flown.state(time_s)
        at = state[:3]
        places = [sensor.state(time_s)[:3] for sensor in SENSORS]
        usable = [place for place in places if _in_view(at, place)]
        if usable:
            place = usable[random.integers(len(usable))]
            line = hill_axes(state) @ (at - place)
            range_km = float(np.linalg.norm(line))
            return Look(time_s, place, line / range_km, range_km)
        time_s += SEARCH_S


def _in_view(at: Floats, place: Floats) -> bool:
    """Whether the line of sight stays clear of the air."""
    line = at - place
    length = np.linalg.norm(line)
    if np.linalg.norm(at) < LEO_KM and length > LEO_REACH_KM:
        return False
    share = np.clip(at @ line / length**2, 0.0, 1.0)
    return bool(np.linalg.norm(at - share * line) > HORIZON_RADIUS_KM)
