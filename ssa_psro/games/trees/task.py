"""One side of a game tree against one opponent, as learners see it; whatever is exact is exact.

How often a mixture comes to an information set, how far a behaviour is from the hull of others and
what a candidate earns come from the tree: they could be counted in episodes as well, but those are
not spent. Search alone plays its episodes out, as it must without knowing the game.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import ClassVar, Literal

import numpy as np
from gymnasium import spaces

from ssa_psro.arrays import Floats, Seeds, Singles
from ssa_psro.games.trees.behaviour import (
    Behaviour,
    behaviour_of,
    best_response,
    expected_payoff,
    mixed,
    realisation_plan,
    uniform,
)
from ssa_psro.games.trees.environment import (
    TreeVecEnv,
    advance,
    deal,
    deck_of,
    observations_of,
    spaces_of,
    visits,
)
from ssa_psro.games.trees.tree import GameTree
from ssa_psro.learn.distillation import ASTRAY
from ssa_psro.learn.protocol import (
    Act,
    Acts,
    Bonus,
    Fact,
    Kind,
    Lessons,
    Member,
    OracleRequest,
    Parameters,
    Situations,
    Weights,
)
from ssa_psro.learn.starts import Start
from ssa_psro.randomness import episode_seeds, generator

SAMPLES = 8
"""Random mixtures of members in a hull, uniform on the simplex of their probabilities."""

BLUR = 0.05
"""Share of uniform play in every ``q`` of a hull: a member that never takes an action would pay
infinitely for it. The most that one step can pay is ``log(A / BLUR)`` nats."""


@dataclass(frozen=True, eq=False)
class TreeTask:
    """A ``Task``: whom to train against, in which game.

    Attributes:
        tree: the game.
        opponent: the opponents' mixture, as one behaviour.
        population: the learner's own, which settings may ask it to differ from.
        open_: observations begin with what the opponent has seen, for a critic that may know it;
            whoever plays sees zeros there.
    """

    tree: GameTree
    opponent: Behaviour
    population: tuple[Behaviour, ...] = ()
    open_: bool = False

    kind: ClassVar[Kind] = "discrete"
    activations: ClassVar[tuple[str, ...]] = ("relu", "tanh")
    episode: ClassVar[None] = None
    scoring: ClassVar[Literal["exact"]] = "exact"
    constants: ClassVar[Parameters] = {}

    @property
    def side(self) -> int:
        """The learner's."""
        return 1 - self.opponent.side

    @property
    def observation_space(self) -> spaces.Box:
        """Features of an information set, then the mask of legal actions."""
        return spaces_of(self.tree, self.side, open_=self.open_)[0]

    @property
    def action_space(self) -> spaces.Discrete:
        """The game's actions."""
        return spaces_of(self.tree, self.side, open_=self.open_)[1]

    @property
    def hidden_features(self) -> int:
        """How many numbers at the beginning of an observation are for critics alone."""
        return self.tree.features[1 - self.side].shape[1] if self.open_ else 0

    def opened(self) -> TreeTask:
        """The same with observations for a critic that knows what the opponent has seen."""
        return replace(self, open_=True)

    @cached_property
    def scale(self) -> float:
        """One over the usual size of payoffs."""
        return 1.0 / typical_payoff(self.tree)

    @cached_property
    def observations(self) -> Singles:
        """Of all information sets, ``[I, F + A]``; what only critics see is zero."""
        own = observations_of(self.tree, self.side)
        return np.pad(own, ((0, 0), (self.hidden_features, 0)))

    def payoff(self, behaviour: Behaviour) -> float:
        """Of the learner, exact."""
        if self.side == 0:
            return expected_payoff(self.tree, behaviour, self.opponent)
        return -expected_payoff(self.tree, self.opponent, behaviour)

    def env(self, environments: int, reward_scale: float, /) -> TreeVecEnv:
        """Episodes side by side."""
        return TreeVecEnv(
            self.tree, self.opponent, environments, reward_scale=reward_scale, open_=self.open_
        )

    def policy(self, name: str, weights: Weights, act: Act, /) -> Behaviour:
        """What is played at every information set, by one forward pass over all of them."""
        return behaviour_of(self.tree, self.side, act(self.observations))

    def scores(self, policies: Mapping[str, Behaviour], seeds: Seeds, /) -> dict[str, float]:
        """Exact payoffs."""
        return {name: self.payoff(policy) for name, policy in policies.items()}

    def told(
        self, scores: Mapping[str, float], kept: str, request: OracleRequest[Behaviour], /
    ) -> dict[str, Fact]:
        """All payoffs, and those of a best response and of the learner's own mixture."""
        return {
            **{f"{name}_payoff": payoff for name, payoff in scores.items()},
            "best_payoff": best_response(self.tree, self.opponent)[1],
            "mixture_payoff": float(request.learner_mixture @ request.learner_scores),
            "kept": kept,
        }

    def situations(self, seed: int, /) -> Situations:
        """All information sets, as often as a uniform player does what leads him there."""
        own = uniform(self.tree, self.side)
        return Situations(self.observations, self._arrival(own), own.probabilities)

    def lessons(
        self, members: Sequence[Member[Behaviour]], mixture: Floats, seed: int, /
    ) -> Lessons[Behaviour]:
        """What the mixture does at all information sets, and how often it comes there."""
        massive = [index for index in range(len(members)) if mixture[index] > 0]
        kept = tuple(members[index] for index in massive)
        mass = mixture[massive][:, None] / mixture[massive].sum()
        came = mass * np.stack([self._arrival(member.policy) for member in kept])
        total = came.sum(axis=0)
        even = np.broadcast_to(mass, came.shape).copy()
        shares = np.divide(came, total, out=even, where=total > 0)
        reach, astray = (
            _distribution(arrival * self.allowed)
            for arrival in (total, self._arrival(uniform(self.tree, self.side)))
        )
        return Lessons(
            kept,
            self.observations,
            shares,
            mixed(self.tree, [member.policy for member in kept], mass[:, 0]).probabilities,
            reach,
            (1 - ASTRAY) * reach + ASTRAY * astray,
        )

    def hull(self, seed: int, /) -> TreeHull:
        """The members of the learner's population and random mixtures of them."""
        return TreeHull(self, seed)

    def search_space(
        self, fresh: Weights, choose: Callable[..., Start], acts: Acts, /
    ) -> ActorSpace:
        """The weights of the actor."""
        return ActorSpace(self, choose(fresh), acts)

    @cached_property
    def allowed(self) -> Floats:
        """Probability ``[I]`` that chance and the opponents let the learner come there."""
        mine = self.tree.player == self.side
        reach = visits(deck_of(self.tree, self.opponent))[mine]
        allowed: Floats = np.zeros(self.tree.infosets[self.side])
        np.add.at(allowed, self.tree.infoset[mine], reach)
        return allowed

    def _arrival(self, policy: Behaviour) -> Floats:
        """Probability ``[I]`` that a player does what leads him there, if all else permits."""
        plan: Floats = realisation_plan(self.tree, policy)
        return plan[self.tree.sequences.parents[self.side]]


