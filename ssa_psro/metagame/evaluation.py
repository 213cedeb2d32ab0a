"""Everything that a payoff table tells about its policies, in one call."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ssa_psro.metagame.hodge import Hodge, cyclic_share_interval, decompose, rating_intervals
from ssa_psro.metagame.intervals import Interval
from ssa_psro.metagame.payoffs import PayoffTable
from ssa_psro.metagame.rankings import Ranking, rank
from ssa_psro.metagame.response_graph import ResponseGraph, response_graph
from ssa_psro.metagame.solvers import Solver
from ssa_psro.metagame.spinning_top import Layer, spinning_top


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
            :func:`~ssa_psro.metagame.variance.swap_seats`.
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
