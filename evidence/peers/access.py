"""Access by every program: sight between satellites, and satellites above ground sites.

What is measured here is this package's own geometry: positions by SGP4 in GCRS, rotations of the
Earth, and the line of sight that fills the access tables, asked at samples and then by bisection
(``evidence.validation.intervals``). The package has no ground sites; elevation above one is a
kernel of this comparison.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evidence.peers.turns import Answer, Task, Told
from evidence.validation.access import compare, element_sets
from evidence.validation.intervals import Holds, Intervals, Tracks, find_intervals, in_sight
from evidence.validation.setting import (
    AIR_KM,
    HOURS,
    LARGEST_RANGE_KM,
    SAMPLE_S,
    SENSORS,
    START,
)
from evidence.validation.stored import DEFAULT_FOLDER, ELEMENTS_FILE
from ssa_psro.arrays import Floats
from ssa_psro.compiled import entry_point
from ssa_psro.geometry.flight import positions_km
from ssa_psro.geometry.sky import gcrs_to_tirs
from ssa_psro.geometry.vectors import dot, minus, row
from ssa_psro.scenario.orbits import StatedElementSet

EQUATOR_KM, FLATTENING = 6378.137, 1.0 / 298.257223563
"""WGS 84."""
SITES = (("north", 10.0, 60.0), ("equator", 30.0, 0.0), ("south", 150.0, -35.0))
"""Ground sites: name, longitude and latitude in degrees, on the ellipsoid."""
ELEVATION_DEG = 10.0
SITE_SAMPLE_S = 60.0
TOLERANCE_S = 1e-3


def elements() -> Any:
    """The OMMs of ``tests/reference/data``: 12 sensors, then 20 targets of all regimes."""
    return json.loads((DEFAULT_FOLDER / ELEMENTS_FILE).read_text())


def sight_task() -> Task:
    """Every sensor and every target over a day."""
    return {
        "work": "sight",
        "elements": elements(),
        "sensors": SENSORS,
        "start": START.isoformat(),
        "hours": HOURS,
        "sample_s": SAMPLE_S,
        "tolerance_s": TOLERANCE_S,
        "largest_range_km": LARGEST_RANGE_KM,
        "air_km": AIR_KM,
    }


def sites_task() -> Task:
    """Every site and every satellite over a day."""
    return {
        "work": "sites",
        "elements": elements(),
        "sites": [
            {"name": name, "longitude_deg": longitude, "latitude_deg": latitude}
            for name, longitude, latitude in SITES
        ],
        "elevation_deg": ELEVATION_DEG,
        "start": START.isoformat(),
        "hours": HOURS,
        "sample_s": SITE_SAMPLE_S,
        "tolerance_s": TOLERANCE_S,
    }


def narrowed(task: Task, sensors: int) -> Task:
    """The same with the first ``sensors`` only, for programs that take seconds a pair."""
    kept = [*task["elements"][:sensors], *task["elements"][task["sensors"] :]]
    return {**task, "elements": kept, "sensors": sensors}


def one_sensor_task() -> Task:
    """One sensor and every target."""
    return narrowed(sight_task(), 1)


def own_elements(task: Task) -> list[StatedElementSet]:
    """The task's elements as this package reads them from the same file."""
    names = {one["OBJECT_NAME"] for one in task["elements"]}
    return [one for one in element_sets(DEFAULT_FOLDER) if one.name in names]


def times_s(task: Task) -> Floats:
    """The samples of a search."""
    return np.arange(0.0, task["hours"] * 3600.0 + task["sample_s"] / 2.0, task["sample_s"])


def sight(task: Task) -> tuple[Callable[[], tuple[Answer, int]], Told]:
    """Range and line of sight; reading the elements is not measured.

    SGP4 is asked at every second sample, splines give those between (1.5 m off in LEO).
    """
    satellites, samples_s = own_elements(task), times_s(task)[::2]
    names, sensors = [one.name for one in satellites], task["sensors"]
    holds = in_sight(task["largest_range_km"])

    def run() -> tuple[Intervals, int]:
        tracks = Tracks(samples_s, positions_km(satellites, START, samples_s))
        found = find_intervals(tracks, sensors, holds, tracks.halved())
        return found, sensors * (len(names) - sensors)

    return run, lambda found: named(found, names[:sensors], names[sensors:])


