"""Anytime PSRO's training target: opponents that shift their mixture while the learner trains.

Against a fixed meta-Nash a learner learns to beat that one mixture, and the population can get
more exploitable from one iteration to the next. Anytime PSRO (McAleer et al., AAAI workshop on
reinforcement learning in games 2022, arXiv 2201.07700) gives each player the *restricted
distribution*: of all mixtures of its population the one that the whole game exploits least, found
by no-regret play against best responses. It is the iterate's mixture, and the last best response
joins.

Here training is cut into rounds, and after each one the opponents play the mixture that loses
least to all replies known: the learner's members and the responses of the rounds before. The paper
takes a step of regret minimisation for every step of training instead. A linear program gives the
mixture that such play would come to, without regret against every known reply. So the guarantee
holds for known replies: none of them gets more than the program's value. What an unknown one gets,
the last round's response tells, which has been trained against this mixture and no other, and it
is measured as every iterate's is. With best responses and enough rounds the mixture is the paper's;
two rounds, each with half of the budget, are one step towards it. It is made for zero-sum games: in
others the opponents would pay for the learner's losses.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Generic

import numpy as np

from ssa_psro.arrays import Floats, Seeds
from ssa_psro.learn.protocol import Member, Oracle, OracleRequest, OracleResult, spent_on
from ssa_psro.metagame.judge import Judge, P
from ssa_psro.metagame.solvers.nash_lp import solve_nash_lp
from ssa_psro.randomness import derive_seed, episode_seeds


@dataclass(frozen=True, eq=False)
class AnytimeOracle(Generic[P]):
    """Another oracle, in rounds, against opponents that lose least to known replies; an ``Oracle``.

    Attributes:
        oracle: trains in each round, with its share of the budget.
        judge: what plays matches; it travels with the oracle.
        rounds: how often the learner trains; the opponents shift once less.
        episodes: of every match between a response and an opponent.
    """

    oracle: Oracle[P]
    judge: Judge[P]
    rounds: int = 2
    episodes: int = 256

    def __call__(self, request: OracleRequest[P], /) -> OracleResult[P]:
        """The response of the last round, and the opponents' mixture that it was trained against.

        Its start is that of the first round, and its facts count what all rounds have spent. The
        request must know its ``payoffs``.
        """
        assert request.payoffs is not None, "opponents shift by what known replies get"
        mixture, replies, asked = request.opponent_mixture, request.payoffs, request
        trained = list[OracleResult[P]]()
        for number in range(self.rounds):
            result = self.oracle(self._round(request, asked, mixture, number))
            trained.append(result)
            if number + 1 < self.rounds:
                replies = np.vstack([replies, self._payoffs(result.member, request)])
                mixture = solve_nash_lp(replies).column
                asked = _continued(asked, result.member, f"{request.name}, round {number + 1}")
        shift = float(np.abs(mixture - request.opponent_mixture).sum() / 2)
        facts = {
            **result.facts,
            **spent_on(trained),
            "rounds": self.rounds,
            "opponents_shifted_by": round(shift, 4),
            "known_replies_get_at_most": float((replies @ mixture).max()),
        }
        return OracleResult(result.member, trained[0].start, facts, opponent_mixture=mixture)

    def _round(
        self, request: OracleRequest[P], asked: OracleRequest[P], mixture: Floats, number: int
    ) -> OracleRequest[P]:
        return replace(
            asked,
            opponent_mixture=mixture,
            seed=derive_seed(request.seed, "round", number),
            budget=request.budget / self.rounds,
        )

    def _payoffs(self, response: Member[P], request: OracleRequest[P]) -> Floats:
        """What a response gets against each opponent, ``[m]``, in all its seats."""
        seeds = episode_seeds(request.seed, "shift", count=self.episodes)
        return np.array(
            [
                np.mean([_payoff(self.judge, response, other, at, seeds) for at in request.seats])
                for other in request.opponents
            ]
        )


def _payoff(
    judge: Judge[P], response: Member[P], opponent: Member[P], seat: int, seeds: Seeds
) -> float:
    row, column = (response, opponent) if seat == 0 else (opponent, response)
    return float(judge(row.policy, column.policy, seeds)[:, seat].mean())


def _continued(asked: OracleRequest[P], response: Member[P], name: str) -> OracleRequest[P]:
    """The request for the next round, which goes on where the last one ended.

    The response of a round is a learner of another ``name``: the last one's bears the response's
    own. It comes after all others and weighs nothing, so that any finite score does.
    """
    if response.parameters is None:
        return asked
    return replace(
        asked,
        learners=(*asked.learners, replace(response, name=name)),
        learner_mixture=np.append(asked.learner_mixture, 0.0),
        learner_scores=np.append(asked.learner_scores, asked.learner_scores.min(initial=0.0)),
        start="inherit-last",
    )
