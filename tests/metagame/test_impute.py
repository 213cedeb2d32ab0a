"""Imputed cells: exact where the model holds, and as uncertain as left-out cells say."""

from __future__ import annotations

import numpy as np
import pytest
from metagame.noisy_games import NoisyGame

from ssa_psro.errors import UsageError
from ssa_psro.metagame.sampling.impute import impute, predict
from ssa_psro.randomness import generator


def masked(payoffs, share, noise=0.0, episodes=8, seed=0):
    chosen = np.random.default_rng(seed).random(payoffs.shape) < share
    return NoisyGame(payoffs, noise, episodes).table(np.where(chosen, episodes, 0))


def test_a_ladder_is_recovered():
    rng = np.random.default_rng(0)
    payoffs = rng.normal(size=(20, 1)) - rng.normal(size=18)
    found = impute(masked(payoffs, 0.6))
    assert found.error[0] < 0.2 * found.spread[0]
    np.testing.assert_allclose(found.table.mean[..., 0], payoffs, atol=0.5)
    assert found.table.solvable


def test_traits_are_found_where_there_are_some():
    rng = np.random.default_rng(1)
    here, there = rng.normal(size=(24, 2)), rng.normal(size=(24, 2))
    payoffs = here[:, :1] * there[:, 1] - here[:, 1:] * there[:, 0]
    found = impute(masked(payoffs, 0.7))
    assert found.traits[0] >= 2
    assert found.error[0] < 0.5 * found.spread[0]
    ratings_only = predict(payoffs, ~found.imputed, 0)
    wrong = found.table.mean[..., 0] - payoffs
    assert np.square(wrong).mean() < 0.2 * np.square(ratings_only - payoffs).mean()


def test_left_out_cells_tell_the_error_of_imputed_ones():
    payoffs = np.random.default_rng(2).normal(size=(25, 25)) + np.linspace(0, 3, 25)[:, None]
    found = impute(masked(payoffs, 0.5, noise=0.3))
    wrong = (found.table.mean[..., 0] - payoffs)[found.imputed]
    assert np.sqrt(np.square(wrong).mean()) == pytest.approx(found.error[0], rel=0.15)


def test_imputed_cells_carry_that_error_and_played_ones_stay():
    table = masked(np.random.default_rng(3).normal(size=(9, 9)), 0.6, noise=0.5)
    found = impute(table)
    np.testing.assert_allclose(found.table.standard_error[found.imputed], found.error[0])
    played = ~found.imputed
    np.testing.assert_array_equal(found.table.samples[played], table.samples[played])
    np.testing.assert_array_equal(found.table.samples[..., 0], -found.table.samples[..., 1])
    np.testing.assert_array_equal(impute(table).table.samples, found.table.samples)


def test_each_player_of_a_general_sum_game_is_predicted_alone():
    table = masked(np.zeros((10, 10)), 0.7, noise=1.0)
    samples = table.samples.copy()
    samples[..., 1] = 5 + np.arange(10)[:, None] + 0 * samples[..., 1]
    general = impute(type(table)(table.rows, table.columns, table.seeds, samples))
    assert general.error[1] < general.error[0] + 1
    assert general.table.mean[..., 1].mean() == pytest.approx(9.5, abs=0.5)


def test_too_few_cells_are_refused():
    with pytest.raises(UsageError, match="too few"):
        impute(NoisyGame(np.zeros((2, 2))).table(4))


@pytest.mark.parametrize("discs", [0, 1, 2])
def test_two_traits_a_rotation(discs):
    """Each policy a random point in every disc; a tenth of the cells is not played.

    With as much noise as this, traits that are not there predict worse than none.
    """
    rng = np.random.default_rng(discs)
    left, right = rng.normal(size=(2, discs, 2, 24))
    payoffs = np.einsum("di,dj->ij", left[:, 0], right[:, 1])
    payoffs -= np.einsum("di,dj->ij", left[:, 1], right[:, 0])
    counts = np.where(rng.random(payoffs.shape) < 0.1, 0, 4)
    found = impute(NoisyGame(payoffs, noise=1.0, episodes=4).table(counts))
    assert found.traits == (2 * discs, 2 * discs)


def test_traits_are_fitted_in_turn_fifteen_times():
    """Written out: rows given columns, columns given rows, by ridge regression."""
    rng = np.random.default_rng(3)
    payoffs, played = rng.normal(size=(6, 5)), rng.random((6, 5)) < 0.8
    ratings = predict(payoffs, played, 0)
    rest = np.where(played, payoffs - ratings, 0.0)
    size = np.sqrt((rest[played] ** 2).mean())
    columns = generator(2, "traits").normal(size=(5, 2))
    rows = np.zeros((6, 2))
    turns = ((rows, columns, rest, played), (columns, rows, rest.T, played.T))
    for own, others, told, mask in 15 * turns:
        for k in range(len(own)):
            met, known = others[mask[k]], told[k][mask[k]] / size
            own[k] = np.linalg.solve(met.T @ met + 0.3 * np.eye(2), met.T @ known)
    np.testing.assert_allclose(
        predict(payoffs, played, 2), ratings + size * rows @ columns.T, atol=1e-10
    )
