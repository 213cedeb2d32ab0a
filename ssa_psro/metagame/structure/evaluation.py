"""Everything that a payoff table tells about its policies, in one call, and their ranking in it.

Policies are ranked by a meta-solver's mixture, with intervals from resampled tables. With the Nash
equilibrium of greatest entropy this is Nash averaging (Balduzzi et al. 2018): copies of a policy,
or easy prey, do not change the ranking. With alpha-rank it is the ranking of Omidshafiei et al.
2019, by the share of time that evolution spends at each policy.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ssa_psro.arrays import Floats
from ssa_psro.metagame.bootstrap import resampled_means
from ssa_psro.metagame.estimates import gains_of
from ssa_psro.metagame.intervals import CONFIDENCE, Interval, percentile_interval
from ssa_psro.metagame.payoffs import PayoffTable
from ssa_psro.metagame.solvers import Solver
from ssa_psro.metagame.structure.cycles import (
    Hodge,
    cyclic_share_interval,
    decompose,
    rating_intervals,
)
from ssa_psro.metagame.structure.response_graph import ResponseGraph, response_graph
from ssa_psro.metagame.structure.spinning_top import Layer, spinning_top


@dataclass(frozen=True)
class Ranked:
    """One policy of a ranking.

    Attributes:
        policy: its name.
        mass: its probability in the solver's mixture; the bounds are those of resampled tables.
        gain: its payoff less the mixture's, both against the other seat's mixture, which are
            held fixed. About 0 for all policies that a Nash equilibrium plays; it orders those
            of no mass.
    """

    policy: str
    mass: Interval
    gain: Interval


@dataclass(frozen=True)
class Ranking:
    """The policies of both seats, best first.

    Attributes:
        method: the solver's, as :class:`~ssa_psro.metagame.solvers.Equilibrium` names it.
        rows: row policies by mass, then by gain.
        columns: column policies by mass, then by gain.
    """

    method: str
    rows: tuple[Ranked, ...]
    columns: tuple[Ranked, ...]


def rank(
    table: PayoffTable,
    solve: Solver,
    *,
    rng: np.random.Generator,
    resamples: int = 100,
    confidence: float = CONFIDENCE,
) -> Ranking:
    """Rank both seats' policies.

    Args:
        table: of two episodes or more in every cell.
        solve: whose mixtures rank.
        rng: source of the resamples.
        resamples: how many tables are resampled and solved.
        confidence: two-sided level of each interval alone.

    Raises:
        SolverError: the solver could not certify an answer.
    """
    point = solve(table.mean)
    solutions = [solve(game) for game in resampled_means(table, rng, resamples)]
    rows = np.array([solution.row for solution in solutions])
    columns = np.array([solution.column for solution in solutions])
    gains = [
        gains_of(table, point.row, point.column, side).intervals(confidence) for side in (0, 1)
    ]
    return Ranking(
        point.method,
        _ranked(table.rows, _masses(table, point.row, rows, confidence), gains[0]),
        _ranked(table.columns, _masses(table, point.column, columns, confidence), gains[1]),
    )


def _masses(
    table: PayoffTable, point: Floats, replicates: Floats, confidence: float
) -> list[Interval]:
    count = int(table.count.min())
    return [
        percentile_interval(float(mass), resampled, count, confidence)
        for mass, resampled in zip(point, replicates.T, strict=True)
    ]


def _ranked(
    names: tuple[str, ...],
    masses: list[Interval],
    gains: tuple[Interval, ...],
) -> tuple[Ranked, ...]:
    entries = [Ranked(*entry) for entry in zip(names, masses, gains, strict=True)]
    # a mass of rounding must not decide the order of policies that nobody plays
    return tuple(sorted(entries, key=lambda one: (-round(one.mass.mean, 9), -one.gain.mean)))


@dataclass(frozen=True, eq=False)
class PopulationEvaluation:
    """How strong policies are, and how they counter each other.

    Attributes:
        nash_averaging: ranking by the Nash equilibrium.
        alpha_rank: ranking by alpha-rank.
        row_ratings: transitive strength of each row policy, ``[n]``, from the row player's payoffs.
        column_ratings: of each column policy, ``[m]``.
        cyclic_share: of the row player's payoffs, without their noise.
        hodge: the row player's mean payoffs taken apart.
        responses: the best-response graph.
        layers: the spinning top.
    """

    nash_averaging: Ranking
    alpha_rank: Ranking
    row_ratings: tuple[Interval, ...]
    column_ratings: tuple[Interval, ...]
    cyclic_share: Interval
    hodge: Hodge
    responses: ResponseGraph
    layers: tuple[Layer, ...]


def evaluate_population(
    table: PayoffTable,
    *,
    nash: Solver,
    alpha_rank: Solver,
    rng: np.random.Generator,
    resamples: int = 100,
) -> PopulationEvaluation:
    """Evaluate the policies of both seats.

    Args:
        table: of two episodes or more in every cell; of a symmetric game after
            :func:`~ssa_psro.metagame.tournament.swap_seats`.
        nash: the Nash solver of the ranking and of the layers; it should choose the equilibrium of
            greatest entropy, so that equals rank equal.
        alpha_rank: the alpha-rank solver.
        rng: source of the resamples.
        resamples: tables that each part with intervals resamples.

    Raises:
        SolverError: a solver could not certify an answer.
    """
    return PopulationEvaluation(
        nash_averaging=rank(table, nash, rng=rng, resamples=resamples),
        alpha_rank=rank(table, alpha_rank, rng=rng, resamples=resamples),
        row_ratings=rating_intervals(table, 0),
        column_ratings=rating_intervals(table, 1),
        cyclic_share=cyclic_share_interval(table, rng=rng, resamples=resamples),
        hodge=decompose(table.mean[..., 0]),
        responses=response_graph(table, rng=rng, resamples=resamples),
        layers=spinning_top(table, nash),
    )
