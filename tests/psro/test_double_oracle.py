"""PSRO with an exact oracle is the double oracle algorithm, step by step."""

from __future__ import annotations

import numpy as np
import pytest
from psro.test_psro_loop import begin, run
from scipy.optimize import linprog

from ssa_psro.games.matrix import MatrixGame
from ssa_psro.psro import StopRule
from ssa_psro.randomness import generator


def maximin(payoffs: np.ndarray) -> np.ndarray:
    """The row player's optimal mixture of a zero-sum game ``[n, m]``."""
    n, m = payoffs.shape
    found = linprog(
        np.append(np.zeros(n), -1.0),
        A_ub=np.hstack([-payoffs.T, np.ones((m, 1))]),
        b_ub=np.zeros(m),
        A_eq=np.append(np.ones(n), 0.0)[None],
        b_eq=[1.0],
        bounds=[(0, None)] * n + [(None, None)],
    )
    return np.asarray(found.x[:n])


def double_oracle(payoffs: np.ndarray, steps: int) -> list[tuple[int, ...]]:
    """Sizes and members of the restricted games of McMahan, Gordon & Blum's algorithm."""
    rows, columns, grown = {0}, {0}, []
    for _ in range(steps):
        own, other = sorted(rows), sorted(columns)
        restricted = payoffs[np.ix_(own, other)]
        row, column = maximin(restricted), maximin(-restricted.T)
        rows.add(int((payoffs[:, other] @ column).argmax()))
        columns.add(int((row @ payoffs[own]).argmin()))
        grown.append((*sorted(rows), -1, *sorted(columns)))
    return grown


@pytest.mark.parametrize("seed", range(20))
def test_psro_with_an_exact_oracle_is_double_oracle(seed: int) -> None:
    rng = generator(seed, "double oracle")
    n, m = rng.integers(2, 15, 2)
    payoffs = rng.normal(size=(n, m))
    result = run(MatrixGame.of(payoffs), stop=StopRule(iterations=20, tolerance=1e-9, patience=1))
    records = result.state.records
    sets = [{0}, {0}]
    found = []
    for record in records:
        for known, side in zip(sets, record.sides, strict=True):
            known.add(side.responses[0].facts["action"])
        found.append((*sorted(sets[0]), -1, *sorted(sets[1])))
    assert found == double_oracle(payoffs, len(records))
    assert result.stopped == "tolerance"
    row = maximin(payoffs)
    assert result.equilibrium.value[0] == pytest.approx(float((row @ payoffs).min()), abs=1e-8)


def test_double_oracle_leaves_most_of_a_game_of_skill_unplayed() -> None:
    """A ladder with a cyclic top: the dominated rungs never join."""
    payoffs = np.subtract.outer(np.arange(50.0), np.arange(50.0))
    payoffs[-3:, -3:] = [[0, -1, 1], [1, 0, -1], [-1, 1, 0]]
    game = MatrixGame.of(payoffs)
    result = run(game, begin(game, 0), stop=StopRule(iterations=20, tolerance=1e-9, patience=1))
    assert result.stopped == "tolerance"
    assert len(result.state.populations[0].members) <= 6
