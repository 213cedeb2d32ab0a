"""A Nash equilibrium of a general-sum game by complementary pivoting (Lemke & Howson 1964).

Ties are broken lexicographically (von Stengel, "Computing equilibria for two-person games",
2002), as if every payoff limit were moved by another tiny amount, so that degenerate games do
not send the path in circles.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from ssa_psro.arrays import Floats
from ssa_psro.errors import SolverError
from ssa_psro.metagame.solvers.equilibrium import (
    Argument,
    Equilibrium,
    as_bimatrix,
    certified,
    on_simplex,
    require,
    undominated,
    unit_scaled,
)

METHOD = "lemke-howson"
ROUNDING = 1e-10
"""Directions and ratios closer than this are equal; the certificate catches what this spoils."""


class _Polytope:
    """The mixtures of one player, unnormalised, that hold every opposing policy to payoff 1.

    Weights w >= 0 and slacks r >= 0 with payoffs w + r = 1. Every variable has a label: the
    policy that a weight belongs to, or the opposing policy that a slack holds down.

    The basis is inverted afresh at each pivot: costlier than updating a tableau, but its errors
    do not pile up along paths of hundreds of pivots.
    """

    def __init__(self, payoffs: Floats, weights: range, slacks: range) -> None:
        self.matrix = np.hstack([payoffs, np.eye(payoffs.shape[0])])
        self.labels = [*weights, *slacks]
        self.basis = list(range(payoffs.shape[1], self.matrix.shape[1]))

    def enter(self, label: int) -> int:
        """Bring the variable of that label into the basis; the label of the one that leaves."""
        # along the edge on which the entering variable grows, the first basic one to vanish ends it
        entering = self.labels.index(label)
        inverse = np.linalg.inv(self.matrix[:, self.basis])
        direction = inverse @ self.matrix[:, entering]
        limits = np.hstack([inverse.sum(axis=1, keepdims=True), inverse])
        leaving = _first_to_vanish(direction, limits)
        label = self.labels[self.basis[leaving]]
        self.basis[leaving] = entering
        return label

    def weights(self) -> Floats:
        """The weights at the present vertex, not normalised."""
        values = np.zeros(self.matrix.shape[1])
        values[self.basis] = np.linalg.solve(
            self.matrix[:, self.basis], np.ones(self.matrix.shape[0])
        )
        return values[: self.matrix.shape[1] - self.matrix.shape[0]]


def solve_lemke_howson(payoffs: ArrayLike, *, pivots: int = 5_000) -> Equilibrium:
    """A Nash equilibrium of a two-player game of any sum.

    1. Drop strictly dominated policies; no equilibrium uses them.
    2. From the artificial equilibrium drop one label and follow the path of vertices on which
       all other labels are kept, in turn in the two players' polytopes, to where it ends.
    3. Check the regrets on the mixtures, in the whole game. If they are not within the
       tolerance, or the path is too long, try the next label, until all have been tried.

    Reach: about 50 policies a side. Paths may grow exponentially (Savani & von Stengel 2006);
    those of random and of measured games are short for most labels.

    Args:
        payoffs: ``[n, m]`` or ``[n, m, 2]``.
        pivots: along one path, before the next label is tried.

    Raises:
        UsageError: not a payoff array, or a number out of range.
        SolverError: no label led to an equilibrium that could be certified.
    """
    require(METHOD, [Argument("pivots", pivots, pivots >= 1, "1 or more")])
    game = as_bimatrix(payoffs)
    rows, columns = undominated(game)
    inner = game[np.ix_(rows, columns)]
    failures = []
    for label in range(rows.size + columns.size):
        try:
            row, column = np.zeros(game.shape[0]), np.zeros(game.shape[1])
            row[rows], column[columns], taken = follow_path(inner, label, pivots)
            told = {"label": label, "pivots": taken}
            return certified(game, row, column, METHOD, told)
        except (SolverError, np.linalg.LinAlgError) as error:
            failures.append(str(error))
    raise SolverError(f"{METHOD} failed from every label; from the last: {failures[-1]}")


def follow_path(game: Floats, label: int, pivots: int) -> tuple[Floats, Floats, int]:
    """The mixtures at the end of the path of that label, and how many pivots it took.

    Args:
        game: ``[n, m, 2]``.
        label: of the row player's policies 0 to n - 1, or n + a policy of the column player's.
        pivots: where to give up.

    Raises:
        SolverError: the path is longer, or lost to rounding.
    """
    n, m = game.shape[:2]
    scaled = 1 + unit_scaled(game)[0]  # positive, so that the polytopes are bounded
    # each player's weights are held down by what the *other* one earns: a slack of zero is a best
    # answer, so a vertex whose labels, with those of the other's, are all there is an equilibrium
    of_row = _Polytope(scaled[..., 1].T, range(n), range(n, n + m))
    of_column = _Polytope(scaled[..., 0], range(n, n + m), range(n))
    polytopes = (of_row, of_column) if label < n else (of_column, of_row)
    # from the zero vertices all labels are there. One is dropped; each pivot picks up a label that
    # the other polytope has too, which must drop it next, until the first one is picked up again
    entering = label
    for taken in range(1, pivots + 1):
        entering = polytopes[(taken - 1) % 2].enter(entering)
        if entering == label:
            row, column = of_row.weights(), of_column.weights()
            return on_simplex(row, METHOD), on_simplex(column, METHOD), taken
    raise SolverError(f"{METHOD}: no end after {pivots} pivots from label {label}")


def _first_to_vanish(direction: Floats, limits: Floats) -> int:
    """The basic variable that reaches zero first; ties by the columns of ``limits``, in order.

    Args:
        direction: how fast each basic variable shrinks, ``[k]``.
        limits: values ``[k, 1 + k]``: what is there to shrink, then the coefficients of the
            tiny moves of the limits.
    """
    # the rule of least ratios; where limits tie, those of the limits moved by tiny amounts of
    # decreasing size, first the first column's, which is as if there were no ties
    candidates = np.flatnonzero(direction > ROUNDING)
    if not candidates.size:
        raise SolverError(f"{METHOD}: rounding opened the polytope")
    ratios = limits[candidates] / direction[candidates, None]
    for column in range(ratios.shape[1]):
        least = ratios[:, column].min()
        tied = ratios[:, column] <= least + ROUNDING * max(1.0, abs(least))
        candidates, ratios = candidates[tied], ratios[tied]
        if candidates.size == 1:
            break
    return int(candidates[0])
