"""Entries into and exits from the Earth's shadow against root-found ones.

The package compares the apparent discs of Earth and Sun in coordinates in which the Earth is a
sphere. The reference follows rays from the object to points on the limb of the unchanged Sun: how
far they pass from the ellipsoid, and when the last or the first of them is blocked, by Brent's
method. The light in the penumbra is the share of rays to points all over the disc that pass.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeAlias

import numpy as np
from scipy.interpolate import CubicSpline
from scipy.optimize import brentq

from evidence.validation.figures import Figure
from evidence.validation.orbit_error import DAY_S, ORBITS
from ssa_psro.arrays import Floats
from ssa_psro.geometry.occultation import LIT, UMBRA, shadow_state, sunlight
from ssa_psro.geometry.propagation import as_elements, propagate
from ssa_psro.geometry.sky import sun_position_km

Place: TypeAlias = Callable[[float], tuple[Floats, Floats]]
"""Object and Sun in km, by time in s."""

EPOCH = datetime(2026, 3, 20, tzinfo=UTC)
"""The equinox, when the geostationary belt is in eclipse."""
SAMPLES_S = np.arange(0.0, DAY_S + 1.0, 30.0)
EARTH_KM, POLAR_KM, SUN_KM = 6378.137, 6356.752, 695_700.0
TOLERANCE_S = 1e-6
LIMIT_S = 0.02
LIMIT_LIGHT = 0.0003
AFTER_S = (-16.0, -4.0, -1.0, 1.0, 4.0, 16.0)
"""When the light is compared, from each edge on."""
RAYS = 100_000
LIMB = np.linspace(0.0, 2.0 * np.pi, 360, endpoint=False)
"""Where on the Sun's limb rays end."""
ECLIPSED = {
    name: orbit for name, (orbit, _) in ORBITS.items() if name.startswith(("LEO", "GEO"))
} | {"GPS, 20,200 km, 55°": (26560.0, 0.01, 55.0, 10.0, 30.0, 10.0)}
GEOSTATIONARY = (42_164.17, 0.0, 0.0, 0.0, 0.0, 0.0)


def measure(folder: Path) -> list[Figure]:
    """Largest differences of all entries and exits of a day."""
    figures: list[Figure] = []
    for name, orbit in ECLIPSED.items():
        place = _place(orbit)
        own_s, rays_s = (
            np.concatenate([_edges(formula(place, shadow)) for shadow in ("umbra", "penumbra")])
            for formula in (_state, _clearance)
        )
        worst_s = float(np.abs(own_s - rays_s).max())
        dimmed = [place(edge_s + after_s) for edge_s in own_s for after_s in AFTER_S]
        light = [
            sunlight(tuple(target), tuple(sun)) - _by_rays(target, sun) for target, sun in dimmed
        ]
        reference = "rays past the ellipsoid"
        figures += [
            Figure(name, "entries and exits", len(own_s), "", reference, low=4),
            Figure(name, "largest error", worst_s, "s", reference, high=LIMIT_S),
            Figure(
                name, "of the light", float(np.abs(light).max()), "", reference, high=LIMIT_LIGHT
            ),
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


def _clearance(place: Place, shadow: str) -> Callable[[float], float]:
    """How far the freest ray (umbra), or the least free (penumbra), passes from the ellipsoid.

    In units of the Earth's radius, and negative where the ray is blocked.
    """
    extreme = np.max if shadow == "umbra" else np.min
    axes_km = np.array([EARTH_KM, EARTH_KM, POLAR_KM])

    def outside(time_s: float) -> float:
        target_km, sun_km = place(time_s)
        start, rays = target_km / axes_km, _limb(target_km, sun_km) / axes_km
        ahead = np.maximum(0.0, -(rays @ start) / (rays * rays).sum(axis=1))
        return float(extreme(np.linalg.norm(start + ahead[:, None] * rays, axis=1))) - 1.0

    return outside


def _limb(target_km: Floats, sun_km: Floats) -> Floats:
    """Rays ``[R, 3]`` in km from the object to the circle that it sees as the Sun's edge."""
    to_sun = sun_km - target_km
    distance_km = float(np.linalg.norm(to_sun))
    towards = to_sun / distance_km
    aside = np.cross(towards, [0.0, 0.0, 1.0])
    aside /= np.linalg.norm(aside)
    sine = SUN_KM / distance_km
    edge = np.outer(np.cos(LIMB), aside) + np.outer(np.sin(LIMB), np.cross(towards, aside))
    rays = (1.0 - sine**2) * towards + sine * np.sqrt(1.0 - sine**2) * edge
    return np.asarray(distance_km * rays)


def _by_rays(target_km: Floats, sun_km: Floats) -> float:
    """Share of the rays to points of the Sun's disc that pass the ellipsoid."""
    centre, edge = sun_km - target_km, _limb(target_km, sun_km)
    aside = edge[0] - centre, edge[len(edge) // 4] - centre
    # a spiral of golden angles covers the disc evenly
    number = np.arange(RAYS)
    radius, turn = np.sqrt((number + 0.5) / RAYS), number * np.pi * (3.0 - np.sqrt(5.0))
    disc = np.stack([radius * np.cos(turn), radius * np.sin(turn)], axis=1)
    axes_km = np.array([EARTH_KM, EARTH_KM, POLAR_KM])
    start, rays = target_km / axes_km, (centre + disc @ np.stack(aside)) / axes_km
    half, square = rays @ start, (rays**2).sum(axis=1)
    blocked = (half < 0.0) & (half**2 > square * (start @ start - 1.0))
    return 1.0 - float(blocked.mean())


def _edges(outside: Callable[[float], float]) -> Floats:
    """Times in s at which the object crosses the edge of the shadow."""
    inside = np.array([outside(time_s) < 0.0 for time_s in SAMPLES_S])
    steps = np.flatnonzero(inside[:-1] != inside[1:])
    return np.array([_crossing(outside, *SAMPLES_S[step : step + 2]) for step in steps])


def _crossing(outside: Callable[[float], float], low_s: float, high_s: float) -> float:
    return float(brentq(outside, low_s, high_s, xtol=TOLERANCE_S))
