"""Matrix games, played by mixtures of actions; softmax policies have weights, too.

The weights of a softmax policy are logits ``[n]``, so that fusing means something: an average of
logits is a normalised geometric mean of the policies, which is not the mixture that it comes from.
In small, that is what averaging networks does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import ArrayLike

from ssa_psro.arrays import Floats, Seeds
from ssa_psro.games.protocol import DeviationValues
from ssa_psro.learn.protocol import Ability, Fact, Kind, Member, OracleRequest, OracleResult
from ssa_psro.metagame.solvers import regrets
from ssa_psro.metagame.solvers.equilibrium import as_bimatrix
from ssa_psro.randomness import derive_seed, generator

PAYOFFS: dict[str, tuple[tuple[tuple[float, float], ...], ...]] = {
    "coordination": (((2, 2), (0, 0)), ((0, 0), (1, 1))),
    "stag-hunt": (((4, 4), (0, 3)), ((3, 0), (2, 2))),
    "prisoners-dilemma": (((3, 3), (0, 5)), ((5, 0), (1, 1))),
}
"""Payoffs of row and column player by name of the game. The first action is the one that is best
for both if both take it. In the stag hunt the second action is the safe one (risk dominant:
Harsanyi & Selten 1988); in the prisoner's dilemma it dominates."""

DEFAULTS: Mapping[str, Mapping[str, Any]] = {
    "gradient": {"steps": 20, "rate": 0.5},
    "cma-es": {"steps": 160, "population": 8, "episodes": 1, "sigma": 1.0},
}
"""Settings that suit small matrices, by oracle."""


@dataclass(frozen=True, eq=False)
class MatrixGame:
    """A two-player matrix game as a ``Game``, measured exactly; a policy is a mixture ``[n]``.

    Learners train logits; an exact best response has none, since they would be infinite.

    Attributes:
        payoffs: ``[n, m, 2]``.
    """

    payoffs: Floats

    name: ClassVar[str] = "matrix game"
    offers: ClassVar[frozenset[Ability]] = frozenset({"exact", "slope", "search"})
    defaults: ClassVar[Mapping[str, Mapping[str, Any]]] = DEFAULTS
    starts: ClassVar[Sequence[str]] = ("scratch", "inherit-last", "inherit-nash", "fusion")

    @classmethod
    def of(cls, payoffs: ArrayLike) -> Self:
        """The game with payoffs ``[n, m, 2]``, or ``[n, m]`` if it is zero-sum.

        Raises:
            UsageError: another shape, or payoffs that are not finite.
        """
        return cls(as_bimatrix(payoffs))

    def pure(self, side: int, action: int) -> Member[Floats]:
        """The member of ``side`` that always plays ``action``."""
        return Member(f"action-{action}", np.eye(self.payoffs.shape[side])[action])

    def fresh(self, side: int, name: str, seed: int, spread: float = 1.0) -> Member[Floats]:
        """A member of ``side`` with random logits of standard deviation ``spread``."""
        drawn = generator(seed, "logits").normal(size=self.payoffs.shape[side])
        return with_logits(name, np.asarray(spread * drawn))

    def deviations(self, row: Floats, column: Floats, /) -> DeviationValues:
        """The row player's value, and what each player's best action gains."""
        value = float(row @ self.payoffs[..., 0] @ column)
        return DeviationValues(value, regrets(self.payoffs, row, column))

    def judge(self, row: Floats, column: Floats, seeds: Seeds, /) -> Floats:
        """Expected payoffs, the same in every episode, ``[E, 2]``."""
        expected = np.einsum("i,ijs,j->s", row, self.payoffs, column)
        return np.tile(expected, (len(seeds), 1))

    def mix(self, policies: Sequence[Floats], probabilities: Floats, /) -> Floats:
        """The mixture of mixtures, which in a matrix game is one again."""
        return np.asarray(probabilities @ np.stack(policies))

    def best_response(self, request: OracleRequest[Floats], /) -> OracleResult[Floats]:
        """The action of highest expected payoff against the opponents; the first of equals."""
        payoff = self.earned(request)
        action = int(payoff.argmax())
        member = Member(request.name, np.eye(payoff.size)[action])
        return OracleResult(member, facts={"action": action, "payoff": float(payoff[action])})

    def earned(self, request: OracleRequest[Floats]) -> Floats:
        """What each action earns against the request's mixture, ``[n]``."""
        policies = [member.policy for member in request.opponents]
        opponent = self.mix(policies, request.opponent_mixture)
        own = (self.payoffs[..., 0], self.payoffs[..., 1].T)
        return np.asarray(np.mean([own[seat] @ opponent for seat in request.seats], axis=0))

    def stream(self, algorithm: str, /) -> str:
        """Nothing here is trained in episodes."""
        return algorithm

    def task(self, request: OracleRequest[Floats], kinds: Sequence[Kind], /) -> LogitSlope:
        """What each action earns against the request's mixture."""
        return LogitSlope(self.earned(request), derive_seed(request.seed, "initialisation"))


@dataclass(frozen=True, eq=False)
class LogitSlope:
    """A ``Slope``: logits against fixed opponents.

    Attributes:
        earned: by each action, ``[n]``.
        seed: of fresh logits.
    """

    earned: Floats
    seed: int

    entry: ClassVar[str] = "logits"

    def luck(self, count: int, /) -> Floats:
        """``[count, n]``."""
        return generator(self.seed, "logits").normal(size=(count, self.earned.size))

    def payoffs(self, points: Floats, /) -> Floats:
        """Of logits ``[N, n]``."""
        return np.array([softmax(logits) @ self.earned for logits in points])

    def slope(self, points: Floats, rate: float, /) -> Floats:
        """At logits ``[N, n]``."""
        played = [softmax(logits) for logits in points]
        return np.stack([rate * one * (self.earned - one @ self.earned) for one in played])

    def member(self, name: str, logits: Floats, /) -> Member[Floats]:
        """The member with these logits."""
        return with_logits(name, logits)

    def told(self, start: Floats, end: Floats, /) -> dict[str, Fact]:
        """Nothing more."""
        return {}


def softmax(logits: Floats) -> Floats:
    """Probabilities ``[n]``."""
    raised = np.exp(logits - logits.max())
    return np.asarray(raised / raised.sum())


def with_logits(name: str, logits: Floats) -> Member[Floats]:
    """The member that plays the softmax of logits ``[n]``."""
    return Member(name, softmax(logits), parameters={"logits": logits.copy()})
