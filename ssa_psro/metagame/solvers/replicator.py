"""Discrete replicator dynamics, also known as Hedge: weights grow with the exponential of payoff.

A small multiplicative step follows the replicator equation (Taylor & Jonker 1978); its time
average is that of Hedge (Freund & Schapire 1999), whose regret is bounded in every game.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from ssa_psro.arrays import Floats
from ssa_psro.errors import SolverError
from ssa_psro.metagame.solvers.averaging import CHECK_EVERY
from ssa_psro.metagame.solvers.equilibrium import (
    Argument,
    Equilibrium,
    as_bimatrix,
    describe,
    require,
    require_search,
    unit_scaled,
)

METHOD = "replicator"


class _Average(NamedTuple):
    """Time averages: the mixtures, and the sum of both players' external regrets."""

    iterations: int
    row: Floats
    column: Floats
    regret: float


def solve_replicator(
    payoffs: ArrayLike,
    *,
    step: float = 0.02,
    tolerance: float = 1e-2,
    iterations: int = 100_000,
) -> Equilibrium:
    """Time average of the replicator dynamics, started at the uniform mixtures.

    What is claimed, in any game: over the whole run neither player would have earned more with
    one policy throughout; both regrets together are within ``tolerance``. So *joint* play is a
    coarse correlated equilibrium of that width. In a zero-sum game this regret equals the Nash
    gap of the two averages. In other games the averages need not be near a Nash equilibrium,
    and ``gap`` says how far off they are. The last iterate, which orbits equilibria in mixed
    play instead of approaching them, is not returned.

    The regret is at most step / 4 + log(n m) / (step * iterations).

    Args:
        payoffs: ``[n, m]`` or ``[n, m, 2]``.
        step: exponent a unit of payoff, payoffs being scaled to [0, 1].
        tolerance: allowed regret of both players together, relative to the range of payoffs.
        iterations: steps before giving up.

    Raises:
        UsageError: not a payoff array, or a number out of range.
        SolverError: the regret is still wider.
    """
    require_search(METHOD, tolerance, iterations)
    require(METHOD, [Argument("step", step, 0 < step <= 1, "a number above 0, at most 1")])
    game = as_bimatrix(payoffs)
    for now in _play(unit_scaled(game)[0], step):
        if now.regret <= tolerance:
            told = {"iterations": now.iterations, "step": step, "tolerance": tolerance}
            return describe(game, now.row, now.column, METHOD, {**told, "regret": now.regret})
        if now.iterations >= iterations:
            break
    raise SolverError(
        f"{METHOD}: a relative regret of {now.regret:.2e} is left after {now.iterations} steps "
        f"(allowed {tolerance:.0e})"
    )


def _play(scaled: Floats, step: float) -> Iterator[_Average]:
    n, m = scaled.shape[:2]
    of_row, of_column = scaled[..., 0], np.ascontiguousarray(scaled[..., 1].T)
    row, column = np.full(n, 1 / n), np.full(m, 1 / m)
    row_sum, column_sum, earned = np.zeros(n), np.zeros(m), 0.0
    done = 0
    while True:
        for _ in range(CHECK_EVERY):
            done += 1
            row_payoffs, column_payoffs = of_row @ column, of_column @ row
            row_sum += row
            column_sum += column
            earned += row @ row_payoffs + column @ column_payoffs
            row, column = _grown(row, step * row_payoffs), _grown(column, step * column_payoffs)
        averages = row_sum / done, column_sum / done
        # the best policy in hindsight is the best answer to the opponent's average; what was earned
        # is an average of products, not a product of averages
        best = (of_row @ averages[1]).max() + (of_column @ averages[0]).max()
        yield _Average(done, *averages, float(best - earned / done))


def _grown(mixture: Floats, exponents: Floats) -> Floats:
    # multiplied, not added: a policy of weight zero stays there, and no other can reach it
    weights = mixture * np.exp(exponents)
    return np.asarray(weights / weights.sum())
