"""Position uncertainty: the update, its growth, and what a side suspects."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from arenas import make_arena
from game.driving import doctrine, idle, play_constant, some_seeds
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from ssa_psro.game import CoverageGame, State, doctrine_command
from ssa_psro.game.uncertainty import updated_sigma

KM = st.floats(1e-3, 1e5)
EPISODES = 4000
SIGMAS = 5.0  # how many standard errors a Monte Carlo mean may be off


@given(sigma=KM, noise=KM)
def test_an_observation_is_better_than_either_source(sigma: float, noise: float) -> None:
    updated = updated_sigma(sigma, noise)
    slack = 1 + 1e-12
    assert updated <= min(sigma, noise) * slack
    assert updated * slack >= min(sigma, noise) / np.sqrt(2)
    assert updated == pytest.approx(updated_sigma(noise, sigma))


@given(sigma=KM, noise=KM)
def test_information_adds_up(sigma: float, noise: float) -> None:
    assert updated_sigma(sigma, noise) ** -2 == pytest.approx(sigma**-2 + noise**-2)


@given(sigma=KM, noise=KM, factor=st.floats(1.0, 10.0))
def test_better_knowledge_stays_better(sigma: float, noise: float, factor: float) -> None:
    assert updated_sigma(sigma * factor, noise) >= updated_sigma(sigma, noise) * (1 - 1e-12)


def forecast_game() -> CoverageGame:
    """One window an object, many starts inside the horizon.

    No sigma is too wide to search, so that neither success nor failure tells of manoeuvres.
    """
    arena = make_arena(11, objects=6, windows=1, steps=30, horizon_steps=60, access=1.0)
    objects = replace(arena.objects, custody_sigma_km=np.full(6, 1e9))
    return CoverageGame(replace(arena, objects=objects))


def assert_calibrated(chance: NDArray[np.float64], happened: NDArray[np.bool_]) -> None:
    """Of the events given chance p, a share p happens, in every tenth of p."""
    for low in np.arange(0.0, 1.0, 0.1):
        among = (chance > low) & (chance <= low + 0.1)
        if among.sum() >= 200:
            p = chance[among]
            error = np.sqrt((p * (1 - p)).mean() / among.sum())
            assert abs(happened[among].mean() - p.mean()) < SIGMAS * error + 1e-12, f"near {low}"


def test_suspicion_without_a_look_is_calibrated() -> None:
    game = forecast_game()
    state, orders = game.start(some_seeds(EPISODES)), idle(EPISODES, game.sensors)
    for _ in range(3):
        game.advance(state, orders, orders, steps=10)
        assert_calibrated(*suspicion(game, state))


def test_suspicion_between_looks_is_calibrated() -> None:
    game = forecast_game()
    state = game.start(some_seeds(EPISODES))
    orders = doctrine_command(np.tile(doctrine(observe=1.0, noise=1.0), (EPISODES, 1)))
    for _ in range(6):
        game.advance(state, orders, orders, steps=5)
        assert_calibrated(*suspicion(game, state))


def suspicion(game: CoverageGame, state: State) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Blue's suspicion of each object, and whether it has an unseen manoeuvre; flat arrays."""
    suspected = game.view(state, 0).feature("suspected")[:, : game.objects]
    return suspected.ravel(), (state.track.unseen_drift_km_h[:, 0] > 0).ravel()


def test_the_expected_sigma_is_the_mean_of_the_true_one() -> None:
    game = forecast_game()
    state, orders = game.start(some_seeds(EPISODES)), idle(EPISODES, game.sensors)
    game.advance(state, orders, orders, steps=30)
    gap = state.track.sigma_km[:, 0] - state.track.expected_km[:, 0]
    error = gap.std(axis=0) / np.sqrt(EPISODES)
    assert (np.abs(gap.mean(axis=0)) <= SIGMAS * error + 1e-9).all()
    assert (error > 0).any()


def test_nothing_is_suspected_without_windows() -> None:
    game = CoverageGame(make_arena(2, windows=0))
    state = play_constant(game, some_seeds(8), doctrine(noise=1.0), doctrine(noise=1.0))
    assert (game.view(state, 0).feature("suspected") == 0).all()
    np.testing.assert_array_equal(state.track.sigma_km, state.track.expected_km)
    assert (state.track.unseen_drift_km_h == 0).all()


def test_a_manoeuvre_happens_inside_its_window_as_often_as_forecast() -> None:
    game = forecast_game()
    step = game.start(some_seeds(EPISODES)).manoeuvre_step[..., 0]
    windows = game.arena.windows
    happened = step >= 0
    probability = windows.probability[:, 0]
    error = np.sqrt(probability * (1 - probability) / EPISODES)
    assert (np.abs(happened.mean(axis=0) - probability) <= SIGMAS * error).all()
    for n in range(game.objects):
        steps = step[happened[:, n], n]
        if steps.size:
            assert steps.min() >= windows.start_step[n, 0]
            assert steps.max() < windows.end_step[n, 0]
