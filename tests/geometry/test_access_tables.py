"""The access tables against a plain recomputation, and how each sensor setting bends them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import norm
from skies import catalog, regime, scenario, walker, window

from ssa_psro.arrays import Floats
from ssa_psro.geometry import Arena, build_arena
from ssa_psro.geometry.constants import (
    ATMOSPHERE_KM,
    EARTH_POLAR_RADIUS_KM,
    EARTH_RADIUS_KM,
    SUN_RADIUS_KM,
)
from ssa_psro.geometry.sky import moon_position_km, sun_position_km
from ssa_psro.scenario.schema import Scenario, Sensor, Side


@pytest.fixture(scope="module")
def arena() -> Arena:
    """Six satellites against two, seven objects, one day."""
    return build_arena(scenario(), cache_dir=None)


def length(vectors: Floats) -> Floats:
    """Lengths of vectors along the last axis."""
    return np.linalg.norm(vectors, axis=-1)


def angle(a: Floats, b: Floats) -> Floats:
    """Angles between vectors along the last axis."""
    return np.arctan2(length(np.cross(a, b)), np.sum(a * b, axis=-1))


def in_radii(positions: Floats, air_km: float = 0.0) -> Floats:
    """Positions in units of the ellipsoid's axes: outside the unit sphere is above the air."""
    equator, pole = EARTH_RADIUS_KM + air_km, EARTH_POLAR_RADIUS_KM + air_km
    return positions / np.array([equator, equator, pole])


def clear_of_earth(a: Floats, b: Floats) -> Floats:
    """Whether segments from a to b stay above the air, by clamping the nearest point."""
    a, b = in_radii(a, ATMOSPHERE_KM), in_radii(b, ATMOSPHERE_KM)
    ray = b - a
    share = np.clip(-np.sum(a * ray, axis=-1) / np.sum(ray * ray, axis=-1), 0.0, 1.0)
    return length(a + share[..., None] * ray) > 1.0


def light_past(edge: Floats, disc: Floats) -> Floats:
    """Share of the Sun's disc beyond a straight edge ``edge`` from its centre (0.001 exact)."""
    x = np.clip(edge / disc, -1.0, 1.0)
    return (np.arccos(-x) + x * np.sqrt(1.0 - x * x)) / np.pi


def expected_quality(arena: Arena, side: int, s: int, n: int) -> Floats:
    """Detection probability of one pair at all steps, by numpy and other formulas."""
    sensor_type = arena.scenario.sides[side].sensor
    slots = arena.tables.quality.shape[2]
    positions = arena.tables.position_km.astype(np.float64)
    observer, target = positions[:, side * slots + s], positions[:, 2 * slots + n]
    times_s = np.arange(len(positions)) * float(arena.scenario.window.step_s)
    epoch = arena.scenario.window.epoch
    sun, moon = sun_position_km(epoch, times_s), moon_position_km(epoch, times_s)
    ray, to_sun = target - observer, sun - target
    beyond = target + 40.0 * ray / length(ray)[:, None] * EARTH_RADIUS_KM
    edge = angle(-in_radii(target), in_radii(to_sun)) - np.arcsin(1.0 / length(in_radii(target)))
    # the Sun is as wide as its highest point towards the Earth, where the Earth is round
    round_sun, up = in_radii(to_sun), -in_radii(target)
    up -= (np.sum(up * round_sun, axis=1) / length(round_sun) ** 2)[:, None] * round_sun
    width = SUN_RADIUS_KM * length(in_radii(up / length(up)[:, None]))
    light = light_past(edge, np.arcsin(width / length(round_sun)))
    seen = clear_of_earth(observer, target) & (light > 0.0)
    seen &= angle(ray, sun - observer) >= np.radians(sensor_type.sun_exclusion_deg)
    seen &= angle(ray, moon - observer) >= np.radians(sensor_type.moon_exclusion_deg)
    seen &= clear_of_earth(target, beyond)
    phase = angle(to_sun, -ray)
    lit = 2.0 * ((np.pi - phase) * np.cos(phase) + np.sin(phase)) / (3.0 * np.pi**2)
    area = np.pi * arena.objects.radius_m[n] ** 2 * arena.objects.albedo[n]
    brightness = np.where(seen, area * lit * light / (1000.0 * length(ray)) ** 2, 1e-300)
    fainter = -26.74 - 2.5 * np.log10(brightness) - sensor_type.limiting_magnitude
    snr = sensor_type.detection_snr * 10.0 ** (-0.4 * fainter)
    return np.where(seen, norm.cdf(snr - sensor_type.detection_snr), 0.0)


