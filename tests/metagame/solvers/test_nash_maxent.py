"""The equilibrium of greatest entropy: known ones, and no jumps where the vertex jumps."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import entropy

from ssa_psro.errors import UsageError
from ssa_psro.metagame.solvers.nash_lp import solve_nash_lp
from ssa_psro.metagame.solvers.nash_maxent import indifferent, solve_nash_maxent

GAP = 1e-9  # relative to the range of the payoffs
RPS = np.array([[0, -1, 1], [1, 0, -1], [-1, 1, 0]], dtype=float)
UNEQUAL_RPS = np.array([[0, -1, 3], [1, 0, -2], [-3, 2, 0]], dtype=float)
COPY = np.vstack([RPS, RPS[:1]])


def random_matrix(seed):
    rng = np.random.default_rng(seed)
    shape = tuple(rng.integers(1, 12, 2))
    if seed % 2:
        return rng.normal(size=shape)
    matrix = rng.integers(-2, 3, shape).astype(float)
    return np.vstack([matrix, matrix[::2]]) if seed % 4 else matrix


@pytest.mark.parametrize(
    ("matrix", "row", "column"),
    [
        (np.zeros((3, 4)), [1 / 3] * 3, [1 / 4] * 4),
        (RPS, [1 / 3] * 3, [1 / 3] * 3),
        (UNEQUAL_RPS, [1 / 3, 1 / 2, 1 / 6], [1 / 3, 1 / 2, 1 / 6]),  # unique: no choice
        (COPY, [1 / 6, 1 / 3, 1 / 3, 1 / 6], [1 / 3] * 3),  # copies share equally
        (
            np.hstack([COPY, COPY[:, :1]]),
            [1 / 6, 1 / 3, 1 / 3, 1 / 6],
            [1 / 6, 1 / 3, 1 / 3, 1 / 6],
        ),
        # the row player must only keep (1, 0) at 0: x0 >= x1; entropy takes both alike
        (np.array([[0, 1], [0, -1]], dtype=float), [0.5, 0.5], [1, 0]),
        # x0 >= 3 x1: the constraint binds at the greatest entropy
        (np.array([[0, 1], [0, -3]], dtype=float), [0.75, 0.25], [1, 0]),
    ],
)
def test_known_equilibria(matrix, row, column):
    solution = solve_nash_maxent(matrix)
    np.testing.assert_allclose(solution.row, row, atol=2e-8)
    np.testing.assert_allclose(solution.column, column, atol=2e-8)
    assert solution.gap <= GAP * max(np.ptp(matrix), 1.0)


def test_value_is_that_of_the_linear_programme_and_entropy_no_less():
    for seed in range(300):
        matrix = random_matrix(seed)
        ours, vertex = solve_nash_maxent(matrix), solve_nash_lp(matrix)
        span = np.ptp(matrix)
        assert ours.gap <= 2 * GAP * span
        assert ours.value[0] == pytest.approx(vertex.value[0], abs=2 * GAP * span + 1e-12)
        assert entropy(ours.row) >= entropy(vertex.row) - 1e-7
        assert entropy(ours.column) >= entropy(vertex.column) - 1e-7


def test_no_equilibrium_on_the_way_to_another_has_more_entropy():
    """Entropy is concave: at its maximum it falls towards every other optimal mixture."""
    for seed in range(0, 120, 2):
        matrix = random_matrix(seed)
        best = solve_nash_maxent(matrix).row
        rng = np.random.default_rng(seed)
        for _ in range(5):  # other vertices, by relabelling the policies
            order = rng.permutation(matrix.shape[0])
            other = np.zeros(order.size)
            other[order] = solve_nash_lp(matrix[order]).row
            towards = 0.99 * best + 0.01 * other
            assert entropy(towards) <= entropy(best) + 1e-7


def test_rounding_of_the_payoffs_does_not_move_it():
    rng = np.random.default_rng(2)
    noise = 1e-12 * rng.normal(size=(20, *COPY.shape))
    mixtures = [solve_nash_maxent(COPY + one).row for one in noise]
    assert np.abs(np.array(mixtures) - [1 / 6, 1 / 3, 1 / 3, 1 / 6]).max() < 1e-9


def test_the_vertex_jumps_from_copy_to_copy_and_this_does_not():
    """A loss of 6e-10, first of one copy, then of the other: HiGHS tells 1e-10 of the range."""
    losses = 6e-10 * np.eye(4)
    first, last = COPY - losses[:, :1], COPY - losses[:, 3:]
    jump = solve_nash_lp(first).row - solve_nash_lp(last).row
    assert np.abs(jump).max() == pytest.approx(1 / 3, abs=1e-6)
    assert np.abs(solve_nash_maxent(first).row - solve_nash_maxent(last).row).max() < 1e-8


def test_relabelling_the_policies_relabels_the_mixtures():
    matrix = random_matrix(6)
    order = np.random.default_rng(0).permutation(matrix.shape[0])
    straight, shuffled = solve_nash_maxent(matrix), solve_nash_maxent(matrix[order])
    np.testing.assert_allclose(straight.row[order], shuffled.row, atol=1e-6)


def test_larger_games():
    rng = np.random.default_rng(4)
    for matrix in (rng.normal(size=(60, 80)), rng.integers(-1, 2, (40, 30)).astype(float)):
        assert solve_nash_maxent(matrix).gap <= GAP * np.ptp(matrix) * 2


def test_general_sum_games_are_refused():
    with pytest.raises(UsageError, match="not zero-sum"):
        solve_nash_maxent(np.ones((2, 2, 2)))


def test_steps_are_none_where_there_is_no_choice_and_counted_else():
    assert solve_nash_maxent(UNEQUAL_RPS).parameters == {"newton_steps": 0}
    assert solve_nash_maxent(np.zeros((1, 1))).parameters == {"newton_steps": 0}
    assert 2 <= solve_nash_maxent(np.zeros((2, 2))).parameters["newton_steps"] < 40


ALL = np.ones(3, dtype=bool)
FIRST_TWO = np.array([True, True, False])


@pytest.mark.parametrize(
    ("payoffs", "rows", "columns", "near", "mixture"),
    [
        (UNEQUAL_RPS, ALL, ALL, np.zeros(3), [1 / 3, 1 / 2, 1 / 6]),
        # rows 0 and 1 earn 2 y0 and y1; the third may earn what it likes
        ([[2, 0], [0, 1], [5, 5]], FIRST_TWO, ALL[:2], np.zeros(2), [1 / 3, 2 / 3]),
        # no payoff to equalise: the nearest weights of sum 1, 0.1 less each
        (np.zeros((2, 3)), ALL[:2], ALL, np.array([0.7, 0.3, 0.3]), [0.6, 0.2, 0.2]),
        # weights may be negative: the second row earns 2 whatever is met, the first one y1
        ([[0, 1], [2, 2]], ALL[:2], ALL[:2], np.zeros(2), [-1.0, 2.0]),
        # column 2 is left out although it would serve
        ([[1, 0, 0], [0, 1, 0]], ALL[:2], FIRST_TWO, np.ones(3), [0.5, 0.5, 0.0]),
    ],
)
def test_indifference_on_a_support(payoffs, rows, columns, near, mixture):
    found = indifferent(np.array(payoffs, dtype=float), rows, columns, near)
    np.testing.assert_allclose(found, mixture, atol=1e-12)
