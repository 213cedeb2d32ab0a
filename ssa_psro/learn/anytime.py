"""Anytime PSRO's training target: opponents that shift their mixture while the learner trains.

Against a fixed meta-Nash a learner learns to beat that one mixture, and the population can get
more exploitable from one iteration to the next. In Anytime PSRO (McAleer et al., arXiv
2201.07700) the opponents minimise regret against the learner while it trains, so what it learns
to beat is their least exploitable mixture. Training is cut into rounds; after each one the
opponents' mixture takes a step of exponentiated gradient (Kivinen & Warmuth 1997) towards those
who do well against the response so far.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Generic

import numpy as np

from ssa_psro.arrays import Floats
from ssa_psro.learn.protocol import Member, Oracle, OracleRequest, OracleResult
from ssa_psro.metagame.judge import Judge, P
from ssa_psro.randomness import derive_seed, episode_seeds

EVEN_SHARE = 0.1
"""Share of the first mixture that goes to all opponents alike; a product never revives a zero."""


@dataclass(frozen=True, eq=False)
class AnytimeOracle(Generic[P]):
    """Another oracle, in rounds, against opponents that minimise regret; an ``Oracle``.

    Attributes:
        oracle: trains in each round, with its share of the budget.
        judge: what plays matches; it travels with the oracle.
        rounds: how often the opponents may shift.
        episodes: of every match between the response and an opponent.
        rate: step of the opponents, in units of one over the spread of their payoffs.
    """

    oracle: Oracle[P]
    judge: Judge[P]
    rounds: int = 4
    episodes: int = 64
    rate: float = 2.0

    def __call__(self, request: OracleRequest[P], /) -> OracleResult[P]:
        """The response after the last round, and where the opponents ended."""
        mixture = request.opponent_mixture
        mixture = (1 - EVEN_SHARE) * mixture + EVEN_SHARE / mixture.size
        asked = request
        for number in range(self.rounds):
            asked = self._round(request, asked, mixture, number)
            result = self.oracle(asked)
            if number + 1 < self.rounds:
                mixture = self._shifted(mixture, result.member, request, number)
                asked = _continued(asked, result.member)
        shift = float(np.abs(mixture - request.opponent_mixture).sum() / 2)
        facts = {**result.facts, "rounds": self.rounds, "opponents_shifted_by": round(shift, 4)}
        return OracleResult(replace(result.member, name=request.name), result.start, facts)

    def _round(
        self, request: OracleRequest[P], asked: OracleRequest[P], mixture: Floats, number: int
    ) -> OracleRequest[P]:
        return replace(
            asked,
            opponent_mixture=mixture,
            seed=derive_seed(request.seed, "round", number),
            budget=request.budget / self.rounds,
        )

    def _shifted(
        self,
        mixture: Floats,
        response: Member[P],
        request: OracleRequest[P],
        number: int,
    ) -> Floats:
        """The opponents' mixture after a step towards who does well against the response."""
        seeds = episode_seeds(request.seed, "shift", number, count=self.episodes)
        gains = np.array(
            [
                np.mean(
                    [
                        _payoff(self.judge, response.policy, opponent.policy, seat, seeds)
                        for seat in request.seats
                    ]
                )
                for opponent in request.opponents
            ]
        )
        spread = float(np.ptp(gains))
        if spread == 0.0:
            return mixture
        shifted = mixture * np.exp(self.rate * (gains - gains.max()) / spread)
        return np.asarray(shifted / shifted.sum())


def _payoff(judge: Judge[P], response: P, opponent: P, side: int, seeds: np.ndarray) -> float:
    """The opponent's mean payoff against a response in ``side``'s seat."""
    row, column = (response, opponent) if side == 0 else (opponent, response)
    return float(judge(row, column, seeds)[:, 1 - side].mean())


def _continued(asked: OracleRequest[P], response: Member[P]) -> OracleRequest[P]:
    """The request for the next round, which goes on where the last one ended."""
    if response.parameters is None:
        return asked
    return replace(
        asked,
        name=f"{asked.name}+",
        learners=(*asked.learners, response),
        learner_mixture=np.append(asked.learner_mixture, 0.0),
        learner_scores=np.append(asked.learner_scores, -np.inf),
        start="inherit-last",
    )
