"""The outcome of a run: the equilibrium of the last table, with intervals, and the best iterate."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ssa_psro.metagame.bootstrap import bootstrap_equilibrium
from ssa_psro.metagame.intervals import Interval
from ssa_psro.metagame.judge import P
from ssa_psro.metagame.payoffs import PayoffTable
from ssa_psro.metagame.solvers import Solver
from ssa_psro.psro.loop import PsroResult
from ssa_psro.psro.stopping import StopReason

RESAMPLES = {"zero-sum": 200, "general-sum": 50}
"""Tables that the intervals of an outcome rest on; a general-sum one takes long to solve."""


@dataclass(frozen=True)
class SideSolution:
    """One side's part in the equilibrium of the last table.

    Attributes:
        side: name of the side.
        names: all members, ``[n]``.
        mixture: their probabilities, ``[n]``, with bootstrap intervals over episodes.
        value: expected payoff, likewise.
    """

    side: str
    names: tuple[str, ...]
    mixture: tuple[Interval, ...]
    value: Interval


@dataclass(frozen=True)
class Solution:
    """What a run arrived at.

    The equilibrium is that of the extended table: what its mixtures are worth against freshly
    trained responses has not been measured. The best iterate's mixtures have been.

    Attributes:
        stopped: why the run ended.
        sides: Blue, then Red.
        method: the meta-solver.
        gap: its certificate.
        cyclic_share: of the last table, Blue's payoffs.
        restricted_exploitability: of equilibria of resampled tables, in the table as it is.
        best_iteration: the iterate to use; its mixtures stand in its record.
    """

    stopped: StopReason
    sides: tuple[SideSolution, SideSolution]
    method: str
    gap: float
    cyclic_share: Interval
    restricted_exploitability: Interval
    best_iteration: int


def solution_of(
    result: PsroResult[P],
    table: PayoffTable,
    solve: Solver,
    *,
    rng: np.random.Generator,
    resamples: int,
) -> Solution:
    """The outcome of a finished run of at least one iteration.

    Args:
        result: of ``run_psro``.
        table: its last one, completed.
        solve: its meta-solver.
        rng: source of the bootstrap's resamples.
        resamples: how many there are.

    Raises:
        SolverError: the solver could not certify an answer for a resampled table.
    """
    assert result.best is not None, "a run has at least one iteration"
    found = bootstrap_equilibrium(table, solve, rng=rng, resamples=resamples)
    blue, red = (
        SideSolution(population.side, population.names, mixture, value)
        for population, mixture, value in zip(
            result.state.populations, (found.row, found.column), found.value, strict=True
        )
    )
    return Solution(
        stopped=result.stopped,
        sides=(blue, red),
        method=result.equilibrium.method,
        gap=result.equilibrium.gap,
        cyclic_share=found.cyclic_share,
        restricted_exploitability=found.restricted_exploitability,
        best_iteration=result.best.iteration,
    )
