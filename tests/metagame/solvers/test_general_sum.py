"""General-sum solvers against each other and against nashpy, another implementation."""

from __future__ import annotations

import nashpy
import numpy as np
import pytest

from ssa_psro.errors import SolverError, UsageError
from ssa_psro.metagame.solvers import nash as choosing
from ssa_psro.metagame.solvers.equilibrium import as_bimatrix, relative_gap
from ssa_psro.metagame.solvers.lemke_howson import follow_path, solve_lemke_howson
from ssa_psro.metagame.solvers.logit_path import solve_logit_path
from ssa_psro.metagame.solvers.nash import solve_nash
from ssa_psro.metagame.solvers.nash_lp import solve_nash_lp
from ssa_psro.metagame.solvers.support_enumeration import (
    enumerate_equilibria,
    solve_support_enumeration,
)

GAP = 1e-9  # relative to the range of the payoffs
SAME = 1e-6  # between mixtures that two programs found
EXACT = [solve_support_enumeration, solve_lemke_howson, solve_logit_path]
COORDINATION = np.array([[[3, 2], [0, 0]], [[0, 0], [2, 3]]], dtype=float)


def random_game(seed, largest=4):
    rng = np.random.default_rng(seed)
    n, m = rng.integers(1, largest + 1, 2)
    return rng.normal(size=(n, m, 2))


def degenerate_game(seed, largest=5):
    rng = np.random.default_rng(seed)
    n, m = rng.integers(1, largest + 1, 2)
    return rng.integers(-1, 2, (n, m, 2)).astype(float)


def rounded(row, column):
    return tuple(np.round(np.concatenate([row, column]), 6) + 0.0)


def among(solution, equilibria):
    return any(
        max(np.abs(solution.row - row).max(), np.abs(solution.column - column).max()) < SAME
        for row, column in equilibria
    )


@pytest.mark.filterwarnings("ignore:\\nAn even number")
def test_support_enumeration_finds_the_set_that_nashpy_finds():
    """nashpy's vertex enumeration; its support enumeration compares payoffs exactly and so
    misses mixed equilibria, but what it finds must be among ours."""
    for seed in range(150):
        game = random_game(seed)
        peer = nashpy.Game(game[..., 0], game[..., 1])
        ours = sorted(rounded(one.row, one.column) for one in enumerate_equilibria(game))
        assert len(ours) % 2 == 1  # Wilson 1971: nondegenerate games have an odd number
        for pair in peer.support_enumeration(non_degenerate=True):
            assert np.abs(np.array(ours) - rounded(*pair)).max(axis=1).min() < 2 * SAME
        if min(game.shape[:2]) > 1:  # nashpy's polytopes need two dimensions
            theirs = sorted(rounded(*pair) for pair in peer.vertex_enumeration())
            np.testing.assert_allclose(ours, theirs, atol=2 * SAME)


def test_lemke_howson_ends_where_nashpy_ends():
    for seed in range(100):
        game = random_game(seed)
        if min(game.shape[:2]) == 1:
            continue  # nashpy runs for ever or raises KeyError on a side of one policy
        peer = nashpy.Game(game[..., 0], game[..., 1])
        for label in range(sum(game.shape[:2])):
            row, column, _ = follow_path(game, label, 1000)
            theirs = peer.lemke_howson(initial_dropped_label=label)
            np.testing.assert_allclose(row, theirs[0], atol=SAME)
            np.testing.assert_allclose(column, theirs[1], atol=SAME)


@pytest.mark.parametrize("solve", EXACT)
def test_nondegenerate_games_get_an_equilibrium_of_the_full_list(solve):
    for seed in range(120):
        game = random_game(seed)
        solution = solve(game)
        assert relative_gap(game, solution.row, solution.column) <= GAP
        assert among(solution, [(one.row, one.column) for one in enumerate_equilibria(game)])


@pytest.mark.parametrize("solve", EXACT)
def test_degenerate_games_are_certified(solve):
    for seed in range(120):
        game = degenerate_game(seed)
        solution = solve(game)
        assert relative_gap(game, solution.row, solution.column) <= GAP
        assert solution.row.sum() == pytest.approx(1)
        assert solution.column.min() >= 0


@pytest.mark.parametrize("solve", EXACT)
def test_zero_sum_games_get_the_value_of_the_linear_programme(solve):
    for seed in range(40):
        matrix = random_game(seed)[..., 0]
        exact = solve_nash_lp(matrix).value[0]
        assert solve(matrix).value[0] == pytest.approx(exact, abs=4 * GAP * np.ptp(matrix) + 1e-12)


@pytest.mark.parametrize("solve", [solve_lemke_howson, solve_logit_path])
def test_twenty_policies_near_zero_sum(solve):
    rng = np.random.default_rng(0)
    matrix = rng.normal(size=(20, 20))
    game = np.stack([matrix, -matrix + 0.05 * rng.normal(size=matrix.shape)], axis=-1)
    solution = solve(game)
    assert relative_gap(game, solution.row, solution.column) <= GAP


def test_three_equilibria_of_a_coordination_game():
    found = enumerate_equilibria(COORDINATION)
    assert {rounded(one.row, one.column) for one in found} == {
        (1, 0, 1, 0),
        (0, 1, 0, 1),
        (0.6, 0.4, 0.4, 0.6),
    }


def test_logit_path_selects_the_risk_dominant_equilibrium():
    """McKelvey & Palfrey 1995: in 2 x 2 coordination games the branch ends there."""
    stag_hunt = np.array([[[4, 4], [0, 3]], [[3, 0], [2, 2]]], dtype=float)
    solution = solve_logit_path(stag_hunt)
    np.testing.assert_allclose(solution.row, [0, 1], atol=1e-9)
    assert solution.parameters["precision"] > 0


def test_large_games_are_refused_by_enumeration():
    with pytest.raises(UsageError, match="too large"):
        solve_support_enumeration(np.random.default_rng(0).normal(size=(30, 30)))


def test_paths_that_are_too_long_are_told():
    with pytest.raises(SolverError, match="failed from every label"):
        solve_lemke_howson(random_game(5, largest=6), pivots=1)
    with pytest.raises(SolverError, match="nothing to certify"):
        solve_logit_path(random_game(5, largest=6), steps=1)


def test_nash_asks_the_solvers_in_turn_and_names_the_one_that_answered(monkeypatch):
    def give_up(game):
        raise SolverError("out of nodes")

    assert solve_nash(COORDINATION).method == "nash-milp"
    _, *others = choosing.GENERAL_SUM
    monkeypatch.setattr(choosing, "GENERAL_SUM", (give_up, *others))
    assert solve_nash(COORDINATION).method == "lemke-howson"
    monkeypatch.setattr(choosing, "GENERAL_SUM", (give_up, give_up, others[-1]))
    # the game's own symmetry keeps the branch at the mixed equilibrium
    assert solve_nash(COORDINATION).method == "logit-path"
    monkeypatch.setattr(choosing, "GENERAL_SUM", (give_up, give_up))
    with pytest.raises(SolverError, match=r"out of nodes\nout of nodes"):
        solve_nash(COORDINATION)


def test_a_matrix_is_read_as_zero_sum():
    matrix = np.array([[3, -1, 2], [-2, 4, 0]], dtype=float)
    for solve in EXACT:
        solution = solve(matrix)
        np.testing.assert_allclose(solution.row, [0.6, 0.4], atol=1e-9)
        assert relative_gap(as_bimatrix(matrix), solution.row, solution.column) <= GAP
