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

from ssa_psro.metagame.gains import regret_interval
from ssa_psro.metagame.intervals import CONFIDENCE
from ssa_psro.metagame.judge import Judge, Mapper, P, map_in_turn
from ssa_psro.metagame.payoffs import PayoffTable, play_up_to
from ssa_psro.metagame.sampling.allocation import next_counts
from ssa_psro.metagame.sampling.protocol import SamplingOptions
from ssa_psro.metagame.solvers import Equilibrium, Solver


@dataclass(frozen=True)
class AdaptiveSampler:
    """Plays until the regret is known as well as asked for, or the seeds are used up.

    The interval is right for a number of episodes fixed in advance. Looking again after each
    round and stopping at a narrow one costs little here, since the width hardly depends on the
    luck that the gains had; ``ssa_psro.benchmarks.interval_coverage`` measures how little.

    Attributes:
        solve: the meta-solver whose regret is asked about.
        half_width: of the interval of restricted exploitability, payoff units.
        first: episodes that every cell plays at first.
        confidence: of the interval.
    """

    solve: Solver
    half_width: float
    first: int = 5
    confidence: float = CONFIDENCE

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
            equilibrium = self.solve(table.mean)
            if self.narrow(table, equilibrium):
                return table
            wanted = next_counts(table, equilibrium, self.half_width, self.confidence)
            if (wanted <= table.count).all():
                return table

    def narrow(self, table: PayoffTable, equilibrium: Equilibrium) -> bool:
        """Whether the interval of the equilibrium's regret is as narrow as asked for."""
        found = regret_interval(table, equilibrium.row, equilibrium.column, self.confidence)
        return found.high - found.low <= 2 * self.half_width

    def completed(self, table: PayoffTable) -> PayoffTable:
        """The table itself: no cell is empty."""
        return table


def adaptive_sampler(options: SamplingOptions) -> AdaptiveSampler:
    """The sampler; it takes ``solve``, ``half_width`` and ``first``."""
    return AdaptiveSampler(options.solve, options.half_width, options.first)
