"""The exact exploitability of what a run found, iteration by iteration, after the fact."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from ssa_psro.arrays import Floats
from ssa_psro.benchmarks.games.deviation_values import DeviationValues
from ssa_psro.metagame.judge import P
from ssa_psro.psro import PsroResult, PsroState


class ExactGame(Protocol[P]):
    """A game in which a pair of mixtures can be judged by all policies that there are."""

    def mix(self, policies: Sequence[P], probabilities: Floats, /) -> P:
        """See :class:`~ssa_psro.metagame.judge.Mix`."""

    def deviations(self, row: P, column: P, /) -> DeviationValues:
        """Value, gains and NashConv of a pair of policies."""


def exact_curve(game: ExactGame[P], state: PsroState[P]) -> list[DeviationValues]:
    """Of the meta-mixtures that each iteration began with, in order; as long as the records."""
    rows, columns = (population.policies for population in state.populations)
    curve = []
    for record in state.records:
        row, column = (np.array(side.mixture) for side in record.sides)
        mixtures = game.mix(rows[: row.size], row), game.mix(columns[: column.size], column)
        curve.append(game.deviations(*mixtures))
    return curve


def exact_end(game: ExactGame[P], result: PsroResult[P]) -> DeviationValues:
    """Of the final meta-mixture, over all that was trained; no record has measured it."""
    equilibrium = result.equilibrium
    rows, columns = (population.policies for population in result.state.populations)
    return game.deviations(game.mix(rows, equilibrium.row), game.mix(columns, equilibrium.column))
