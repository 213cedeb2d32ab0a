"""The reference's motion: its transition against two-body motion, its noise against quadrature.

Provenance: scipy's DOP853 at a relative tolerance of 1e-12, on finite differences of 10 m and
36 m/h about a circular orbit, without any linearisation; scipy's adaptive quadrature.
"""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from reference.reference_motion import (
    ACCELERATIONS,
    ALONG_ACCELERATION,
    across,
    density_of_growth,
    dynamics,
    flow,
    kept_up,
    seen,
    variance,
    variance_across,
)
from scipy.integrate import quad_vec, solve_ivp
from scipy.linalg import expm

MU_KM3_H2 = 398600.4418 * 3600.0**2
STEPS = np.array([0.01, 0.01, 0.01, 0.036, 0.036, 0.036])
"""Differences in km and km/h."""
TOLERANCE = 2e-4
"""Of the largest entry of the column: what is of second order in the differences."""


def motion_rad_h(radius_km: float) -> float:
    return float(np.sqrt(MU_KM3_H2 / radius_km**3))


LEO, GEO = motion_rad_h(7378.0), motion_rad_h(42164.0)


def _flown(state: NDArray[np.float64], hours: float) -> NDArray[np.float64]:
    def derivative(_: float, at: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.concatenate([at[3:], -MU_KM3_H2 * at[:3] / np.linalg.norm(at[:3]) ** 3])

    solved = solve_ivp(derivative, (0.0, hours), state, method="DOP853", rtol=1e-12, atol=1e-10)
    return np.asarray(solved.y[:, -1])


def _to_hill(difference: NDArray[np.float64], n: float, hours: float) -> NDArray[np.float64]:
    """A difference of inertial states in the frame that turns with the orbit."""
    cosine, sine = np.cos(n * hours), np.sin(n * hours)
    turn = np.array([[cosine, sine, 0.0], [-sine, cosine, 0.0], [0.0, 0.0, 1.0]])
    position, velocity = turn @ difference[:3], turn @ difference[3:]
    return np.concatenate([position, velocity - np.cross([0.0, 0.0, n], position)])


@pytest.mark.parametrize(
    ("radius_km", "hours"),
    [(7378.0, 0.5), (7378.0, 6.0), (26578.0, 6.0), (42164.0, 2.0), (42164.0, 24.0)],
)
def test_transition_is_that_of_two_body_motion(radius_km: float, hours: float) -> None:
    n = motion_rad_h(radius_km)
    circle = np.array([radius_km, 0.0, 0.0, 0.0, n * radius_km, 0.0])
    transition = flow(n, hours).transition
    for column, size in enumerate(STEPS):
        offset = np.zeros(6)
        offset[column] = size
        if column < 3:  # at rest in the turning frame, so not in the inertial one
            offset[3:] += np.cross([0.0, 0.0, n], offset[:3])
        ahead, behind = _flown(circle + offset, hours), _flown(circle - offset, hours)
        measured = _to_hill((ahead - behind) / 2.0, n, hours) / size
        expected = transition[:, column]
        assert measured[:3] == pytest.approx(
            expected[:3], abs=TOLERANCE * np.abs(expected[:3]).max()
        )


@pytest.mark.parametrize("hours", [0.1, 0.5, 6.0, 30.0])
@pytest.mark.parametrize("n", [LEO, GEO])
def test_noise_is_the_sum_of_what_each_moment_adds(n: float, hours: float) -> None:
    found = flow(n, hours)
    for by, noise in (
        (ACCELERATIONS, found.noise),
        (ALONG_ACCELERATION, found.along_noise),
    ):

        def added(tau: float, by: NDArray[np.float64] = by) -> NDArray[np.float64]:
            pushed = expm(dynamics(n) * tau) @ by
            return np.asarray(pushed @ pushed.T)

        integral, _ = quad_vec(added, 0.0, hours, epsrel=1e-9)
        assert noise == pytest.approx(integral, rel=1e-6, abs=1e-8 * np.abs(integral).max())


def test_growth_is_the_error_after_a_day_over_its_hours() -> None:
    for n in (LEO, GEO):
        error = flow(n, 24.0).carry(np.zeros((6, 6)), density_of_growth(n, 0.5))
        assert np.sqrt(variance(error)) == pytest.approx(12.0)


def test_what_is_across_a_sight_and_what_lies_along_it_are_all_there_is() -> None:
    covariance = np.diag([1.0, 4.0, 9.0, 50.0, 60.0, 70.0])
    sight = np.array([1.0, 2.0, -2.0]) / 3.0
    along = sight @ covariance[:3, :3] @ sight
    assert variance_across(covariance, sight) == pytest.approx(14.0 - along)
    assert across(sight)[:, :3] @ sight == pytest.approx([0.0, 0.0])


def test_a_look_by_hand() -> None:
    after = seen(np.diag([4.0, 9.0, 16.0, 1.0, 1.0, 1.0]), np.array([1.0, 0.0, 0.0]), 0.25)
    expected = [4.0, 1 / (1 / 9 + 4), 1 / (1 / 16 + 4), 1.0, 1.0, 1.0]
    assert after == pytest.approx(np.diag(expected))


def test_an_orbit_that_is_kept_up_is_known_about_as_well_as_a_look_measures() -> None:
    """Twelve looks of 0.5 km at an orbit that hardly wanders beat a single one."""
    for n in (LEO, GEO):
        known = kept_up(n, density_of_growth(n, 0.001), 0.5**2)
        assert 0.1 < np.sqrt(variance(known)) < 1.0
        assert np.linalg.eigvalsh(known)[0] > 0
        worse = kept_up(n, density_of_growth(n, 0.1), 0.5**2)
        assert variance(worse) > variance(known)


def test_an_orbit_of_half_a_day_is_kept_up_as_well_as_others() -> None:
    """Looks 6 h apart are half a revolution of GPS apart; the error must not swing up between."""
    gps = 2 * np.pi / 11.967
    density = density_of_growth(gps, 0.01)
    known = kept_up(gps, density, 0.5**2)
    for hours in range(12):
        assert np.sqrt(variance(flow(gps, float(hours)).carry(known, density))) < 1.0
