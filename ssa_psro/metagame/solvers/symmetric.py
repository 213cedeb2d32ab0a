"""One mixture for both players, where their seats are alike and they share a population.

A game whose players are alike has a Nash equilibrium in which both play the same (Nash, "Non-
cooperative games", 1951). In a zero-sum game either player's optimal mixture is one. In others a
solver may well come to an equilibrium that gives the players different mixtures, so that one who
plays in both seats has none: a symmetric one is then looked for by ``nash-milp``, and beyond its
reach along the logit path, which keeps players alike who are.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ssa_psro.arrays import Floats
from ssa_psro.errors import SolverError
from ssa_psro.metagame.solvers import Solver, make_solver
from ssa_psro.metagame.solvers.equilibrium import (
    GAP_TOLERANCE,
    Equilibrium,
    as_bimatrix,
    describe,
    is_zero_sum,
    relative_gap,
)
from ssa_psro.metagame.solvers.logit_path import solve_logit_path
from ssa_psro.metagame.solvers.nash_milp import solve_nash_milp

APART = frozenset({"nash", "nash-milp", "lemke-howson", "support-enumeration"})
"""Solvers that may give players who are alike different mixtures."""


def make_symmetric_solver(name: str, **settings: Any) -> Solver:
    """The meta-solver of that name, for a game in which chance seats the players.

    Its payoffs are means over both seats. The answer has one mixture for both players, and as
    small a gap as the solver's own; in a general-sum game those of ``APART`` leave it to
    ``nash-milp`` or ``logit-path``, as ``Equilibrium.method`` says.

    Args:
        name: a key of ``SOLVERS``.
        settings: of that solver, its own keyword arguments.

    Raises:
        UsageError: no such solver; the nearest name is suggested.
    """
    own = partial(make_solver(name), **settings)

    def solve(payoffs: ArrayLike) -> Equilibrium:
        seated = as_bimatrix(payoffs)
        mean = (seated[..., 0] + seated[..., 1].T) / 2
        game = np.stack([mean, mean.T], axis=-1)
        routed = name in APART and not is_zero_sum(game)
        return _same(game, _symmetric(game) if routed else own(game))

    return solve


def _symmetric(game: Floats) -> Equilibrium:
    try:
        return solve_nash_milp(game, symmetric=True)
    except SolverError:
        return solve_logit_path(game)


def _same(game: Floats, found: Equilibrium) -> Equilibrium:
    """The better of both players' mixtures, for both.

    In a zero-sum game each player's regret is what the other's mixture lets it gain, so that of two
    mixtures the better one leaves at most the gap that they left together.
    """
    best = min((found.row, found.column), key=lambda mixture: relative_gap(game, mixture, mixture))
    left = relative_gap(game, best, best)
    if left > max(GAP_TOLERANCE, relative_gap(game, found.row, found.column) + GAP_TOLERANCE):
        raise SolverError(
            f"{found.method} gave players who are alike different mixtures, and neither will do "
            f"for both: a relative gap of {left:.2e}. Use nash, or separate populations."
        )
    return describe(game, best, best, found.method, found.parameters)
