"""Nash equilibrium of a general-sum game by a mixed-integer programme.

Formulation 1 of Sandholm, Gilpin & Conitzer, "Mixed-Integer Programming Methods for Finding
Nash Equilibria", AAAI 2005: one binary a policy says that it may carry regret instead of
probability. The objective picks the equilibrium of greatest welfare.

Reach: about 12 policies a side whatever the game; 20 and more where dominance removes some,
as in games of skill. The hard case is a game near zero-sum without any dominated policy.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, milp

from ssa_psro.arrays import Floats
from ssa_psro.errors import SolverError
from ssa_psro.metagame.solvers.equilibrium import (
    Equilibrium,
    as_bimatrix,
    certified,
    on_simplex,
    undominated,
    unit_scaled,
)

METHOD = "nash-milp"
NODE_LIMIT = 10_000  # nodes, not seconds: the answer must not depend on the machine's speed


def solve_nash_milp(payoffs: ArrayLike, *, symmetric: bool = False) -> Equilibrium:
    """A Nash equilibrium of a two-player game of any sum, of the greatest sum of payoffs.

    1. Drop strictly dominated policies; no equilibrium uses them.
    2. Scale each player's payoffs to [0, 1], so that 1 bounds every regret.
    3. Solve for mixtures, both values and the binaries.
    4. Hold the binaries and solve the linear programme that remains: the mixtures come out
       at full precision, free of the integrality tolerance.
    5. Check the regrets on the mixtures themselves, in the whole game.

    If the search ends at its node limit with an equilibrium in hand, that one is returned
    and ``method`` says that greater welfare was not ruled out.

    Args:
        payoffs: ``[n, m, 2]``, or ``[n, m]`` of a zero-sum game.
        symmetric: of the equilibria in which both players have one mixture; every game whose
            players are alike has some (Nash 1951).

    Raises:
        UsageError: not a payoff array.
        SolverError: no equilibrium found within ``NODE_LIMIT`` nodes, or regret left.
    """
    game = as_bimatrix(payoffs)
    rows, columns = undominated(game)
    row, column = np.zeros(game.shape[0]), np.zeros(game.shape[1])
    kept = game[np.ix_(rows, columns)]
    row[rows], column[columns], proven = _greatest_welfare(kept, symmetric)
    method = f"{METHOD}, symmetric" if symmetric else METHOD
    method = method if proven else f"{method} (greatest welfare not proven)"
    return certified(game, row, column, method)


def _greatest_welfare(game: Floats, symmetric: bool) -> tuple[Floats, Floats, bool]:
    scaled, span = unit_scaled(game)
    n, m = scaled.shape[:2]
    each = n + m
    programme = [_constraints(scaled), *([_one_mixture(n)] if symmetric else [])]
    # scaled values times their spans are payoffs again, whose sum is the welfare
    welfare = np.concatenate([np.zeros(each), -span, np.zeros(each)])
    chosen = _solve(welfare, programme, np.zeros(each), np.ones(each), integral=True)
    support = np.round(chosen.x[-each:])
    polished = _solve(welfare, programme, support, support, integral=False)
    row, column = polished.x[:n], polished.x[n:each]
    return on_simplex(row, METHOD), on_simplex(column, METHOD), chosen.status == 0


def _constraints(scaled: Floats) -> LinearConstraint:
    """Rows over the unknowns x ``[n]``, y ``[m]``, values ``[2]``, binaries ``[n + m]``."""
    # at an equilibrium a policy has no probability or no regret. A binary chooses which of the two,
    # and since neither exceeds 1 in payoffs of range 1, it can be the bound of both
    n, m = scaled.shape[:2]
    each = n + m
    regret = np.zeros((each, each + 2))  # value of the player minus payoff of the policy
    regret[:n, n:each] = -scaled[..., 0]
    regret[n:, :n] = -scaled[..., 1].T
    regret[:n, each] = regret[n:, each + 1] = 1.0
    identity, nothing = np.eye(each), np.zeros((each, each))
    totals = np.zeros((2, 2 * each + 2))
    totals[0, :n] = totals[1, n:each] = 1.0
    rows = np.vstack(
        [
            np.hstack([regret, nothing]),  # regret >= 0
            np.hstack([regret, -identity]),  # regret <= binary
            np.hstack([identity, np.zeros((each, 2)), identity]),  # probability <= 1 - binary
            totals,
        ]
    )
    low = np.concatenate([np.zeros(each), np.full(2 * each, -np.inf), np.ones(2)])
    high = np.concatenate([np.full(each, np.inf), np.zeros(each), np.ones(each), np.ones(2)])
    return LinearConstraint(rows, low, high)


def _one_mixture(n: int) -> LinearConstraint:
    """Both players' unknowns ``[n]`` are the same: mixtures and binaries, and so the values."""
    same, nothing = np.hstack([np.eye(n), -np.eye(n)]), np.zeros((n, 2 * n))
    values = np.zeros((n, 2))
    rows = np.vstack([np.hstack([same, values, nothing]), np.hstack([nothing, values, same])])
    return LinearConstraint(rows, 0.0, 0.0)


def _solve(
    cost: Floats, programme: list[LinearConstraint], low: Floats, high: Floats, *, integral: bool
) -> OptimizeResult:
    each = low.size
    solution = milp(
        cost,
        integrality=np.concatenate([np.zeros(each + 2), np.full(each, float(integral))]),
        bounds=Bounds(
            np.concatenate([np.zeros(each), np.full(2, -1.0), low]),
            np.concatenate([np.ones(each), np.full(2, 2.0), high]),
        ),
        constraints=programme,
        options={"node_limit": NODE_LIMIT},
    )
    if solution.x is None:
        raise SolverError(f"{METHOD}: {solution.message}")
    return solution
