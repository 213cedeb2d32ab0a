"""Where satellites are at the window's epoch, as far as it takes to find two in one place."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from ssa_psro.catalogs.checks import teme_positions_km
from ssa_psro.scenario.fields import EARTH_MU_KM3_S2, EARTH_RADIUS_KM
from ssa_psro.scenario.orbits import (
    Constellation,
    ElementSetConstellation,
    StatedConstellation,
    Walker,
    as_record,
    walker_angles,
)

TOGETHER_KM = 1.0
"""Two satellites this near share a place."""
TOGETHER_BY_SGP4_KM = 20.0
"""The same where SGP4 flies one of the two alone: it reads elements as means of its own, which puts
a circular orbit of 800 km up to 15 km from the ellipse of the same elements."""
LATER_S = (0.0, 600.0)
"""Seconds after the epoch; who is together at both does not merely pass by."""

NEWTON_STEPS = 30
"""Of Kepler's equation, from pi: an eccentricity of 0.99 takes 12."""


def shared_places(
    blue: Constellation, red: Constellation, epoch: datetime
) -> Iterator[tuple[int, int]]:
    """Every satellite of Blue's and of Red's, from 0, that are in one place."""
    here, there, together = places_km(blue, epoch), places_km(red, epoch), together_km(blue, red)
    own, other = _known(here), _known(there)
    if not (len(own) and len(other)):
        return
    tree = cKDTree(_at_both(there[:, other]))
    reach_km = (
        1.5 * together
    )  # in six dimensions, more than the root of two; the norm below decides
    for index in own:
        near = other[sorted(tree.query_ball_point(_at_both(here[:, [index]])[0], reach_km))]
        apart_km = np.linalg.norm(there[:, near] - here[:, [index]], axis=2).max(axis=0)
        yield from ((int(index), int(one)) for one in near[apart_km <= together])


def _known(places: NDArray[np.float64]) -> NDArray[np.intp]:
    """Who has a place at both instants."""
    return np.flatnonzero(np.isfinite(places).all(axis=(0, 2)))


def _at_both(places: NDArray[np.float64]) -> NDArray[np.float64]:
    """Both places of each, ``[K, 6]``."""
    return np.concatenate(list(places), axis=1)


def together_km(blue: Constellation, red: Constellation) -> float:
    """How near two satellites of these designs must be to share a place."""
    by_sgp4 = [isinstance(one, ElementSetConstellation) for one in (blue, red)]
    return TOGETHER_KM if all(by_sgp4) or not any(by_sgp4) else TOGETHER_BY_SGP4_KM


def name_of(design: Constellation, index: int) -> str:
    """A satellite as people find it in the file: by its name, or its number from 1."""
    if isinstance(design, ElementSetConstellation):
        one = design.satellites[index]
        return one.name or one.catalog_id or f"satellite {index + 1}"
    if isinstance(design, Walker):
        plane = index * design.planes // design.satellites + 1
        return f"satellite {index + 1} (plane {plane})"
    return f"satellite {index + 1}"


def cure_of_sharing(blue: Constellation, red: Constellation) -> str:
    """How to move one of two satellites that share a place."""
    if isinstance(blue, Walker) or isinstance(red, Walker):
        return (
            "Change raan_deg or anomaly_deg of one side, by an angle that does not map its pattern "
            "onto itself."
        )
    if isinstance(blue, StatedConstellation) or isinstance(red, StatedConstellation):
        return "Change mean_anomaly_deg of one of the two."
    return "Leave the satellite out of one side, by select.names or select.ids."


def places_km(design: Constellation, epoch: datetime) -> NDArray[np.float64]:
    """Positions ``[2, K, 3]`` at ``LATER_S``, true equator and mean equinox of the epoch.

    Elements are flown as ellipses: over so short a time the oblateness moves nobody by more than
    3 km. A satellite that SGP4 finds no place for has nan.
    """
    times_s = np.array(LATER_S)
    if isinstance(design, ElementSetConstellation):
        return teme_positions_km([as_record(one) for one in design.satellites], epoch, times_s)
    axis_km, shape, *angles = _elements(design)
    motion = np.sqrt(EARTH_MU_KM3_S2 / axis_km**3)
    tilt, node, perigee, mean = angles
    along, across = _in_plane(axis_km, shape, mean + motion * times_s[:, None])
    forward = along * np.cos(perigee) - across * np.sin(perigee)
    upward = along * np.sin(perigee) + across * np.cos(perigee)
    level = upward * np.cos(tilt)
    x = forward * np.cos(node) - level * np.sin(node)
    y = forward * np.sin(node) + level * np.cos(node)
    return np.stack([x, y, upward * np.sin(tilt)], axis=2)


def _elements(design: Walker | StatedConstellation) -> NDArray[np.float64]:
    """Axis [km], eccentricity, inclination, node, perigee, mean anomaly [rad]: ``[6, K]``."""
    if isinstance(design, Walker):
        node, anomaly = walker_angles(design)
        axis_km = np.full_like(node, EARTH_RADIUS_KM + design.altitude_km)
        tilt, zero = np.full_like(node, np.radians(design.inclination_deg)), np.zeros_like(node)
        return np.stack([axis_km, zero, tilt, node, zero, anomaly])
    rows = np.array([list(one.model_dump().values()) for one in design.satellites]).T
    rows[2:] = np.radians(rows[2:])
    return rows


def _in_plane(
    axis_km: NDArray[np.float64], shape: NDArray[np.float64], mean: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Position towards the perigee and across it, in km, by Newton on Kepler's equation."""
    mean = np.mod(mean + np.pi, 2 * np.pi) - np.pi
    anomaly = np.copysign(np.pi, mean)
    for _ in range(NEWTON_STEPS):
        error = anomaly - shape * np.sin(anomaly) - mean
        anomaly = anomaly - error / (1 - shape * np.cos(anomaly))
    root = np.sqrt(1 - shape**2)
    return axis_km * (np.cos(anomaly) - shape), axis_km * root * np.sin(anomaly)
