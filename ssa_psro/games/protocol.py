"""Games that can be measured exactly: what a pair of policies is worth and how exploitable it is.

Every game has the protocol of ``learn.protocol.Game``; those here also know what the best of all
policies would gain over a pair, and so the exact exploitability of what a run found, iteration by
iteration, after the fact.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from ssa_psro.learn.protocol import Game
from ssa_psro.metagame.judge import P
from ssa_psro.psro import PsroResult, PsroState


@dataclass(frozen=True)
class DeviationValues:
    """Of a pair of policies in a zero-sum game.

    Attributes:
        value: expected payoff of the row player.
        gains: what each player's best response gains over playing on, both >= 0.
    """

    value: float
    gains: tuple[float, float]

    @classmethod
    def of(cls, value: float, best: tuple[float, float]) -> DeviationValues:
        """From the row player's payoff and what each player's best response would get.

        Gains are cut off at 0: no policy beats a best response, whatever rounding says.
        """
        first, second = np.maximum((best[0] - value, best[1] + value), 0.0).tolist()
        return cls(value, (first, second))

    @property
    def nash_conv(self) -> float:
        """Sum of the gains; 0 at a Nash equilibrium and only there."""
        return sum(self.gains)

    @property
    def exploitability(self) -> float:
        """Half of NashConv, as in OpenSpiel."""
        return self.nash_conv / 2


class ExactGame(Game[P], Protocol[P]):
    """A game in which a pair of mixtures can be judged by all policies that there are."""

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
