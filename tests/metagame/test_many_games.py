"""Many games at once, against the linear programme that solves one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from evidence.many_games import solve_many
from ssa_psro.metagame.exploitability import restricted_exploitability
from ssa_psro.metagame.solvers import make_solver

SHAPES = st.tuples(st.integers(1, 4), st.integers(1, 6), st.integers(1, 6))


@pytest.mark.parametrize("shape", [(8, 3, 3), (8, 10, 10), (8, 2, 7), (8, 7, 2), (5, 1, 4)])
def test_values_and_mixtures_are_those_of_the_linear_programme(shape):
    games = np.random.default_rng(sum(shape)).normal(size=shape)
    rows, columns, values = solve_many(games)
    for game, row, column, value in zip(games, rows, columns, values, strict=True):
        one = make_solver("nash-lp")(game)
        assert value == pytest.approx(one.value[0], abs=1e-9)
        np.testing.assert_allclose(row, one.row, atol=1e-8)  # unique in games of normal numbers
        np.testing.assert_allclose(column, one.column, atol=1e-8)


@settings(max_examples=40)
@given(games=hnp.arrays(np.float64, SHAPES, elements=st.integers(-2, 2).map(float)))
def test_ties_and_copies_are_solved_too(games):
    rows, columns, _ = solve_many(games)
    for game, row, column in zip(games, rows, columns, strict=True):
        assert row.sum() == pytest.approx(1)
        assert column.sum() == pytest.approx(1)
        assert restricted_exploitability(game, row, column) < 1e-8


def test_large_and_tiny_payoffs_are_scaled():
    game = np.array([[3.0, -1.0], [-2.0, 4.0]])  # value 1
    values = solve_many(np.stack([1e9 * game, 1e-9 * game, game + 1e5]))[2]
    np.testing.assert_allclose(values, [1e9, 1e-9, 1 + 1e5], rtol=1e-9)
