"""What an oracle is asked and what it answers, and what a game brings for it to learn from.

A request names the opponents, the learner's own population and a start rule; the answer is one
member. A game says what it offers (``Ability``), with which settings each algorithm suits it, and
makes a *task* of a request: one side against one mixture. Nothing here knows a particular game, and
requests and answers can be sent to another process.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from ssa_psro.arrays import Floats, Seeds, Singles
from ssa_psro.metagame.judge import P

Weights = Mapping[str, NDArray[np.floating]]
"""A learner's parameters by name: policy network, value network and log-std alike."""

Parameters = dict[str, NDArray[np.float32]]
"""The same of a network, as it is trained and stored."""

Fact = str | int | float | bool | None
"""What may be noted about a training run: anything JSON can hold in one cell."""


@dataclass(frozen=True, eq=False)
class Member(Generic[P]):
    """A policy of a population, and what a learner can start from.

    Attributes:
        name: unique within its population.
        policy: what the judge plays.
        parameters: the learner's, actor and critic, if it was trained; ``None`` otherwise.
        constant_action: the action ``[D]`` that the policy always takes, if it is a heuristic
            of that kind; any network that ends in a linear layer can then play it exactly.
        carried: what its training leaves to one that goes on from it, optimiser and memory; only
            the newest member of a population has it, only where the start rule is ``continue``,
            and it is never stored.
    """

    name: str
    policy: P
    parameters: Weights | None = None
    constant_action: Floats | None = None
    carried: Any = None


@dataclass(frozen=True, eq=False)
class OracleRequest(Generic[P]):
    """One best response to be trained.

    Attributes:
        side: 0 trains the row player, 1 the column player; 0 where both do.
        iteration: PSRO iteration, from 1.
        name: what the new member shall be called.
        opponents: the other side's members, ``[m]``.
        opponent_mixture: how often the learner meets each, ``[m]``; drawn anew every episode.
        learners: the learner's own members, ``[n]``, oldest first.
        learner_mixture: the learner's own meta-mixture, ``[n]``.
        learner_scores: mean payoff of each own member against ``opponent_mixture``, ``[n]``.
        start: name of the rule for the start weights, a key of ``START_RULES``.
        seed: root of all randomness of this training run.
        budget: that may be spent, as a multiple of the oracle's usual one, > 0.
        payoffs: mean payoff of each own member against each opponent, ``[n, m]``, where known.
        both: trains one response for both seats of a game whose seats are alike: half of what is
            played is in either.
    """

    side: int
    iteration: int
    name: str
    opponents: tuple[Member[P], ...]
    opponent_mixture: Floats
    learners: tuple[Member[P], ...]
    learner_mixture: Floats
    learner_scores: Floats
    start: str
    seed: int
    budget: float = 1.0
    payoffs: Floats | None = None
    both: bool = False

    @property
    def seats(self) -> tuple[int, ...]:
        """Where the response plays: 0 the row player's seat, 1 the column player's."""
        return (0, 1) if self.both else (self.side,)


@dataclass(frozen=True, eq=False)
class OracleResult(Generic[P]):
    """A trained best response.

    Attributes:
        member: the new policy, named as requested.
        start: what training really started from, in words.
        facts: whatever is worth a line in the record, such as decisions and final reward.
        opponent_mixture: the one it was trained against, where it is not the request's, ``[m]``.
        asked: whether it was trained for the request; where it was for another, how little it gains
            says nothing about how much there is to gain.
    """

    member: Member[P]
    start: str = "not applicable"
    facts: Mapping[str, Fact] = field(default_factory=dict)
    opponent_mixture: Floats | None = None
    asked: bool = True


SPENT = ("decisions", "episodes", "updates", "training_s", "start_s")
"""Facts that tell what a training has cost."""


def spent_on(trainings: Sequence[OracleResult[Any]]) -> dict[str, Fact]:
    """What several trainings have cost together, of ``SPENT`` what all of them tell."""
    told = [[one.facts.get(key) for one in trainings] for key in SPENT]
    return {
        key: sum(numbers)
        for key, values in zip(SPENT, told, strict=True)
        if len(numbers := [one for one in values if isinstance(one, int | float)]) == len(values)
    }


class Oracle(Protocol[P]):
    """Trains a best response. Must be a pure function of the request."""

    def __call__(self, request: OracleRequest[P], /) -> OracleResult[P]:
        """The best response found for ``request``."""


Ability = Literal["episodes", "continuous", "discrete", "exact", "slope", "search"]

