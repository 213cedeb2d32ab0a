"""The state of a PSRO run: everything it needs to continue as if it had never stopped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic

from ssa_psro.metagame.judge import P
from ssa_psro.metagame.payoffs import PayoffTable
from ssa_psro.psro.population import Population
from ssa_psro.psro.records import IterationRecord
from ssa_psro.randomness import episode_seeds


@dataclass(frozen=True, eq=False)
class PsroState(Generic[P]):
    """Populations, their payoffs, and what has been found so far.

    Attributes:
        populations: row, then column player.
        table: payoffs of all against all; complete after every iteration.
        records: one an iteration, in order.
    """

    populations: tuple[Population[P], Population[P]]
    table: PayoffTable
    records: tuple[IterationRecord, ...] = ()


def initial_state(
    populations: tuple[Population[P], Population[P]], *, seed: int, episodes_per_cell: int
) -> PsroState[P]:
    """The state before anything has been played.

    Args:
        populations: what each side starts with.
        seed: root seed of the run; the table's episodes are a pure function of it.
        episodes_per_cell: episodes every pair of policies plays, the same ones in all cells.
    """
    seeds = episode_seeds(seed, "table", count=episodes_per_cell)
    rows, columns = populations
    return PsroState(populations, PayoffTable.unplayed(rows.names, columns.names, seeds))
