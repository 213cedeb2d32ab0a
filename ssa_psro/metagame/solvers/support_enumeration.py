"""Nash equilibria by enumerating supports (Dickhaut & Kaplan 1991), smallest first.

Smallest first, because games drawn at random mostly have an equilibrium of few policies
(Porter, Nudelman & Shoham, "Simple search methods for finding a Nash equilibrium", 2008).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ssa_psro.arrays import Floats
from ssa_psro.errors import Fault, SolverError, UsageError
from ssa_psro.metagame.solvers.equilibrium import (
    Equilibrium,
    as_bimatrix,
    certified,
    on_simplex,
    undominated,
    unit_scaled,
)

METHOD = "support-enumeration"
LARGEST = 12
"""Undominated policies a side; one more each makes four times as many pairs of supports."""

FEASIBLE = 1e-10
"""Rounding: weights so far below zero are zero, payoffs so far above 1 are 1."""
SINGULAR = 1e-12
"""Least singular values that are zero: payoffs on such a support leave the mixture open."""


def solve_support_enumeration(payoffs: ArrayLike) -> Equilibrium:
    """The Nash equilibrium of the smallest supports.

    Reach: up to 12 undominated policies on the smaller side and as many pairs of supports as
    12 x 12 has (2.7 million, a minute at worst); most games answer within the first few.

    Args:
        payoffs: ``[n, m]`` or ``[n, m, 2]``.

    Raises:
        UsageError: not a payoff array, or a game that is too large.
        SolverError: no equilibrium could be certified.
    """
    game = as_bimatrix(payoffs)
    for looked_at, row, column in _extreme_equilibria(game):
        try:
            return certified(game, row, column, METHOD, {"supports": looked_at})
        except SolverError:  # rounding on a nearly singular pair of supports: look further
            continue
    raise SolverError(f"{METHOD} found no equilibrium that it could certify")


def enumerate_equilibria(payoffs: ArrayLike) -> list[Equilibrium]:
    """All Nash equilibria of a nondegenerate game, each once, smallest supports first.

    In a degenerate game, where there may be infinitely many, extreme points of their set: at
    least one, and not always all.

    Args:
        payoffs: ``[n, m]`` or ``[n, m, 2]``.

    Raises:
        UsageError: not a payoff array, or a game that is too large.
    """
    game = as_bimatrix(payoffs)
    found: list[Equilibrium] = []
    for looked_at, row, column in _extreme_equilibria(game):
        try:
            new = certified(game, row, column, METHOD, {"supports": looked_at})
        except SolverError:  # as above
            continue
        if not any(_same(new, old) for old in found):
            found.append(new)
    return found


def _same(one: Equilibrium, other: Equilibrium) -> bool:
    apart = np.abs(one.row - other.row).max(), np.abs(one.column - other.column).max()
    return bool(max(apart) < 1e-8)


def _extreme_equilibria(game: Floats) -> Iterator[tuple[int, Floats, Floats]]:
    """Supports looked at so far, and a candidate; supports of equal size suffice.

    Against the column mixture y of supports (I, J) all of I earn the same and nobody more.
    With payoffs in [1, 2], y is proportional to the solution of payoffs[I, J] z = 1.
    """
    rows, columns = undominated(game)
    scaled = 1 + unit_scaled(game[np.ix_(rows, columns)])[0]
    n, m = scaled.shape[:2]
    if _pairs(n, m) > _pairs(LARGEST, LARGEST):
        fault = Fault("payoffs", f"{n} x {m}", "too large", "Use 'nash' or 'lemke-howson'.")
        raise UsageError(METHOD, [fault])
    # in a nondegenerate game both supports have the same size: more policies on one side would be
    # more equations of indifference than the other side has weights to meet them
    looked_at = 0
    for size in range(1, min(n, m) + 1):
        groups = np.array(list(combinations(range(m), size)))
        for group in combinations(range(n), size):
            own = np.array(group)
            looked_at += len(groups)
            for other, z in _answers(scaled[..., 0], own, groups):
                back = _answers(scaled[..., 1].T, other, own[None])
                for _, x in back:
                    row, column = np.zeros(game.shape[0]), np.zeros(game.shape[1])
                    row[rows[own]] = on_simplex(x, METHOD)
                    column[columns[other]] = on_simplex(z, METHOD)
                    yield looked_at, row, column


def _pairs(n: int, m: int) -> int:
    """Pairs of supports of equal size; an upper bound that is exact for n = m = 1, 2, ..."""
    total, product = 0, 1
    for size in range(1, min(n, m) + 1):
        product = product * (n - size + 1) * (m - size + 1) // (size * size)
        total += product
    return total


def _answers(
    payoffs: Floats, own: NDArray[np.intp], groups: NDArray[np.intp]
) -> list[tuple[NDArray[np.intp], Floats]]:
    """Groups of opponents on which ``own`` policies are best answers, with weights to the scale 1.

    Args:
        payoffs: of the answering player, ``[n, m]``, positive.
        own: its support, ``[s]``.
        groups: supports of the opponent, ``[g, s]``.
    """
    blocks = payoffs[own[None, :, None], groups[:, None, :]]
    # all supports of the opponent at once: thousands of small systems, one call of the library
    # (no determinants: those of many small differences are small, and yet tell all)
    usable = np.linalg.svd(blocks, compute_uv=False)[:, -1] > SINGULAR
    blocks, groups = blocks[usable], groups[usable]
    if not len(blocks):
        return []
    weights = np.linalg.solve(blocks, np.ones((len(blocks), own.size, 1)))[..., 0]
    positive = (weights >= -FEASIBLE).all(axis=1)
    weights, groups = weights[positive], groups[positive]
    earned = np.einsum("ngs,gs->gn", payoffs[:, groups], weights)
    best = (earned <= 1 + FEASIBLE).all(axis=1)
    return list(zip(groups[best], weights[best], strict=True))