ABILITIES: Mapping[Ability, str] = {
    "episodes": "episodes to learn from",
    "continuous": "actions that are numbers",
    "discrete": "actions to choose from",
    "exact": "best responses that can be computed",
    "slope": "payoffs whose gradient is known",
    "search": "weights that can be searched",
}
"""What a game may offer, and an oracle may need, in words."""

Kind = Literal["continuous", "discrete"]
"""Of actions: numbers in [-1, 1], or one of a list."""

Act = Callable[[Singles], Floats]
"""What a network does at observations ``[n, ...]``: probabilities of its actions ``[n, A]``, or
where they are numbers, their means ``[n, D]``."""

Acts = Callable[[Weights, Singles], Floats]
"""The same for networks of given weights."""

Bonus = Callable[[NDArray[Any], NDArray[Any]], Floats]
"""What actions ``[E]`` or ``[E, D]`` in the situations of an environment pay beside payoffs:
``[E]``, in units of the rewards."""


class Game(Protocol[P]):
    """A game of two as oracles see it; it travels to the processes that train.

    Attributes:
        name: for messages.
        offers: what can be learned from.
        defaults: settings that suit the game, by oracle; those left out are the oracle's own.
        starts: the start rules that have a meaning here.
    """

    @property
    def name(self) -> str: ...

    @property
    def offers(self) -> frozenset[Ability]: ...

    @property
    def defaults(self) -> Mapping[str, Mapping[str, Any]]: ...

    @property
    def starts(self) -> Collection[str]: ...

    def judge(self, row: P, column: P, seeds: Seeds, /) -> Floats:
        """See :class:`~ssa_psro.metagame.judge.Judge`."""

    def mix(self, policies: Sequence[P], probabilities: Floats, /) -> P:
        """See :class:`~ssa_psro.metagame.judge.Mix`."""

    def stream(self, algorithm: str, /) -> str:
        """What the randomness of an algorithm's trainings is keyed by."""

    def task(self, request: OracleRequest[P], kinds: Sequence[Kind], /) -> Any:
        """What ``request`` asks for: a ``Task``, or a ``Slope`` where there are no episodes.

        Args:
            request: what is asked for.
            kinds: of actions that the oracle can learn, the preferred one first.
        """

    def best_response(self, request: OracleRequest[P], /) -> OracleResult[P]:
        """The best of all policies, of games that offer it (``exact``)."""


class TrainingEnv(Protocol):
    """A batch of episodes of a task as Stable-Baselines3 plays them (a ``VecEnv``).

    Attributes:
        seconds: wall time spent in the game and the opponent.
        payoffs: of the episodes that ended in the last step, unscaled, ``[E]``, 0 elsewhere.
        over: whose episode ended in the last step, ``[E]``.
        episodes: how many have ended.
        bonus: what actions pay beside payoffs, if anything.
    """

    seconds: float
    payoffs: Floats
    over: NDArray[np.bool_]
    bonus: Bonus | None

    @property
    def episodes(self) -> int: ...

    def meet(self, opponent: Any) -> None:
        """Play against another opponent from now on."""


@dataclass(frozen=True, eq=False)
class Situations:
    """Where networks of a task are compared.

    Attributes:
        observations: ``[N, ...]``.
        weights: how much each counts, ``[N]``.
        centre: what someone without habits does there, ``[N, k]``.
    """

    observations: Singles
    weights: Floats
    centre: Floats


@dataclass(frozen=True, eq=False)
class Lessons(Generic[P]):
    """What a mixture of members teaches a network, and how often; ``N`` situations.

    Attributes:
        members: those with mass, ``[n]``.
        observations: what is seen there, ``[N, ...]``.
        shares: how often each of them is who comes to each situation, ``[n, N]``; columns sum to 1.
        target: what the mixture does there, ``[N, k]``: probabilities or numbers.
        reach: how often the mixture comes there, ``[N]``, summing to 1.
        frequency: how often each is taught, ``[N]``, summing to 1.
    """

    members: tuple[Member[P], ...]
    observations: Singles
    shares: Floats
    target: Floats
    reach: Floats
    frequency: Floats


class Hull(Protocol):
    """Policies of the hull of a learner's own population, as policy-space diversity needs them."""

    def bonus(self, weight: float, act: Act) -> Bonus:
        """What actions pay if the learner plays as ``act`` now: ``weight`` times nats."""


