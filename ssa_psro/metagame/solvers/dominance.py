"""Iterated elimination of strictly dominated policies."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ssa_psro.arrays import Floats, Indices


def undominated(payoffs: Floats) -> tuple[Indices, Indices]:
    """Rows and columns that survive; the others carry no mass in any Nash equilibrium.

    Only dominance by a single policy is looked for, and only strict dominance, which loses
    no equilibrium and does not depend on the order of elimination.

    Args:
        payoffs: ``[n, m, 2]``.
    """
    rows, columns = np.arange(payoffs.shape[0]), np.arange(payoffs.shape[1])
    while True:
        game = payoffs[np.ix_(rows, columns)]
        keep_row = ~_dominated(game[..., 0])
        keep_column = ~_dominated(game[..., 1].T)
        if keep_row.all() and keep_column.all():
            return rows, columns
        rows, columns = rows[keep_row], columns[keep_column]


def _dominated(payoffs: Floats) -> NDArray[np.bool_]:
    """Which policies ``[n]`` another one beats against every opponent; payoffs ``[n, m]``."""
    beats = (payoffs[:, None, :] > payoffs[None, :, :]).all(axis=2)
    return np.asarray(beats.any(axis=0))
