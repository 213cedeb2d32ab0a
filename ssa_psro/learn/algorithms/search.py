"""CMA-ES (Hansen, arXiv 1604.00772, as implemented in pycma), alone and before PPO.

It uses no gradient and sees payoffs of whole episodes only, so it fails for other reasons than PPO
does. What a vector stands for, the game says: the constant doctrine of an episode, the weights of
an actor, a point. Members have PPO's layout where there are networks, so that they can be stored,
inherited and fused like trained ones.

``cma-es+ppo`` searches first and learns to react from there. Either fails where the other does not.
Playing one doctrine for a whole episode, the search finds gains that PPO passes by, whose noise is
drawn anew at every decision: an audit of ten iterations of PPO on the reference game gained 0.12 by
CMA-ES and 0.02 to 0.05 by PPO at equal length. But a constant doctrine reacts to nothing. PPO
starts from what the search has found or from the start weights that were asked for, whichever does
better on episodes of their own; so a fused start is still taken where it is ahead.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from time import perf_counter
from typing import Any, ClassVar, Generic

import numpy as np

from ssa_psro.arrays import Floats, Seeds
from ssa_psro.errors import Fault, UsageError
from ssa_psro.learn.agent import answer, check_selection, start_from, validation_seeds
from ssa_psro.learn.algorithms.ppo import PpoAgent, PpoOracle, PpoSettings
from ssa_psro.learn.protocol import (
    Ability,
    Fact,
    Game,
    OracleRequest,
    OracleResult,
    Parameters,
    SearchSpace,
    Slope,
    Weights,
)
from ssa_psro.learn.starts import WARM_LOG_STD, Start
from ssa_psro.metagame.judge import P
from ssa_psro.progress import Progress, untold
from ssa_psro.randomness import derive_seed, episode_seeds
from ssa_psro.work import note_share


@dataclass(frozen=True, kw_only=True)
class SearchSettings:
    """What may be chosen about CMA-ES.

    Attributes:
        steps: budget of one response, in decisions, rounded to whole generations.
        hidden: widths of the hidden layers of a member's networks, where it has some.
        population: vectors tried in a generation.
        episodes: that each of them plays, the same ones for all of a generation.
        sigma: initial standard deviation of each number.
        select: see ``TrainingSettings``.
        validation_episodes: episodes that decide between the start and the end of a search.
    """

    steps: int
    hidden: tuple[int, ...] = ()
    population: int = 16
    episodes: int = 8
    sigma: float = 0.3
    select: str = "end"
    validation_episodes: int = 128

    def __post_init__(self) -> None:
        faults = [
            Fault(key, getattr(self, key), "too few", f"Give {least} or more.")
            for key, least in (("steps", 1), ("population", 2), ("episodes", 1))
            if getattr(self, key) < least
        ]
        if not self.sigma > 0:
            faults.append(Fault("sigma", self.sigma, "no spread", "Give a positive number."))
        if faults:
            raise UsageError("search settings", faults)


@dataclass(frozen=True, eq=False)
class Search:
    """A finished search.

    Attributes:
        vector: its final mean ``[D]``. The best vector tried is the luckiest one too; the mean has
            averaged the luck of all generations.
        returns: mean payoff of all vectors of each generation, in order.
        decisions: how many were played.
        sigma: final step size.
    """

    vector: Floats
    returns: tuple[float, ...]
    decisions: int
    sigma: float


def search(
    space: SearchSpace,
    decisions: int,
    seed: int,
    *,
    settings: SearchSettings,
    progress: Progress = untold,
) -> Search:
    """Search the best vector of a space. Equal arguments give equal vectors.

    All vectors of a generation play the same episodes; each generation has its own.

    Args:
        space: what is searched, and from where; what lies out of its bounds is cut off.
        decisions: to be played, rounded to whole generations.
        seed: root of all randomness.
        settings: of the search.
        progress: told the share of the search done.
    """
    import cma

    from ssa_psro.learn.training import isolated

    each = settings.population * settings.episodes * space.decisions
    generations, returns, played = max(1, round(decisions / each)), list[float](), 0
    centre = np.clip(space.centre, *space.bounds) if space.bounds else space.centre
    with isolated(derive_seed(seed, "cma-es")):
        strategy = cma.CMAEvolutionStrategy(centre, settings.sigma, _options(space, settings))
        for generation in range(generations):
            tried = np.array(strategy.ask())
            payoffs, spent = space.payoffs(tried, _seeds(settings, seed, generation))
            strategy.tell(list(tried), list(-payoffs))
            returns.append(float(payoffs.mean()))
            played += spent
            progress((generation + 1) / generations)
        final = np.array(strategy.result.xfavorite)
        return Search(final, tuple(returns), played, float(strategy.sigma))


def _seeds(settings: SearchSettings, seed: int, generation: int) -> Seeds:
    return episode_seeds(seed, "episodes", generation, count=settings.episodes)


def _options(space: SearchSpace, settings: SearchSettings) -> dict[str, Any]:
    """Within the box, without files or output, and drawing as the isolation has seeded."""
    return {
        **({"bounds": list(space.bounds)} if space.bounds else {}),
        **({"CMA_diagonal": True} if space.diagonal else {}),
        "popsize": settings.population,
        "seed": np.nan,  # any number would be set, or, being 0, taken from the clock
        "verbose": -10,
        "verb_log": 0,
        "verb_disp": 0,
    }


@dataclass(frozen=True)
class SlopeSpace(Generic[P]):
    """The vectors of a game that has no episodes; a vector tried counts as a decision."""

    task: Slope[P]
    start: Start
    bounds: ClassVar[None] = None
    diagonal: ClassVar[bool] = False
    decisions: ClassVar[float] = 1.0

    @property
    def centre(self) -> Floats:
        """The start."""
        return np.asarray(self.start.weights[self.task.entry], dtype=np.float64)

    def payoffs(self, tried: Floats, seeds: Seeds, /) -> tuple[Floats, int]:
        """Exact payoffs ``[n]``."""
        return self.task.payoffs(tried), len(tried)

    def weights(self, vector: Floats, /) -> Weights:
        """The vector itself."""
        return {self.task.entry: vector}


@dataclass(frozen=True)
class SearchOracle(Generic[P]):
    """Searches best responses by CMA-ES; an ``Oracle`` that travels.

    Attributes:
        game: what is played.
        settings: of the search.
        seed: of the initialisation that all responses of a side share.
    """

    name: ClassVar[str] = "cma-es"
    needs: ClassVar[frozenset[Ability]] = frozenset({"search"})
    settings_type: ClassVar[type[Any]] = SearchSettings

    game: Game[P]
    settings: SearchSettings
    seed: int = 0

    def __call__(self, request: OracleRequest[P], /) -> OracleResult[P]:
        """The policy of the best vector found.

        Raises:
            UsageError: there is no start rule of the name asked for.
        """
        if "episodes" not in self.game.offers:
            return self._pointed(request)
        agent, begun = self._agent(request), perf_counter()
        check_selection(self.settings.select, agent.task)
        space = self.space(request, agent)
        found = self._found(request, space)
        return answer(
            agent.task,
            request,
            {"start": space.start.weights, "end": space.weights(found.vector)},
            agent.policy,
            start=space.start.note,
            facts=_facts(found, perf_counter() - begun),
            select=self.settings.select,
            episodes=self.settings.validation_episodes,
        )

    def start(self, request: OracleRequest[P]) -> Start:
        """The weights that the search of ``request`` starts from.

        Raises:
            UsageError: there is no start rule of the name asked for.
        """
        start: Start = self.space(request, self._agent(request)).start
        return start

    def space(self, request: OracleRequest[P], agent: PpoAgent[P]) -> SearchSpace:
        """What is searched for ``request``, as networks of the agent's."""
        if request.start == "restarts":
            cure = "Use scratch, or a rule that inherits or draws."
            fault = Fault("start", request.start, "trains networks; a search has none", cure)
            raise UsageError("start weights", [fault])
        fresh = agent.fresh(derive_seed(self.seed, "initialisation", request.side))

        def choose(weights: Weights, rule: str | None = None) -> Start:
            return start_from(self.game, request, weights, agent, rule)

        return agent.task.search_space(fresh, choose, agent.acts)

    def _agent(self, request: OracleRequest[P]) -> PpoAgent[P]:
        """Whose networks members have."""
        values = {**self.game.defaults["ppo"], "hidden": self.settings.hidden}
        agent = PpoOracle(self.game, PpoSettings(**values), self.seed).agent(request)
        assert isinstance(agent, PpoAgent)
        return agent

    def _found(self, request: OracleRequest[P], space: SearchSpace) -> Search:
        decisions = max(1, round(self.settings.steps * request.budget))
        return search(space, decisions, request.seed, settings=self.settings, progress=note_share)

    def _pointed(self, request: OracleRequest[P]) -> OracleResult[P]:
        """The response in a game whose policies are vectors and whose payoffs are exact."""
        task: Slope[P] = self.game.task(request, ())
        fresh, begun = task.luck(1)[0], perf_counter()
        space = SlopeSpace(task, start_from(self.game, request, {task.entry: fresh}))
        found = self._found(request, space)
        first, last = task.payoffs(np.stack([space.centre, found.vector]))
        facts: dict[str, Fact] = {
            **_facts(found, perf_counter() - begun),
            "start_payoff": float(first),
            "payoff": float(last),
            **task.told(space.centre, found.vector),
        }
        return OracleResult(task.member(request.name, found.vector), space.start.note, facts)


