"""A game tree in the shape PSRO and its oracles ask for; a policy is a ``Behaviour``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from ssa_psro.arrays import Floats, Seeds
from ssa_psro.games.protocol import DeviationValues
from ssa_psro.games.trees import behaviour
from ssa_psro.games.trees.behaviour import Behaviour
from ssa_psro.games.trees.tree import COLUMN, ROW, GameTree
from ssa_psro.learn.protocol import Ability, Kind, Member, OracleRequest, OracleResult

if TYPE_CHECKING:
    from ssa_psro.games.trees.task import TreeTask

DEFAULTS: Mapping[str, Mapping[str, Any]] = {
    "ppo": {
        "steps": 60_000,
        "hidden": (128, 128),
        "activation": "relu",
        "environments": 128,
        "learning_rate": 2e-3,
        "fused": True,
        "rollout_steps": 2048,
        "minibatch": 512,
        "epochs": 4,
        "entropy": 0.01,
    },
    "dqn": {
        "steps": 60_000,
        "hidden": (256, 256, 256),  # and its batch: of arXiv 2405.21027
        "activation": "relu",
        "environments": 64,
        "learning_rate": 1e-3,
        "fused": True,
    },
    "cma-es": {"steps": 60_000, "hidden": (16,), "population": 24, "episodes": 64, "sigma": 0.5},
}
"""Settings that suit poker and its like, by oracle. Episodes are short and differ in length, so
rollouts cut them; a hand rarely wins much, so many are needed."""

CHAIN = {**DEFAULTS["ppo"], "population": 24, "episodes": 64, "sigma": 0.5}

STARTS = (
    "scratch",
    "inherit-last",
    "continue",
    "inherit-nash",
    "fusion",
    "normal",
    "orthogonal",
    "kaiming",
    "restarts",
    "behavioural-fusion",
)
"""Of the start rules, those that have a meaning here: no member always takes one action."""


@dataclass(frozen=True, eq=False)
class TreeGame:
    """A game tree as a ``Game``, measured exactly.

    Attributes:
        tree: the game.
        shared: whether the players have one population: the tree is then one of
            :func:`~ssa_psro.games.trees.tree.seated`, and whatever plays one side plays either.
    """

    tree: GameTree
    shared: bool = False

    offers: ClassVar[frozenset[Ability]] = frozenset({"episodes", "discrete", "exact", "search"})
    defaults: ClassVar[Mapping[str, Mapping[str, Any]]] = {**DEFAULTS, "cma-es+ppo": CHAIN}
    starts: ClassVar[Sequence[str]] = STARTS

    @property
    def name(self) -> str:
        """Of the tree."""
        return self.tree.name

    def uniform(self, side: int) -> Member[Behaviour]:
        """The member of ``side`` that plays all legal actions alike."""
        return Member("uniform", behaviour.uniform(self.tree, side))

    def first_legal(self, side: int) -> Member[Behaviour]:
        """The member of ``side`` that always plays the first legal action."""
        return Member("first-legal", behaviour.first_legal(self.tree, side))

    def judge(self, row: Behaviour, column: Behaviour, seeds: Seeds, /) -> Floats:
        """Expected payoffs, the same in every episode, ``[E, 2]``."""
        pair = self._at(row, ROW), self._at(column, COLUMN)
        payoff = behaviour.expected_payoff(self.tree, *pair)
        return np.tile([payoff, -payoff], (len(seeds), 1))

    def mix(self, policies: Sequence[Behaviour], probabilities: Floats, /) -> Behaviour:
        """The behaviour that plays as the mixture does, by Kuhn's theorem."""
        return behaviour.mixed(self.tree, policies, probabilities)

    def deviations(self, row: Behaviour, column: Behaviour, /) -> DeviationValues:
        """Exact value, gains and NashConv of a pair of policies."""
        return behaviour.deviations(self.tree, self._at(row, ROW), self._at(column, COLUMN))

    def best_response(self, request: OracleRequest[Behaviour], /) -> OracleResult[Behaviour]:
        """The pure policy of highest expected payoff against the opponents."""
        response, payoff = behaviour.best_response(self.tree, self._opponent(request))
        return OracleResult(Member(request.name, response), facts={"payoff": payoff})

    def guaranteed(self, policies: Sequence[Behaviour], side: int) -> float:
        """What the best mixture of a side's policies earns against a best response, exact."""
        return behaviour.guaranteed_payoff(self.tree, [self._at(one, side) for one in policies])

    def stream(self, algorithm: str, /) -> str:
        """One for all algorithms."""
        return "training"

    def task(self, request: OracleRequest[Behaviour], kinds: Sequence[Kind], /) -> TreeTask:
        """The game against the request's mixture, which by Kuhn's theorem is one opponent."""
        from ssa_psro.games.trees.task import TreeTask

        population = tuple(member.policy for member in request.learners)
        return TreeTask(self.tree, self._opponent(request), population)

    def _opponent(self, request: OracleRequest[Behaviour]) -> Behaviour:
        policies = [member.policy for member in request.opponents]
        return self._at(self.mix(policies, request.opponent_mixture), 1 - request.side)

    def _at(self, policy: Behaviour, side: int) -> Behaviour:
        return replace(policy, side=side) if self.shared else policy