def test_quality_is_what_a_plain_computation_gives(arena: Arena) -> None:
    quality = arena.tables.quality.astype(np.float64) / 255.0
    graded = False
    for side in range(2):
        for s in range(arena.sensor_count[side]):
            for n in range(len(arena.objects)):
                wanted = expected_quality(arena, side, s, n)
                off = np.abs(quality[:, side, s, n] - wanted) > 0.004
                # the tables know positions to more digits: a rare step at an edge may differ
                assert off.mean() < 0.01
                graded |= bool(np.any((wanted > 0.1) & (wanted < 0.9)))
    assert graded
    assert 0.02 < (quality > 0.0).mean() < 0.9


def test_denial_is_range_and_clear_sight(arena: Arena) -> None:
    positions = arena.tables.position_km.astype(np.float64)
    slots = arena.tables.denial.shape[2]
    sides = positions[:, :slots], positions[:, slots : 2 * slots]
    for side, count in enumerate(arena.sensor_count):
        own = sides[side][:, :count, None]
        other = sides[1 - side][:, None, : arena.sensor_count[1 - side]]
        reach_km = arena.scenario.sides[side].sensor.denial_range_km
        wanted = clear_of_earth(own, other) & (length(other - own) <= reach_km)
        table = arena.tables.denial[:, side, :count, : wanted.shape[2]]
        assert np.mean(table != wanted) < 1e-3
        assert 0.0 < table.mean() < 1.0


def test_padded_sensors_neither_see_nor_deny_nor_are_denied(arena: Arena) -> None:
    assert arena.sensor_count == (6, 2)
    assert not arena.tables.quality[:, 1, 2:].any()
    assert not arena.tables.denial[:, 1, 2:].any()
    assert not arena.tables.denial[:, 0, :, 2:].any()
    assert arena.tables.quality[:, 1, :2].any()
    assert np.isfinite(arena.tables.position_km).all()
    assert np.linalg.norm(arena.tables.position_km, axis=2).min() > EARTH_RADIUS_KM


def quality_with(altitude_km: float = 1800.0, **sensor: Any) -> NDArray[np.uint8]:
    """Blue's quality table when both sides carry the given sensor, above the low objects."""
    side = Side(constellation=walker(altitude_km=altitude_km), sensor=Sensor(**sensor))
    return build_arena(scenario(blue=side, red=side), cache_dir=None).tables.quality[:, 0]


@pytest.mark.parametrize(
    ("loose", "strict"),
    [
        ({"limb_background": False}, {"limb_background": True}),
        ({"sun_exclusion_deg": 10.0}, {"sun_exclusion_deg": 60.0}),
        ({"moon_exclusion_deg": 0.0}, {"moon_exclusion_deg": 40.0}),
        ({"limb_exclusion_deg": 0.0}, {"limb_exclusion_deg": 10.0}),
        ({"brightest_magnitude": None}, {"brightest_magnitude": 8.0}),
        ({"max_range_km": None}, {"max_range_km": 10_000.0}),
        ({"limiting_magnitude": 14.0}, {"limiting_magnitude": 11.0}),
    ],
)
def test_stricter_sensor_only_loses_access(loose: dict[str, Any], strict: dict[str, Any]) -> None:
    more, less = quality_with(**loose), quality_with(**strict)
    assert np.all(less <= more)
    assert np.count_nonzero(less) < np.count_nonzero(more)
    if "limiting_magnitude" not in strict:  # what is left keeps its quality
        assert np.array_equal(less[less > 0], more[less > 0])