def _facts(found: Search, seconds: float) -> dict[str, Fact]:
    return {
        "decisions": found.decisions,
        "first_return": found.returns[0],
        "last_return": found.returns[-1],
        "final_sigma": found.sigma,
        "training_s": round(seconds, 3),
        "decisions_per_s": round(found.decisions / seconds, 1),
    }


@dataclass(frozen=True, kw_only=True)
class ChainSettings(PpoSettings):
    """How CMA-ES and PPO share a training; the settings of PPO, and those of the search.

    Attributes:
        search_share: of the decisions, for CMA-ES.
        population: see ``SearchSettings``, like ``episodes`` and ``sigma``.
        episodes: that each vector plays.
        sigma: initial standard deviation of each number.
        validation_episodes: episodes that decide where PPO starts, and as many others that
            decide between all that was found.
    """

    search_share: float = 0.5
    population: int = 16
    episodes: int = 8
    sigma: float = 0.3

    @property
    def search(self) -> SearchSettings:
        """Of the search."""
        return SearchSettings(
            steps=self.steps,
            hidden=self.hidden,
            population=self.population,
            episodes=self.episodes,
            sigma=self.sigma,
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
            UsageError: there is no start rule of the name asked for, or the training diverged.
        """
        agent, settings = self._ppo_agent(request), self._chain
        check_selection(settings.select, agent.task)
        asked = self.start_of(agent, request)
        searched, search_facts = self._searched(request, agent)
        starts = {"asked": asked.weights, "searched": searched}
        begun, scores = self._better(request, agent, starts)
        training = agent.train(
            starts[begun],
            self._decisions(request, 1.0 - settings.search_share),
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
        self, request: OracleRequest[P], agent: PpoAgent[P]
    ) -> tuple[Parameters, dict[str, Any]]:
        """The best vector found, as a network that goes on learning from it."""
        settings = self._chain
        rule = "scratch" if request.start == "restarts" else request.start
        oracle = SearchOracle(self.game, settings.search, self.seed)
        space = oracle.space(replace(request, start=rule), agent)
        found = search(
            space,
            self._decisions(request, settings.search_share),
            derive_seed(request.seed, "search"),
            settings=settings.search,
            progress=partial(_part, note_share, 0.0, settings.search_share),
        )
        network = {key: np.asarray(array) for key, array in space.weights(found.vector).items()}
        if "log_std" in network:
            network["log_std"] = np.full_like(network["log_std"], WARM_LOG_STD)
        return network, {
            "searched_decisions": found.decisions,
            "first_return": found.returns[0],
            "searched_return": found.returns[-1],
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

    def _decisions(self, request: OracleRequest[P], share: float) -> int:
        return max(1, round(self.settings.budget(request) * share))


def _part(progress: Progress, begin: float, share: float, done: float) -> None:
    progress(begin + share * done)


ORACLES: Mapping[str, Callable[..., Any]] = {"cma-es": SearchOracle, "cma-es+ppo": ChainOracle}
