"""Learning dynamics whose averages approach a Nash equilibrium of a zero-sum game.

In *fictitious play* each player answers what the other has played so far (Brown 1951). *Regret
matching+* plays in proportion to regrets cut at zero, with linear averaging (Tammelin 2014;
Tammelin et al., IJCAI 2015). Both run until the averages, which are what is returned, have a Nash
gap within the tolerance: it is measured, not taken from a bound.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from ssa_psro.arrays import Floats
from ssa_psro.errors import SolverError
from ssa_psro.metagame.solvers.equilibrium import (
    Equilibrium,
    Parameters,
    as_bimatrix,
    describe,
    relative_gap,
    require_search,
    unit_scaled,
)

CHECK_EVERY = 64
"""Iterations between two looks at the gap, which costs as much as several iterations."""


class Averages(NamedTuple):
    """Average mixtures ``[n]`` and ``[m]`` after some iterations."""

    iterations: int
    row: Floats
    column: Floats


def first_within(
    game: Floats,
    averages: Iterator[Averages],
    method: str,
    *,
    tolerance: float,
    iterations: int,
    parameters: Parameters,
) -> Equilibrium:
    """The first averages whose relative Nash gap is within ``tolerance``.

    Args:
        game: payoffs ``[n, m, 2]``.
        averages: of a run that goes on for as long as it is asked.
        method: the solver's name.
        tolerance: allowed gap, relative to the range of the payoffs.
        iterations: where to give up.
        parameters: what else the solver was run with.

    Raises:
        SolverError: the gap is wider after all ``iterations``.
    """
    best = float("inf")
    for now in averages:
        gap = relative_gap(game, now.row, now.column)
        if gap <= tolerance:
            told = {"iterations": now.iterations, "tolerance": tolerance, **parameters}
            return describe(game, now.row, now.column, method, told)
        best = min(best, gap)
        if now.iterations >= iterations:
            break
    raise SolverError(
        f"{method}: after {iterations} iterations the relative gap was never below {best:.2e} "
        f"(allowed {tolerance:.0e}) on a {game.shape[0]} x {game.shape[1]} game"
    )


FICTITIOUS_PLAY = "fictitious-play"


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
    require_search(FICTITIOUS_PLAY, tolerance, iterations)
    game = as_bimatrix(payoffs)
    return first_within(
        game,
        _play_rounds(game),
        FICTITIOUS_PLAY,
        tolerance=tolerance,
        iterations=iterations,
        parameters={},
    )


def _play_rounds(game: Floats) -> Iterator[Averages]:
    n, m = game.shape[:2]
    of_row = np.ascontiguousarray(game[..., 0].T)  # [m, n]: what column j pays each row
    of_column = np.ascontiguousarray(game[..., 1])
    row_moves, column_moves = np.zeros(n), np.zeros(m)
    row_gains, column_gains = np.zeros(n), np.zeros(m)
    row = of_row.mean(axis=0).argmax()
    done = 0
    while True:
        for _ in range(CHECK_EVERY):
            # totals instead of averages: the best answer is the same, and integers stay exact
            row_moves[row] += 1
            column_gains += of_column[row]
            column = column_gains.argmax()
            column_moves[column] += 1
            row_gains += of_row[column]
            row = row_gains.argmax()
        done += CHECK_EVERY
        yield Averages(done, row_moves / done, column_moves / done)


REGRET_MATCHING = "regret-matching+"


def solve_regret_matching(
    payoffs: ArrayLike, *, tolerance: float = 1e-4, iterations: int = 200_000
) -> Equilibrium:
    """Approximate Nash equilibrium: the average of play in proportion to regrets cut at zero.

    1. Each player plays in proportion to its regrets; uniformly while it has none.
    2. It adds what each policy would have earned more than the mixture, and cuts at zero.
    3. Iteration t weighs t in the average.

    The players move in turn (alternating updates): the column player answers the row player's
    new mixture, which converges far faster in practice than moving at once.

    Reach: zero-sum games, a ten-thousandth of the range in hundreds to thousands of iterations
    at up to 100 policies. Elsewhere nothing promises the gap to close, and then it raises.

    Args:
        payoffs: ``[n, m]`` or ``[n, m, 2]``.
        tolerance: allowed Nash gap, relative to the range of the payoffs.
        iterations: updates of each player before giving up.

    Raises:
        UsageError: not a payoff array, or a number out of range.
        SolverError: the gap is still wider.
    """
    require_search(REGRET_MATCHING, tolerance, iterations)
    game = as_bimatrix(payoffs)
    return first_within(
        game,
        _match_regrets(unit_scaled(game)[0]),
        REGRET_MATCHING,
        tolerance=tolerance,
        iterations=iterations,
        parameters={"updates": "alternating", "averaging": "linear"},
    )


def _match_regrets(scaled: Floats) -> Iterator[Averages]:
    n, m = scaled.shape[:2]
    of_row, of_column = scaled[..., 0], np.ascontiguousarray(scaled[..., 1].T)
    row, column = np.full(n, 1 / n), np.full(m, 1 / m)
    row_regret, column_regret = np.zeros(n), np.zeros(m)
    row_sum, column_sum = np.zeros(n), np.zeros(m)
    done = 0
    while True:
        for _ in range(CHECK_EVERY):
            done += 1
            # the first iterates are the worst: weighing iteration t with t forgets them faster
            row = _updated(row_regret, row, of_row @ column)
            column = _updated(column_regret, column, of_column @ row)
            row_sum += done * row
            column_sum += done * column
        yield Averages(done, row_sum / row_sum.sum(), column_sum / column_sum.sum())


def _updated(regret: Floats, mixture: Floats, payoffs: Floats) -> Floats:
    """The next mixture ``[n]``; ``regret`` ``[n]`` is updated in place."""
    regret += payoffs - mixture @ payoffs
    # plain regret matching would let a bad policy sink without end; cut at zero, it is played as
    # soon as it is good again
    np.maximum(regret, 0.0, out=regret)
    total = regret.sum()
    return regret / total if total > 0 else np.full(regret.size, 1 / regret.size)
