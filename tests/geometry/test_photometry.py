"""Magnitudes and detection probabilities."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssa_psro.geometry.photometry import (
    DETECTION_WIDTH_MAG,
    detection_probability,
    magnitude,
    phase_function,
    reflecting_area_m2,
)

phases = st.floats(0.0, math.pi)


def area(radius_m: float = 1.0, albedo: float = 0.2) -> float:
    """Reflecting area of one sphere."""
    return float(reflecting_area_m2(np.array([radius_m]), np.array([albedo]))[0])


def test_check_value_of_a_small_geostationary_satellite() -> None:
    # Cognion, AMOS 2013: a diffuse sphere of 1 m radius and albedo 0.2, seen fully lit from
    # 36,000 km, has magnitude 13.2
    assert magnitude(area(), 36_000.0, 0.0) == pytest.approx(13.2, abs=0.05)


def test_phase_function_of_a_diffuse_sphere() -> None:
    # closed values of 2 [(pi - phi) cos phi + sin phi] / (3 pi^2)
    assert phase_function(0.0) == pytest.approx(2.0 / (3.0 * math.pi))
    assert phase_function(math.pi / 2.0) == pytest.approx(2.0 / (3.0 * math.pi**2))
    assert phase_function(math.pi) == pytest.approx(0.0, abs=1e-15)


def test_diffuse_sphere_reflects_its_albedo() -> None:
    """The light sent in all directions adds up to the albedo: energy is conserved."""
    phase = np.linspace(0.0, math.pi, 20_001)
    sent = np.array([phase_function(one) for one in phase]) * 2.0 * math.pi * np.sin(phase)
    assert np.trapezoid(sent, phase) == pytest.approx(1.0, abs=1e-6)


@given(a=phases, b=phases)
def test_magnitude_rises_with_phase(a: float, b: float) -> None:
    full, less = sorted((a, b))
    assert magnitude(area(), 1000.0, less) >= magnitude(area(), 1000.0, full) - 1e-9


@given(range_km=st.floats(1, 1e5), phase=st.floats(0, 3.0))
def test_ten_times_the_range_is_five_magnitudes(range_km: float, phase: float) -> None:
    near, far = magnitude(area(), range_km, phase), magnitude(area(), 10.0 * range_km, phase)
    assert far - near == pytest.approx(5.0)


def test_ten_times_the_radius_is_five_magnitudes() -> None:
    assert magnitude(area(0.1), 1000.0, 1.0) - magnitude(area(), 1000.0, 1.0) == pytest.approx(5.0)


def test_fully_dark_or_black_objects_are_never_detected() -> None:
    assert magnitude(0.0, 1000.0, 0.0) == math.inf
    assert detection_probability(math.inf, 16.0) == 0.0
    assert detection_probability(magnitude(area(), 1000.0, math.pi), 16.0) < 1e-6


@given(bright=st.floats(-5, 30), fainter=st.floats(0, 10), limit=st.floats(0, 25))
def test_fainter_is_never_easier(bright: float, fainter: float, limit: float) -> None:
    easy, hard = (detection_probability(m, limit) for m in (bright, bright + fainter))
    assert 0.0 <= hard <= easy <= 1.0


def test_probability_is_one_half_at_the_limit_and_falls_over_one_magnitude() -> None:
    assert detection_probability(16.0, 16.0) == pytest.approx(0.5)
    # logistic: 0.9 and 0.1 are ln 9 widths to either side
    reach = DETECTION_WIDTH_MAG * math.log(9.0)
    assert detection_probability(16.0 - reach, 16.0) == pytest.approx(0.9)
    assert detection_probability(16.0 + reach, 16.0) == pytest.approx(0.1)
