"""Directions of Sun and Moon against astropy, and against JPL's ephemeris by Skyfield."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeAlias

import numpy as np

from ssa_psro.arrays import Floats
from ssa_psro.benchmarks.validation.figures import Figure
from ssa_psro.benchmarks.validation.stored import column, read_peer, read_rows
from ssa_psro.geometry.moon import moon_position_km
from ssa_psro.geometry.sun import sun_position_km

Body: TypeAlias = Callable[[datetime, Floats], Floats]

BODIES: dict[str, tuple[Body, float, float]] = {
    "Sun": (sun_position_km, 0.1, 50.0),
    "Moon": (moon_position_km, 20.0, 30.0),
}
"""Our positions; direction (arcsec) and distance (km) accepted against JPL."""
EPOCH = datetime(2026, 3, 20, tzinfo=UTC)
DAY_S = 86400.0
TIMES_S = np.linspace(0.0, 10.0 * DAY_S, 48)
ARCSEC = float(np.degrees(1.0)) * 3600.0


def measure(folder: Path) -> list[Figure]:
    """Largest differences of direction and distance."""
    path = folder / "sun_moon_skyfield.csv"
    rows, peer = read_rows(path), f"JPL DE421 ({read_peer(path)})"
    after_2000_s = column(rows, "days_after_2000") * DAY_S
    figures: list[Figure] = []
    for name, (position, limit_arcsec, limit_km) in BODIES.items():
        theirs_km = column(rows, *(f"{name.lower()}_{axis}_km" for axis in "xyz"))
        ours_km = np.array([position(_instant(time_s), np.zeros(1))[0] for time_s in after_2000_s])
        apart = position(EPOCH, TIMES_S), _astropy_km(name)
        figures += _figures(name, "10 days of 2026", *apart, "astropy", 0.1, 20.0)
        figures += _figures(name, "2000 to 2049", ours_km, theirs_km, peer, limit_arcsec, limit_km)
    return figures


def _instant(after_2000_s: float) -> datetime:
    return datetime.fromtimestamp(datetime(2000, 1, 1, tzinfo=UTC).timestamp() + after_2000_s, UTC)


def _astropy_km(name: str) -> Floats:
    """Apparent positions at every one of ``TIMES_S``, without interpolation."""
    from astropy import units
    from astropy.coordinates import get_body
    from astropy.time import Time, TimeDelta
    from astropy.utils import iers

    with iers.conf.set_temp("auto_download", False), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*dubious year")
        times = Time(EPOCH, scale="utc") + TimeDelta(TIMES_S, format="sec")
        return np.asarray(get_body(name.lower(), times).cartesian.xyz.to_value(units.km).T)


def _figures(
    name: str,
    when: str,
    ours_km: Floats,
    theirs_km: Floats,
    reference: str,
    limit_arcsec: float,
    limit_km: float,
) -> Iterator[Figure]:
    lengths_km = np.linalg.norm(ours_km, axis=1), np.linalg.norm(theirs_km, axis=1)
    across = np.linalg.norm(np.cross(ours_km, theirs_km), axis=1) / (lengths_km[0] * lengths_km[1])
    direction = float(np.arcsin(across).max()) * ARCSEC
    distance = float(np.abs(lengths_km[0] - lengths_km[1]).max())
    subject = f"{name}, {when}"
    yield Figure(subject, "direction", direction, "″", reference, high=limit_arcsec)
    yield Figure(subject, "distance", distance, "km", reference, high=limit_km)
