"""The linear covariance reference: its own laws, and the scalar model of the game beside it.

The named factors are the ones that ``docs/uncertainty.md`` states.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad_vec

from evidence.uncertainty.growth import (
    AGES_H,
    Growth,
    grow,
    grow_after_impulse,
    grow_after_recovery,
    scalar_sigma_km,
)
from evidence.uncertainty.hill import (
    ALONG,
    CROSS,
    RADIAL,
    carried,
    dynamics,
    flow,
    impulse,
    seen,
    sigma_km,
)
from evidence.uncertainty.reference import REGIME_ORBITS, Tracking, motion_rad_s
from evidence.uncertainty.tables import calibration_tracking
from ssa_psro.geometry.manoeuvres import CROSS_TRACK
from ssa_psro.scenario.schema import REGIMES, RegimeName
from ssa_psro.scenario.standards import ARCSEC, CALIBRATIONS, calibrated

SCALAR_ABOVE = 3.0
"""The scalar sigma of a tracked object is at most so many times the reference's, ..."""
SCALAR_BELOW = 1.0
"""... and never smaller, over a day without manoeuvres."""
MANOEUVRED_ABOVE = 4.5
"""Right after an impulse the scalar model drifts three times too fast, ..."""
MANOEUVRED_BELOW = 0.75
"""... later it misses the swing about the mean drift."""

TRACKED: tuple[RegimeName, ...] = tuple(REGIME_ORBITS)
LEO_MOTION, GEO_MOTION = motion_rad_s(1000.0), motion_rad_s(35_786.0)


def clohessy_wiltshire(n: float, t: float) -> np.ndarray:
    """The closed form of the transition (Vallado, *Fundamentals of Astrodynamics*, section 6.8)."""
    s, c = np.sin(n * t), np.cos(n * t)
    return np.array(
        [
            [4 - 3 * c, 0, 0, s / n, 2 * (1 - c) / n, 0],
            [6 * (s - n * t), 1, 0, -2 * (1 - c) / n, (4 * s - 3 * n * t) / n, 0],
            [0, 0, c, 0, 0, s / n],
            [3 * n * s, 0, 0, c, 2 * s, 0],
            [-6 * n * (1 - c), 0, 0, -2 * s, 4 * c - 3, 0],
            [0, 0, -n * s, 0, 0, c],
        ]
    )


@cache
def maintained(regime: RegimeName) -> Growth:
    """Growth in the conditions of the calibration."""
    return grow(calibration_tracking(regime))


@pytest.mark.parametrize("motion", [LEO_MOTION, GEO_MOTION])
@pytest.mark.parametrize("hours", [0.1, 1.0, 7.0, 24.0])
def test_transition_is_the_closed_form(motion: float, hours: float) -> None:
    transition, noise = flow(motion, 3600.0 * hours, 0.0)
    scale = np.array([1, 1, 1, motion, motion, motion])
    expected = clohessy_wiltshire(motion, 3600.0 * hours)
    difference = (transition - expected) / scale[:, None] * scale
    assert np.abs(difference).max() < 1e-7
    assert not noise.any()


@pytest.mark.parametrize("hours", [0.5, 6.0])
def test_noise_is_the_integral_of_what_each_moment_adds(hours: float) -> None:
    def added(time_s: float) -> np.ndarray:
        column = clohessy_wiltshire(LEO_MOTION, time_s)[:, 3:]
        return 1e-12 * column @ column.T

    integral, _ = quad_vec(added, 0.0, 3600.0 * hours, epsrel=1e-10)
    _, noise = flow(LEO_MOTION, 3600.0 * hours, 1e-12)
    assert noise == pytest.approx(integral, rel=1e-6, abs=1e-6 * np.abs(integral).max())


@given(first=st.floats(10.0, 40_000.0), second=st.floats(10.0, 40_000.0))
def test_two_flows_are_one(first: float, second: float) -> None:
    start = np.diag([1.0, 4.0, 2.0, 1e-6, 1e-7, 1e-6])
    halfway = carried(start, *flow(GEO_MOTION, first, 1e-13))
    steps = carried(halfway, *flow(GEO_MOTION, second, 1e-13))
    at_once = carried(start, *flow(GEO_MOTION, first + second, 1e-13))
    assert steps == pytest.approx(at_once, rel=1e-6)


