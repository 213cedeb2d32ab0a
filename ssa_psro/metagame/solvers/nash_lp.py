"""Nash equilibrium of a zero-sum game by one linear programme (Dantzig 1951)."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import OptimizeResult, linprog

from ssa_psro.arrays import Floats
from ssa_psro.errors import Fault, SolverError, UsageError
from ssa_psro.metagame.solvers.equilibrium import (
    Equilibrium,
    as_bimatrix,
    certified,
    is_zero_sum,
    on_simplex,
    unit_scaled,
)

METHOD = "nash-lp"
LP_TOLERANCE = 1e-10
"""The least that HiGHS takes, a tenth of what the certificate allows."""


def solve_nash_lp(payoffs: ArrayLike) -> Equilibrium:
    """Exact Nash equilibrium of a zero-sum game.

    1. Maximise v subject to: against every column the row mixture earns at least v.
    2. The column mixture is the dual of those constraints, normalised. One programme gives
       both, so they belong together.
    3. Check on the mixtures themselves that the duality gap is closed.

    Where several equilibria exist, this is a vertex of their set: it may jump between
    neighbouring games.

    Args:
        payoffs: ``[n, m]``, or zero-sum ``[n, m, 2]``.

    Raises:
        UsageError: not a payoff array, or not zero-sum.
        SolverError: HiGHS found no optimum, or the gap is not closed.
    """
    game = as_bimatrix(payoffs)
    if not is_zero_sum(game):
        fault = Fault("payoffs", None, "not zero-sum", "Use 'nash' or 'nash-milp'.")
        raise UsageError(METHOD, [fault])
    # HiGHS's tolerances are absolute: payoffs of range 1 make them relative
    row, column = optimal_mixtures(unit_scaled(game)[0][..., 0])
    return certified(game, row, column, METHOD)


def optimal_mixtures(matrix: Floats) -> tuple[Floats, Floats]:
    """Steps 1 and 2: both players' mixtures in the game whose row player receives ``[n, m]``.

    Raises:
        SolverError: HiGHS found no optimum.
    """
    solution = _maximin(matrix)
    row = on_simplex(solution.x[:-1], METHOD)
    # the price of "column j must pay at least v" is how much v would rise if j paid a little more.
    # Prices sum to 1, and by duality are the mixture that holds the row player down to v
    return row, on_simplex(-solution.ineqlin.marginals, METHOD)


def _maximin(matrix: Floats) -> OptimizeResult:
    # unknowns: the row mixture, then v, free in sign; linprog minimises, hence -v
    n, m = matrix.shape
    solution = linprog(
        c=np.append(np.zeros(n), -1.0),
        A_ub=np.hstack([-matrix.T, np.ones((m, 1))]),
        b_ub=np.zeros(m),
        A_eq=np.append(np.ones(n), 0.0)[None, :],
        b_eq=[1.0],
        bounds=[(0.0, None)] * n + [(None, None)],
        method="highs-ds",
        options={
            "primal_feasibility_tolerance": LP_TOLERANCE,
            "dual_feasibility_tolerance": LP_TOLERANCE,
        },
    )
    if solution.status != 0:
        raise SolverError(f"{METHOD}: {solution.message}")
    return solution
