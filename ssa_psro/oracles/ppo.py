"""The PPO oracle: a best response trained against the opponents' mixture.

What is returned is the better of the training's end and its start on validation episodes. So a
response is not worse than what it started from, as far as these episodes can tell. They belong
to the training: their seeds are apart from those of the episodes that train, and from those
that the meta-game is judged by.

All learners of a side descend from one initialisation, drawn from the scenario's seed. What
fusion averages are then networks whose hidden units mean the same at birth; averages of networks
born apart are near no member of the population.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ssa_psro.envs.arguments import game_of
from ssa_psro.game import CoverageGame
from ssa_psro.oracles.ppo_tuning import TUNING, PpoTuning
from ssa_psro.oracles.protocol import Fact, Member, OracleRequest, OracleResult, Weights
from ssa_psro.oracles.start_weights import Start, StartContext, make_start
from ssa_psro.policies import DoctrineNetwork, Mixture, Policy, play
from ssa_psro.randomness import derive_seed, episode_seeds
from ssa_psro.scenario import Scenario

if TYPE_CHECKING:
    from ssa_psro.oracles.ppo_diary import Training


def _untold(share: float) -> None:
    """Progress that nobody follows."""


@dataclass(frozen=True)
class PpoOracle:
    """Trains best responses in the coverage game of a scenario; an ``Oracle``.

    It can be sent to another process, which builds the game from the cached tables. Only where
    it trains is torch imported.

    Attributes:
        scenario: the game, the settings under ``oracle``, and the seed of the initialisation.
        tuning: what the scenario leaves open.
        progress: told the share of the training done.
    """

    scenario: Scenario
    tuning: PpoTuning = TUNING
    progress: Callable[[float], None] = _untold

    def __call__(self, request: OracleRequest[Policy], /) -> OracleResult[Policy]:
        """The best response found, with ``parameters`` of actor and critic.

        Raises:
            UsageError: there is no start rule of the name asked for, or the training diverged.
        """
        from ssa_psro.oracles.ppo_training import train

        game, opponent = game_of(self.scenario), opponent_of(request)
        start = self.start(game, request)
        training = train(
            game,
            request.side,
            opponent,
            start.weights,
            self.scenario.oracle,
            request.seed,
            tuning=self.tuning,
            progress=self.progress,
        )
        candidates = {"start": start.weights, "end": training.parameters}
        seeds = episode_seeds(request.seed, "validation", count=self.tuning.validation_episodes)
        scores = validate(game, request.side, opponent, candidates, seeds)
        kept = max(scores, key=lambda name: scores[name])
        policy = DoctrineNetwork(request.name, candidates[kept])
        member = Member[Policy](request.name, policy, parameters=candidates[kept])
        return OracleResult(member, start.note, facts(training, scores, kept))

    def start(self, game: CoverageGame, request: OracleRequest[Policy]) -> Start:
        """Where the training of ``request`` starts."""
        from ssa_psro.oracles.ppo_weights import fresh_parameters

        fresh = fresh_parameters(
            game,
            self.scenario.oracle.hidden,
            self.tuning.log_std,
            derive_seed(self.scenario.seed, "initialisation", request.side),
        )
        context = StartContext(
            request.learners, request.learner_mixture, request.learner_scores, fresh
        )
        return make_start(request.start)(context)


def opponent_of(request: OracleRequest[Policy]) -> Mixture:
    """The opponents' mixture as one policy that draws a member for every episode."""
    members = [member.policy for member in request.opponents]
    return Mixture(f"opponents of {request.name}", members, request.opponent_mixture)


def validate(
    game: CoverageGame,
    side: int,
    opponent: Policy,
    candidates: Mapping[str, Weights],
    seeds: np.ndarray,
) -> dict[str, float]:
    """Mean payoff of each candidate, without exploration, all on the same episodes ``[E]``."""
    scores = {}
    for name, weights in candidates.items():
        own: Policy = DoctrineNetwork(name, weights)
        blue, red = (own, opponent) if side == 0 else (opponent, own)
        scores[name] = float(play(game, blue, red, seeds).payoffs[:, side].mean())
    return scores


def facts(training: Training, scores: Mapping[str, float], kept: str) -> dict[str, Fact]:
    """What is worth a line in the record of a training; times are wall times."""
    outside = 1.0 - training.torch_s / training.total_s
    return {
        "decisions": training.decisions,
        "first_return": training.returns[0],
        "last_return": training.returns[-1],
        "kept": kept,
        **{f"validation_{name}": score for name, score in scores.items()},
        "training_s": round(training.total_s, 3),
        "decisions_per_s": round(training.decisions / training.total_s, 1),
        "share_in_game": round(training.game_s / training.total_s, 4),
        "share_outside_torch": round(outside, 4),
    }
