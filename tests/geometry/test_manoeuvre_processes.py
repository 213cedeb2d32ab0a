"""Manoeuvres as renewal processes: their statistics, and the classes of objects."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssa_psro.geometry.manoeuvres import (
    GEO_EAST_WEST,
    GEO_NORTH_SOUTH,
    YEAR_H,
    Process,
    density_kg_m3,
    drag_make_up,
    processes,
)
from ssa_psro.randomness import generator
from ssa_psro.scenario.schema import ManoeuvreKind

SIGMAS = 4.0
"""How far a mean of many draws may lie from its expectation."""

SPREADS = [0.1, 0.3, 0.8]


def process(spread: float, interval_h: float = 50.0, window_h: float = 8.0) -> Process:
    """A window of 8 h every 50 h on average."""
    return Process(interval_h, spread, window_h, probability=0.9, delta_v_m_s=0.1)


@pytest.mark.parametrize("spread", SPREADS)
def test_intervals_have_the_stated_mean_and_spread(spread: float) -> None:
    starts = process(spread).starts_h(generator(1, "renewal"), 50.0 * 4000)
    intervals = np.diff(starts)
    error_h = 50.0 * spread / np.sqrt(intervals.size)
    assert intervals.mean() == pytest.approx(50.0, abs=SIGMAS * error_h)
    assert intervals.std() == pytest.approx(50.0 * spread, rel=0.06)
    assert intervals.min() >= 8.0


@pytest.mark.parametrize("spread", SPREADS)
def test_process_is_stationary_from_the_epoch_on(spread: float) -> None:
    """Windows are as frequent in the first ten hours as for ever after.

    The wait for the first one is on average half the interval, longer by (1 + spread²): the epoch
    is more likely inside a long interval.
    """
    objects = 4000
    starts = [process(spread).starts_h(generator(2, "renewal", n), 400.0) for n in range(objects)]
    first = np.array([times[0] for times in starts])
    early = sum(time < 10.0 for times in starts for time in times) / objects
    assert early == pytest.approx(10.0 / 50.0, abs=SIGMAS * np.sqrt(0.2 / objects))
    assert first.mean() == pytest.approx(
        25.0 * (1.0 + spread**2), abs=SIGMAS * first.std() / np.sqrt(objects)
    )


@given(
    spread=st.floats(0.0, 1.0),
    window_h=st.floats(0.5, 50.0),
    seed=st.integers(0, 1000),
    shorter_h=st.floats(1.0, 500.0),
)
def test_longer_horizon_extends_a_shorter_one(
    spread: float, window_h: float, seed: int, shorter_h: float
) -> None:
    drawn = process(spread, window_h=window_h)
    short = drawn.starts_h(generator(seed, "renewal"), shorter_h)
    long = drawn.starts_h(generator(seed, "renewal"), 2.0 * shorter_h)
    assert long[: len(short)] == short
    assert all(0.0 <= start < shorter_h for start in short)
    assert np.all(np.diff(long) >= window_h - 1e-9)


def test_without_spread_windows_are_regular() -> None:
    starts = process(0.0).starts_h(generator(3, "renewal"), 500.0)
    assert np.diff(starts) == pytest.approx(50.0)


def test_station_keeping_adds_up_to_its_yearly_budget() -> None:
    per_year = YEAR_H / GEO_EAST_WEST.interval_h
    assert per_year * GEO_EAST_WEST.delta_v_m_s == pytest.approx(2.0)
    # 47 m/s a year across the plane; the equivalent along track is about a fifth
    assert per_year * GEO_NORTH_SOUTH.delta_v_m_s == pytest.approx(47.0 * 0.2122, rel=1e-3)


def test_density_meets_the_table_and_falls_with_altitude() -> None:
    assert density_kg_m3(400.0) == pytest.approx(3.725e-12, abs=0)
    altitudes = np.linspace(120.0, 1500.0, 200)
    assert np.all(np.diff([density_kg_m3(one) for one in altitudes]) < 0.0)
    # the pieces meet: the table's value at 600 km from the piece below
    assert density_kg_m3(599.999) == pytest.approx(density_kg_m3(600.0), rel=0.01, abs=0)


def test_drag_make_up_is_of_the_published_size() -> None:
    """Envisat (800 km, track within ±1 km) planned a burn twice a month, for an active Sun.

    Yearly budgets on average: below 25 m/s at 500 km, below 5 m/s at 600 km (Wertz and Larson,
    *Space Mission Analysis and Design*).
    """
    envisat = drag_make_up(800.0)
    assert 15.0 <= envisat.interval_h / 24.0 <= 60.0
    for altitude_km, most_m_s in ((500.0, 25.0), (600.0, 5.0)):
        burns = drag_make_up(altitude_km)
        assert YEAR_H / burns.interval_h * burns.delta_v_m_s < most_m_s


@given(st.floats(200.0, 1500.0), st.floats(1.0, 300.0))
def test_higher_orbits_need_fewer_and_smaller_burns(altitude_km: float, rise_km: float) -> None:
    low, high = drag_make_up(altitude_km), drag_make_up(altitude_km + rise_km)
    assert high.interval_h > low.interval_h
    assert high.delta_v_m_s < low.delta_v_m_s
    assert low.window_h < low.interval_h


def test_station_keeping_is_planned_every_fortnight() -> None:
    # 336 h of 8,766 h; windows of four sigmas, of 3 h and of 1.5 h; 0.95 times 0.954 take place
    assert pytest.approx((336.0, 0.1, 12.0, 0.9, 2.0 * 336.0 / 8766.0)) == GEO_EAST_WEST
    along_m_s = 2.0 / (3.0 * np.pi) * 47.0 * 336.0 / 8766.0
    assert pytest.approx((336.0, 0.1, 6.0, 0.9, along_m_s)) == GEO_NORTH_SOUTH


@pytest.mark.parametrize(
    ("altitude_km", "density"), [(300.0, 2.418e-11), (500.0, 6.967e-13), (800.0, 1.170e-14)]
)
def test_drag_make_up_from_first_principles(altitude_km: float, density: float) -> None:
    """In metres and seconds: the orbit's period shrinks, and the Earth turns under it."""
    axis_m, turn_rad_s, band_m = 1000.0 * (6378.137 + altitude_km), 7.2921159e-5, 2000.0
    speed_m_s = np.sqrt(3.986004418e14 / axis_m)
    drag_m_s2 = 0.5 * density * speed_m_s**2 * 2.2 * 0.01
    axis_rate_m_s = -2.0 * drag_m_s2 / (speed_m_s / axis_m)
    # the track moves as the time of each crossing does: half the change of the period a second
    drift_m_s2 = -1.5 * turn_rad_s * 6378137.0 * axis_rate_m_s / axis_m
    # from one edge to the other, 2 km, and back
    interval_s = 2.0 * np.sqrt(2.0 * band_m / drift_m_s2)
    window_h = min(0.2 * interval_s / 3600.0, 24.0)
    expected = (interval_s / 3600.0, 0.3, window_h, 0.9, drag_m_s2 * interval_s)
    assert drag_make_up(altitude_km) == pytest.approx(expected, rel=1e-9)


def test_pieces_of_the_atmosphere_meet() -> None:
    edges = (180, 200, 250, 300, 350, 400, 450, 500, 600, 700, 800, 900, 1000)
    for edge in edges:
        assert density_kg_m3(edge - 1e-6) == pytest.approx(density_kg_m3(edge), rel=0.01, abs=0)
    assert density_kg_m3(150.0) == 2.070e-9
    assert density_kg_m3(1268.0) == pytest.approx(3.019e-15 / np.e, abs=0)


def test_every_class_has_its_processes() -> None:
    for kind in get_args(ManoeuvreKind):
        assert bool(processes(kind, 700.0)) == (kind != "none")
    assert processes("none", 200_000.0) == {}  # where no air is left to compute with
    assert processes("geo-station-keeping", 35_786.0) == {
        **processes("geo-east-west", 35_786.0),
        **processes("geo-north-south", 35_786.0),
    }
