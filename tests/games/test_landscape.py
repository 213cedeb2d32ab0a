"""Sums of Gaussian bumps: derivatives, and a highest point that no denser grid tops."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import approx_fprime

from ssa_psro.games.plane.game import CENTRES, CYCLE, PRECISION
from ssa_psro.games.plane.landscape import SPACING, Landscape

DENSE = 0.02
seeds = st.integers(0, 2**31)


def random_landscape(seed: int) -> Landscape:
    """Heights of both signs, wilder than those of mixtures but with the same sum, 3.5."""
    rng = np.random.default_rng(seed)
    heights = CYCLE @ rng.normal(size=7) + 0.5
    return Landscape(CENTRES, PRECISION, heights, rng.normal())


def on_grid(landscape: Landscape, half_width: float) -> np.ndarray:
    """Heights on a grid five times denser than the one searched, one point at a time."""
    axis = np.arange(-half_width, half_width, DENSE)
    return np.concatenate(
        [landscape.at(np.stack([np.full_like(axis, x), axis], axis=1)) for x in axis]
    )


@given(seeds)
@settings(max_examples=20)
def test_derivatives_are_those_of_finite_differences(seed: int) -> None:
    landscape = random_landscape(seed)
    place = np.random.default_rng(seed).normal(scale=2.5, size=2)
    slope = approx_fprime(place, lambda x: landscape.at(x[None])[0], 1e-6)
    np.testing.assert_allclose(landscape.gradient(place[None])[0], slope, atol=1e-5)
    bend = approx_fprime(place, lambda x: landscape.gradient(x[None])[0], 1e-6)
    np.testing.assert_allclose(landscape.hessian(place), bend, atol=1e-5)


@pytest.mark.parametrize("seed", range(12))
def test_no_point_of_a_denser_and_wider_grid_is_higher(seed: int) -> None:
    """The climb makes up for the coarse grid; what is proven to be at most missing is not."""
    landscape = random_landscape(seed)
    summit = landscape.highest()
    dense, curvature = on_grid(landscape, 9.0).max(), PRECISION * np.abs(landscape.heights).sum()
    assert summit.payoff == landscape.at(summit.position[None])[0]
    assert dense <= summit.payoff + 1e-12
    assert dense >= summit.payoff - 0.25 * curvature * DENSE**2
    assert 0 <= summit.slack <= 0.25 * curvature * SPACING**2


@given(seeds)
@settings(max_examples=30)
def test_the_highest_point_is_level_and_no_random_point_tops_it(seed: int) -> None:
    landscape = random_landscape(seed)
    summit = landscape.highest()
    np.testing.assert_allclose(landscape.gradient(summit.position[None])[0], 0.0, atol=1e-7)
    anywhere = np.random.default_rng(seed).uniform(-9, 9, size=(5000, 2))
    assert landscape.at(anywhere).max() <= summit.payoff + 1e-12


def test_one_bump_is_highest_at_its_centre() -> None:
    landscape = Landscape(CENTRES, PRECISION, np.eye(7)[3], 0.25)
    summit = landscape.highest()
    np.testing.assert_allclose(summit.position, CENTRES[3], atol=1e-8)
    assert summit.payoff == pytest.approx(1.25, abs=1e-12)


def test_of_two_nearly_equal_summits_the_higher_is_found() -> None:
    """The lower one has a grid point nearly on top of it and must not win by that."""
    for favoured, spared in ((0, 5), (5, 0)):
        heights = 1e-4 * np.eye(7)[favoured] + np.eye(7)[0] + np.eye(7)[5]
        summit = Landscape(CENTRES, PRECISION, heights, 0.0).highest()
        nearer, other = (np.linalg.norm(summit.position - CENTRES[k]) for k in (favoured, spared))
        assert nearer < 0.1 < other