class SearchSpace(Protocol):
    """Vectors ``[D]`` that stand for policies, for searches without a gradient.

    Attributes:
        start: weights that the search starts from, and where they come from.
        centre: the same as a vector.
        bounds: of every number, if there are any.
        diagonal: there are so many that their covariances are not learned.
        decisions: in an episode, on average.
    """

    @property
    def start(self) -> Any: ...

    @property
    def centre(self) -> Floats: ...

    @property
    def bounds(self) -> tuple[float, float] | None: ...

    @property
    def diagonal(self) -> bool: ...

    @property
    def decisions(self) -> float: ...

    def episodes(self, seed: int, count: int, /) -> Seeds:
        """Seeds of episodes ``[count]`` in which luck between opponents is as even as it can be."""

    def payoffs(self, tried: Floats, seeds: Seeds, /) -> tuple[Floats, int]:
        """Mean payoffs ``[n]`` of vectors ``[n, D]``, all on the same episodes ``[E]``.

        The second number is how many decisions that took.
        """

    def weights(self, vector: Floats, /) -> Weights:
        """The weights that a vector ``[D]`` stands for."""


class Slope(Protocol[P]):
    """One side of a game whose policies are vectors ``[D]`` and whose payoffs are exact.

    Attributes:
        entry: name of the vector among a member's parameters.
    """

    @property
    def entry(self) -> str: ...

    def luck(self, count: int, /) -> Floats:
        """Standard normal vectors ``[count, D]`` that the request alone decides."""

    def payoffs(self, points: Floats, /) -> Floats:
        """Against the opponents, ``[N]``, of vectors ``[N, D]``."""

    def slope(self, points: Floats, rate: float, /) -> Floats:
        """``rate`` times the gradient of ``payoffs``, ``[N, D]``."""

    def member(self, name: str, point: Floats, /) -> Member[P]:
        """The member whose parameters a vector ``[D]`` is."""

    def told(self, start: Floats, end: Floats, /) -> dict[str, Fact]:
        """What else the record says of a climb from one vector to another."""


class Task(Protocol[P]):
    """One side of a game against a fixed mixture of opponents.

    Attributes:
        kind: of actions.
        activations: behind hidden layers of the networks that its policies can be.
        episode: decisions in every episode; ``None`` where they differ in length.
        scale: what payoffs are multiplied by in training unless settings say otherwise.
        scoring: how candidates are compared: ``exact``, or on ``episodes``.
        constants: entries of a policy's parameters beside the network's, if any.
        observation_space: of one observation (Gymnasium's); where ``kind`` is ``discrete``, its
            last ``A`` numbers are 1 where an action is legal.
        action_space: of one action.
    """

    @property
    def kind(self) -> Kind: ...

    @property
    def activations(self) -> tuple[str, ...]: ...

    @property
    def episode(self) -> int | None: ...

    @property
    def scale(self) -> float: ...

    @property
    def scoring(self) -> Literal["exact", "episodes"]: ...

    @property
    def constants(self) -> Parameters: ...

    @property
    def observation_space(self) -> Any: ...

    @property
    def action_space(self) -> Any: ...

    def env(self, environments: int, reward_scale: float, /) -> Any:
        """Episodes to train in, a ``TrainingEnv``."""

    def policy(self, name: str, weights: Weights, act: Act, /) -> P:
        """The policy that a network of these weights is, which does what ``act`` says."""

    def scores(self, policies: Mapping[str, P], seeds: Seeds, /) -> dict[str, float]:
        """Payoff of each policy against the opponents; on the episodes of ``seeds``, or exact."""

    def told(
        self, scores: Mapping[str, float], kept: str, request: OracleRequest[P], /
    ) -> dict[str, Fact]:
        """What the record says of the candidates' scores."""

    def situations(self, seed: int, /) -> Situations:
        """Where random networks are told apart."""

    def lessons(self, members: Sequence[Member[P]], mixture: Floats, seed: int, /) -> Lessons[P]:
        """What the mixture ``[n]`` of members teaches about playing against the opponents."""

    def hull(self, seed: int, /) -> Hull:
        """Of the learner's own population."""

    def search_space(
        self, fresh: Weights, choose: Callable[..., Any], acts: Acts, /
    ) -> SearchSpace:
        """Where to search for policies of the shape of ``fresh``.

        Args:
            fresh: a normal initialisation of PPO's networks.
            choose: the start of the request from other fresh weights, by its own rule or another's
                name.
            acts: what PPO's networks do.
        """
