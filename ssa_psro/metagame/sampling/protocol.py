"""What a sampler is: it plays some of a table, and completes it for those who solve it.

The simplest one is here too: `full` plays every cell for every episode.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from ssa_psro.errors import Fault, UsageError
from ssa_psro.metagame.judge import Judge, P
from ssa_psro.metagame.payoffs import PayoffTable, play_missing
from ssa_psro.metagame.solvers import Solver
from ssa_psro.metagame.tournament import swap_seats
from ssa_psro.work import Mapper, map_in_turn


class Sampler(Protocol):
    """Decides which cells of a table are played, and for how many episodes.

    Both methods are pure functions of their arguments. ``play`` on a table that it returned
    changes nothing, so that a run that was interrupted continues as if it had not been.
    """

    def play(
        self,
        table: PayoffTable,
        rows: Sequence[P],
        columns: Sequence[P],
        *,
        judge: Judge[P],
        map_cells: Mapper = map_in_turn,
    ) -> PayoffTable:
        """The table with more episodes played, all of them the first ones of its seeds.

        Args:
            table: names the policies and the seeds, of which a cell plays all at most.
            rows: the row policies, ``[n]``, in the order of ``table.rows``.
            columns: the column policies, ``[m]``, in the order of ``table.columns``.
            judge: plays one cell.
            map_cells: where the cells are played; the result does not depend on it.
        """

    def completed(self, table: PayoffTable) -> PayoffTable:
        """A table without unplayed cells, for solvers and whoever compares policies.

        It is made anew whenever it is needed; what is kept is the table as played.
        """


@dataclass(frozen=True)
class SamplingOptions:
    """Everything that any sampler wants to know; each takes what it needs.

    Attributes:
        solve: the meta-solver whose regret matters.
        seed: root of the choice of opponents.
        share: part of its opponents that a new policy plays, in (0, 1].
        half_width: of the interval of restricted exploitability at which playing ends, payoff
            units, > 0.
        first: episodes that every cell plays before any choice is made, >= 2.
        shared: whether one population plays both seats, so that the game that is solved, and that
            counts, is that of pairs averaged over both.
    """

    solve: Solver
    seed: int = 0
    share: float = 0.5
    half_width: float = 0.01
    first: int = 5
    shared: bool = False

    def __post_init__(self) -> None:
        faults = []
        if not 0 < self.share <= 1:
            faults.append(Fault("share", self.share, "not a share", "Give 0 < share <= 1."))
        if not self.half_width > 0:
            faults.append(Fault("half_width", self.half_width, "not positive", "Give 0.01, say."))
        if self.first < 2:
            faults.append(Fault("first", self.first, "one episode has no error", "Give 2."))
        if faults:
            raise UsageError("sampler", faults)


def as_solved(table: PayoffTable, *, shared: bool) -> PayoffTable:
    """The table of the game that is solved: over both seats, where one population plays them."""
    return swap_seats(table) if shared else table


class FullSampler:
    """Plays whatever is missing."""

    def play(
        self,
        table: PayoffTable,
        rows: Sequence[P],
        columns: Sequence[P],
        *,
        judge: Judge[P],
        map_cells: Mapper = map_in_turn,
    ) -> PayoffTable:
        """Every cell on every seed; see :func:`~ssa_psro.metagame.payoffs.play_missing`."""
        return play_missing(table, rows, columns, judge=judge, map_cells=map_cells)

    def completed(self, table: PayoffTable) -> PayoffTable:
        """The table itself."""
        return table


FULL = FullSampler()


def full_sampler(options: SamplingOptions) -> FullSampler:
    """The sampler `full`: every cell, every episode.

    It takes no option.
    """
    return FULL