class TreeHull:
    """Some policies of the hull of a population, as one learner sees them; distances are exact.

    Args:
        task: the game, the opponents and the learner's own population.
        seed: draws the mixtures.
    """

    def __init__(self, task: TreeTask, seed: int) -> None:
        tree, side = task.tree, task.side
        tables = [one.probabilities for one in sampled_hull(tree, task.population, seed)]
        blurred = (1 - BLUR) * np.stack(tables) + BLUR * uniform(tree, side).probabilities
        self._logs = _log(blurred)
        self._task, self._legal = task, tree.legal[side]
        self._parents = tree.sequences.parents[side]

    def distances(self, played: Floats) -> Floats:
        """``D`` of what is played ``[I, A]`` from each policy of the hull, ``[K]``, in nats."""
        plan = realisation_plan(self._task.tree, Behaviour(self._task.side, played))
        weight = (plan[self._parents] * self._task.allowed)[:, None] * played
        own = float((weight * _log(played)).sum())
        return np.asarray(own - np.einsum("ia,kia->k", weight, self._logs))

    def nats(self, played: Floats) -> Floats:
        """What each action pays, ``[I, A]``, in nats: on average, the distance to the nearest."""
        nearest = self._logs[int(self.distances(played).argmin())]
        return np.where(self._legal, _log(played) - nearest, 0.0)

    def bonus(self, weight: float, act: Act) -> Bonus:
        """The same for the information sets and actions of an environment."""
        table = weight * self.nats(act(self._task.observations))
        return lambda infosets, actions: table[infosets, actions]


