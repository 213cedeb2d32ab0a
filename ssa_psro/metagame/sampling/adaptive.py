"""The sampler `adaptive`: episodes go where they narrow the interval of the regret.

In the spirit of progressive sampling with pruning (Areyan Viqueira, Cousins & Greenwald, "Improved
algorithms for learning equilibria in simulation-based games", AAMAS 2020): cells that can't
matter any more are left as they are. What matters is read off the statement that is wanted, an
interval of the restricted exploitability of the table's own equilibrium:

1. Every cell plays the ``first`` episodes.
2. Solve; bound the gain of every deviation. Stop if the interval is narrow enough.
3. A deviation is *open* while its upper bound lies above what the width asked for allows. The
   others, most of them far behind, need nothing more.
4. The gain of an open deviation d is a mean over the opponents j that the equilibrium plays of
   paired differences against j. One more episode of the difference against j lowers the variance
   by y_j^2 v_j / n_j^2, for the price of one episode in each cell of the pair {d and the mixture}
   x {j} (Neyman's allocation, taken step by step).
5. The differences with the largest fall of variance an episode get more episodes, in all of their
   cells, so that what common episodes have removed stays removed. Go on with 2.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ssa_psro.arrays import Floats
from ssa_psro.metagame.estimates import gains_of, regret_interval, side_bounds
from ssa_psro.metagame.intervals import CONFIDENCE
from ssa_psro.metagame.judge import Judge, P
from ssa_psro.metagame.payoffs import PayoffTable, play_up_to
from ssa_psro.metagame.sampling.protocol import SamplingOptions, as_solved
from ssa_psro.metagame.solvers import Equilibrium, Solver
from ssa_psro.work import Mapper, map_in_turn


@dataclass(frozen=True)
class AdaptiveSampler:
    """Plays until the regret is known as well as asked for, or the seeds are used up.

    The interval is right for a number of episodes fixed in advance. Looking again after each
    round and stopping at a narrow one costs little here, since the width hardly depends on the
    luck that the gains had; ``evidence.interval_coverage`` measures how little.

    Attributes:
        solve: the meta-solver whose regret is asked about.
        half_width: of the interval of restricted exploitability, payoff units.
        first: episodes that every cell plays at first.
        confidence: of the interval.
        shared: see ``SamplingOptions``.
    """

    solve: Solver
    half_width: float
    first: int = 5
    confidence: float = CONFIDENCE
    shared: bool = False

    def play(
        self,
        table: PayoffTable,
        rows: Sequence[P],
        columns: Sequence[P],
        *,
        judge: Judge[P],
        map_cells: Mapper = map_in_turn,
    ) -> PayoffTable:
        """Play rounds until the interval is narrow enough, or no open deviation has seeds left.

        Raises:
            SolverError: the meta-solver could not certify an answer.
        """
        wanted = np.full(table.count.shape, min(self.first, len(table.seeds)))
        while True:
            table = play_up_to(table, wanted, rows, columns, judge=judge, map_cells=map_cells)
            game = as_solved(table, shared=self.shared)
            equilibrium = self.solve(game.mean)
            if self.narrow(game, equilibrium):
                return table
            wanted = next_counts(game, equilibrium, self.half_width, self.confidence)
            if (wanted <= game.count).all():
                return table
            if self.shared:  # an episode counts once it is played in both seats
                wanted = np.maximum(wanted, wanted.T)

    def narrow(self, table: PayoffTable, equilibrium: Equilibrium) -> bool:
        """Whether the interval of the equilibrium's regret is as narrow as asked for."""
        found = regret_interval(table, equilibrium.row, equilibrium.column, self.confidence)
        return found.high - found.low <= 2 * self.half_width

    def completed(self, table: PayoffTable) -> PayoffTable:
        """The table itself: no cell is empty."""
        return table


def adaptive_sampler(options: SamplingOptions) -> AdaptiveSampler:
    """The sampler `adaptive`: episodes go where they narrow the interval of the regret.

    It takes ``solve``, ``half_width``, ``first`` and ``shared``.
    """
    return AdaptiveSampler(options.solve, options.half_width, options.first, shared=options.shared)


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
            # a transposed view: what the column player wants goes into the same table
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
        # of y² v / n its derivative by n; the price is an episode in each cell of the fewest, since
        # the others are ahead already
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