@pytest.mark.parametrize("motion", [LEO_MOTION, GEO_MOTION])
def test_impulse_drifts_three_times_its_size_along_track(motion: float) -> None:
    """Over whole periods the secular term is all there is (Clohessy and Wiltshire 1960)."""
    period_s = 2.0 * np.pi / motion
    for periods in (1, 3):
        kicked = impulse(np.zeros((6, 6)), 0.001)
        after = carried(kicked, *flow(motion, periods * period_s, 0.0))
        assert np.sqrt(after[ALONG, ALONG]) == pytest.approx(0.003 * periods * period_s, rel=1e-6)
        assert after[RADIAL, RADIAL] < 1e-9 * after[ALONG, ALONG]


def test_cross_track_impulse_as_the_along_track_one_of_equal_effect() -> None:
    """A quarter period after it, the north-south offset equals the drift that stands for it."""
    quarter_s = np.pi / 2.0 / GEO_MOTION
    after = carried(impulse(np.zeros((6, 6)), 0.0018, axis=5), *flow(GEO_MOTION, quarter_s, 0.0))
    drift_km = 3.0 * CROSS_TRACK * 0.0018 * quarter_s
    assert np.sqrt(after[CROSS, CROSS]) == pytest.approx(drift_km, rel=1e-6)
    assert drift_km == pytest.approx(24.7, abs=0.1)


def test_direction_tells_nothing_of_the_range() -> None:
    before = np.diag([4.0, 9.0, 16.0, 1e-6, 1e-6, 1e-6])
    after = seen(before, np.array([1.0, 0.0, 0.0]), 0.5)
    assert after[0, 0] == pytest.approx(4.0)
    assert after[1, 1] == pytest.approx(1.0 / (1.0 / 9.0 + 1.0 / 0.25))
    assert after[2, 2] == pytest.approx(1.0 / (1.0 / 16.0 + 1.0 / 0.25))


@given(st.integers(0, 10_000))
def test_measurement_adds_its_information(seed: int) -> None:
    random = np.random.default_rng(seed)
    root = random.normal(size=(6, 6))
    before, sight = root @ root.T + 0.1 * np.eye(6), random.normal(size=3)
    sight /= np.linalg.norm(sight)
    information = np.zeros((6, 6))
    information[:3, :3] = (np.eye(3) - np.outer(sight, sight)) / 0.3**2
    expected = np.linalg.inv(np.linalg.inv(before) + information)
    assert seen(before, sight, 0.3) == pytest.approx(expected, rel=1e-6, abs=1e-9)


def test_scalar_sigma_is_that_of_the_worst_axis() -> None:
    covariance = np.zeros((6, 6))
    covariance[:3, :3] = [[5.0, 4.0, 0.0], [4.0, 5.0, 0.0], [0.0, 0.0, 2.0]]
    assert sigma_km(covariance) == pytest.approx(3.0)


def test_dynamics_keep_a_circular_neighbour_in_place() -> None:
    ahead = np.array([0.0, 7.0, 0.0, 0.0, 0.0, 0.0])
    assert not (dynamics(GEO_MOTION) @ ahead).any()


@pytest.mark.parametrize("regime", TRACKED)
def test_calibration_is_the_slope_of_the_reference(regime: RegimeName) -> None:
    found = maintained(regime)
    assert found.rate_km_h == pytest.approx(CALIBRATIONS[regime].growth_km_h, rel=0.1)
    assert found.range_km == pytest.approx(CALIBRATIONS[regime].range_km, rel=0.05)
    # a straight line is a fair picture of a day
    assert found.residual_km < 0.15 * found.sigma_km.mean()


@pytest.mark.parametrize("regime", TRACKED)
def test_scalar_model_is_cautious_within_a_factor_over_a_day(regime: RegimeName) -> None:
    ratio = scalar_sigma_km(calibrated(regime)) / maintained(regime).sigma_km
    assert ratio.min() >= SCALAR_BELOW
    assert ratio.max() <= SCALAR_ABOVE


