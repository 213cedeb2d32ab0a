"""What Skyfield says: positions, Sun and Moon, eclipses and access intervals, as reference files.

Needs Skyfield and a JPL ephemeris, and shares no formula with the rest of the package.
"""

from __future__ import annotations

import argparse
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from skyfield.api import EarthSatellite, load, load_file
from skyfield.functions import angle_between, length_of, mxv

from evidence.validation.setting import (
    AIR_KM,
    HOURS,
    LARGEST_RANGE_KM,
    LIMB_EXCLUSION_DEG,
    MOON_EXCLUSION_DEG,
    SAMPLE_S,
    SENSORS,
    START,
    SUN_EXCLUSION_DEG,
)
from evidence.validation.stored import DEFAULT_FOLDER, ELEMENTS_FILE, write_rows
from ssa_psro.arrays import Floats

EARTH_KM, POLAR_KM, SUN_KM = 6378.137, 6356.752, 695_700.0
TOLERANCE_S = 1e-3
FAN_DEG = np.arange(-5.0, 5.01, 0.1)
POSITION_OBJECTS = ("LEO-01", "MEO-01", "GEO-01", "HEO-01")
POSITION_YEARS = (2000, 2010, 2020, 2026, 2040)
POSITION_DAYS = (0.0, 3.0, 10.0)
SKY_DAYS = np.arange(0.0, 18_262.0, 73.0)
"""Days after 2000-01-01: five a year until 2049, at all phases of the Moon."""


class Sky:
    """Satellites, Sun and Moon at any seconds after ``START``, in km.

    All are geocentric and turned to the true equator of date, whose pole is the Earth's axis.
    """

    def __init__(self, satellites: list[EarthSatellite], ephemeris: Any, timescale: Any) -> None:
        self.satellites, self.ephemeris, self.timescale = satellites, ephemeris, timescale

    def time(self, seconds: NDArray[np.float64]) -> Any:
        """Skyfield's time."""
        return self.timescale.utc(START.year, START.month, START.day, 0, 0, seconds)

    def bodies(self, time: Any) -> tuple[Floats, Floats]:
        """Apparent Sun and Moon, ``[3, T]``."""
        earth = self.ephemeris["earth"].at(time)
        sun, moon = (earth.observe(self.ephemeris[name]).apparent() for name in ("sun", "moon"))
        return turned(sun, time), turned(moon, time)

    def satellite(self, number: int, time: Any) -> Floats:
        """One satellite, ``[3, T]``."""
        return turned(self.satellites[number].at(time), time)


def turned(position: Any, time: Any) -> Floats:
    """A geocentric position on the true equator of date, ``[3, T]``."""
    return np.asarray(mxv(time.M, position.xyz.km))


def meets_earth(sensor: Floats, target: Floats) -> NDArray[np.bool_]:
    """Whether the ray from the sensor meets the air, before the target or behind it.

    Points on it lie on the ellipsoid where a quadratic equation has its roots, if it has any; those
    on the target's side of the sensor are positive.
    """
    weights = np.array([EARTH_KM, EARTH_KM, POLAR_KM])[:, None] + AIR_KM
    start, ray = sensor / weights, (target - sensor) / weights
    square, half, rest = (ray * ray).sum(0), (start * ray).sum(0), (start * start).sum(0) - 1.0
    return np.asarray((half**2 > square * rest) & (half < 0.0))


def in_umbra(target: Floats, sun: Floats) -> NDArray[np.bool_]:
    """Inside the cone that touches Sun and Earth: distance from its axis against its radius.

    The flattened Earth is a sphere when the polar axis is stretched.
    """
    stretch = np.array([1.0, 1.0, EARTH_KM / POLAR_KM])[:, None]
    target, sun = target * stretch, sun * stretch
    distance = length_of(sun)
    axis = -sun / distance
    along = (target * axis).sum(0)
    half_angle = np.arcsin((SUN_KM - EARTH_KM) / distance)
    apex = EARTH_KM / np.sin(half_angle)
    radius = (apex - along) * np.tan(half_angle)
    return np.asarray((along > 0.0) & (length_of(target - along * axis) < radius))


def near_limb(sensor: Floats, target: Floats, margin_deg: float) -> NDArray[np.bool_]:
    """Whether a line of sight tilted by the margin meets the air: downwards, or nearly so.

    The fan of tilts holds the limb's nearest point, which the flattening moves by less than 1°.
    """
    margin, line = np.radians(margin_deg), target - sensor
    line = line / length_of(line)
    down = -sensor - (line * -sensor).sum(0) * line
    down = down / length_of(down)
    aside = np.cross(line, down, axis=0)
    near = np.zeros(line.shape[1], dtype=np.bool_)
    for turn in np.radians(FAN_DEG):
        tilt = np.cos(turn) * down + np.sin(turn) * aside
        near |= meets_earth(sensor, sensor + np.cos(margin) * line + np.sin(margin) * tilt)
    return near


