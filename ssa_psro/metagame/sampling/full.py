"""The sampler `full`: every cell, every episode."""

from __future__ import annotations

from collections.abc import Sequence

from ssa_psro.metagame.judge import Judge, Mapper, P, map_in_turn
from ssa_psro.metagame.payoffs import PayoffTable, play_missing
from ssa_psro.metagame.sampling.protocol import SamplingOptions


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
    """The sampler; it takes no option."""
    return FULL
