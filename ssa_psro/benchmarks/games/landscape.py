"""A sum of Gaussian bumps in the plane, and its highest point.

The landscape has many summits, and search from one start ends on any of them: exploitability
measured that way is too low, by different amounts for different methods. Here a grid finds all
that may be the highest, and a local search climbs them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import maximum_filter
from scipy.optimize import minimize

from ssa_psro.arrays import Floats

MARGIN = 4.5
"""How far the grid reaches beyond the outermost centres. With precision 0.54, a bump is down to
0.4 % of its height there; ``Summit.slack`` accounts for it."""

SPACING = 0.1
"""Of the grid."""

CLIMB_TOLERANCE = 1e-10
"""Slope at which a climb ends."""


@dataclass(frozen=True, eq=False)
class Summit:
    """The highest point that was found.

    Attributes:
        position: ``[2]``.
        payoff: its height.
        slack: no point of the plane is higher by more; proven, from the grid's spacing and a
            bound of the curvature. What is really missing is far less.
    """

    position: Floats
    payoff: float
    slack: float


@dataclass(frozen=True, eq=False)
class Landscape:
    """``f(x) = offset + Σ_k heights_k exp(-precision |x - centres_k|² / 2)``.

    Attributes:
        centres: ``[K, 2]``.
        precision: inverse variance of every bump.
        heights: ``[K]``, of either sign.
        offset: what ``f`` tends to far away.
    """

    centres: Floats
    precision: float
    heights: Floats
    offset: float

    def bumps(self, points: Floats) -> Floats:
        """Each bump at each of ``points`` ``[N, 2]``, as if its height were 1: ``[N, K]``."""
        away = points[:, None] - self.centres
        return np.asarray(np.exp(-0.5 * self.precision * (away**2).sum(axis=-1)))

    def at(self, points: Floats) -> Floats:
        """``f`` of ``points`` ``[N, 2]``: ``[N]``."""
        return np.asarray(self.offset + self.bumps(points) @ self.heights)

    def gradient(self, points: Floats) -> Floats:
        """Of ``f`` at ``points`` ``[N, 2]``: ``[N, 2]``."""
        pull = self.bumps(points) * self.heights
        return np.asarray(
            self.precision * (pull @ self.centres - pull.sum(axis=1)[:, None] * points)
        )

    def hessian(self, position: Floats) -> Floats:
        """Of ``f`` at ``position`` ``[2]``: ``[2, 2]``."""
        pull = (self.bumps(position[None]) * self.heights)[0]
        away = position - self.centres
        outer = np.einsum("k,ki,kj->ij", pull, away, away)
        return np.asarray(self.precision * (self.precision * outer - pull.sum() * np.eye(2)))

    def highest(self) -> Summit:
        """The highest point of the plane, if heights sum to more than 0.

        Then some point is higher than what ``f`` tends to far away. In the mixture game they sum
        to 3.5 against any opponents.

        1. ``f`` on a grid. A bump curves by at most ``precision``, and the highest point lies
           within ``SPACING / √2`` of a grid point, which is therefore lower by ``error`` at most.
        2. Grid points that no neighbour tops, and within ``error`` of the highest: climb them.
        3. The plane beyond the grid is at most as high as the bumps' tails, ``beyond``.
        """
        axes = self._axes()
        grid = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1)
        height = self._on_grid(*axes)
        error = 0.25 * self.precision * float(np.abs(self.heights).sum()) * SPACING**2
        peak = (maximum_filter(height, size=3) == height) & (height >= height.max() - error)
        climbed = np.stack([self._climb(start) for start in grid[peak]])
        scores = self.at(climbed)
        best = int(scores.argmax())
        ceiling = max(float(height.max()) + error, self._beyond())
        return Summit(climbed[best], float(scores[best]), max(0.0, ceiling - float(scores[best])))

    def _axes(self) -> tuple[Floats, Floats]:
        low, high = self.centres.min(axis=0) - MARGIN, self.centres.max(axis=0) + MARGIN
        first, second = (np.arange(a, b + SPACING, SPACING) for a, b in zip(low, high, strict=True))
        return first, second

    def _on_grid(self, first: Floats, second: Floats) -> Floats:
        """``f`` ``[N, M]``; a Gaussian is a product, so exponentials of the axes will do."""
        along, across = (
            np.exp(-0.5 * self.precision * (axis[:, None] - self.centres[:, place]) ** 2)
            for place, axis in enumerate((first, second))
        )
        return np.asarray(self.offset + (along * self.heights) @ across.T)

    def _beyond(self) -> float:
        """Upper bound of ``f`` off the grid."""
        tail = np.exp(-0.5 * self.precision * MARGIN**2)
        return self.offset + float(tail * np.maximum(self.heights, 0.0).sum())

    def _climb(self, start: Floats) -> Floats:
        """The summit above ``start`` ``[2]``, by Newton's method in a trust region."""

        def depth(x: Floats) -> float:
            return -float(self.at(x[None])[0])

        def slope(x: Floats) -> Floats:
            return np.asarray(-self.gradient(x[None])[0])

        def curvature(x: Floats) -> Floats:
            return -self.hessian(x)

        found = minimize(
            depth, start, jac=slope, hess=curvature, method="trust-exact", tol=CLIMB_TOLERANCE
        )
        return np.asarray(found.x)
