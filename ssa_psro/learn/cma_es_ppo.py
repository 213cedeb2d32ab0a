"""CMA-ES, then PPO: search among constant doctrines first, then learn to react from there.

Either fails where the other does not. Playing one doctrine for a whole episode, the search finds
gains that PPO passes by, whose noise is drawn anew at every decision: an audit of ten iterations
of PPO on the reference game gained 0.12 by CMA-ES and 0.02 to 0.05 by PPO at equal length. But a
constant doctrine reacts to nothing.

PPO starts from what the search has found or from the start weights that were asked for, whichever
does better on episodes of their own; so a fused start is still taken where it is ahead.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from ssa_psro.envs.core import game_of
from ssa_psro.game import CoverageGame
from ssa_psro.learn.candidates import answer, opponent_of, validate
from ssa_psro.learn.cma_es import LAYOUT, SEARCH, CmaOracle, CmaTuning, constant_network
from ssa_psro.learn.ppo import PpoOracle
from ssa_psro.learn.ppo_tuning import TUNING, PpoTuning
from ssa_psro.learn.protocol import Fact, OracleRequest, OracleResult, Weights
from ssa_psro.learn.start_weights import WARM_LOG_STD, Start
from ssa_psro.learn.training import Parameters, Training, TrainingSettings, budgeted
from ssa_psro.policies import Policy
from ssa_psro.progress import Progress
from ssa_psro.randomness import derive_seed, episode_seeds
from ssa_psro.scenario import Scenario
from ssa_psro.work import note_share


@dataclass(frozen=True)
class CmaPpoTuning:
    """How the two share a training.

    Attributes:
        search_share: of the decisions, for CMA-ES.
        search: settings of CMA-ES.
        ppo: settings of PPO.
        validation_episodes: episodes that decide where PPO starts, and as many others that
            decide between all that was found.
    """

    search_share: float = 0.5
    search: CmaTuning = SEARCH
    ppo: PpoTuning = TUNING
    validation_episodes: int = 128


@dataclass(frozen=True)
class CmaPpoOracle:
    """Trains best responses in the coverage game of a scenario; an ``Oracle``.

    It travels as ``PpoOracle`` does.

    Attributes:
        scenario: the game.
        settings: of every training.
        seed: root of the initialisations.
        tuning: what the settings leave open.
    """

    scenario: Scenario
    settings: TrainingSettings
    seed: int
    tuning: CmaPpoTuning = CmaPpoTuning()

    def __call__(self, request: OracleRequest[Policy], /) -> OracleResult[Policy]:
        """The best response found, as a network in PPO's layout.

        Raises:
            UsageError: there is no start rule of the name asked for, or the training diverged.
        """
        game = game_of(self.scenario)
        asked = self.start(game, request)
        searched, search_facts = self._searched(game, request)
        starts = {"asked": asked.weights, "searched": searched}
        begun, scores = self._better(game, request, starts)
        training = self._trained(game, request, starts[begun])
        note = asked.note if begun == "asked" else f"cma-es, which beats {asked.note}"
        return answer(
            game,
            request,
            {**training.candidates(asked.weights), "searched": searched},
            start=note,
            facts=_facts(search_facts, training) | {f"{k}_before": v for k, v in scores.items()},
            episodes=self.tuning.validation_episodes,
        )

    def start(self, game: CoverageGame, request: OracleRequest[Policy]) -> Start:
        """The start weights that are asked for. Raises ``UsageError`` for an unknown rule."""
        return PpoOracle(self.scenario, self.settings, self.seed, tuning=self.tuning.ppo).start(
            game, request
        )

    def _searched(
        self, game: CoverageGame, request: OracleRequest[Policy]
    ) -> tuple[Parameters, Mapping[str, Fact]]:
        """The best constant doctrine found, as a network that goes on learning from it."""
        from ssa_psro.learn.cma_es_search import search

        start = CmaOracle(self.scenario, self.settings, self.seed).start(game, request)
        found = search(
            game,
            request.side,
            opponent_of(request),
            start.weights[LAYOUT.head_bias],
            self._decisions(request, self.tuning.search_share),
            derive_seed(request.seed, "search"),
            tuning=self.tuning.search,
            progress=partial(_part, note_share, 0.0, self.tuning.search_share),
        )
        network = constant_network(start.weights, found.doctrine)
        network[LAYOUT.log_std] = np.full_like(network[LAYOUT.log_std], WARM_LOG_STD)
        return network, {
            "searched_decisions": found.decisions,
            "first_return": found.returns[0],
            "searched_return": found.returns[-1],
        }

    def _better(
        self, game: CoverageGame, request: OracleRequest[Policy], starts: Mapping[str, Weights]
    ) -> tuple[str, dict[str, float]]:
        """Name of the start that scores best, the first of equals, and all scores."""
        seeds = episode_seeds(request.seed, "starts", count=self.tuning.validation_episodes)
        scores = validate(game, request.side, opponent_of(request), starts, seeds)
        return max(scores, key=lambda name: scores[name]), scores

    def _trained(
        self, game: CoverageGame, request: OracleRequest[Policy], start: Weights
    ) -> Training:
        from ssa_psro.learn.doctrine_training import train
        from ssa_psro.learn.ppo_training import LEARNER

        share = 1.0 - self.tuning.search_share
        decisions = self._decisions(request, share)
        return train(
            LEARNER,
            game,
            request.side,
            opponent_of(request),
            start,
            replace(self.settings, decisions=decisions),
            request.seed,
            tuning=self.tuning.ppo,
            progress=partial(_part, note_share, self.tuning.search_share, share),
        )

    def _decisions(self, request: OracleRequest[Policy], share: float) -> int:
        return max(1, round(budgeted(self.settings, request).decisions * share))


def _facts(search: Mapping[str, Fact], training: Training) -> dict[str, Fact]:
    """Both parts' facts; ``decisions`` are those of both."""
    searched = search["searched_decisions"]
    assert isinstance(searched, int), "it has just been counted"
    return {**training.facts, **search, "decisions": searched + training.decisions}


def _part(progress: Progress, begin: float, share: float, done: float) -> None:
    progress(begin + share * done)
