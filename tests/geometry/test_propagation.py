"""J2-secular propagation: Kepler's equation, secular rates, invariants of the motion."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssa_psro.geometry.propagation import (
    as_elements,
    as_rows,
    eccentric_anomaly,
    propagate,
    secular_rates,
)

DAY_S = 86400.0
orbits = st.tuples(
    st.floats(6700, 45000),
    st.floats(0, 0.8),
    st.floats(0, math.pi),
    st.floats(-6, 6),
    st.floats(-6, 6),
    st.floats(-6, 6),
)


@given(mean=st.floats(-1000, 1000), eccentricity=st.floats(0, 0.99))
def test_kepler_equation_is_solved(mean: float, eccentricity: float) -> None:
    anomaly = eccentric_anomaly(mean, eccentricity)
    off = anomaly - eccentricity * math.sin(anomaly) - mean
    assert abs(math.remainder(off, 2.0 * math.pi)) < 1e-10
    assert abs(anomaly) < math.pi + 1e-9


def test_kepler_reference() -> None:
    # Vallado, Fundamentals of Astrodynamics, example 2-1: M = 235.4°, e = 0.4, E = 220.512074°
    anomaly = math.degrees(eccentric_anomaly(math.radians(235.4), 0.4)) % 360.0
    assert anomaly == pytest.approx(220.512074, abs=1e-6)


def test_sun_synchronous_node_follows_the_sun() -> None:
    # Sapphire: 786 km, sun-synchronous at 98.55°: 360° in a tropical year, 0.9856° a day
    node, _, _ = secular_rates(6378.137 + 786.0, 0.001, math.radians(98.55))
    assert math.degrees(node * DAY_S) == pytest.approx(0.9856, abs=0.01)


def test_perigee_stands_still_at_the_critical_inclination() -> None:
    # 63.4349°, where 5 cos² i = 1; below it perigee advances, above it recedes
    at, below, above = (
        secular_rates(26600.0, 0.7, math.radians(tilt))[1] * DAY_S for tilt in (63.4349, 60, 67)
    )
    assert at == pytest.approx(0.0, abs=1e-7)
    assert below > 0.0 > above


def test_geostationary_radius_gives_a_sidereal_day() -> None:
    # the mean radius 42,164.17 km of point mass turns once in 86,164.1 s; J2 speeds it up a little
    _, _, anomaly = secular_rates(42164.17, 0.0, 0.0)
    assert 2.0 * math.pi / anomaly == pytest.approx(86164.1, rel=1e-4)


@given(row=orbits, time_s=st.floats(0, 30 * DAY_S))
def test_radius_stays_between_perigee_and_apogee(row: tuple[float, ...], time_s: float) -> None:
    mean = as_elements(np.array([row]))
    radius = float(np.linalg.norm(propagate(mean, np.array([time_s]))[0, 0]))
    axis, shape = row[0], row[1]
    assert axis * (1.0 - shape) - 1e-6 <= radius <= axis * (1.0 + shape) + 1e-6


@given(row=orbits, time_s=st.floats(0, 30 * DAY_S))
def test_satellite_stays_in_its_precessing_plane(row: tuple[float, ...], time_s: float) -> None:
    mean = as_elements(np.array([row]))
    position = propagate(mean, np.array([time_s]))[0, 0]
    raan = row[3] + secular_rates(*row[:3])[0] * time_s
    normal = np.array(
        [
            math.sin(raan) * math.sin(row[2]),
            -math.cos(raan) * math.sin(row[2]),
            math.cos(row[2]),
        ]
    )
    assert abs(normal @ position) < 1e-6 * row[0]


def test_orbits_do_not_influence_each_other() -> None:
    rows = np.array([[7000.0, 0.01, 1.0, 0.1, 0.2, 0.3], [42164.0, 0.0, 0.1, 1.0, 2.0, 3.0]])
    times_s = np.linspace(0.0, DAY_S, 7)
    both = propagate(as_elements(rows), times_s)
    assert both.shape == (7, 2, 3)
    for k in range(2):
        alone = propagate(as_elements(rows[k : k + 1]), times_s)
        assert np.array_equal(alone[:, 0], both[:, k])
    assert np.array_equal(as_rows(as_elements(rows)), rows)
