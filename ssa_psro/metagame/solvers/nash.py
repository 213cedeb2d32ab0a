"""The meta-solver `nash`: the one place that decides which Nash solver a game gets."""

from __future__ import annotations

from numpy.typing import ArrayLike

from ssa_psro.metagame.solvers.equilibrium import Equilibrium, as_bimatrix, is_zero_sum
from ssa_psro.metagame.solvers.nash_lp import solve_nash_lp
from ssa_psro.metagame.solvers.nash_milp import solve_nash_milp


def solve_nash(payoffs: ArrayLike) -> Equilibrium:
    """Nash equilibrium: ``nash-lp`` when payoffs cancel in every cell, else ``nash-milp``.

    ``Equilibrium.method`` says which one it was. Neither falls back to the other.

    Raises:
        UsageError: not a payoff array.
        SolverError: the solver could not certify its answer.
    """
    game = as_bimatrix(payoffs)
    return solve_nash_lp(game) if is_zero_sum(game) else solve_nash_milp(game)
