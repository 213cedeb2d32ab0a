"""Lines of sight and what stands behind the target."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ssa_psro.geometry.constants import (
    ATMOSPHERE_KM,
    EARTH_POLAR_RADIUS_KM,
    EARTH_RADIUS_KM,
    HORIZON_RADIUS_KM,
)
from ssa_psro.geometry.occultation import (
    above_limb_cosine,
    cosine_between,
    limb_cosine,
    line_of_sight,
    off_nadir_cosine,
)

coordinate = st.floats(-50_000, 50_000)
positions = st.tuples(coordinate, coordinate, coordinate).filter(
    lambda position: math.hypot(*position) > HORIZON_RADIUS_KM + 1.0
)


def closest_km(a: np.ndarray, b: np.ndarray, reach: float = 1.0) -> float:
    """Equatorial radius of the smallest ellipsoid of the air's shape that the segment meets."""
    shares = np.linspace(0.0, reach, 20_001)[:, None]
    axes = np.array([1.0, 1.0, (EARTH_POLAR_RADIUS_KM + ATMOSPHERE_KM) / HORIZON_RADIUS_KM])
    return float(np.linalg.norm((a + shares * (b - a)) / axes, axis=1).min())


def earth_behind(observer: Any, target: Any, margin_deg: float = 0.0) -> bool:
    """Whether the target is less than the margin outside the Earth's limb, or inside it."""
    limb = limb_cosine(observer)
    if off_nadir_cosine(observer, target) >= limb:
        return True
    return above_limb_cosine(observer, target, limb) > math.cos(math.radians(margin_deg))


@given(a=positions, b=positions)
def test_sight_is_mutual(a: tuple[float, ...], b: tuple[float, ...]) -> None:
    assert line_of_sight(a, b) == line_of_sight(b, a)


@given(a=positions, b=positions)
def test_sight_is_blocked_exactly_by_the_segment(
    a: tuple[float, ...], b: tuple[float, ...]
) -> None:
    closest = closest_km(np.array(a), np.array(b))
    assume(abs(closest - HORIZON_RADIUS_KM) > 0.1)
    assert line_of_sight(a, b) == (closest > HORIZON_RADIUS_KM)


@given(observer=positions, target=positions)
def test_earth_stands_behind_if_the_prolonged_ray_meets_it(
    observer: tuple[float, ...], target: tuple[float, ...]
) -> None:
    assume(line_of_sight(observer, target))
    assume(math.dist(observer, target) > 100.0)
    beyond = 150_000.0 / math.dist(observer, target)
    start = np.array(target)
    closest = closest_km(start, start + beyond * (start - np.array(observer)))
    assume(abs(closest - HORIZON_RADIUS_KM) > 2.0)
    assert earth_behind(observer, target) == (closest < HORIZON_RADIUS_KM)


@given(observer=positions, target=positions)
def test_earth_is_never_behind_both_ways_on_a_clear_line(
    observer: tuple[float, ...], target: tuple[float, ...]
) -> None:
    assume(line_of_sight(observer, target))
    assume(math.dist(observer, target) > 1e-3)
    assert not (earth_behind(observer, target) and earth_behind(target, observer))


def test_horizon_of_two_satellites_at_one_altitude() -> None:
    # at 800 km altitude the tangent to the air at 100 km reaches acos(6478.1 / 7178.1) = 25.5°
    # to each side, so satellites up to 51.0° apart see each other
    radius = EARTH_RADIUS_KM + 800.0
    limit = 2.0 * math.acos(HORIZON_RADIUS_KM / radius)
    for angle, visible in ((limit - 1e-6, True), (limit + 1e-6, False)):
        other = (radius * math.cos(angle), radius * math.sin(angle), 0.0)
        assert line_of_sight((radius, 0.0, 0.0), other) is visible
    assert math.degrees(limit) == pytest.approx(51.0, abs=0.05)


def test_line_over_the_pole_passes_where_one_over_the_equator_does_not() -> None:
    # 21.385 km of flattening: 6,470 km from the centre are above the air of the pole alone
    assert line_of_sight((-9000.0, 0.0, 6470.0), (9000.0, 0.0, 6470.0))
    assert not line_of_sight((-9000.0, 6470.0, 0.0), (9000.0, 6470.0, 0.0))
    over = EARTH_POLAR_RADIUS_KM + ATMOSPHERE_KM
    assert over == pytest.approx(6456.752)
    for height_km, visible in ((over + 0.001, True), (over - 0.001, False)):
        assert line_of_sight((-9000.0, 0.0, height_km), (9000.0, 0.0, height_km)) is visible


def test_sensor_below_its_target_sees_it_against_the_sky() -> None:
    low, high = (7000.0, 0.0, 0.0), (42_164.0, 100.0, 0.0)
    assert line_of_sight(low, high)
    assert not earth_behind(low, high)
    assert earth_behind(high, low)


@given(observer=positions, target=positions, margin_deg=st.floats(0, 90))
def test_margin_counts_from_the_limb(
    observer: tuple[float, ...], target: tuple[float, ...], margin_deg: float
) -> None:
    assume(line_of_sight(observer, target))
    assume(math.dist(observer, target) > 1.0)
    assume(not earth_behind(observer, target))
    ray = np.array(target) - observer
    limb = limb_points(np.array(observer)) - observer
    cosines = limb @ ray / np.linalg.norm(limb, axis=1) / np.linalg.norm(ray)
    clearance_deg = math.degrees(math.acos(min(1.0, cosines.max())))
    assume(abs(clearance_deg - margin_deg) > 2e-3)
    assert earth_behind(observer, target, margin_deg) == (clearance_deg < margin_deg)


def limb_points(observer: np.ndarray) -> np.ndarray:
    """Where tangents from the observer touch the ellipsoid of the air, ``[3600, 3]``.

    In units of its axes they lie on a circle: the observer's polar plane cuts it from the sphere.
    """
    axes = np.array([HORIZON_RADIUS_KM] * 2 + [EARTH_POLAR_RADIUS_KM + ATMOSPHERE_KM])
    at = observer / axes
    distance = np.linalg.norm(at)
    aside = np.cross(at, np.eye(3)[np.argmin(np.abs(at))])
    aside /= np.linalg.norm(aside)
    turn = np.linspace(0.0, 2.0 * np.pi, 3600, endpoint=False)[:, None]
    circle = np.cos(turn) * aside + np.sin(turn) * np.cross(at / distance, aside)
    return np.asarray((at / distance**2 + math.sqrt(1.0 - distance**-2) * circle) * axes)


@given(vertex=positions, a=positions, b=positions)
def test_cosine_is_that_of_numpy(
    vertex: tuple[float, ...], a: tuple[float, ...], b: tuple[float, ...]
) -> None:
    assume(min(math.dist(vertex, a), math.dist(vertex, b)) > 1.0)
    to_a, to_b = np.array(a) - vertex, np.array(b) - vertex
    wanted = to_a @ to_b / np.linalg.norm(to_a) / np.linalg.norm(to_b)
    assert cosine_between(vertex, a, b) == pytest.approx(wanted, abs=1e-9)
    assert abs(cosine_between(vertex, a, b)) <= 1.0