@pytest.mark.parametrize("regime", TRACKED)
@pytest.mark.parametrize("delta_v_m_s", [0.05, 0.5])
def test_scalar_model_after_a_manoeuvre(regime: RegimeName, delta_v_m_s: float) -> None:
    found = grow_after_impulse(calibration_tracking(regime), delta_v_m_s, draws=8)
    ratio = scalar_sigma_km(calibrated(regime), delta_v_m_s=delta_v_m_s) / found.sigma_km
    assert ratio.min() >= MANOEUVRED_BELOW
    assert ratio.max() <= MANOEUVRED_ABOVE
    # from half a day on the drift is right
    assert np.abs(ratio[AGES_H >= 12] - 1.0).max() < 0.35


@pytest.mark.parametrize(("regime", "late_h"), [("LEO", 6.0), ("MEO", 12.0), ("GEO", 12.0)])
def test_one_late_observation_tells_the_manoeuvre(regime: RegimeName, late_h: float) -> None:
    """The game's rule that a hit ends the drift, where it holds: growth is nearly what it was."""
    found = grow_after_recovery(calibration_tracking(regime), 0.5, late_h, draws=8)
    assert found.rate_km_h < 2.0 * maintained(regime).rate_km_h


def test_an_early_observation_does_not_tell_it_in_geo() -> None:
    """Where the rule is kind to the sides: after two hours the drift has hardly begun."""
    found = grow_after_recovery(calibration_tracking("GEO"), 0.5, 2.0, draws=8)
    assert found.rate_km_h > 10.0 * maintained("GEO").rate_km_h


@pytest.mark.parametrize("regime", TRACKED)
def test_growth_follows_the_unmodelled_acceleration_and_little_else(regime: RegimeName) -> None:
    base = calibration_tracking(regime)
    pushed = replace(base, unmodelled_nm_s2=10.0 * base.unmodelled_nm_s2)
    assert grow(pushed, draws=8).rate_km_h == pytest.approx(
        10.0 * maintained(regime).rate_km_h, rel=0.2
    )
    for other in (replace(base, angular_resolution_arcsec=1.0), replace(base, revisit_h=24.0)):
        assert grow(other, draws=8).rate_km_h == pytest.approx(
            maintained(regime).rate_km_h, rel=0.35
        )


@pytest.mark.parametrize(("regime", "needed"), [("LEO", 2), ("MEO", 4), ("GEO", 4)])
def test_a_new_object_needs_several_dwells(regime: RegimeName, needed: int) -> None:
    """Directions of one dwell leave the rates open; the scalar model knows no such phase."""
    base = calibration_tracking(regime)
    usual = maintained(regime).rate_km_h
    assert grow(replace(base, dwells=1), draws=8).rate_km_h > 100.0 * usual
    assert grow(replace(base, dwells=needed), draws=8).rate_km_h < 3.0 * usual


def test_tracking_is_repeatable() -> None:
    tracking = Tracking("GEO", 50.0, dwells=2)
    first, again = grow(tracking, draws=3), grow(tracking, draws=3)
    assert np.array_equal(first.sigma_km, again.sigma_km)
    assert not np.array_equal(first.sigma_km, grow(tracking, draws=3, seed=2).sigma_km)


def test_measurement_sigma_is_resolution_times_range() -> None:
    # Sapphire-like: 6 arcsec at 40,000 km are 1.16 km
    found = calibrated("GEO", angular_resolution_arcsec=6.0, range_km=40_000.0)
    assert found.measurement_sigma_km == pytest.approx(6.0 * ARCSEC * 40_000.0)
    assert found.measurement_sigma_km == pytest.approx(1.164, abs=0.001)


@pytest.mark.parametrize("regime", REGIMES)
def test_custody_of_a_lost_object_lasts_as_long_as_asked(regime: RegimeName) -> None:
    found = calibrated(regime, custody_age_h=10.0, unmodelled_nm_s2=2000.0)
    lasts_h = (found.custody_sigma_km - found.measurement_sigma_km) / found.growth_km_h
    assert lasts_h == pytest.approx(10.0)
    # never asked for more than one observation can give
    assert found.custody_sigma_km > found.measurement_sigma_km
