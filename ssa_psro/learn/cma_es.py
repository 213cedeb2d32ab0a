"""The CMA-ES oracle: the constant doctrine that does best against the opponents' mixture.

It uses no gradient and sees payoffs of whole episodes only, so it fails for other reasons than
PPO does. Its members are networks with a zero head weight in PPO's layout: they can be stored,
inherited and fused like trained ones.

A start with a constant doctrine, such as a heuristic or a sum of them, is where the search
begins. ``scratch`` begins at the doctrine of zeros, and where a start rule yields a network that
reacts to what it sees, ``heuristic`` takes its place.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from time import perf_counter

import numpy as np

from ssa_psro.envs.core import game_of
from ssa_psro.game import CoverageGame
from ssa_psro.learn.candidates import answer, opponent_of
from ssa_psro.learn.ppo_tuning import TUNING
from ssa_psro.learn.protocol import Fact, OracleRequest, OracleResult
from ssa_psro.learn.start_weights import Layout, Start
from ssa_psro.learn.training import Parameters, TrainingSettings, budgeted, start_of
from ssa_psro.policies import Policy
from ssa_psro.randomness import derive_seed
from ssa_psro.scenario import Scenario
from ssa_psro.work import note_share

LAYOUT = Layout()


@dataclass(frozen=True)
class CmaTuning:
    """Settings of CMA-ES.

    Attributes:
        population: doctrines tried in a generation.
        episodes: that each of them plays, the same ones for all of a generation.
        sigma: initial standard deviation of each weight, which lie in [-1, 1].
        validation_episodes: episodes that decide between the start and the end of a search.
    """

    population: int = 16
    episodes: int = 8
    sigma: float = 0.3
    validation_episodes: int = 128


SEARCH = CmaTuning()


@dataclass(frozen=True)
class CmaOracle:
    """Searches best responses in the coverage game of a scenario; an ``Oracle``.

    It travels as ``PpoOracle`` does, and reads of the settings under ``oracle`` the number of
    decisions and the shape of the network.

    Attributes:
        scenario: the game.
        settings: of every training.
        seed: root of the initialisations.
        tuning: what the settings leave open.
    """

    scenario: Scenario
    settings: TrainingSettings
    seed: int
    tuning: CmaTuning = SEARCH

    def __call__(self, request: OracleRequest[Policy], /) -> OracleResult[Policy]:
        """The best constant doctrine found, as a network.

        Raises:
            UsageError: there is no start rule of the name asked for.
        """
        from ssa_psro.learn.cma_es_search import search

        game, begun = game_of(self.scenario), perf_counter()
        start = self.start(game, request)
        found = search(
            game,
            request.side,
            opponent_of(request),
            start.weights[LAYOUT.head_bias],
            budgeted(self.settings, request).decisions,
            request.seed,
            tuning=self.tuning,
            progress=note_share,
        )
        seconds = perf_counter() - begun
        facts: dict[str, Fact] = {
            "decisions": found.decisions,
            "first_return": found.returns[0],
            "last_return": found.returns[-1],
            "final_sigma": found.sigma,
            "training_s": round(seconds, 3),
            "decisions_per_s": round(found.decisions / seconds, 1),
        }
        return answer(
            game,
            request,
            {"start": start.weights, "end": constant_network(start.weights, found.doctrine)},
            start=start.note,
            facts=facts,
            episodes=self.tuning.validation_episodes,
        )

    def start(self, game: CoverageGame, request: OracleRequest[Policy]) -> Start:
        """The constant doctrine that the search of ``request`` starts from, as a network.

        Raises:
            UsageError: there is no start rule of the name asked for.
        """
        from ssa_psro.learn.ppo_weights import fresh_parameters

        seed = derive_seed(self.seed, "initialisation", request.side)
        fresh = fresh_parameters(game, self.settings.hidden, TUNING.log_std, seed)
        fresh = constant_network(fresh, fresh[LAYOUT.head_bias])
        start = start_of(request, fresh)
        if start.weights[LAYOUT.head_weight].any():
            best = start_of(replace(request, start="heuristic"), fresh)
            return replace(best, note=f"{best.note} ({request.start} is no constant doctrine)")
        return start


def constant_network(weights: Parameters, doctrine: np.ndarray) -> Parameters:
    """A network that always plays ``doctrine`` ``[D]``, otherwise as ``weights``."""
    head = weights[LAYOUT.head_weight]
    return {
        **weights,
        LAYOUT.head_weight: np.zeros_like(head),
        LAYOUT.head_bias: doctrine.astype(np.float32),
    }
