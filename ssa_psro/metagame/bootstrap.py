"""Bootstrap over episodes: what the noise of the payoffs does to the equilibrium."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from ssa_psro.metagame.exploitability import restricted_exploitability
from ssa_psro.metagame.intervals import CONFIDENCE, Interval, percentile_interval
from ssa_psro.metagame.judge import Floats
from ssa_psro.metagame.payoffs import PayoffTable
from ssa_psro.metagame.solvers import Equilibrium, Solver
from ssa_psro.metagame.structure import cyclic_share


@dataclass(frozen=True, eq=False)
class EquilibriumIntervals:
    """Intervals of what a meta-solver computes from a noisy table.

    Attributes:
        value: the row and the column player's payoff.
        row: probability of each row policy, ``[n]``.
        column: probability of each column policy, ``[m]``.
        cyclic_share: of the row player's payoffs.
        restricted_exploitability: what the equilibrium of one noisy table loses in the game
            the noise was drawn around; the plug-in figure is zero by construction, so the
            mean given here is that of the resamples.
    """

    value: tuple[Interval, Interval]
    row: tuple[Interval, ...]
    column: tuple[Interval, ...]
    cyclic_share: Interval
    restricted_exploitability: Interval


def bootstrap_equilibrium(
    table: PayoffTable,
    solve: Solver,
    *,
    rng: np.random.Generator,
    resamples: int = 200,
    confidence: float = CONFIDENCE,
) -> EquilibriumIntervals:
    """Resample episodes, the same ones in every cell, and solve each resampled table.

    Cells share their episodes, so they must be resampled together: resampling each cell by
    itself would treat their common luck as noise and overstate the uncertainty of mixtures.

    Args:
        table: complete.
        solve: the meta-solver under study.
        rng: source of the resamples.
        resamples: how many tables are drawn and solved.
        confidence: two-sided level.

    Raises:
        SolverError: the solver could not certify an answer.
    """
    episodes = len(table.seeds)
    weights = rng.multinomial(episodes, np.full(episodes, 1 / episodes), size=resamples) / episodes
    games = [np.einsum("ijes,e->ijs", table.samples, weight) for weight in weights]
    return _intervals(table, solve(table.mean), games, [solve(game) for game in games], confidence)


def _intervals(
    table: PayoffTable,
    point: Equilibrium,
    games: list[Floats],
    solutions: list[Equilibrium],
    confidence: float,
) -> EquilibriumIntervals:
    interval = partial(percentile_interval, count=len(table.seeds), confidence=confidence)
    values = np.array([solution.value for solution in solutions])
    rows = np.array([solution.row for solution in solutions])
    columns = np.array([solution.column for solution in solutions])
    shares = np.array([cyclic_share(game[..., 0]) for game in games])
    regret = np.array([restricted_exploitability(table.mean, s.row, s.column) for s in solutions])
    return EquilibriumIntervals(
        value=(interval(point.value[0], values[:, 0]), interval(point.value[1], values[:, 1])),
        row=tuple(interval(p, r) for p, r in zip(point.row, rows.T, strict=True)),
        column=tuple(interval(p, r) for p, r in zip(point.column, columns.T, strict=True)),
        cyclic_share=interval(cyclic_share(table.mean[..., 0]), shares),
        restricted_exploitability=interval(float(regret.mean()), regret),
    )
