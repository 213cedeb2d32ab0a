"""The uniform mixture: fictitious self-play's target, and the baseline of every meta-solver."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from ssa_psro.metagame.solvers.equilibrium import Equilibrium, as_bimatrix, describe


def solve_uniform(payoffs: ArrayLike) -> Equilibrium:
    """Equal weight on every policy; ``gap`` then says how far that is from a Nash equilibrium.

    Raises:
        UsageError: not a payoff array.
    """
    game = as_bimatrix(payoffs)
    n, m = game.shape[:2]
    return describe(game, np.full(n, 1 / n), np.full(m, 1 / m), "uniform")
