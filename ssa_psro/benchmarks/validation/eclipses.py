"""Entries into and exits from the Earth's shadow against root-found ones.

The package compares the apparent discs of Earth and Sun. The reference is another formula: how far
the object is outside the cone that touches both bodies, whose root is found by Brent's method.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline
from scipy.optimize import brentq

from ssa_psro.benchmarks.validation.figures import Figure
from ssa_psro.benchmarks.validation.orbit_error import DAY_S, ORBITS
from ssa_psro.geometry.elements import as_elements
from ssa_psro.geometry.propagation import propagate
from ssa_psro.geometry.shadow import LIT, UMBRA, shadow_state
from ssa_psro.geometry.sun import sun_position_km

Floats: TypeAlias = NDArray[np.float64]
Place: TypeAlias = Callable[[float], tuple[Floats, Floats]]
"""Object and Sun in km, by time in s."""

EPOCH = datetime(2026, 3, 20, tzinfo=UTC)
"""The equinox, when the geostationary belt is in eclipse."""
SAMPLES_S = np.arange(0.0, DAY_S + 1.0, 30.0)
EARTH_KM, POLAR_KM, SUN_KM = 6378.137, 6356.752, 695_700.0
TOLERANCE_S = 1e-6
LIMIT_US = 1000.0
FLAT_LIMIT_S = 30.0
"""Accepted effect of the flattening, which the package leaves out."""
ECLIPSED = {
    name: orbit for name, (orbit, _) in ORBITS.items() if name.startswith(("LEO", "GEO"))
} | {"GPS, 20,200 km, 55°": (26560.0, 0.01, 55.0, 10.0, 30.0, 10.0)}
GEOSTATIONARY = (42_164.17, 0.0, 0.0, 0.0, 0.0, 0.0)


def measure(folder: Path) -> list[Figure]:
    """Largest differences of all entries and exits of a day."""
    figures: list[Figure] = []
    for name, orbit in ECLIPSED.items():
        place = _place(orbit)
        own_s, cone_s, flattened_s = (
            np.concatenate([_edges(formula(place, shadow)) for shadow in ("umbra", "penumbra")])
            for formula in (_state, _cone, _flattened_cone)
        )
        worst_us = 1e6 * float(np.abs(own_s - cone_s).max())
        flat_s = float(np.abs(own_s - flattened_s).max())
        reference = "root-found cones"
        figures += [
            Figure(name, "entries and exits", len(own_s), "", reference, low=4),
            Figure(name, "error, spherical Earth", worst_us, "µs", reference, high=LIMIT_US),
            Figure(name, "error, flattened Earth", flat_s, "s", reference, high=FLAT_LIMIT_S),
        ]
    return figures


def measure_longest(folder: Path) -> list[Figure]:
    """The longest eclipse of a geostationary satellite."""
    enter_s, leave_s = _edges(_state(_place(GEOSTATIONARY), "penumbra"))
    minutes = float(leave_s - enter_s) / 60.0
    handbook = "72 min, as operators' handbooks have it"
    subject = "geostationary, at the equinox"
    return [Figure(subject, "not in full light", minutes, "min", handbook, 71.0, 72.5)]


def _place(orbit: tuple[float, ...]) -> Place:
    row = np.array([*orbit[:2], *np.radians(orbit[2:])])
    mean, sun = as_elements(row[None]), CubicSpline(SAMPLES_S, sun_position_km(EPOCH, SAMPLES_S))
    return lambda time_s: (propagate(mean, np.array([time_s]))[0, 0], sun(time_s))


def _state(place: Place, shadow: str) -> Callable[[float], float]:
    """-1 inside the shadow and 1 outside, as the package sees it."""

    def outside(time_s: float) -> float:
        target_km, sun_km = place(time_s)
        state = shadow_state(tuple(target_km), tuple(sun_km))
        inside = state == UMBRA if shadow == "umbra" else state != LIT
        return -1.0 if inside else 1.0

    return outside


def _cone(place: Place, shadow: str, stretch: float = 1.0) -> Callable[[float], float]:
    """Distance outside the cone in km.

    Args:
        place: object and Sun.
        shadow: umbra or penumbra.
        stretch: of the polar axis; the ratio of the Earth's axes turns it into a sphere.
    """
    stretched = np.array([1.0, 1.0, stretch])

    def outside(time_s: float) -> float:
        target_km, sun_km = (one * stretched for one in place(time_s))
        distance = float(np.linalg.norm(sun_km))
        axis = -sun_km / distance
        along = float(target_km @ axis)
        sign = 1.0 if shadow == "umbra" else -1.0
        sine = (SUN_KM - sign * EARTH_KM) / distance
        apex = sign * EARTH_KM / sine  # of the penumbra between Earth and Sun
        radius = sign * (apex - along) * sine / np.sqrt(1.0 - sine**2)
        off_axis = float(np.linalg.norm(target_km - along * axis))
        return off_axis - radius if along > 0.0 else off_axis

    return outside


def _flattened_cone(place: Place, shadow: str) -> Callable[[float], float]:
    return _cone(place, shadow, EARTH_KM / POLAR_KM)


def _edges(outside: Callable[[float], float]) -> Floats:
    """Times in s at which the object crosses the edge of the shadow."""
    inside = np.array([outside(time_s) < 0.0 for time_s in SAMPLES_S])
    steps = np.flatnonzero(inside[:-1] != inside[1:])
    return np.array([_crossing(outside, *SAMPLES_S[step : step + 2]) for step in steps])


def _crossing(outside: Callable[[float], float], low_s: float, high_s: float) -> float:
    return float(brentq(outside, low_s, high_s, xtol=TOLERANCE_S))
