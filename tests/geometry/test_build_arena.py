"""Building an arena: shapes, repeatability, progress, and what it does not import."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from skies import catalog, regime, scenario, walker, window

from ssa_psro.geometry import build_arena
from ssa_psro.geometry.build import _blindness
from ssa_psro.scenario.schema import Sensor, Side


def test_tables_have_the_documented_shapes() -> None:
    arena = build_arena(scenario(), cache_dir=None)
    steps, slots, objects = 288, 6, 7
    tables = arena.tables
    assert (tables.quality.shape, tables.quality.dtype) == ((steps, 2, slots, objects), np.uint8)
    assert (tables.denial.shape, tables.denial.dtype) == ((steps, 2, slots, slots), np.uint8)
    assert tables.position_km.shape == (steps, 2 * slots + objects, 3)
    assert tables.position_km.dtype == np.float32
    assert set(np.unique(tables.denial)) <= {0, 1}
    assert len(arena.windows.start_step) == len(arena.objects) == objects
    assert all(array.flags.c_contiguous for array in tables)


def test_building_twice_gives_the_same_bits() -> None:
    one, other = (build_arena(scenario(), cache_dir=None) for _ in range(2))
    for a, b in zip(one.tables, other.tables, strict=True):
        assert np.array_equal(a, b)
    assert np.array_equal(one.windows.start_step, other.windows.start_step)


def test_longer_horizon_extends_the_tables() -> None:
    both = {"blue": Side(constellation=walker()), "red": Side(constellation=walker(raan_deg=30.0))}
    short, long = (
        build_arena(scenario(window=window(horizon_days=days), **both), cache_dir=None).tables
        for days in (1.0, 2.0)
    )
    assert np.array_equal(long.position_km[:288], short.position_km)
    assert np.array_equal(long.quality[:288], short.quality)


def test_blue_then_red_then_objects() -> None:
    """Radii tell who is who in the table of positions."""
    game = scenario(red=Side(constellation=walker(altitude_km=1200.0, satellites=3)))
    radius = np.linalg.norm(build_arena(game, cache_dir=None).tables.position_km[0], axis=1)
    assert np.allclose(radius[:6], 6378.137 + 800.0, atol=0.01)
    assert np.allclose(radius[6:12], 6378.137 + 1200.0, atol=0.01)
    assert np.all(radius[16:] > 42_000.0)


def test_single_sensor_single_object_single_step() -> None:
    one = Side(constellation=walker(satellites=1, planes=1, phasing=0))
    span = window(duration_h=0.5, step_s=1800, horizon_days=0.5 / 24.0)
    game = scenario(blue=one, red=one, catalog=catalog(regime(count=1)), window=span)
    assert build_arena(game, cache_dir=None).tables.quality.shape == (1, 2, 1, 1)


def test_progress_rises_to_one() -> None:
    told: list[float] = []
    build_arena(scenario(), cache_dir=None, progress=lambda _, share: told.append(share))
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert len(told) > 10


def test_import_is_light() -> None:
    code = (
        "import sys, ssa_psro.geometry; heavy = {'astropy', 'boinor', 'torch', 'matplotlib', "
        "'gymnasium', 'stable_baselines3'} & set(sys.modules); assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_sensors_that_never_see_anything_are_named() -> None:
    dark = Sensor(limiting_magnitude=0.0)
    sides = {name: Side(constellation=walker(), sensor=dark) for name in ("blue", "red")}
    turned = {"red": Side(constellation=walker(raan_deg=30.0), sensor=dark)}
    with pytest.warns(UserWarning, match=r"Blue's sensors \(all\)\.$"):
        build_arena(scenario(blue=sides["blue"]), cache_dir=None)
    with pytest.warns(UserWarning, match=r"Blue.* and Red's sensors \(all\), so that every payoff"):
        build_arena(scenario(**sides | turned), cache_dir=None)


def test_a_single_blind_sensor_is_told_by_its_number() -> None:
    tables = build_arena(scenario(), cache_dir=None).tables
    assert _blindness(tables, (6, 2)) == ""
    tables.quality[:, 0, [1, 4]] = 0
    tables.quality[:, 1, 0] = 0
    told = "Never with access to any object: Blue's sensors (2, 5) and Red's sensors (1)."
    assert _blindness(tables, (6, 2)) == told
