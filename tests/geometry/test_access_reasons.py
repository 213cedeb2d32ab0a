"""Why there is no access: agrees with the tables, and each constraint is the reason where it is."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from skies import catalog, geostationary, regime, scenario, walker, window

from ssa_psro.geometry import Arena, build_arena
from ssa_psro.geometry.access import (
    ACCESS,
    BRIGHT,
    EARTH,
    FAINT,
    LIMB,
    MOON,
    NO_SENSOR,
    RANGE,
    REASONS,
    SHADOW,
    SUN,
    access_reasons,
)
from ssa_psro.scenario.schema import Sensor, Side


def arena_of(**sensor: Any) -> Arena:
    """Blue above the low objects, with that sensor; objects of all sizes, low and high."""
    blue = Side(constellation=walker(altitude_km=1800.0), sensor=Sensor(**sensor))
    objects = catalog(regime(radius_m=(0.05, 2.0)), geostationary(radius_m=(0.3, 3.0)))
    return build_arena(
        scenario(blue=blue, catalog=objects, window=window(step_s=100)), cache_dir=None
    )


STRICT = {
    "limiting_magnitude": 13.0,
    "brightest_magnitude": 6.0,
    "moon_exclusion_deg": 20.0,
    "limb_exclusion_deg": 5.0,
    "max_range_km": 40_000.0,
}


@pytest.fixture(scope="module")
def arena() -> Arena:
    """A sensor that minds everything."""
    return arena_of(**STRICT)


@pytest.mark.parametrize("side", [0, 1])
def test_access_is_exactly_where_quality_is_not_zero(arena: Arena, side: int) -> None:
    reasons = access_reasons(arena, side)
    assert reasons.dtype == np.uint8
    assert np.array_equal(reasons == ACCESS, arena.tables.quality[:, side] > 0)


def test_every_reason_occurs(arena: Arena) -> None:
    assert len(REASONS) == NO_SENSOR + 1
    found = set(access_reasons(arena, 0).ravel()) | set(access_reasons(arena, 1).ravel())
    assert found == set(range(NO_SENSOR + 1))


def test_rows_without_a_sensor_say_so(arena: Arena) -> None:
    reasons = access_reasons(arena, 1)
    assert arena.sensor_count == (6, 2)
    assert np.all(reasons[:, 2:] == NO_SENSOR)
    assert not np.any(reasons[:, :2] == NO_SENSOR)


def test_part_of_the_horizon_is_explained_as_the_whole(arena: Arena) -> None:
    whole = access_reasons(arena, 0)
    assert np.array_equal(access_reasons(arena, 0, slice(100, 160)), whole[100:160])
    assert access_reasons(arena, 0, slice(0, 0)).shape == (0, 6, 7)


@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [
        ("max_range_km", None, RANGE),
        ("moon_exclusion_deg", 0.0, MOON),
        ("sun_exclusion_deg", 0.0, SUN),
        ("brightest_magnitude", None, BRIGHT),
        ("limiting_magnitude", 25.0, FAINT),
    ],
)
def test_lifting_a_constraint_lifts_its_reason_and_no_other(
    arena: Arena, key: str, value: float | None, reason: int
) -> None:
    before = access_reasons(arena, 0)
    after = access_reasons(arena_of(**{**STRICT, key: value}), 0)
    assert np.any(before == reason)
    assert not np.any(after == reason)
    changed = before != after
    assert np.all(before[changed] == reason)
    assert np.all(after[changed] != before[changed])


def test_limb_is_no_reason_where_the_background_does_not_matter() -> None:
    free = arena_of(**{**STRICT, "limb_exclusion_deg": 0.0, "limb_background": False})
    assert not np.any(access_reasons(free, 0) == LIMB)


def test_earth_and_shadow_are_reasons_of_the_orbits_alone(arena: Arena) -> None:
    """No sensor setting moves them, except that range is looked at before."""
    unlimited = {**STRICT, "max_range_km": None}
    strict, loose = (access_reasons(arena_of(**each), 0) for each in (unlimited, {}))
    for reason in (EARTH, SHADOW):
        assert np.any(strict == reason)
        assert np.array_equal(strict == reason, loose == reason)
