"""Best responses by CMA-ES, see ``learn.evolution``.

It uses no gradient and sees payoffs of whole episodes only, so it fails for other reasons than PPO
does. What a vector stands for, the game says: a doctrine for the whole episode or one that a
network reacts around, the weights of an actor, a point. Members have PPO's layout where there are
networks, so that they can be stored, inherited and fused like trained ones.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Any, ClassVar, Generic

import numpy as np

from ssa_psro.arrays import Floats, Seeds
from ssa_psro.errors import Fault, UsageError
from ssa_psro.learn.algorithms.ppo import PpoAgent, PpoOracle, PpoSettings
from ssa_psro.learn.answers import answer, check_selection, start_from
from ssa_psro.learn.embedding import LAYOUT
from ssa_psro.learn.evolution import Search, SearchSettings, search
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
from ssa_psro.randomness import derive_seed
from ssa_psro.work import note_share


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

    def episodes(self, seed: int, count: int, /) -> Seeds:
        """None are needed."""
        return np.zeros(0, dtype=np.uint64)

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
        found = self._found(request, self.starts(request, agent))
        return answer(
            agent.task,
            request,
            {"start": space.start.weights, "end": found.weights},
            agent.policy,
            start=found.start,
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

    def starts(self, request: OracleRequest[P], agent: PpoAgent[P]) -> dict[str, SearchSpace]:
        """Where searches for ``request`` begin, see ``starts_of``."""
        return starts_of(request, self.game.starts, lambda one: self.space(one, agent))

    def _agent(self, request: OracleRequest[P]) -> PpoAgent[P]:
        """Whose networks members have."""
        values = {**self.game.defaults["ppo"], "hidden": self.settings.hidden}
        agent = PpoOracle(self.game, PpoSettings(**values), self.seed).agent(request)
        assert isinstance(agent, PpoAgent)
        return agent

    def _found(self, request: OracleRequest[P], starts: Mapping[str, SearchSpace]) -> Search:
        settings, decisions = self.settings, max(1, round(self.settings.steps * request.budget))
        return search(starts, decisions, request.seed, settings=settings, progress=note_share)

    def _pointed(self, request: OracleRequest[P]) -> OracleResult[P]:
        """The response in a game whose policies are vectors and whose payoffs are exact."""
        task: Slope[P] = self.game.task(request, ())
        fresh, begun = task.luck(1)[0], perf_counter()

        def space_of(one: OracleRequest[P]) -> SlopeSpace[P]:
            return SlopeSpace(task, start_from(self.game, one, {task.entry: fresh}))

        space = space_of(request)
        # an exact payoff costs one decision, whatever it would take to measure it
        exact = replace(self.settings, episodes=1, validation_episodes=2)
        oracle = replace(self, settings=exact)
        found = oracle._found(request, starts_of(request, self.game.starts, space_of))
        first, last = task.payoffs(np.stack([space.centre, found.vector]))
        facts: dict[str, Fact] = {
            **_facts(found, perf_counter() - begun),
            "start_payoff": float(first),
            "payoff": float(last),
            **task.told(space.centre, found.vector),
        }
        return OracleResult(task.member(request.name, found.vector), found.start, facts)


def starts_of(
    request: OracleRequest[P],
    known: Collection[str],
    space_of: Callable[[OracleRequest[P]], SearchSpace],
) -> dict[str, SearchSpace]:
    """Spaces whose centres a search may begin at, by name; equal starts once.

    In this order: the one asked for; own members, by turns the next best against the opponents and
    the next in mass; the fused one; the fresh one.

    Args:
        request: what is asked for.
        known: start rules that the game knows.
        space_of: what would be searched for another request.
    """
    by_score = np.argsort(-request.learner_scores, kind="stable")
    by_mass = np.argsort(-request.learner_mixture, kind="stable")
    ranked = dict.fromkeys(np.stack([by_score, by_mass], axis=1).ravel().tolist())
    alone = [
        replace(
            request,
            learners=(request.learners[index],),
            learner_mixture=np.ones(1),
            learner_scores=request.learner_scores[[index]],
            start="inherit-nash",
        )
        for index in ranked
    ]
    rest = [replace(request, start=rule) for rule in ("fusion", "scratch") if rule in known]
    found: dict[str, SearchSpace] = {}
    for one in (request, *alone, *rest):
        space = space_of(one)
        if not any(_alike(space, other) for other in found.values()):
            found[space.start.note] = space
    return found


def _alike(one: SearchSpace, other: SearchSpace) -> bool:
    """Whether two searches begin with the same policy."""
    # the weights of a head tell constant actions apart from networks that react
    heads = (space.start.weights.get(LAYOUT.head_weight, 0.0) for space in (one, other))
    pairs = ((one.centre, other.centre), heads)
    return all(np.allclose(first, second, atol=1e-6) for first, second in pairs)


def _facts(found: Search, seconds: float) -> dict[str, Fact]:
    return {
        "decisions": found.decisions,
        "first_return": found.returns[0],
        "last_return": found.returns[-1],
        **found.told(),
        "training_s": round(seconds, 3),
        "decisions_per_s": round(found.decisions / seconds, 1),
    }


ORACLES: Mapping[str, Callable[..., Any]] = {"cma-es": SearchOracle}
