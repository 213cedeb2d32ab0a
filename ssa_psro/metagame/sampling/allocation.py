"""Which cells of a table get more episodes, so that its regret becomes known.

One round of :mod:`ssa_psro.metagame.sampling.adaptive`, whose text tells the rule.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ssa_psro.arrays import Floats
from ssa_psro.metagame.gains import gains_of, side_bounds
from ssa_psro.metagame.payoffs import PayoffTable
from ssa_psro.metagame.solvers import Equilibrium

GROWTH = 0.2
"""A difference that gets more episodes gets this share of what it has, so that a table takes few
rounds and is overshot by little."""
WORTH = 0.5
"""Differences within this factor of the best one grow in the same round."""


def next_counts(
    table: PayoffTable, equilibrium: Equilibrium, half_width: float, confidence: float
) -> NDArray[np.int64]:
    """Episodes of each cell after one more round, ``[n, m]``; those played if none would help.

    Args:
        table: of two episodes or more in every cell.
        equilibrium: of the table's means.
        half_width: of the interval asked for.
        confidence: of the interval.
    """
    sides = [_Side.of(table, equilibrium, side) for side in (0, 1)]
    open_ones = [side.open_deviations(table, equilibrium, half_width, confidence) for side in sides]
    worths = [
        side.worth(deviations, len(table.seeds))
        for side, deviations in zip(sides, open_ones, strict=True)
    ]
    best = max((float(worth.max()) for worth in worths if worth.size), default=0.0)
    wanted = table.count.copy()
    if best > 0:
        for side, deviations, worth in zip(sides, open_ones, worths, strict=True):
            grown = wanted if side.number == 0 else wanted.T
            side.grow(grown, deviations, worth >= WORTH * best, len(table.seeds))
    return wanted


@dataclass(frozen=True, eq=False)
class _Side:
    """One side's paired differences; arrays as if it were the row player's."""

    number: int
    samples: Floats
    count: NDArray[np.int64]
    own: Floats
    other: Floats

    @classmethod
    def of(cls, table: PayoffTable, equilibrium: Equilibrium, side: int) -> _Side:
        samples, count = table.samples[..., side], table.count
        if side == 0:
            return cls(0, samples, count, equilibrium.row, equilibrium.column)
        return cls(1, samples.swapaxes(0, 1), count.T, equilibrium.column, equilibrium.row)

    def open_deviations(
        self,
        table: PayoffTable,
        equilibrium: Equilibrium,
        half_width: float,
        confidence: float,
    ) -> list[int]:
        """Those whose upper bound alone would make the interval too wide."""
        gains = gains_of(table, equilibrium.row, equilibrium.column, self.number)
        joint = (1 + confidence) / 2
        low = side_bounds(gains, joint)[1]
        return np.flatnonzero(gains.high(joint) - low > 2 * half_width).tolist()

    def block(self, deviation: int, opponent: int) -> tuple[NDArray[np.intp], int]:
        """Cells of the difference between a deviation and the mixture against one opponent."""
        return np.union1d(np.flatnonzero(self.own), [deviation]), opponent

    def worth(self, deviations: list[int], limit: int) -> Floats:
        """Fall of variance an episode played, ``[deviations, opponents met]``; 0 if used up."""
        met = np.flatnonzero(self.other).tolist()
        return np.array([[self._worth(d, j, limit) for j in met] for d in deviations])

    def _worth(self, deviation: int, opponent: int, limit: int) -> float:
        cells = self.block(deviation, opponent)
        counts = self.count[cells]
        fewest = int(counts.min())
        if fewest >= limit:
            return 0.0
        mixture = self.own @ np.where(self.own[:, None] > 0, self.samples[:, opponent], 0.0)
        paired = (self.samples[deviation, opponent] - mixture)[:fewest]
        fall = float(self.other[opponent]) ** 2 * float(paired.var(ddof=1)) / fewest**2
        return fall / int((counts == fewest).sum())

    def grow(
        self,
        wanted: NDArray[np.int64],
        deviations: list[int],
        chosen: NDArray[np.bool_],
        limit: int,
    ) -> None:
        """Raise ``wanted`` in every cell of the chosen differences."""
        met = np.flatnonzero(self.other)
        for place, deviation in enumerate(deviations):
            for opponent in met[chosen[place]]:
                cells = self.block(deviation, int(opponent))
                fewest = int(self.count[cells].min())
                goal = min(limit, fewest + max(2, int(np.ceil(GROWTH * fewest))))
                wanted[cells] = np.maximum(wanted[cells], goal)
