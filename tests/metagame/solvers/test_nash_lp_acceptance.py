"""Zero-sum Nash: named games, hundreds of random ones, and the usual mistake beside ours."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import linprog

from ssa_psro.metagame.solvers.equilibrium import as_bimatrix, regrets
from ssa_psro.metagame.solvers.nash_lp import solve_nash_lp

GAP = 1e-9  # relative to the range of the payoffs
UNEQUAL_RPS = np.array([[0, -1, 3], [1, 0, -2], [-3, 2, 0]], dtype=float)
WIDE = np.array([[3, -1, 2], [-2, 4, 0]], dtype=float)
TALL = WIDE.T.copy()
DOMINANT = np.array([[2, 1], [1, 0]], dtype=float)


def transposed_by_sign_only(matrix):
    """The faulty solver: player 2 is given "my loss is at least -v" where it should be "at most v".

    Its programme, max v with M y + v >= 0, has no bound above; the uniform mixture then
    stands in silently. Its objective is cut from player 1's, so it also lacks unknowns where the
    game is wider than tall.
    """
    n, m = matrix.shape
    objective = np.append(np.zeros(n), -1.0)

    def best(rows, count, objective):
        found = linprog(
            objective,
            A_ub=rows,
            b_ub=np.zeros(len(rows)),
            A_eq=np.append(np.ones(count), 0.0)[None],
            b_eq=[1.0],
            bounds=[(0, 1)] * count + [(None, None)],
        )
        return found.x[:count] if found.status == 0 else np.full(count, 1 / count)

    row = best(np.hstack([-matrix.T, np.ones((m, 1))]), n, objective)
    column = best(-np.hstack([matrix, np.ones((n, 1))]), m, objective[: m + 1])
    return row, column


def gap_of(matrix, row, column):
    return sum(regrets(as_bimatrix(matrix), row, column))


@pytest.mark.parametrize(
    ("matrix", "row", "column", "value"),
    [
        (UNEQUAL_RPS, [1 / 3, 1 / 2, 1 / 6], [1 / 3, 1 / 2, 1 / 6], 0.0),
        (WIDE, [0.6, 0.4], [0.5, 0.5, 0], 1.0),
        (-TALL, [0.5, 0.5, 0], [0.6, 0.4], -1.0),
        (DOMINANT, [1, 0], [0, 1], 1.0),
    ],
    ids=["unequal-rps", "2x3", "3x2", "dominant-2x2"],
)
def test_named_games(matrix, row, column, value):
    solution = solve_nash_lp(matrix)
    np.testing.assert_allclose(solution.row, row, atol=1e-12)
    np.testing.assert_allclose(solution.column, column, atol=1e-12)
    assert solution.value[0] == pytest.approx(value, abs=1e-12)
    assert solution.gap <= GAP * np.ptp(matrix)


def test_the_usual_mistake_gives_uniform_on_square_games():
    row, column = transposed_by_sign_only(UNEQUAL_RPS)
    np.testing.assert_allclose(row, [1 / 3, 1 / 2, 1 / 6], atol=1e-9)  # player 1 is right
    np.testing.assert_allclose(column, 1 / 3)
    assert gap_of(UNEQUAL_RPS, row, column) == pytest.approx(2 / 3)
    _, column = transposed_by_sign_only(DOMINANT)
    np.testing.assert_allclose(column, 1 / 2)
    assert solve_nash_lp(DOMINANT).column.tolist() == [0, 1]


def test_plain_rock_paper_scissors_hides_the_mistake():
    plain = np.sign(UNEQUAL_RPS)
    assert gap_of(plain, *transposed_by_sign_only(plain)) == pytest.approx(0, abs=1e-9)


def test_the_usual_mistake_is_wrong_on_tall_games():
    row, column = transposed_by_sign_only(-TALL)
    assert gap_of(-TALL, row, column) > 0.1
    assert solve_nash_lp(-TALL).gap <= GAP * 6


def test_the_usual_mistake_does_not_run_on_wide_games():
    with pytest.raises(ValueError, match="A_ub"):
        transposed_by_sign_only(WIDE)


def shapes(count):
    """Mostly small, a few large, the first 100 by 100."""
    rng = np.random.default_rng(11)
    for index in range(count):
        largest = 100 if index % 50 == 0 else 30 if index % 10 == 0 else 10
        n, m = (int(size) for size in rng.integers(1, largest + 1, 2))
        yield index, (100, 100) if index == 0 else (n, m)


def test_five_hundred_random_games_are_certified():
    for index, shape in shapes(500):
        rng = np.random.default_rng(index)
        ties = rng.integers(-2, 3, shape).astype(float)
        matrix = rng.normal(size=shape) if index % 2 else ties
        solution = solve_nash_lp(matrix)
        # bounds of the value, computed from the mixtures without the package
        low, high = (solution.row @ matrix).min(), (matrix @ solution.column).max()
        assert high - low <= GAP * max(np.ptp(matrix), 1e-300) + 1e-14, (index, shape)
        assert solution.parameters == {}
