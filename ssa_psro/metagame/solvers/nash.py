"""The meta-solver `nash`: the one place that decides which Nash solver a game gets."""

from __future__ import annotations

from numpy.typing import ArrayLike

from ssa_psro.errors import SolverError
from ssa_psro.metagame.solvers.equilibrium import Equilibrium, as_bimatrix, is_zero_sum
from ssa_psro.metagame.solvers.lemke_howson import solve_lemke_howson
from ssa_psro.metagame.solvers.logit_path import solve_logit_path
from ssa_psro.metagame.solvers.nash_lp import solve_nash_lp
from ssa_psro.metagame.solvers.nash_milp import solve_nash_milp

GENERAL_SUM = (solve_nash_milp, solve_lemke_howson, solve_logit_path)
"""In order: the one that chooses the equilibrium of greatest welfare, then those that reach
further and take the one they come to."""


def solve_nash(payoffs: ArrayLike) -> Equilibrium:
    """Nash equilibrium: ``nash-lp`` when payoffs cancel in every cell, else the first to certify.

    In a general-sum game these are asked in turn: ``nash-milp``, ``lemke-howson``,
    ``logit-path``. All carry the same certificate, and ``Equilibrium.method`` says whose answer
    it is, which matters: only the first chooses among several equilibria.

    Raises:
        UsageError: not a payoff array.
        SolverError: no solver could certify an answer; the message has the reason of each.
    """
    game = as_bimatrix(payoffs)
    if is_zero_sum(game):
        return solve_nash_lp(game)
    failures = []
    for solve in GENERAL_SUM:
        try:
            return solve(game)
        except SolverError as error:
            failures.append(str(error))
    raise SolverError("nash: no solver could certify an answer\n" + "\n".join(failures))
