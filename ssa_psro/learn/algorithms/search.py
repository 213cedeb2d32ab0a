"""CMA-ES (Hansen, arXiv 1604.00772, as implemented in pycma).

It uses no gradient and sees payoffs of whole episodes only, so it fails for other reasons than PPO
does. What a vector stands for, the game says: the constant doctrine of an episode, the weights of
an actor, a point. Members have PPO's layout where there are networks, so that they can be stored,
inherited and fused like trained ones.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import perf_counter
from typing import Any, ClassVar, Generic

import numpy as np

from ssa_psro.arrays import Floats, Seeds
from ssa_psro.errors import Fault, UsageError
from ssa_psro.learn.algorithms.ppo import PpoAgent, PpoOracle, PpoSettings
from ssa_psro.learn.answers import answer, check_selection, start_from
from ssa_psro.learn.protocol import (
    Ability,
    Fact,
    Game,
    OracleRequest,
    OracleResult,
    SearchSpace,
    Slope,
    Weights,
)
from ssa_psro.learn.starts import Start
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


ORACLES: Mapping[str, Callable[..., Any]] = {"cma-es": SearchOracle}
