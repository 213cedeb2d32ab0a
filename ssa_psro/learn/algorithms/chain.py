"""CMA-ES, then PPO: search first, then learn to react from there.

Either fails where the other does not.
Playing one doctrine for a whole episode, the search finds gains that PPO passes by: an audit of ten
iterations of PPO on the reference game gained 0.12 by CMA-ES and 0.02 to 0.05 by PPO at equal
length. But a constant doctrine reacts to nothing. PPO starts from what the search has found or from
the start weights that were asked for, whichever does better on episodes of their own; so a fused
start is still taken where it is ahead. What PPO makes of it is kept where it does better than what
the search has found, on other episodes again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, ClassVar

import numpy as np

from ssa_psro.errors import Fault, UsageError
from ssa_psro.learn.algorithms.ppo import PpoAgent, PpoOracle, PpoSettings
from ssa_psro.learn.algorithms.search import SearchOracle
from ssa_psro.learn.answers import answer, check_selection, validation_seeds
from ssa_psro.learn.evolution import SearchSettings, search
from ssa_psro.learn.protocol import Ability, OracleRequest, OracleResult, Parameters, Weights
from ssa_psro.learn.starts import CONTINUE, WARM_LOG_STD
from ssa_psro.metagame.judge import P
from ssa_psro.progress import Progress
from ssa_psro.randomness import derive_seed
from ssa_psro.work import note_share


@dataclass(frozen=True, kw_only=True)
class ChainSettings(PpoSettings):
    """How CMA-ES and PPO share a training; the settings of PPO, and those of the search.

    Attributes:
        search_share: of the decisions, for CMA-ES.
        starts: see ``SearchSettings``, like ``population``, ``episodes`` and ``sigma``.
        population: vectors tried in a generation.
        episodes: that each vector plays.
        sigma: initial standard deviation of each number.
        validation_episodes: episodes that decide where PPO starts, and as many others that
            decide between all that was found.
    """

    search_share: float = 0.9
    starts: int = 6
    population: int = 16
    episodes: int = 2
    sigma: float = 0.3

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.frozen_share:
            cure = "Leave it out, or use ppo."
            fault = Fault(
                "frozen_share", self.frozen_share, "start weights are searched from", cure
            )
            raise UsageError("learner settings", [fault])

    @property
    def search(self) -> SearchSettings:
        """Of the search."""
        return SearchSettings(
            steps=self.steps,
            hidden=self.hidden,
            starts=self.starts,
            population=self.population,
            episodes=self.episodes,
            sigma=self.sigma,
            validation_episodes=self.validation_episodes,
        )


@dataclass(frozen=True)
class ChainOracle(PpoOracle[P]):
    """Searches by CMA-ES, then trains by PPO; an ``Oracle`` that travels."""

    name: ClassVar[str] = "ppo"  # the stream of its trainings
    needs: ClassVar[frozenset[Ability]] = frozenset({"episodes", "search"})
    settings_type: ClassVar[type[PpoSettings]] = ChainSettings

    def __call__(self, request: OracleRequest[P], /) -> OracleResult[P]:
        """The best response found, as a network in PPO's layout.

        Raises:
            UsageError: there is no start rule of the name asked for, the rule goes on with an
                optimiser, which a search has not, or the training diverged.
        """
        agent, settings = self._ppo_agent(request), self._chain
        check_selection(settings.select, agent.task)
        if request.start == CONTINUE:
            cure = "Use inherit-last, or ppo."
            fault = Fault("start", CONTINUE, "a search has no optimiser to go on with", cure)
            raise UsageError("start weights", [fault])
        asked = self.start_of(agent, request)
        left = settings.budget(request) - asked.decisions
        searched, search_facts = self._searched(request, agent, left)
        starts = {"asked": asked.weights, "searched": searched}
        begun, scores = self._better(request, agent, starts)
        training = agent.train(
            starts[begun],
            _part_of(left, 1.0 - settings.search_share),
            request.seed,
            progress=partial(_part, note_share, settings.search_share, 1.0 - settings.search_share),
        )
        played = training.decisions + int(search_facts["searched_decisions"])
        return answer(
            agent.task,
            request,
            {**training.candidates(asked.weights), "searched": searched},
            agent.policy,
            start=asked.note if begun == "asked" else f"cma-es, which beats {asked.note}",
            facts={
                **training.facts(even=agent.task.episode is not None),
                **search_facts,
                "decisions": asked.decisions + played,
                **{f"{name}_before": score for name, score in scores.items()},
            },
            select=settings.select,
            episodes=settings.validation_episodes,
        )

    @property
    def _chain(self) -> ChainSettings:
        assert isinstance(self.settings, ChainSettings)
        return self.settings

    def _ppo_agent(self, request: OracleRequest[P]) -> PpoAgent[P]:
        agent = self.agent(request)
        assert isinstance(agent, PpoAgent)
        return agent

    def _searched(
        self, request: OracleRequest[P], agent: PpoAgent[P], left: int
    ) -> tuple[Parameters, dict[str, Any]]:
        """The best vector found, as a network that goes on learning from it.

        Args:
            request: what is asked for.
            agent: whose networks are searched for.
            left: decisions of the budget that the start weights have not cost.
        """
        settings = self._chain
        rule = "scratch" if request.start == "restarts" else request.start
        oracle = SearchOracle(self.game, settings.search, self.seed)
        asked = replace(request, start=rule)
        found = search(
            oracle.starts(asked, agent),
            _part_of(left, settings.search_share),
            derive_seed(request.seed, "search"),
            settings=settings.search,
            progress=partial(_part, note_share, 0.0, settings.search_share),
        )
        network = {key: np.asarray(array) for key, array in found.weights.items()}
        if "log_std" in network:
            network["log_std"] = np.full_like(network["log_std"], WARM_LOG_STD)
        return network, {
            "searched_decisions": found.decisions,
            "first_return": found.returns[0],
            "searched_return": found.returns[-1],
            **found.told(),
        }

    def _better(
        self, request: OracleRequest[P], agent: PpoAgent[P], starts: Mapping[str, Weights]
    ) -> tuple[str, dict[str, float]]:
        """Name of the start that scores best, the first of equals, and all scores."""
        task = agent.task
        seeds = validation_seeds(task, request, "starts", self._chain.validation_episodes)
        policies = {name: agent.policy(name, weights) for name, weights in starts.items()}
        scores = task.scores(policies, seeds)
        return max(scores, key=lambda name: scores[name]), scores


def _part_of(decisions: int, share: float) -> int:
    return max(1, round(decisions * share))


def _part(progress: Progress, begin: float, share: float, done: float) -> None:
    progress(begin + share * done)


ORACLES: Mapping[str, Callable[..., Any]] = {"cma-es+ppo": ChainOracle}
