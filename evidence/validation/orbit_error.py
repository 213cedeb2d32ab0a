"""How far the orbits of defined constellations are from numerical ones under the same force.

The truth is boinor's Cowell method with the Earth's point mass and J2.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from evidence.validation.figures import Figure
from ssa_psro.arrays import Floats
from ssa_psro.geometry.bodies import constellation_orbits
from ssa_psro.geometry.constants import EARTH_RADIUS_KM
from ssa_psro.geometry.fitting import cowell, fit_mean_elements
from ssa_psro.geometry.propagation import (
    Elements,
    as_elements,
    as_orbits,
    as_rows,
    cowell_positions_km,
    propagate,
)
from ssa_psro.scenario import schema

EPOCH = datetime(2026, 3, 20, tzinfo=UTC)
DAY_S = 86400.0
HORIZON_S = 10.0 * DAY_S
TIMES_S = np.linspace(0.0, HORIZON_S, 1441)
SPANS = {"24 h": DAY_S, "72 h": 3.0 * DAY_S, "10 days": HORIZON_S}
LEO_LIMIT_KM = 10.0
ROUNDS = 4
"""Corrections by which osculating elements of a mean orbit are found; the third changes metres."""


ORBITS: dict[str, tuple[tuple[float, ...], float]] = {
    "LEO, 800 km, 65°": ((7178.137, 0.001, 65.0, 30.0, 40.0, 50.0), LEO_LIMIT_KM),
    "LEO, 500 km, 97.4° (Sun-synchronous)": (
        (6878.0, 0.002, 97.4, 10.0, 80.0, -120.0),
        LEO_LIMIT_KM,
    ),
    "GPS, 20,200 km, 55°": ((26560.0, 0.01, 55.0, 100.0, 30.0, 10.0), 1.0),
    "GEO": ((42164.0, 0.0003, 0.05, 0.0, 20.0, 70.0), 3.0),
    "Molniya, e = 0.72, 63.4°": ((26554.0, 0.72, 63.4, 50.0, 270.0, 0.0), 10.0),
    "GTO, e = 0.73, 7°": ((24478.0, 0.7306, 7.0, 0.0, 178.0, 0.0), 25.0),
}
"""Osculating elements (km, then degrees) and the rms error accepted, in km."""

WALKERS: dict[str, tuple[float, float]] = {
    "Walker, 800 km, 60° (contested-72h)": (800.0, 60.0),
    "Walker, 550 km, 53°": (550.0, 53.0),
}
"""Altitude in km and inclination in degrees."""

SWEEP = [
    (altitude_km, tilt_deg)
    for altitude_km in (400.0, 2000.0)
    for tilt_deg in (0.1, 30.0, 63.4, 90.0, 120.0, 179.0)
]
"""Circular orbits of which the worst is reported."""
SWEPT = f"worst of {len(SWEEP)} circular LEO, 400 and 2,000 km, 0° to 179°"


def measure(folder: Path) -> list[Figure]:
    """Errors of explicit elements, Walker patterns and the worst circular LEO."""
    figures: list[Figure] = []
    for name, (orbit, limit_km) in ORBITS.items():
        errors_km = _explicit_error(orbit)
        figures += _figures(f"{name}; elements", errors_km, limit_km)
    for name, design in WALKERS.items():
        figures += _figures(name, _walker_error(*design), LEO_LIMIT_KM)
    worst_km = max((_sweep_error(*one) for one in SWEEP), key=_rms)
    return [*figures, *_figures(SWEPT, worst_km, LEO_LIMIT_KM)]


def _figures(subject: str, errors_km: Floats, limit_km: float) -> Iterator[Figure]:
    reference = "Cowell + J2"
    for span, end_s in SPANS.items():
        value = _rms(errors_km[end_s >= TIMES_S])
        yield Figure(subject, f"rms, {span}", value, "km", reference, high=limit_km)
    largest = float(np.linalg.norm(errors_km, axis=1).max())
    yield Figure(subject, "largest, 10 days", largest, "km", reference, high=limit_km)


def _rms(errors_km: Floats) -> float:
    return float(np.sqrt(np.mean(np.sum(errors_km**2, axis=1))))


def _osculating(orbit: tuple[float, ...]) -> Floats:
    return np.array([*orbit[:2], *np.radians(orbit[2:])])


def _truth_km(osculating: Floats) -> Floats:
    return cowell_positions_km(as_orbits(as_elements(osculating[None]), EPOCH)[0], TIMES_S)


def _explicit_error(orbit: tuple[float, ...]) -> Floats:
    """Elements as a scenario file states them, fitted and flown as the tables are built."""
    axis, shape, *angles = orbit
    names = ("inclination_deg", "raan_deg", "argument_of_perigee_deg", "mean_anomaly_deg")
    stated = schema.OsculatingElements(
        semi_major_axis_km=axis, eccentricity=shape, **dict(zip(names, angles, strict=True))
    )
    design = schema.StatedConstellation(kind="elements", satellites=(stated,))
    mean = constellation_orbits(design, HORIZON_S)
    assert isinstance(mean, Elements)
    return propagate(mean, TIMES_S)[:, 0] - _truth_km(_osculating(orbit))


def _walker_error(altitude_km: float, inclination_deg: float) -> Floats:
    """The mean orbits of a pattern against the true orbit that stays nearest to one of them.

    Osculating elements are changed until the mean orbit fitted to their true motion is the
    pattern's own.
    """
    design = schema.Walker(
        kind="walker-delta", altitude_km=altitude_km, inclination_deg=inclination_deg
    )
    mean = constellation_orbits(design, HORIZON_S)
    assert isinstance(mean, Elements)
    wanted = _regular(as_rows(mean)[3])
    guess = wanted.copy()
    for _ in range(ROUNDS):
        fitted = fit_mean_elements(as_elements(_keplerian(guess)[None]), HORIZON_S)
        guess += wanted - _regular(as_rows(fitted)[0])
    return propagate(as_elements(_keplerian(wanted)[None]), TIMES_S)[:, 0] - _truth_km(
        _keplerian(guess)
    )


def _regular(row: Floats) -> Floats:
    """Axis, e cos w, e sin w, i, node, w + M in [-pi, pi]: regular for circular orbits."""
    axis, shape, tilt, node, perigee, anomaly = row
    argument = np.remainder(perigee + anomaly + np.pi, 2.0 * np.pi) - np.pi
    return np.array([axis, shape * np.cos(perigee), shape * np.sin(perigee), tilt, node, argument])


def _keplerian(row: Floats) -> Floats:
    axis, along, across, tilt, node, argument = row
    perigee = np.arctan2(across, along)
    return np.array([axis, np.hypot(along, across), tilt, node, perigee, argument - perigee])


def _sweep_error(altitude_km: float, inclination_deg: float) -> Floats:
    """Against the package's own Cowell method, which is that of boinor and quicker."""
    row = _osculating((EARTH_RADIUS_KM + altitude_km, 0.0, inclination_deg, 0.0, 0.0, 0.0))
    times_s, truth_km = cowell(row, HORIZON_S)
    mean = fit_mean_elements(as_elements(row[None]), HORIZON_S)
    picked = np.linspace(0, len(times_s) - 1, len(TIMES_S)).astype(np.int64)  # as far apart
    return propagate(mean, times_s[picked])[:, 0] - truth_km[picked]
