"""Nash equilibria of many zero-sum games at once: one simplex tableau a game, pivoted together.

Resampling a table means solving hundreds of small neighbouring games. A call of a linear
programming library costs milliseconds whatever the size of the game; here a thousand 10 x 10
games take about as long as ten such calls.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ssa_psro.arrays import Floats
from ssa_psro.errors import SolverError

GAP_TOLERANCE = 1e-9
PIVOTS_PER_POLICY = 40
"""Far more than the two or three that random games need; a limit only against cycling."""


def solve_many(games: Floats) -> tuple[Floats, Floats, Floats]:
    """Row mixtures ``[B, n]``, column mixtures ``[B, m]`` and values ``[B]`` of the row player.

    1. Scale each game to payoffs in [1, 2], so that its value is positive.
    2. Maximise sum(y) subject to A y <= 1, y >= 0, from the basis of the slacks, by the largest
       coefficient (Dantzig 1951); y / sum(y) is the column player's mixture, and the reduced
       costs of the slacks, normalised, are the row player's.
    3. Check on the mixtures themselves that the duality gap is closed.

    Args:
        games: the row player's payoffs, ``[B, n, m]``, finite.

    Raises:
        SolverError: a gap stayed open.
    """
    low = games.min(axis=(1, 2), keepdims=True)
    span = games.max(axis=(1, 2), keepdims=True) - low
    scaled = 1.0 + (games - low) / np.where(span > 0, span, 1.0)
    rows, columns = _mixtures(scaled)
    gaps = np.einsum("bij,bj->bi", scaled, columns).max(axis=1) - np.einsum(
        "bij,bi->bj", scaled, rows
    ).min(axis=1)
    if gaps.size and not gaps.max() <= GAP_TOLERANCE:
        raise SolverError(f"solve_many left a relative gap of {gaps.max():.2e}")
    return rows, columns, np.einsum("bi,bij,bj->b", rows, games, columns)


def _mixtures(scaled: Floats) -> tuple[Floats, Floats]:
    batch, n, m = scaled.shape
    tableau = np.zeros((batch, n + 1, m + n + 1))
    tableau[:, :n, :m] = scaled
    tableau[:, :n, m : m + n] = np.eye(n)
    tableau[:, :n, -1] = 1.0
    tableau[:, n, :m] = -1.0
    basis = np.tile(np.arange(m, m + n), (batch, 1))
    _pivot_all(tableau, basis)
    point = np.zeros((batch, m + n))
    np.put_along_axis(point, basis, tableau[:, :n, -1], axis=1)
    return _normalised(tableau[:, n, m : m + n]), _normalised(point[:, :m])


def _pivot_all(tableau: Floats, basis: NDArray[np.intp]) -> None:
    """Pivot every tableau until its costs are nowhere negative."""
    open_games = np.arange(len(tableau))
    for _ in range(PIVOTS_PER_POLICY * tableau.shape[2]):
        open_games = open_games[tableau[open_games, -1, :-1].min(axis=1) < -1e-12]
        if not open_games.size:
            return
        part = tableau[open_games]
        entering = part[:, -1, :-1].argmin(axis=1)
        leaving = _ratio_test(part, entering)
        basis[open_games, leaving] = entering
        tableau[open_games] = _pivoted(part, leaving, entering)


def _ratio_test(part: Floats, entering: NDArray[np.intp]) -> NDArray[np.intp]:
    column = np.take_along_axis(part[:, :-1, :-1], entering[:, None, None], axis=2)[..., 0]
    ratio = np.full(column.shape, np.inf)
    np.divide(part[:, :-1, -1], column, out=ratio, where=column > 1e-12)
    return np.asarray(ratio.argmin(axis=1))


def _pivoted(part: Floats, leaving: NDArray[np.intp], entering: NDArray[np.intp]) -> Floats:
    each = np.arange(len(part))
    pivot_row = part[each, leaving] / part[each, leaving, entering][:, None]
    column = part[each, :, entering].copy()
    part = part - column[:, :, None] * pivot_row[:, None, :]
    part[each, leaving] = pivot_row
    return part


def _normalised(weights: Floats) -> Floats:
    clipped = np.maximum(weights, 0.0)
    return np.asarray(clipped / clipped.sum(axis=1, keepdims=True))