def sampled_hull(tree: GameTree, members: Sequence[Behaviour], seed: int) -> list[Behaviour]:
    """The members themselves, and random mixtures of them if there are several."""
    if len(members) == 1:
        return list(members)
    rng = generator(seed, "hull")
    shares = rng.dirichlet(np.ones(len(members)), size=SAMPLES)
    return [*members, *(mixed(tree, members, share) for share in shares)]


class ActorSpace:
    """The weights of a PPO actor as one vector, critic and all else as the start has them.

    There are many more of them than a covariance matrix could be learned of, so only variances are.

    Args:
        task: what is played.
        start: weights that the search starts from.
        acts: what networks of PPO do.
    """

    bounds: ClassVar[None] = None
    diagonal: ClassVar[bool] = True

    def __init__(self, task: TreeTask, start: Start, acts: Acts) -> None:
        self.start, self._task, self._acts = start, task, acts
        self._names = [name for name in start.weights if name.startswith("actor.")]
        self._deck = deck_of(task.tree, task.opponent)

    @property
    def centre(self) -> Floats:
        """The start's actor."""
        arrays = [self.start.weights[name].ravel() for name in self._names]
        return np.concatenate(arrays).astype(np.float64)

    @cached_property
    def decisions(self) -> float:
        """In an episode, of someone who plays all legal actions alike."""
        arrival = self._task.situations(0).weights
        return float(arrival @ self._task.allowed)

    def episodes(self, seed: int, count: int, /) -> Seeds:
        """Any: the opponents are one behaviour."""
        return episode_seeds(seed, count=count)

    def payoffs(self, tried: Floats, seeds: Seeds, /) -> tuple[Floats, int]:
        """Mean payoffs ``[n]``, all playing episodes with the same luck, and decisions played."""
        seen = self._task.observations
        tables = np.stack([self._acts(self.weights(vector), seen) for vector in tried])
        earned, decisions = self._played(tables, seeds)
        return earned.reshape(len(tried), len(seeds)).mean(axis=1), decisions

    def weights(self, vector: Floats, /) -> Weights:
        """The start with another actor."""
        found, begin = dict(self.start.weights), 0
        for name in self._names:
            like = self.start.weights[name]
            found[name] = vector[begin : begin + like.size].reshape(like.shape).astype(like.dtype)
            begin += like.size
        return found

    def _played(self, tables: Floats, seeds: Seeds) -> tuple[Floats, int]:
        """Payoff of one episode in every slot, ``[n · E]``; tables are ``[n, I, A]``."""
        slots, side = len(tables) * len(seeds), self._task.side
        streams, rng = np.tile(seeds, len(tables)), np.random.default_rng(seeds)
        nodes, dealt = np.zeros((2, slots), dtype=np.int64)
        owner = np.repeat(np.arange(len(tables)), len(seeds))
        deal(self._deck, side, streams, nodes, dealt)
        earned, open_, decisions = np.zeros(slots), np.ones(slots, dtype=np.bool_), 0
        payoffs, over = np.zeros(slots), np.zeros(slots, dtype=np.bool_)
        while open_.any():
            odds = tables[owner, self._deck.infoset[nodes]].cumsum(axis=1)
            luck = np.tile(rng.random(len(seeds)), len(tables))[:, None] * odds[:, -1:]
            actions = (odds > luck).argmax(axis=1)
            decisions += int(open_.sum())
            advance(self._deck, side, streams, nodes, dealt, actions, payoffs, over)
            earned = np.where(open_ & over, payoffs, earned)
            open_ &= ~over
        return earned, decisions


def typical_payoff(tree: GameTree) -> float:
    """Root mean square payoff where both play all legal actions alike."""
    deck = deck_of(tree, uniform(tree, 0))
    own = deck_of(tree, uniform(tree, 1))
    reach = visits(deck._replace(likelihood=np.minimum(deck.likelihood, own.likelihood)))
    return float(np.sqrt(reach @ np.square(tree.payoff)))


def _distribution(weights: Floats) -> Floats:
    return np.asarray(weights / weights.sum())


def _log(probabilities: Floats) -> Floats:
    """0 where a probability is: what is never played has no part in an average."""
    return np.log(probabilities, out=np.zeros_like(probabilities), where=probabilities > 0)