def sites(task: Task) -> tuple[Callable[[], tuple[Answer, int]], Told]:
    """Elevation, worked out in the frame that turns with the Earth."""
    satellites, samples_s = own_elements(task), times_s(task)
    names, places = [one.name for one in satellites], [one["name"] for one in task["sites"]]
    ground_km = np.array(
        [ground(one["longitude_deg"], one["latitude_deg"]) for one in task["sites"]]
    )
    holds = above(task["elevation_deg"])

    def run() -> tuple[Intervals, int]:
        flown_km = positions_km(satellites, START, samples_s)
        turned_km = np.matmul(flown_km, gcrs_to_tirs(START, samples_s).transpose(0, 2, 1))
        still_km = np.broadcast_to(ground_km, (len(samples_s), *ground_km.shape))
        tracks = Tracks(samples_s, np.concatenate((still_km, turned_km), axis=1))
        return find_intervals(tracks, len(places), holds), len(places) * len(names)

    return run, lambda found: named(found, places, names)


def ground(longitude_deg: float, latitude_deg: float) -> list[float]:
    """A place on the ellipsoid, in km, Earth-fixed."""
    longitude, latitude = math.radians(longitude_deg), math.radians(latitude_deg)
    square = FLATTENING * (2.0 - FLATTENING)
    normal_km = EQUATOR_KM / math.sqrt(1.0 - square * math.sin(latitude) ** 2)
    across_km = normal_km * math.cos(latitude)
    return [
        across_km * math.cos(longitude),
        across_km * math.sin(longitude),
        normal_km * (1.0 - square) * math.sin(latitude),
    ]


def above(elevation_deg: float) -> Holds:
    """Elevation above the horizon of a place on the ellipsoid."""
    sine = math.sin(math.radians(elevation_deg))

    def holds(times_s: Floats, sites_km: Floats, targets_km: Floats) -> NDArray[np.bool_]:
        return _above(sites_km, targets_km, sine)

    return holds


@entry_point
def _above(sites_km: Floats, targets_km: Floats, sine: float) -> NDArray[np.bool_]:
    moments, sites, targets = len(sites_km), sites_km.shape[1], targets_km.shape[1]
    found = np.empty((moments, sites, targets), dtype=np.bool_)
    squeeze = 1.0 / (1.0 - FLATTENING) ** 2
    for t in range(moments):
        for s in range(sites):
            site = row(sites_km[t], s)
            # the gradient of the ellipsoid's equation points to the zenith
            zenith = (site[0], site[1], site[2] * squeeze)
            high = math.sqrt(dot(zenith, zenith)) * sine
            for n in range(targets):
                ray = minus(row(targets_km[t], n), site)
                found[t, s, n] = dot(zenith, ray) >= high * math.sqrt(dot(ray, ray))
    return found


def named(found: Intervals, sensors: Sequence[str], targets: Sequence[str]) -> Any:
    """Sensor, target, start and end, as every program tells them."""
    rows = zip(found.sensor, found.target, found.start_s, found.end_s, strict=True)
    return [[sensors[s], targets[n], float(start), float(end)] for s, n, start, end in rows]


def numbered(rows: Any) -> Intervals:
    """Told intervals with numbers for names: the same number for the same name, in any list."""
    sensor, target = (np.array([_number(one[k]) for one in rows], dtype=np.int64) for k in (0, 1))
    start_s, end_s = (np.array([float(one[k]) for one in rows]) for k in (2, 3))
    return Intervals(sensor, target, start_s, end_s)


def _number(name: str) -> int:
    return int.from_bytes(name.encode()[-7:])


def disagreement(ours: Any, theirs: Any) -> dict[str, float]:
    """Intervals without a partner, and how far the ends of the others are apart."""
    found = compare(numbered(ours), numbered(theirs))
    sizes_s = np.abs(found.difference_s)
    return {
        "intervals": len(ours),
        "missing": found.missing,
        "extra": found.extra,
        "median_s": float(np.median(sizes_s)),
        "95 %_s": float(np.quantile(sizes_s, 0.95)),
        "largest_s": float(sizes_s.max()),
    }
