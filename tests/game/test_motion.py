"""The closed forms of motion against matrix exponentials, Van Loan's integral and Kalman's update.

Provenance: ``reference.reference_motion`` shares no formula with them beyond the dynamics.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from reference.reference_motion import flow, seen, variance, variance_across

from ssa_psro.game.motion import (
    add_drift,
    add_noise,
    along_variance,
    carry,
    drift_h2,
    grow,
    moved_state,
    noise_variance,
    position_variance,
)
from ssa_psro.game.sight import across_variance, look

MOTIONS = st.floats(0.2, 5.0)
"""Rad/h, from above GEO to below LEO."""
HOURS = st.floats(10 / 3600, 240.0)
LUCK = st.integers(0, 2**32)


def transition(n_rad_h: float, hours: float) -> NDArray[np.float64]:
    """``[6, 6]`` whose columns are what becomes of the unit states."""
    columns = [moved_state(tuple(unit), n_rad_h, hours) for unit in np.eye(6)]
    return np.array(columns).T


def noise(
    n_rad_h: float, hours: float, on: tuple[float, float, float] = (1.0, 1.0, 1.0)
) -> NDArray[np.float64]:
    """``[6, 6]`` left by noise of such densities on the three axes."""
    total = np.zeros((6, 6))
    add_noise(total, *on, n_rad_h, hours)
    return total


def along_noise(n_rad_h: float, hours: float) -> NDArray[np.float64]:
    return noise(n_rad_h, hours, (0.0, 1.0, 0.0))


def updated(
    covariance: NDArray[np.float64], sight: NDArray[np.float64], variance_km2: float
) -> NDArray[np.float64]:
    """The covariance after one look."""
    after = covariance.copy()
    look(after, tuple(sight), variance_km2)
    return after


def in_radians(n_rad_h: float) -> NDArray[np.float64]:
    """``[6]`` by what a state is divided to have positions and velocities of one size."""
    return np.array([1.0] * 3 + [n_rad_h] * 3)


def random_covariance(luck: int) -> NDArray[np.float64]:
    """Some ellipsoid of positions of kilometres and velocities of some km/h, correlated."""
    root = np.random.default_rng(luck).normal(size=(6, 6))
    return np.asarray(root @ root.T + 0.01 * np.eye(6))


def random_sight(luck: int) -> NDArray[np.float64]:
    sight = np.random.default_rng(luck + 1).normal(size=3)
    return np.asarray(sight / np.linalg.norm(sight))


def assert_near(found: NDArray[np.float64], expected: NDArray[np.float64], share: float) -> None:
    """Entries differ by at most that share of the largest."""
    assert np.abs(found - expected).max() <= share * np.abs(expected).max()


@given(n=MOTIONS, hours=HOURS)
def test_transition_is_the_exponential_of_the_dynamics(n: float, hours: float) -> None:
    units = in_radians(n)
    expected = flow(n, hours).transition
    assert_near(
        transition(n, hours) / units[:, None] * units, expected / units[:, None] * units, 1e-9
    )


@given(n=MOTIONS, hours=HOURS)
def test_noise_is_the_integral_by_van_loan(n: float, hours: float) -> None:
    """Each entry by the geometric mean of its variances: small blocks count like large ones."""
    expected = flow(n, hours).noise
    size = np.sqrt(np.outer(np.diag(expected), np.diag(expected)))
    assert np.abs((noise(n, hours) - expected) / size).max() < 3e-5


@given(n=MOTIONS, hours=HOURS)
def test_along_track_noise_is_the_integral_by_van_loan(n: float, hours: float) -> None:
    units = np.outer(in_radians(n), in_radians(n))
    expected = flow(n, hours).along_noise
    assert_near(along_noise(n, hours) / units, expected / units, 1e-9)
    assert variance(along_noise(n, hours)) == pytest.approx(variance(expected), rel=1e-7)


@given(n=MOTIONS, first=HOURS, second=HOURS)
def test_two_flows_after_each_other_are_one(n: float, first: float, second: float) -> None:
    units = in_radians(n)
    scale = np.outer(units, units)
    later, together = transition(n, second), first + second
    product = later @ transition(n, first)
    assert_near(
        product / units[:, None] * units, transition(n, together) / units[:, None] * units, 1e-9
    )
    for integral in (noise, along_noise):
        halves = later @ integral(n, first) @ later.T + integral(n, second)
        assert_near(halves / scale, integral(n, together) / scale, 1e-9)


@given(n=MOTIONS, hours=HOURS)
def test_noise_is_symmetric_and_has_no_negative_variance(n: float, hours: float) -> None:
    scale = np.outer(in_radians(n), in_radians(n))
    for integral in (noise(n, hours), along_noise(n, hours)):
        np.testing.assert_array_equal(integral, integral.T)
        values = np.linalg.eigvalsh(integral / scale)
        assert values[0] >= -1e-11 * values[-1]


@given(n=MOTIONS, hours=HOURS, luck=LUCK)
def test_variances_are_the_traces_of_their_matrices(n: float, hours: float, luck: int) -> None:
    covariance, phi = random_covariance(luck), transition(n, hours)
    carried = phi @ covariance @ phi.T
    for density in (0.0, 0.3):
        expected = variance(carried + density * noise(n, hours))
        assert position_variance(covariance, density, n, hours) == pytest.approx(expected, rel=1e-9)
    assert noise_variance(n, hours) == pytest.approx(variance(noise(n, hours)), rel=1e-9)
    assert along_variance(n, hours) == pytest.approx(variance(along_noise(n, hours)), rel=1e-9)
    assert drift_h2(n, hours) == pytest.approx(float((phi[:3, 4] ** 2).sum()), rel=1e-9)


@given(n=MOTIONS, hours=HOURS, luck=LUCK)
def test_a_covariance_moves_by_the_transition(n: float, hours: float, luck: int) -> None:
    before, phi = random_covariance(luck), transition(n, hours)
    after = before.copy()
    carry(after, n, hours)
    assert_near(after, phi @ before @ phi.T, 1e-12)
    add_drift(after, 2.5, n, hours)
    drift = phi[:, 4:5]
    assert_near(after, phi @ before @ phi.T + 2.5 * drift @ drift.T, 1e-12)


@given(n=MOTIONS, hours=HOURS, luck=LUCK)
def test_growth_is_motion_and_noise_to_the_last_bit(n: float, hours: float, luck: int) -> None:
    at_once, in_turn = random_covariance(luck), random_covariance(luck)
    grow(at_once, 0.3, n, hours)
    carry(in_turn, n, hours)
    add_noise(in_turn, 0.3, 0.3, 0.3, n, hours)
    np.testing.assert_array_equal(at_once, in_turn)


@given(luck=LUCK)
def test_what_is_across_a_sight_is_the_rest_of_what_lies_along_it(luck: int) -> None:
    covariance, sight = random_covariance(luck), random_sight(luck)
    found = across_variance(covariance, tuple(sight))
    assert found == pytest.approx(variance_across(covariance, sight), rel=1e-9)


@given(n=MOTIONS, hours=HOURS)
def test_variances_only_grow(n: float, hours: float) -> None:
    for of in (noise_variance, along_variance):
        assert 0 < of(n, hours) < of(n, 1.01 * hours)


def test_nothing_happens_in_no_time() -> None:
    np.testing.assert_array_equal(transition(1.0, 0.0), np.eye(6))
    for integral in (noise, along_noise):
        np.testing.assert_array_equal(integral(1.0, 0.0), np.zeros((6, 6)))
    assert noise_variance(1.0, 0.0) == along_variance(1.0, 0.0) == drift_h2(1.0, 0.0) == 0.0
    assert position_variance(np.diag([1.0, 2, 3, 9, 9, 9]), 5.0, 1.0, 0.0) == 6.0


@pytest.mark.parametrize("n", [0.2625, 3.9])
@pytest.mark.parametrize("periods", [1, 3, 20])
def test_an_impulse_drifts_three_times_its_size_a_period(n: float, periods: int) -> None:
    """Over whole periods the secular term is all there is (Clohessy and Wiltshire 1960)."""
    hours = 2 * np.pi / n * periods
    assert drift_h2(n, hours) == pytest.approx((3 * hours) ** 2, rel=1e-9)


def test_noise_by_hand_while_the_orbit_does_not_turn() -> None:
    """Of a short time, free motion: variances t³/3, t²/2 and t on each axis."""
    n, hours = 1e-3, 0.5
    found = noise(n, hours)
    for axis in range(3):
        block = found[np.ix_([axis, axis + 3], [axis, axis + 3])]
        expected = [[hours**3 / 3, hours**2 / 2], [hours**2 / 2, hours]]
        np.testing.assert_allclose(block, expected, rtol=1e-5)
    assert noise_variance(n, hours) == pytest.approx(hours**3, rel=1e-5)


@given(luck=LUCK, noise_km=st.floats(1e-3, 1e2))
def test_a_look_is_the_textbook_kalman_update(luck: int, noise_km: float) -> None:
    """Two axes at once, in the form of Joseph."""
    before, sight = random_covariance(luck), random_sight(luck)
    after = updated(before, sight, noise_km**2)
    assert_near(after, seen(before, sight, noise_km**2), 1e-9)
    np.testing.assert_array_equal(after, after.T)


@given(luck=LUCK, noise_km=st.floats(1e-3, 1e2))
def test_a_look_adds_its_information(luck: int, noise_km: float) -> None:
    before, sight = random_covariance(luck), random_sight(luck)
    after = updated(before, sight, noise_km**2)
    told = np.zeros((6, 6))
    told[:3, :3] = (np.eye(3) - np.outer(sight, sight)) / noise_km**2
    expected = np.linalg.inv(np.linalg.inv(before) + told)
    assert_near(after, expected, 1e-6)


@given(luck=LUCK, noise_km=st.floats(1e-3, 1e2))
def test_a_look_never_makes_anything_less_certain(luck: int, noise_km: float) -> None:
    before, sight = random_covariance(luck), random_sight(luck)
    after = updated(before, sight, noise_km**2)
    gained = np.linalg.eigvalsh(before - after)
    assert gained[0] >= -1e-9 * gained[-1]
    assert np.linalg.eigvalsh(after)[0] > 0


@pytest.mark.parametrize("axis", range(3))
def test_a_direction_tells_nothing_of_the_range(axis: int) -> None:
    variances = np.array([4.0, 9.0, 16.0])
    covariance = np.diag([*variances, 1e-6, 1e-6, 1e-6])
    after = updated(covariance, np.eye(3)[axis], 0.25)
    expected = 1 / (1 / variances + np.where(np.arange(3) == axis, 0.0, 1 / 0.25))
    np.testing.assert_allclose(np.diag(after)[:3], expected, rtol=1e-12)


def test_a_look_keeps_what_is_known_a_million_times_better() -> None:
    """An orbit of kilometres along track and metres across stays positive."""
    covariance = np.diag([1e-6, 1e6, 1e-6, 1e-8, 1e-8, 1e-8])
    sight = np.array([1e-3, 1.0, 1e-3]) / np.linalg.norm([1e-3, 1.0, 1e-3])
    for _ in range(20):
        covariance = updated(covariance, sight, 1e-4)
        carry(covariance, 0.26, 0.5)
        assert np.linalg.eigvalsh(covariance)[0] > -1e-12
