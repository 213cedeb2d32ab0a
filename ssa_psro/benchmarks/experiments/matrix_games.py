"""Matrix games played by softmax policies: a policy has weights, so that fusing means something.

The weights of a policy are logits ``[n]``. An average of logits is a normalised geometric mean of
the policies, which is not the mixture that it comes from: in small, what averaging networks does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from ssa_psro.arrays import Floats, Seeds
from ssa_psro.benchmarks.games.deviation_values import DeviationValues
from ssa_psro.errors import Fault, UsageError
from ssa_psro.metagame.solvers import regrets
from ssa_psro.oracles.exact import MatrixGame
from ssa_psro.oracles.protocol import Member, OracleRequest, OracleResult
from ssa_psro.oracles.start_weights import StartContext, make_start
from ssa_psro.randomness import derive_seed, generator

PAYOFFS: dict[str, tuple[tuple[tuple[float, float], ...], ...]] = {
    "coordination": (((2, 2), (0, 0)), ((0, 0), (1, 1))),
    "stag-hunt": (((4, 4), (0, 3)), ((3, 0), (2, 2))),
    "prisoners-dilemma": (((3, 3), (0, 5)), ((5, 0), (1, 1))),
}
"""Payoffs of row and column player by name of the game. The first action is the one that is best
for both if both take it. In the stag hunt the second action is the safe one (risk dominant:
Harsanyi & Selten 1988); in the prisoner's dilemma it dominates."""


TIE = 1e-9
"""A share of a budget that is a whole number of steps but for rounding is one."""


@dataclass(frozen=True)
class SoftmaxSettings:
    """Gradient ascent on logits, against the exact mixture.

    Attributes:
        steps: gradient steps of a whole budget.
        rate: of a step.
        spread: standard deviation of fresh logits.
    """

    steps: int = 20
    rate: float = 0.5
    spread: float = 1.0

    def __post_init__(self) -> None:
        if self.steps < 1:
            fault = Fault("steps", self.steps, "too few", "Give 1 or more.")
            raise UsageError("softmax learner", [fault])


@dataclass(frozen=True, eq=False)
class SoftmaxGame:
    """A matrix game and its learner; a policy is a mixture ``[n]``.

    Attributes:
        payoffs: ``[n, m, 2]``, of any sum.
        settings: of the learner.
    """

    payoffs: Floats
    settings: SoftmaxSettings = field(default_factory=SoftmaxSettings)

    @cached_property
    def matrix(self) -> MatrixGame:
        """The same game as it is judged and mixed."""
        return MatrixGame.of(self.payoffs)

    def fresh(self, side: int, name: str, seed: int) -> Member[Floats]:
        """A member of ``side`` with random logits."""
        drawn = generator(seed, "logits").normal(size=self.payoffs.shape[side])
        return _member(name, np.asarray(self.settings.spread * drawn))

    def judge(self, row: Floats, column: Floats, seeds: Seeds, /) -> Floats:
        """Expected payoffs, the same in every episode, ``[E, 2]``."""
        return self.matrix.judge(row, column, seeds)

    def mix(self, policies: Sequence[Floats], probabilities: Floats, /) -> Floats:
        """The mixture of mixtures."""
        return self.matrix.mix(policies, probabilities)

    def deviations(self, row: Floats, column: Floats, /) -> DeviationValues:
        """The row player's value, and what each player's best action gains."""
        value = float(row @ self.payoffs[..., 0] @ column)
        return DeviationValues(value, regrets(self.payoffs, row, column))

    def best_response(self, request: OracleRequest[Floats], /) -> OracleResult[Floats]:
        """The best action; it has no logits, which would be infinite."""
        return self.matrix.best_response(request)

    def climb(self, request: OracleRequest[Floats], /) -> OracleResult[Floats]:
        """The response that gradient ascent from the start weights reaches.

        Raises:
            UsageError: there is no start rule of the name asked for.
        """
        fresh = self.fresh(request.side, "fresh", derive_seed(request.seed, "initialisation"))
        assert fresh.parameters is not None
        start = make_start(request.start)(
            StartContext(
                request.learners,
                request.learner_mixture,
                request.learner_scores,
                fresh.parameters,
            )
        )
        earned = self._earned(request)
        logits = np.array(start.weights["logits"], dtype=np.float64)
        begun = float(softmax(logits) @ earned)
        steps = max(1, int(self.settings.steps * request.budget + TIE))
        for _ in range(steps):
            played = softmax(logits)
            logits += self.settings.rate * played * (earned - played @ earned)
        member = _member(request.name, logits)
        facts = {"steps": steps, "start_payoff": begun, "payoff": float(member.policy @ earned)}
        return OracleResult(member, start.note, facts)

    def _earned(self, request: OracleRequest[Floats]) -> Floats:
        """What each action earns against the opponents, ``[n]``."""
        policies = [member.policy for member in request.opponents]
        opponent = self.mix(policies, request.opponent_mixture)
        own = self.payoffs[..., request.side]
        return np.asarray(own @ opponent if request.side == 0 else opponent @ own)


def softmax(logits: Floats) -> Floats:
    """Probabilities ``[n]``."""
    raised = np.exp(logits - logits.max())
    return np.asarray(raised / raised.sum())


def _member(name: str, logits: Floats) -> Member[Floats]:
    return Member(name, softmax(logits), parameters={"logits": logits.copy()})
