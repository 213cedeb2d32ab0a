"""Magnitudes and detection probabilities."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssa_psro.geometry.optics import (
    detection_probability,
    flux_of,
    magnitude,
    phase_function,
    reflected_flux,
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


def chance(apparent_magnitude: float, limiting_magnitude: float, snr: float = 6.0) -> float:
    """Detection probability by magnitudes."""
    flux, limit = flux_of(np.array([apparent_magnitude, limiting_magnitude]))
    return detection_probability(float(flux), float(limit), snr)


@given(range_km=st.floats(1, 1e5), phase=st.floats(0, 3.0))
def test_magnitudes_and_fluxes_are_one_scale(range_km: float, phase: float) -> None:
    apparent = np.array(magnitude(area(), range_km, phase))
    assert flux_of(apparent) == pytest.approx(reflected_flux(area(), range_km, phase), rel=1e-12)


def test_the_sun_is_the_unit_of_flux() -> None:
    assert flux_of(np.array([-26.74, math.inf, -math.inf])).tolist() == [1.0, 0.0, math.inf]


def test_fully_dark_or_black_objects_are_never_detected() -> None:
    assert magnitude(0.0, 1000.0, 0.0) == math.inf
    assert chance(math.inf, 16.0) < 1e-6
    assert chance(magnitude(area(), 1000.0, math.pi), 16.0) < 1e-6


@given(bright=st.floats(-5, 30), fainter=st.floats(0, 10), limit=st.floats(0, 25))
def test_fainter_is_never_easier(bright: float, fainter: float, limit: float) -> None:
    easy, hard = (chance(m, limit) for m in (bright, bright + fainter))
    assert 0.0 <= hard <= easy <= 1.0


@pytest.mark.parametrize(
    ("probability", "deviations"),
    # of the normal distribution: Abramowitz and Stegun, Handbook of Mathematical Functions,
    # tables 26.1 and 26.5
    [(0.5, 0.0), (0.9, 1.281551566), (0.1, -1.281551566), (0.99, 2.326347874), (0.84134, 1.0)],
)
@pytest.mark.parametrize("snr", [3.0, 6.0, 10.0])
def test_probability_is_that_of_passing_the_threshold(
    probability: float, deviations: float, snr: float
) -> None:
    # flux in proportion to the signal-to-noise ratio: 2.5 log10 of it in magnitudes
    fainter = -2.5 * math.log10((snr + deviations) / snr)
    assert chance(16.0 + fainter, 16.0, snr) == pytest.approx(probability, abs=1e-5)


def test_the_fall_at_a_threshold_of_six_takes_half_a_magnitude() -> None:
    assert chance(16.0, 16.0) == pytest.approx(0.5)
    assert chance(16.0 - 0.210, 16.0) == pytest.approx(0.9, abs=0.001)
    assert chance(16.0 + 0.261, 16.0) == pytest.approx(0.1, abs=0.001)


def test_simulated_measurements_pass_the_threshold_as_often() -> None:
    """A signal in Gaussian background noise of one unit, many times."""
    noise = np.random.default_rng(7).normal(size=200_000)
    for fainter in (-0.3, -0.1, 0.0, 0.2, 0.4):
        passed = np.mean(6.0 * 10.0 ** (-0.4 * fainter) + noise > 6.0)
        assert chance(16.0 + fainter, 16.0) == pytest.approx(passed, abs=0.005)
