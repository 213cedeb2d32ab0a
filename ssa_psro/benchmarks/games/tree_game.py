"""A game tree in the shape PSRO asks for; with its exact oracle, PSRO is the double oracle.

Double oracle: McMahan, Gordon & Blum, ICML 2003.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ssa_psro.arrays import Floats, Seeds
from ssa_psro.benchmarks.games import behaviour, sequence_form
from ssa_psro.benchmarks.games.behaviour import Behaviour
from ssa_psro.benchmarks.games.deviation_values import DeviationValues
from ssa_psro.benchmarks.games.tree import GameTree
from ssa_psro.oracles.protocol import Member, OracleRequest, OracleResult


@dataclass(frozen=True, eq=False)
class TreeGame:
    """Judge, mix and exact oracle of a game tree; a policy is a ``Behaviour``.

    Attributes:
        tree: the game.
    """

    tree: GameTree

    def uniform(self, side: int) -> Member[Behaviour]:
        """The member of ``side`` that plays all legal actions alike."""
        return Member("uniform", behaviour.uniform(self.tree, side))

    def first_legal(self, side: int) -> Member[Behaviour]:
        """The member of ``side`` that always plays the first legal action."""
        return Member("first-legal", behaviour.first_legal(self.tree, side))

    def judge(self, row: Behaviour, column: Behaviour, seeds: Seeds, /) -> Floats:
        """Expected payoffs, the same in every episode, ``[E, 2]``."""
        payoff = sequence_form.expected_payoff(self.tree, row, column)
        return np.tile([payoff, -payoff], (len(seeds), 1))

    def mix(self, policies: Sequence[Behaviour], probabilities: Floats, /) -> Behaviour:
        """The behaviour that plays as the mixture does, by Kuhn's theorem."""
        return sequence_form.mixed(self.tree, policies, probabilities)

    def deviations(self, row: Behaviour, column: Behaviour, /) -> DeviationValues:
        """Exact value, gains and NashConv of a pair of policies."""
        return sequence_form.deviations(self.tree, row, column)

    def best_response(self, request: OracleRequest[Behaviour], /) -> OracleResult[Behaviour]:
        """The pure policy of highest expected payoff against the opponents."""
        policies = [member.policy for member in request.opponents]
        opponent = self.mix(policies, request.opponent_mixture)
        response, payoff = sequence_form.best_response(self.tree, opponent)
        return OracleResult(Member(request.name, response), facts={"payoff": payoff})
