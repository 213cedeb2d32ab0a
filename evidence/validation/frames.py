"""TEME to GCRS against astropy and Skyfield, and the axis that defined orbits turn about."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from evidence.validation.access import element_sets
from evidence.validation.figures import Figure
from evidence.validation.orbit_error import DAY_S, HORIZON_S, ORBITS
from evidence.validation.stored import column, read_peer, read_rows
from ssa_psro.arrays import Floats
from ssa_psro.geometry.fitting import cowell
from ssa_psro.geometry.flight import positions_km
from ssa_psro.geometry.sky import exact_teme_to_gcrs, teme_to_gcrs

DISTANCES_KM = {"LEO": 7178.0, "GEO": 42_164.0}
EPOCHS = tuple(datetime(year, 3, 20, tzinfo=UTC) for year in (2000, 2010, 2020, 2026))
START = EPOCHS[-1]
TIMES_S = np.linspace(0.0, HORIZON_S, 48)
"""Uneven with the six hours between the samples that rotations are interpolated from."""
AXIS_LIMITS_KM = {
    "LEO, 800 km, 65°": (1.0, 100.0),
    "GPS, 20,200 km, 55°": (0.1, 10.0),
    "GEO": (0.1, 1.0),
}
NODES_RAD = np.radians([0.0, 60.0, 120.0, 180.0])
"""Half a turn; orbits of the other half drift as much the other way."""


def measure(folder: Path) -> list[Figure]:
    """Rotation, interpolation, and what confusion of frames would cost."""
    peer = read_peer(folder / "positions_skyfield.csv")
    skyfield_mm = float(_skyfield_differences_mm(folder).max())
    rotation = "TEME to GCRS"
    turned = {
        "largest difference, 2000 to 2026": (np.vstack(list(_astropy_differences())), "astropy"),
        "interpolation, 10 days": (_interpolation_differences(), "no interpolation"),
    }
    figures = [
        Figure(rotation, f"{name}, {regime}", _largest_mm(apart, km), "mm", against, high=limit_mm)
        for name, (apart, against) in turned.items()
        for (regime, km), limit_mm in zip(DISTANCES_KM.items(), (10.0, 50.0), strict=True)
    ]
    figures.append(Figure(rotation, "LEO to GEO, 2000 to 2040", skyfield_mm, "mm", peer, high=50.0))
    confusion = exact_teme_to_gcrs(START, np.zeros(1)) - np.eye(3)
    figures += [
        Figure(
            "TEME taken for GCRS (it is not)",
            f"error in 2026, {regime}",
            _largest_mm(confusion, km) / 1e6,
            "km",
            "TEME to GCRS",
            low=10.0,
        )
        for regime, km in DISTANCES_KM.items()
    ]
    tilt_deg = float(np.degrees(np.arccos((confusion + np.eye(3))[0, 2, 2])))
    return [
        *figures,
        Figure("GCRS pole and Earth's axis", "angle, 2026", tilt_deg, "°", "ERFA", 0.1, 0.2),
    ]


def _largest_mm(apart: Floats, distance_km: float) -> float:
    """How far the differences of rotations ``[..., 3, 3]`` move a point at that distance."""
    return float(np.linalg.norm(apart, ord=2, axis=(-2, -1)).max()) * distance_km * 1e6


def _interpolation_differences() -> Floats:
    return teme_to_gcrs(START, TIMES_S) - exact_teme_to_gcrs(START, TIMES_S)


def _astropy_differences() -> Iterator[Floats]:
    """Own rotation matrices minus astropy's, ``[T, 3, 3]`` an epoch."""
    from astropy import units
    from astropy.coordinates import GCRS, TEME, CartesianRepresentation
    from astropy.time import Time, TimeDelta
    from astropy.utils import iers

    axes = CartesianRepresentation(np.eye(3) * units.km)
    with iers.conf.set_temp("auto_download", False), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # polar motion of times that the tables do not reach
        for epoch in EPOCHS:
            times = Time(epoch, scale="utc") + TimeDelta(TIMES_S, format="sec")
            theirs = [
                TEME(axes, obstime=time).transform_to(GCRS(obstime=time)).cartesian.xyz.value
                for time in times
            ]
            yield teme_to_gcrs(epoch, TIMES_S) - np.array(theirs)


def _skyfield_differences_mm(folder: Path) -> Floats:
    """Between GCRS positions of the same element sets, SGP4 included."""
    named = {one.name: one for one in element_sets(folder)}
    rows = read_rows(folder / "positions_skyfield.csv")
    theirs_km = column(rows, "x_km", "y_km", "z_km")
    ours_km = []
    for row in rows:
        epoch = datetime.fromisoformat(row["epoch_utc"]).replace(tzinfo=UTC)
        dated = named[row["object"]].model_copy(update={"epoch": epoch})
        ours_km.append(positions_km((dated,), epoch, np.array([float(row["days"]) * DAY_S]))[0, 0])
    return np.asarray(1e6 * np.linalg.norm(np.array(ours_km) - theirs_km, axis=1))


def measure_axis(folder: Path) -> list[Figure]:
    """Orbits about the Earth's axis of the epoch against the axis ten days later, and GCRS's."""
    start, later = exact_teme_to_gcrs(START, np.array([0.0, HORIZON_S]))
    axes = {"axis of the epoch": start.T @ later, "axis of GCRS (not used)": start.T}
    figures = []
    for name, limits_km in AXIS_LIMITS_KM.items():
        axis, shape, *angles = ORBITS[name][0]
        row = np.array([axis, shape, *np.radians(angles)])
        for (quantity, frame), limit_km in zip(axes.items(), limits_km, strict=True):
            largest_km = max(_axis_drift_km(frame, row, node) for node in NODES_RAD)
            reference = "numerical orbits, J2"
            figures.append(Figure(name, quantity, largest_km, "km", reference, high=limit_km))
    return figures


def _axis_drift_km(frame: Floats, row: Floats, node_rad: float) -> float:
    """How far apart two numerical orbits with J2 come in ten days.

    Both start at the same place with the same velocity; the second turns about the z-axis of
    ``frame``, whose axes are its columns.
    """
    started = np.array([*row[:3], node_rad, *row[4:]])
    times_s, level_km = cowell(started, HORIZON_S)
    tilted_s, tilted_km = cowell(_seen_from(frame, started), HORIZON_S)
    tilted_km = tilted_km @ frame.T
    moved = [np.interp(times_s, tilted_s, tilted_km[:, k]) - level_km[:, k] for k in range(3)]
    return float(np.linalg.norm(moved, axis=0).max())


def _seen_from(frame: Floats, row: Floats) -> Floats:
    """Keplerian elements in the frame whose axes are the columns of ``frame``."""
    axis, shape, tilt, node, perigee, anomaly = row
    turned = frame.T @ _about_z(node) @ _about_x(tilt) @ _about_z(perigee)
    return np.array(
        [
            axis,
            shape,
            np.arccos(turned[2, 2]),
            np.arctan2(turned[0, 2], -turned[1, 2]),
            np.arctan2(turned[2, 0], turned[2, 1]),
            anomaly,
        ]
    )


def _about_z(angle: float) -> Floats:
    cosine, sine = np.cos(angle), np.sin(angle)
    return np.array([[cosine, -sine, 0.0], [sine, cosine, 0.0], [0.0, 0.0, 1.0]])


def _about_x(angle: float) -> Floats:
    cosine, sine = np.cos(angle), np.sin(angle)
    return np.array([[1.0, 0.0, 0.0], [0.0, cosine, -sine], [0.0, sine, cosine]])
