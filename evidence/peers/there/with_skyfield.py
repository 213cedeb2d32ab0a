"""Skyfield: positions of a catalogue in GCRS, windows of ground sites, sight between satellites."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from skyfield.api import EarthSatellite, load, wgs84
from skyfield.functions import mxv
from skyfield.searchlib import find_discrete

PACKAGES = ("skyfield", "sgp4", "numpy")
EARTH_KM, POLAR_KM = 6378.137, 6356.752
RISE, SET = 0, 2


def span(task: dict[str, Any], timescale: Any) -> tuple[Any, Any]:
    """Start and end of a search."""
    begin = datetime.fromisoformat(task["start"])
    end = begin + timedelta(hours=task["hours"])
    return timescale.from_datetime(begin), timescale.from_datetime(end)


def states(task: dict[str, Any]) -> tuple[Any, Any]:
    """Satellites and the array of times outside the measurement; nutation is made once in it."""
    timescale = load.timescale(builtin=True)
    satellites = [EarthSatellite.from_omm(timescale, one) for one in task["elements"]]
    at = datetime.fromisoformat(task["start"])
    times_s = np.array(task["times_s"])

    def run() -> tuple[Any, int]:
        time = timescale.utc(at.year, at.month, at.day, at.hour, at.minute, at.second + times_s)
        positions_km = [one.at(time).xyz.km for one in satellites]
        return positions_km, len(times_s) * len(satellites)

    def told(positions_km: Any) -> Any:
        return [one.T[:: task["every"]].tolist() for one in positions_km]

    return run, told


def windows(times_s: list[float], kinds: list[int], above: bool, end_s: float) -> list[list[float]]:
    """Rise and set in pairs; the ends of the search cut off what is above there."""
    found, rise_s = [], 0.0 if above else None
    for time_s, kind in zip(times_s, kinds, strict=True):
        if kind == RISE:
            rise_s = time_s
        elif kind == SET and rise_s is not None:
            found.append([rise_s, time_s])
            rise_s = None
    return found + ([[rise_s, end_s]] if rise_s is not None else [])


def sites(task: dict[str, Any]) -> tuple[Any, Any]:
    """Satellites, sites and times outside the measurement."""
    timescale = load.timescale(builtin=True)
    satellites = [EarthSatellite.from_omm(timescale, one) for one in task["elements"]]
    places = [
        (one["name"], wgs84.latlon(one["latitude_deg"], one["longitude_deg"]))
        for one in task["sites"]
    ]
    (start, end), end_s = span(task, timescale), 3600.0 * task["hours"]

    def run() -> tuple[Any, int]:
        found = [
            (name, one, site, one.find_events(site, start, end, task["elevation_deg"]))
            for name, site in places
            for one in satellites
        ]
        return found, len(found)

    def told(found: Any) -> Any:
        rows = []
        for name, one, site, (times, kinds) in found:
            above = (one - site).at(start).altaz()[0].degrees >= task["elevation_deg"]
            seconds = [86400.0 * (time - start) for time in times]
            rows += [
                [name, one.name, *pair] for pair in windows(seconds, list(kinds), above, end_s)
            ]
        return rows

    return run, told


def seeing(sensor: Any, target: Any, task: dict[str, Any]) -> Callable[[Any], Any]:
    """Whether a pair sees each other at an array of times: what ``find_discrete`` asks for.

    On the true equator of date, whose pole is the Earth's axis, the segment must stay clear of
    the ellipsoid with the air; it is a sphere when all is divided by its half-axes.
    """
    axes_km = np.array([EARTH_KM, EARTH_KM, POLAR_KM])[:, None] + task["air_km"]

    def seen(time: Any) -> Any:
        start, end = (mxv(time.M, one.at(time).xyz.km) for one in (sensor, target))
        near = ((end - start) ** 2).sum(0) <= task["largest_range_km"] ** 2
        start, ray = start / axes_km, (end - start) / axes_km
        square, half = (ray * ray).sum(0), (start * ray).sum(0)
        under = half**2 - square * ((start * start).sum(0) - 1.0)
        # where the ray enters the sphere, in lengths of the segment: behind it nothing matters
        entry = (-half - np.sqrt(np.maximum(under, 0.0))) / square
        return near & ~((under > 0.0) & (entry > 0.0) & (entry < 1.0))

    seen.step_days = task["sample_s"] / 86400.0  # type: ignore[attr-defined]
    return seen


def sight(task: dict[str, Any]) -> tuple[Any, Any]:
    """Satellites and times outside the measurement."""
    timescale = load.timescale(builtin=True)
    satellites = [EarthSatellite.from_omm(timescale, one) for one in task["elements"]]
    sensors, targets = satellites[: task["sensors"]], satellites[task["sensors"] :]
    (start, end), end_s = span(task, timescale), 3600.0 * task["hours"]
    epsilon = task["tolerance_s"] / 86400.0

    def run() -> tuple[Any, int]:
        found = [
            (one, other, find_discrete(start, end, seeing(one, other, task), epsilon))
            for one in sensors
            for other in targets
        ]
        return found, len(found)

    def told(found: Any) -> Any:
        rows = []
        for one, other, (times, _) in found:
            edges = [86400.0 * (time - start) for time in times]
            first = seeing(one, other, task)(timescale.tt_jd([start.tt]))[0]
            edges = [0.0, *edges] if first else edges
            edges += [end_s] if len(edges) % 2 else []
            pairs = zip(edges[::2], edges[1::2], strict=True)
            rows += [[one.name, other.name, *pair] for pair in pairs]
        return rows

    return run, told


WORKS = {"sight": sight, "sites": sites, "states": states}
