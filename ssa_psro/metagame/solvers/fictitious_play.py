"""Fictitious play: each player answers what the other has played so far (Brown 1951)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike

from ssa_psro.arrays import Floats
from ssa_psro.metagame.solvers.arguments import require_search
from ssa_psro.metagame.solvers.averages import CHECK_EVERY, Averages, first_within
from ssa_psro.metagame.solvers.equilibrium import Equilibrium, as_bimatrix

METHOD = "fictitious-play"


def solve_fictitious_play(
    payoffs: ArrayLike, *, tolerance: float = 1e-3, iterations: int = 1_000_000
) -> Equilibrium:
    """Approximate Nash equilibrium: how often each policy was a best response so far.

    The players move in turn, the column player knowing the row player's newest move. The row
    player starts with its answer to the uniform mixture; among equally good answers the first
    is played, so the result is reproducible. Payoffs are used as given: scaling would break
    ties at random, and a best response needs none.

    Reach: zero-sum games, where the gap is known to vanish (Robinson 1951), slowly: a thousandth
    of the range takes some ten thousand iterations at 20 policies. In other games it may cycle
    for ever (Shapley 1964), and then raises.

    Args:
        payoffs: ``[n, m]`` or ``[n, m, 2]``.
        tolerance: allowed Nash gap, relative to the range of the payoffs.
        iterations: moves of each player before giving up.

    Raises:
        UsageError: not a payoff array, or a number out of range.
        SolverError: the gap is still wider.
    """
    require_search(METHOD, tolerance, iterations)
    game = as_bimatrix(payoffs)
    return first_within(
        game,
        _play(game),
        METHOD,
        tolerance=tolerance,
        iterations=iterations,
        parameters={},
    )


def _play(game: Floats) -> Iterator[Averages]:
    n, m = game.shape[:2]
    of_row = np.ascontiguousarray(game[..., 0].T)  # [m, n]: what column j pays each row
    of_column = np.ascontiguousarray(game[..., 1])
    row_moves, column_moves = np.zeros(n), np.zeros(m)
    row_gains, column_gains = np.zeros(n), np.zeros(m)
    row = of_row.mean(axis=0).argmax()
    done = 0
    while True:
        for _ in range(CHECK_EVERY):
            row_moves[row] += 1
            column_gains += of_column[row]
            column = column_gains.argmax()
            column_moves[column] += 1
            row_gains += of_row[column]
            row = row_gains.argmax()
        done += CHECK_EVERY
        yield Averages(done, row_moves / done, column_moves / done)
