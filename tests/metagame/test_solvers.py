"""Meta-solvers: known games, random games, and the certificates they carry."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from ssa_psro.errors import SolverError, UsageError
from ssa_psro.metagame.solvers import SOLVERS, ZERO_SUM_SOLVERS, make_solver
from ssa_psro.metagame.solvers.equilibrium import certified, is_zero_sum, regrets, undominated
from ssa_psro.metagame.solvers.nash import solve_nash
from ssa_psro.metagame.solvers.nash_lp import solve_nash_lp
from ssa_psro.metagame.solvers.nash_milp import solve_nash_milp
from ssa_psro.metagame.solvers.support_enumeration import enumerate_equilibria

GAP = 1e-9  # relative to the range of the payoffs; the certificate's own tolerance
UNEQUAL_RPS = np.array([[0, -1, 3], [1, 0, -2], [-3, 2, 0]], dtype=float)

matrices = st.tuples(st.integers(1, 8), st.integers(1, 8)).flatmap(
    lambda shape: arrays(float, shape, elements=st.floats(-1e3, 1e3, width=32))
)
small_integers = st.tuples(st.integers(1, 5), st.integers(1, 5)).flatmap(
    lambda shape: arrays(float, shape, elements=st.integers(-2, 2).map(float))
)


def test_unequal_rock_paper_scissors():
    solution = solve_nash(UNEQUAL_RPS)
    np.testing.assert_allclose(solution.column, [1 / 3, 1 / 2, 1 / 6], atol=1e-12)
    np.testing.assert_allclose(solution.row, [1 / 3, 1 / 2, 1 / 6], atol=1e-12)
    assert solution.value == pytest.approx((0, 0), abs=1e-12)
    assert solution.method == "nash-lp"


@pytest.mark.parametrize(
    ("matrix", "row", "column", "value"),
    [
        # solved by hand: indifference over the supports, the third policy does worse
        ([[3, -1, 2], [-2, 4, 0]], [0.6, 0.4], [0.5, 0.5, 0.0], 1.0),
        ([[-3, 2], [1, -4], [-2, 0]], [0.5, 0.5, 0.0], [0.6, 0.4], -1.0),
        ([[2, 1], [1, 0]], [1, 0], [0, 1], 1.0),  # both players have a dominant policy
        ([[5]], [1], [1], 5.0),
    ],
)
def test_textbook_games(matrix, row, column, value):
    solution = solve_nash_lp(np.array(matrix, dtype=float))
    np.testing.assert_allclose(solution.row, row, atol=1e-12)
    np.testing.assert_allclose(solution.column, column, atol=1e-12)
    assert solution.value == pytest.approx((value, -value))


@given(matrices)
@settings(max_examples=80, deadline=None)
def test_random_games_are_certified_and_agree_with_the_other_seat(matrix):
    scale = max(np.abs(matrix).max(), 1e-300)
    solution = solve_nash_lp(matrix)
    swapped = solve_nash_lp(-matrix.T)
    span = np.ptp(matrix)
    assert solution.row.sum() == pytest.approx(1)
    assert solution.column.sum() == pytest.approx(1)
    assert solution.row.min() >= 0
    assert solution.column.min() >= 0
    assert solution.gap <= 2 * GAP * span
    # what the row player can guarantee <= value <= what the column player can hold it to
    low, high = (solution.row @ matrix).min(), (matrix @ solution.column).max()
    assert low - 1e-12 * scale <= solution.value[0] <= high + 1e-12 * scale
    assert swapped.value[1] == pytest.approx(solution.value[0], abs=2 * GAP * span + 1e-12 * scale)


@given(small_integers)
@settings(max_examples=60, deadline=None)
def test_games_full_of_ties_are_certified(matrix):
    assert solve_nash_lp(matrix).gap <= GAP * 4


@pytest.mark.parametrize("shape", [(1, 1), (1, 7), (7, 1), (2, 90), (90, 2), (60, 60)])
def test_shapes(shape):
    matrix = np.random.default_rng(3).normal(size=shape)
    assert solve_nash_lp(matrix).gap <= GAP * 10


def test_offset_and_scale_change_nothing():
    moved = solve_nash_lp(1e6 + 1e-3 * UNEQUAL_RPS)
    np.testing.assert_allclose(moved.column, [1 / 3, 1 / 2, 1 / 6], atol=1e-6)
    assert moved.gap <= GAP * 5e-3


def test_constant_game_is_an_equilibrium_everywhere():
    solution = solve_nash(np.full((3, 4), 7.0))
    assert solution.gap == 0
    assert solution.value == pytest.approx((7, -7))


def test_prisoners_dilemma():
    game = np.array([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], dtype=float)
    solution = solve_nash(game)
    assert solution.method == "nash-milp"
    np.testing.assert_allclose(solution.row, [0, 1], atol=1e-12)
    np.testing.assert_allclose(solution.column, [0, 1], atol=1e-12)
    assert solution.value == pytest.approx((1, 1))


def test_battle_of_the_sexes_gets_a_pure_equilibrium_of_greatest_welfare():
    game = np.array([[[3, 2], [0, 0]], [[0, 0], [2, 3.5]]])
    solution = solve_nash_milp(game)
    np.testing.assert_allclose(solution.row, [0, 1], atol=1e-12)
    assert solution.value == pytest.approx((2, 3.5))


def test_chicken_without_pure_payoff_dominance_is_certified():
    game = np.array([[[0, 0], [7, 2]], [[2, 7], [6, 6]]], dtype=float)
    solution = solve_nash_milp(game)
    assert sum(solution.value) >= 9 - 1e-9  # pure: 9; the mixed equilibrium earns 28/3
    assert solution.gap <= GAP * 14


@given(st.integers(0, 10_000), st.integers(1, 5), st.integers(1, 5))
@settings(max_examples=40, deadline=None)
def test_random_bimatrix_games_are_certified(seed, n, m):
    game = np.random.default_rng(seed).normal(size=(n, m, 2))
    solution = solve_nash_milp(game)
    assert sum(regrets(game, solution.row, solution.column)) == solution.gap
    assert solution.gap <= 2 * GAP * np.ptp(game)


@given(st.integers(0, 10_000))
@settings(max_examples=20, deadline=None)
def test_both_programmes_find_the_value_of_a_zero_sum_game(seed):
    matrix = np.random.default_rng(seed).normal(size=(4, 5))
    assert solve_nash_milp(matrix).value[0] == pytest.approx(solve_nash_lp(matrix).value[0])


def test_elimination_keeps_what_equilibria_use():
    # row 2 is beaten by row 0; without it column 1 is beaten by column 0
    matrix = np.array([[3, 1, 4], [2, 5, 1], [1, 0, 2]], dtype=float)
    rows, columns = undominated(np.stack([matrix, -matrix], axis=-1))
    assert rows.tolist() == [0, 1]
    solution = solve_nash_lp(matrix)
    assert set(np.flatnonzero(solution.row)) <= set(rows.tolist())
    assert set(np.flatnonzero(solution.column)) <= set(columns.tolist())


def test_ties_are_not_dominance():
    rows, columns = undominated(np.ones((3, 3, 2)))
    assert rows.tolist() == columns.tolist() == [0, 1, 2]


def test_linear_programme_refuses_a_general_sum_game():
    with pytest.raises(UsageError, match="nash-milp"):
        solve_nash_lp(np.ones((2, 2, 2)))


def test_a_wrong_answer_is_not_certified():
    game = np.stack([UNEQUAL_RPS, -UNEQUAL_RPS], axis=-1)
    uniform = np.full(3, 1 / 3)
    with pytest.raises(SolverError, match="gap"):
        certified(game, uniform, uniform, "guess")


def test_uniform_reports_how_far_from_nash_it_is():
    solution = make_solver("uniform")(UNEQUAL_RPS)
    np.testing.assert_allclose(solution.row, 1 / 3)
    assert solution.gap == pytest.approx(4 / 3)  # each side gains 2/3 by the best pure answer


def test_zero_sum_is_recognised():
    assert is_zero_sum(np.stack([UNEQUAL_RPS, -UNEQUAL_RPS], axis=-1))
    assert not is_zero_sum(np.stack([UNEQUAL_RPS, 1e-6 - UNEQUAL_RPS], axis=-1))


@pytest.mark.parametrize("name", sorted(SOLVERS))
def test_every_solver_has_the_one_signature(name):
    solution = make_solver(name)(UNEQUAL_RPS)
    assert solution.row.shape == solution.column.shape == (3,)
    assert solution.gap == pytest.approx(
        sum(regrets(np.stack([UNEQUAL_RPS, -UNEQUAL_RPS], axis=-1), solution.row, solution.column))
    )


def test_misspelt_solver_gets_a_suggestion():
    with pytest.raises(UsageError, match="Did you mean 'uniform'"):
        make_solver("unifrom")


@pytest.mark.parametrize("bad", [np.ones(3), np.ones((2, 2, 3)), np.ones((0, 2)), [[np.nan, 1.0]]])
def test_unusable_payoffs_are_refused(bad):
    with pytest.raises(UsageError):
        solve_nash(bad)


def test_a_mixture_of_nan_is_never_certified():
    game, nowhere = np.stack([UNEQUAL_RPS, -UNEQUAL_RPS], axis=2), np.full(3, np.nan)
    with pytest.raises(SolverError, match="relative gap of nan"):
        certified(game, nowhere, nowhere, "none")
    assert np.isnan(regrets(game, nowhere, nowhere)).all()


@pytest.mark.parametrize(("policies", "spread"), [(5, 1e-4), (7, 1e-3)])
def test_supports_of_small_payoffs_are_enumerated(policies, spread):
    """A generalised rock, paper, scissors beside one large payoff, which a policy of no use has."""
    game = np.zeros((policies + 1,) * 2)
    ahead = (np.arange(policies)[None] - np.arange(policies)[:, None]) % policies
    game[:-1, :-1] = spread * np.where(ahead == 0, 0, np.where(ahead <= policies // 2, -1, 1))
    game[-1, :-1], game[:-1, -1] = -2 * spread, 1.0
    game[-1, -1] = 0.5
    (only,) = enumerate_equilibria(game)
    np.testing.assert_allclose(only.row[:-1], 1 / policies)


@pytest.mark.parametrize("name", sorted(SOLVERS))
def test_solvers_for_zero_sum_games_only_are_listed(name):
    game = np.stack([np.eye(2), 2 * np.eye(2)], axis=2)
    if name in ZERO_SUM_SOLVERS:
        with pytest.raises(UsageError, match="not zero-sum"):
            make_solver(name)(game)
    else:
        make_solver(name)(game)
