"""Fictitious play, regret matching+, replicator dynamics and their projected kin."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from ssa_psro.errors import SolverError, UsageError
from ssa_psro.metagame.solvers import make_solver
from ssa_psro.metagame.solvers.averaging import solve_fictitious_play, solve_regret_matching
from ssa_psro.metagame.solvers.equilibrium import as_bimatrix, relative_gap
from ssa_psro.metagame.solvers.nash_lp import solve_nash_lp
from ssa_psro.metagame.solvers.prd import raise_to_floor, solve_prd
from ssa_psro.metagame.solvers.replicator import solve_replicator

UNEQUAL_RPS = np.array([[0, -1, 3], [1, 0, -2], [-3, 2, 0]], dtype=float)
# Shapley 1964: fictitious play goes round and round here
SHAPLEY = np.stack([np.eye(3), np.roll(np.eye(3), 1, axis=1)], axis=-1)
SETTINGS = {
    "fictitious-play": {"tolerance": 1e-2},
    "regret-matching+": {"tolerance": 1e-3},
    "replicator": {"tolerance": 5e-2, "step": 0.1},
}


def random_matrix(seed):
    rng = np.random.default_rng(seed)
    shape = tuple(rng.integers(1, 9, 2))
    if seed % 2:
        return rng.normal(size=shape)
    return rng.integers(-2, 3, shape).astype(float)


@pytest.mark.parametrize("name", sorted(SETTINGS))
def test_value_is_that_of_the_linear_programme_within_the_tolerance(name):
    width = SETTINGS[name]["tolerance"]
    for seed in range(100):
        matrix = random_matrix(seed)
        solution = make_solver(name)(matrix, **SETTINGS[name])
        span = np.ptp(matrix)
        exact = solve_nash_lp(matrix).value[0]
        assert relative_gap(as_bimatrix(matrix), solution.row, solution.column) <= 2 * width
        assert abs(solution.value[0] - exact) <= 2 * width * span + 1e-12
        assert solution.row.sum() == pytest.approx(1)
        assert solution.column.sum() == pytest.approx(1)


@pytest.mark.parametrize("name", [*sorted(SETTINGS), "prd"])
def test_default_settings_on_unequal_rock_paper_scissors(name):
    solution = make_solver(name)(UNEQUAL_RPS)
    np.testing.assert_allclose(solution.row, [1 / 3, 1 / 2, 1 / 6], atol=0.04)
    np.testing.assert_allclose(solution.column, [1 / 3, 1 / 2, 1 / 6], atol=0.04)
    assert solution.parameters["iterations"] > 0
    assert solution.method == name


@pytest.mark.parametrize("name", [*sorted(SETTINGS), "prd"])
def test_too_few_iterations_raise(name):
    with pytest.raises(SolverError, match=r"after \d+"):
        make_solver(name)(UNEQUAL_RPS, tolerance=1e-12, iterations=100)


@pytest.mark.parametrize("name", [*sorted(SETTINGS), "prd"])
@pytest.mark.parametrize("wrong", [{"tolerance": 0.0}, {"iterations": 0}])
def test_settings_out_of_range_are_refused(name, wrong):
    with pytest.raises(UsageError, match="out of range"):
        make_solver(name)(UNEQUAL_RPS, **wrong)


def test_fictitious_play_raises_where_it_cycles():
    with pytest.raises(SolverError, match="fictitious-play"):
        solve_fictitious_play(SHAPLEY, iterations=10_000)


def test_fictitious_play_is_the_textbook_recursion():
    """Replayed move by move in plain Python."""
    solution = solve_fictitious_play(UNEQUAL_RPS, tolerance=1e-2)
    moves = int(solution.parameters["iterations"])
    rows, columns = [], []
    for _ in range(moves):
        against = UNEQUAL_RPS[:, columns].sum(axis=1) if columns else UNEQUAL_RPS.mean(axis=1)
        rows.append(int(against.argmax()))
        columns.append(int((-UNEQUAL_RPS[rows]).sum(axis=0).argmax()))
    np.testing.assert_allclose(solution.row, np.bincount(rows, minlength=3) / moves)
    np.testing.assert_allclose(solution.column, np.bincount(columns, minlength=3) / moves)


def test_regret_matching_is_the_textbook_recursion():
    solution = solve_regret_matching(UNEQUAL_RPS, tolerance=1e-2)
    row, column = np.full(3, 1 / 3), np.full(3, 1 / 3)
    row_regret, column_regret, total = np.zeros(3), np.zeros(3), np.zeros(3)
    for t in range(1, int(solution.parameters["iterations"]) + 1):
        earned = UNEQUAL_RPS @ column
        row_regret = np.maximum(row_regret + earned - row @ earned, 0)
        row = row_regret / row_regret.sum() if row_regret.any() else np.full(3, 1 / 3)
        earned = -row @ UNEQUAL_RPS
        column_regret = np.maximum(column_regret + earned - column @ earned, 0)
        column = column_regret / column_regret.sum() if column_regret.any() else np.full(3, 1 / 3)
        total += t * row
    np.testing.assert_allclose(solution.row, total / total.sum(), atol=1e-9)


def test_replicator_certifies_regret_which_is_the_gap_in_a_zero_sum_game():
    solution = solve_replicator(UNEQUAL_RPS, tolerance=2e-2)
    assert solution.gap == pytest.approx(solution.parameters["regret"] * 6)  # the range is 6
    general = solve_replicator(SHAPLEY, tolerance=2e-2)
    assert general.parameters["regret"] <= 2e-2


def test_replicator_keeps_to_its_bound():
    solution = solve_replicator(UNEQUAL_RPS, step=0.1, tolerance=0.05, iterations=880)
    assert 0.1 / 4 + np.log(9) / (0.1 * 880) <= 0.05  # so it had to be reached
    assert solution.parameters["iterations"] <= 880 + 64


@given(arrays(float, st.integers(1, 8), elements=st.floats(-2, 2)), st.floats(0.0, 0.99))
def test_projection_meets_the_conditions_of_a_nearest_point(weights, gamma):
    mixture = weights + (1 - weights.sum()) / weights.size
    least = gamma / weights.size
    nearest = mixture.copy()
    raise_to_floor(nearest, least)
    assert nearest.sum() == pytest.approx(1)
    assert nearest.min() >= least
    # the difference is one constant where above the floor, and no smaller below (KKT)
    lowered = mixture - nearest
    above = nearest > least + 1e-12
    if above.any():
        assert np.ptp(lowered[above]) == pytest.approx(0, abs=1e-9)
        assert (lowered[~above] <= lowered[above].max() + 1e-9).all()


def test_projected_dynamics_keep_everybody_alive_and_settle():
    matrix = np.array([[2, 1], [1, 0]], dtype=float)  # row 1 and column 0 are dominated
    solution = solve_prd(matrix, gamma=0.1)
    np.testing.assert_allclose(solution.row, [0.95, 0.05], atol=1e-9)
    np.testing.assert_allclose(solution.column, [0.05, 0.95], atol=1e-9)
    assert solution.gap == pytest.approx(0.1)  # what exploration costs
    assert solution.parameters["drift"] <= solution.parameters["tolerance"]


def test_projected_dynamics_against_a_plain_restatement():
    matrix = random_matrix(7)
    solution = solve_prd(matrix, gamma=0.05, step=0.1, tolerance=1.0)
    scaled = (matrix - matrix.min()) / np.ptp(matrix)
    row, column = (np.full(size, 1 / size) for size in matrix.shape)
    visited = []
    for _ in range(int(solution.parameters["iterations"])):
        up, across = scaled @ column, row @ (1 - scaled)
        row = _projected(row + 0.1 * row * (up - row @ up), 0.05)
        column = _projected(column + 0.1 * column * (across - column @ across), 0.05)
        visited.append(row)
    half = len(visited) // 2
    np.testing.assert_allclose(solution.row, np.mean(visited[half:], axis=0), atol=1e-9)


def _projected(weights, gamma):
    """By bisection on how much is taken from each weight above the floor."""
    least = gamma / weights.size
    if weights.min() >= least:
        return weights
    low, high = 0.0, 1.0
    for _ in range(45):
        middle = (low + high) / 2
        low, high = (
            (middle, high) if np.maximum(weights - middle, least).sum() > 1 else (low, middle)
        )
    return np.maximum(weights - low, least)
