"""Alpha-rank: the chain written out once more, a published implementation, and the limit."""

from __future__ import annotations

import math

import numpy as np
import pytest

from ssa_psro.errors import UsageError
from ssa_psro.metagame.solvers.alpha_rank import solve_alpha_rank

RPS = np.array([[0, -1, 1], [1, 0, -1], [-1, 1, 0]], dtype=float)


def marginals_of_the_chain(game, alpha, population):
    """The transition matrix entry by entry, and its left eigenvector by a least-squares solve."""
    n, m = game.shape[:2]
    states = [(i, j) for i in range(n) for j in range(m)]
    chain = np.zeros((n * m, n * m))
    for s, (i, j) in enumerate(states):
        for t, (k, h) in enumerate(states):
            if (i == k) == (j == h):
                continue
            player = 0 if j == h else 1
            gain = game[k, h, player] - game[i, j, player]
            if gain == 0:
                fixation = 1 / population
            else:
                fixation = (1 - math.exp(-alpha * gain)) / (
                    1 - math.exp(-alpha * population * gain)
                )
            chain[s, t] = fixation / (n + m - 2)
        chain[s, s] = 1 - chain[s].sum()
    equations = np.vstack([chain.T - np.eye(n * m), np.ones(n * m)])
    law = np.linalg.lstsq(equations, np.append(np.zeros(n * m), 1.0), rcond=None)[0]
    joint = law.reshape(n, m)
    return joint.sum(axis=1), joint.sum(axis=0)


def random_game(seed):
    rng = np.random.default_rng(seed)
    n, m = rng.integers(1, 5, 2) + (seed % 2)
    if seed % 3:
        return rng.normal(size=(n, m, 2))
    return rng.integers(-1, 2, (n, m, 2)).astype(float)


def test_finite_selection_is_the_direct_computation():
    for seed in range(100):
        game = random_game(seed)
        if game.shape[:2] == (1, 1):
            continue
        solution = solve_alpha_rank(game, alpha=0.4, population=7)
        row, column = marginals_of_the_chain(game, 0.4, 7)
        np.testing.assert_allclose(solution.row, row, atol=1e-9)
        np.testing.assert_allclose(solution.column, column, atol=1e-9)
        assert solution.parameters["residual"] <= 1e-9


def test_battle_of_the_sexes_as_open_spiel_computes_it():
    """The joint law: open_spiel 2.0.2, ``egt.alpharank.compute([A, B], m=50, alpha=0.1)[2]``."""
    law = np.array(
        [
            [0.499986034284341, 2.7725025293608465e-05],
            [2.0645670371116192e-07, 0.49998603423366167],
        ]
    )
    game = np.array([[[3, 2], [0, 0]], [[0, 0], [2, 3]]], dtype=float)
    solution = solve_alpha_rank(game, alpha=0.1, population=50)
    np.testing.assert_allclose(solution.row, law.sum(axis=1), atol=1e-9)
    np.testing.assert_allclose(solution.column, law.sum(axis=0), atol=1e-9)


def test_rock_paper_scissors_ranks_all_alike():
    """Omidshafiei et al. 2019: a cycle through all policies, each as often."""
    for alpha in (0.1, 10.0, math.inf):
        solution = solve_alpha_rank(RPS, alpha=alpha)
        np.testing.assert_allclose(solution.row, 1 / 3, atol=1e-12)


def test_prisoners_dilemma_ends_in_defection():
    game = np.array([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], dtype=float)
    solution = solve_alpha_rank(game)
    assert solution.row.tolist() == solution.column.tolist() == [0, 1]
    assert solution.gap == 0


def test_of_two_sinks_the_one_harder_to_leave_gets_the_mass():
    # leaving (0, 0) costs 3 or 2, leaving (1, 1) costs 1 at least: the limit is (0, 0)
    game = np.array([[[3, 2], [0, 0]], [[0, 0], [1, 1]]], dtype=float)
    solution = solve_alpha_rank(game)
    assert solution.row.tolist() == [1, 0]
    strong = solve_alpha_rank(game, alpha=50.0)  # e^-2450: beyond any floating-point number
    np.testing.assert_allclose(strong.row, [1, 0], atol=1e-12)


def test_strong_selection_approaches_the_limit():
    for seed in range(60):
        game = random_game(seed)
        limit = solve_alpha_rank(game, population=5)
        strong = solve_alpha_rank(game, alpha=1e5, population=5)
        np.testing.assert_allclose(strong.row, limit.row, atol=1e-6)
        np.testing.assert_allclose(strong.column, limit.column, atol=1e-6)
        assert limit.parameters["residual"] <= 1e-9


def near_tied(distance):
    """Payoffs many of which are equal but for a distance."""
    base = np.round(np.round(np.random.default_rng(5).normal(size=(4, 4)), 1) * 2) / 2
    return base + distance * np.random.default_rng(6).normal(size=(4, 4))


def test_differences_however_small_are_told_from_ties():
    law = solve_alpha_rank(near_tied(1e-3)).row
    for distance in (1e-5, 1e-7, 1e-9, 1e-10):
        found = solve_alpha_rank(near_tied(distance))
        np.testing.assert_allclose(found.row, law, atol=1e-12)
        assert found.parameters["residual"] <= 1e-12
    tied = solve_alpha_rank(near_tied(0.0)).row
    np.testing.assert_allclose(solve_alpha_rank(near_tied(1e-15)).row, tied, atol=1e-12)
    assert np.abs(tied - law).max() > 0.01


def test_one_outlier_leaves_the_others_apart():
    game = np.random.default_rng(0).normal(size=(6, 6)) * 1e-3
    ordinary = game.copy()
    game[0, 5], ordinary[0, 5] = -1e7, -1.0
    found = solve_alpha_rank(game)
    np.testing.assert_allclose(found.row, solve_alpha_rank(ordinary).row, atol=1e-12)
    assert found.parameters["residual"] <= 1e-12


def test_the_law_is_certified_whatever_the_sizes_of_payoffs():
    rng = np.random.default_rng(4)
    for _ in range(200):
        game = rng.integers(-2, 3, (4, 5, 2)) * 10.0 ** rng.integers(-14, 8, (4, 5, 2))
        assert solve_alpha_rank(game).parameters["residual"] <= 1e-9


@pytest.mark.parametrize("wrong", [{"alpha": 0.0}, {"population": 1}])
def test_settings_out_of_range_are_refused(wrong):
    with pytest.raises(UsageError, match="out of range"):
        solve_alpha_rank(RPS, **wrong)