def sees(
    sensor: Floats, target: Floats, sun: Floats, moon: Floats, limb_deg: float
) -> NDArray[np.bool_]:
    """Every constraint of the package's sensors but the magnitude."""
    ray = target - sensor
    clear = ~meets_earth(sensor, target)
    if limb_deg:
        clear &= ~near_limb(sensor, target, limb_deg)
    return np.asarray(
        (length_of(ray) <= LARGEST_RANGE_KM)
        & clear
        & ~in_umbra(target, sun)
        & (angle_between(ray, sun - sensor) >= np.radians(SUN_EXCLUSION_DEG))
        & (angle_between(ray, moon - sensor) >= np.radians(MOON_EXCLUSION_DEG))
    )


def access_intervals(sky: Sky, limb_deg: float = 0.0) -> list[tuple[str, str, str, str]]:
    """Sensor, target, start and end in s after ``START``, of all pairs."""
    samples = np.arange(0.0, HOURS * 3600.0 + SAMPLE_S / 2, SAMPLE_S)
    time = sky.time(samples)
    tracks = [sky.satellite(k, time) for k in range(len(sky.satellites))]
    bodies = sky.bodies(time)
    rows = []
    for s in range(SENSORS):
        for n in range(SENSORS, len(sky.satellites)):
            seen = sees(tracks[s], tracks[n], *bodies, limb_deg)
            steps = np.flatnonzero(seen[:-1] != seen[1:])
            edges = _refined(sky, (s, n), samples, steps, seen, limb_deg)
            if seen[0]:
                edges = [0.0, *edges]
            if seen[-1]:
                edges = [*edges, samples[-1]]
            names = sky.satellites[s].name, sky.satellites[n].name
            rows += [
                (*names, f"{start:.3f}", f"{end:.3f}")
                for start, end in zip(edges[::2], edges[1::2], strict=True)
            ]
    return rows


def _refined(
    sky: Sky,
    numbers: tuple[int, int],
    samples: Floats,
    steps: NDArray[Any],
    seen: NDArray[np.bool_],
    limb_deg: float,
) -> list[float]:
    """Times between ``samples`` at which ``seen`` changes, by bisection."""
    low, high, before = samples[steps], samples[steps + 1], seen[steps]
    while len(low) and (high - low).max() > TOLERANCE_S:
        middle = (low + high) / 2.0
        time = sky.time(middle)
        sensor, target = (sky.satellite(number, time) for number in numbers)
        same = sees(sensor, target, *sky.bodies(time), limb_deg) == before
        low, high = np.where(same, middle, low), np.where(same, high, middle)
    return [float(edge) for edge in (low + high) / 2.0]


def positions(fields: list[dict[str, Any]], timescale: Any) -> list[tuple[object, ...]]:
    """Name, epoch, days after it and GCRS position in km, of element sets of several years."""
    rows = []
    for year in POSITION_YEARS:
        for one in (one for one in fields if one["OBJECT_NAME"] in POSITION_OBJECTS):
            dated = {**one, "EPOCH": f"{year}{one['EPOCH'][4:]}"}
            satellite = EarthSatellite.from_omm(timescale, dated)
            epoch = datetime.fromisoformat(dated["EPOCH"]).replace(tzinfo=UTC)
            for days in POSITION_DAYS:
                at = satellite.at(timescale.from_datetime(epoch + timedelta(days=days)))
                rows.append(
                    (one["OBJECT_NAME"], dated["EPOCH"], days, *(f"{x:.6f}" for x in at.xyz.km))
                )
    return rows


def sun_and_moon(sky: Sky) -> list[tuple[object, ...]]:
    """Days after 2000-01-01 UTC, apparent Sun and Moon in GCRS, in km."""
    time = sky.timescale.utc(2000, 1, 1 + SKY_DAYS)
    earth = sky.ephemeris["earth"].at(time)
    sun, moon = (earth.observe(sky.ephemeris[name]).apparent().xyz.km for name in ("sun", "moon"))
    return [
        (days, *(f"{x:.3f}" for x in (*sun[:, k], *moon[:, k]))) for k, days in enumerate(SKY_DAYS)
    ]


def main() -> None:
    """Write the reference files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ephemeris", type=Path, required=True, help="JPL kernel, such as DE421")
    parser.add_argument("--folder", type=Path, default=DEFAULT_FOLDER)
    arguments = parser.parse_args()
    folder, timescale = arguments.folder, load.timescale(builtin=True)
    fields = json.loads((folder / ELEMENTS_FILE).read_text())
    satellites = [EarthSatellite.from_omm(timescale, one) for one in fields]
    sky = Sky(satellites, load_file(str(arguments.ephemeris)), timescale)
    packages = ("skyfield", "sgp4", "numpy")
    names = ("x_km", "y_km", "z_km")
    write_rows(
        folder / "positions_skyfield.csv",
        ("object", "epoch_utc", "days", *names),
        positions(fields, timescale),
        packages,
    )
    bodies = [f"{body}_{name}" for body in ("sun", "moon") for name in names]
    write_rows(
        folder / "sun_moon_skyfield.csv",
        ("days_after_2000", *bodies),
        sun_and_moon(sky),
        (*packages, "jplephem"),
    )
    for name, limb_deg in (("access", 0.0), ("access_limb", LIMB_EXCLUSION_DEG)):
        write_rows(
            folder / f"{name}_skyfield.csv",
            ("sensor", "target", "start_s", "end_s"),
            access_intervals(sky, limb_deg),
            (*packages, "jplephem"),
        )


if __name__ == "__main__":
    main()