def test_earth_never_stands_behind_objects_above_the_sensors() -> None:
    with_limb, without = (quality_with(800.0, limb_background=each) for each in (True, False))
    assert np.array_equal(with_limb, without)


def test_softer_detection_gains_faint_objects_and_loses_bright_ones() -> None:
    hard, soft = (quality_with(limiting_magnitude=11.0, detection_snr=snr) for snr in (6.0, 3.0))
    differs = hard != soft
    assert differs.any()
    assert np.all((soft > hard)[differs & (hard < 127)])
    assert np.all((soft < hard)[differs & (hard > 128)])


def test_moon_is_kept_from_as_each_sensor_sees_it() -> None:
    """From a high orbit the Moon stands up to 6° from where the Earth's centre sees it."""
    game = scenario(
        blue=Side(constellation=walker(altitude_km=35_786.0, inclination_deg=5.0)),
        window=window(horizon_days=3.0),
    )
    free = game.model_copy(
        update={
            "blue": Side(constellation=game.blue.constellation, sensor=Sensor(moon_exclusion_deg=0))
        }
    )
    kept, all_round = (build_arena(each, cache_dir=None).tables for each in (game, free))
    position = kept.position_km.astype(np.float64)
    times_s = np.arange(len(position)) * 300.0
    moon = moon_position_km(game.window.epoch, times_s)[:, None, None]
    sensors, objects = position[:, :6, None], position[:, None, 12:]
    close = angle(objects - sensors, moon - sensors) < np.radians(10.0)
    lost = (all_round.quality[:, 0] > 0) & (kept.quality[:, 0] == 0)
    assert lost.any()
    assert np.array_equal(lost, close & (all_round.quality[:, 0] > 0))


def test_max_range_is_kept() -> None:
    game = scenario(blue=Side(constellation=walker(), sensor=Sensor(max_range_km=3000.0)))
    tables = build_arena(game, cache_dir=None).tables
    positions = tables.position_km.astype(np.float64)
    ranges = length(positions[:, None, 12:] - positions[:, :6, None])
    seen = tables.quality[:, 0] > 0
    assert seen.any()
    assert ranges[seen].max() <= 3000.01


def test_swapped_sides_swap_the_tables() -> None:
    game = scenario()
    swapped: Scenario = game.model_copy(update={"blue": game.red, "red": game.blue})
    one, other = (build_arena(each, cache_dir=None).tables for each in (game, swapped))
    assert np.array_equal(one.quality, other.quality[:, ::-1])
    assert np.array_equal(one.denial, other.denial[:, ::-1])


def test_equal_sensors_deny_each_other_mutually() -> None:
    both = Side(constellation=walker())
    red = Side(constellation=walker(raan_deg=20.0, anomaly_deg=45.0))
    denial = build_arena(scenario(blue=both, red=red), cache_dir=None).tables.denial
    assert np.array_equal(denial[:, 0], denial[:, 1].transpose(0, 2, 1))


@pytest.mark.filterwarnings("ignore:Never with access")
def test_low_objects_vanish_in_the_shadow() -> None:
    """An equatorial orbit at the equinox is dark for a third of each revolution."""
    low = regime(count=1, contested=0, altitude_km=(600.0, 600.0), inclination_deg=(0.0, 0.0))
    arena = build_arena(scenario(catalog=catalog(low), window=window(step_s=60)), cache_dir=None)
    target = arena.tables.position_km[:, -1].astype(np.float64)
    times_s = np.arange(len(target)) * 60.0
    sun = sun_position_km(arena.scenario.window.epoch, times_s)
    behind = np.sum(target * sun, axis=1) < 0.0
    off_axis = length(np.cross(target, sun)) / length(sun)
    dark = behind & (off_axis < EARTH_RADIUS_KM - 50.0)
    assert dark.mean() == pytest.approx(0.37, abs=0.02)
    assert not arena.tables.quality[dark].any()
    assert arena.tables.quality[~dark].any()
