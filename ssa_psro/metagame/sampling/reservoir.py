"""The sampler `reservoir`: a new policy plays a random share of its opponents.

The other cells are imputed, see :mod:`ssa_psro.metagame.sampling.impute` for the model and its
error. Then those that the equilibrium of the imputed table depends on are played after all, until
it rests on none that is imputed: cells between policies that it plays, or it would consist of
predictions that are too good; and cells between it and policies that may be better for all that the
error of predictions can tell, or those whose predictions are too bad would never get a chance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ssa_psro.metagame.estimates import gains_of
from ssa_psro.metagame.judge import Judge, P
from ssa_psro.metagame.payoffs import PayoffTable, play_up_to
from ssa_psro.metagame.sampling.impute import FOLDS, impute
from ssa_psro.metagame.sampling.protocol import SamplingOptions, as_solved
from ssa_psro.metagame.solvers import Solver
from ssa_psro.metagame.structure.ratings import support
from ssa_psro.randomness import derive_seed
from ssa_psro.work import Mapper, map_in_turn

LEAST = 2
"""Opponents that a new policy plays at least, where there are as many."""


@dataclass(frozen=True)
class ReservoirSampler:
    """Plays a share of the cells on all seeds.

    Attributes:
        solve: the meta-solver whose equilibrium is confirmed.
        share: of its opponents that a policy plays when it is new, in (0, 1].
        seed: root of the choice, which else depends on the policies' names and order only.
        confirm: whether the cells that the equilibrium depends on are played in the end.
        shared: see ``SamplingOptions``.
    """

    solve: Solver
    share: float
    seed: int
    confirm: bool = True
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
        """Play the chosen cells, then those that the equilibrium rests on.

        Raises:
            SolverError: the meta-solver could not certify an answer.
            UsageError: so small a share of so small a table that nothing can be learnt.
        """
        chosen = chosen_cells(table.rows, table.columns, self.share, self.seed)
        while True:
            wanted = np.where(chosen, len(table.seeds), table.count)
            table = play_up_to(table, wanted, rows, columns, judge=judge, map_cells=map_cells)
            if not self.confirm or table.solvable:
                return table
            chosen = self._unconfirmed(table)
            if not chosen.any():
                return table

    def completed(self, table: PayoffTable) -> PayoffTable:
        """The table with its unplayed cells imputed."""
        return table if table.solvable else impute(table).table

    def _unconfirmed(self, table: PayoffTable) -> NDArray[np.bool_]:
        completed = as_solved(self.completed(table), shared=self.shared)
        found = self.solve(completed.mean)
        played = (support(found.row), support(found.column))
        rows, columns = (
            np.union1d(
                np.flatnonzero(gains_of(completed, found.row, found.column, side).high() > 0),
                played[side],
            )
            for side in (0, 1)
        )
        wanted = np.zeros(table.count.shape, dtype=bool)
        wanted[np.ix_(rows, played[1])] = True
        wanted[np.ix_(played[0], columns)] = True
        if self.shared:
            wanted |= wanted.T
        return wanted & (table.count < len(table.seeds))


def reservoir_sampler(options: SamplingOptions) -> ReservoirSampler:
    """The sampler `reservoir`: a new policy plays a random share of its opponents.

    It takes ``solve``, ``share``, ``seed`` and ``shared``.
    """
    return ReservoirSampler(options.solve, options.share, options.seed, shared=options.shared)


def chosen_cells(
    rows: Sequence[str], columns: Sequence[str], share: float, seed: int
) -> NDArray[np.bool_]:
    """Which cells are played, ``[n, m]``; a larger table repeats the choice of a smaller one.

    The later policy of a pair is the new one; of equally old ones, the row policy. It plays those
    of its opponents, itself included, whose pair with it draws the lowest numbers.

    Args:
        rows: names of the row policies, oldest first.
        columns: names of the column policies, oldest first.
        share: of its opponents that a new policy plays.
        seed: root of the choice.
    """
    draws = np.array(
        [[derive_seed(seed, "reservoir", row, column) for column in columns] for row in rows]
    )
    chosen = np.zeros(draws.shape, dtype=bool)
    for i in range(len(rows)):
        _choose(chosen[i, : i + 1], draws[i, : i + 1], share)
    for j in range(len(columns)):
        _choose(chosen[:j, j], draws[:j, j], share)
    # the first policies have too few opponents to learn from a share of them
    chosen.flat[: 0 if chosen.sum() >= FOLDS else chosen.size] = True
    return chosen


def _choose(chosen: NDArray[np.bool_], draws: NDArray[np.int64], share: float) -> None:
    count = min(draws.size, max(LEAST, int(np.ceil(share * draws.size))))
    chosen[np.argsort(draws)[:count]] = True
