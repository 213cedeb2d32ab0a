"""What an oracle is asked and what it answers. An oracle trains one best response.

Everything here is game-agnostic and can be sent to another process.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, Protocol

import numpy as np
from numpy.typing import NDArray

from ssa_psro.arrays import Floats
from ssa_psro.metagame.judge import P

Weights = Mapping[str, NDArray[np.floating]]
"""A learner's parameters by name: policy network, value network and log-std alike."""

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
    """

    name: str
    policy: P
    parameters: Weights | None = None
    constant_action: Floats | None = None


@dataclass(frozen=True, eq=False)
class OracleRequest(Generic[P]):
    """One best response to be trained.

    Attributes:
        side: 0 trains the row player, 1 the column player.
        iteration: PSRO iteration, from 1.
        name: what the new member shall be called.
        opponents: the other side's members, ``[m]``.
        opponent_mixture: how often the learner meets each, ``[m]``; drawn anew every episode.
        learners: the learner's own members, ``[n]``, oldest first.
        learner_mixture: the learner's own meta-mixture, ``[n]``.
        learner_scores: mean payoff of each own member against ``opponent_mixture``, ``[n]``.
        start: name of the rule for the start weights, a key of ``START_WEIGHTS``.
        seed: root of all randomness of this training run.
        budget: share of the oracle's usual budget that may be spent, in (0, 1].
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


@dataclass(frozen=True, eq=False)
class OracleResult(Generic[P]):
    """A trained best response.

    Attributes:
        member: the new policy, named as requested.
        start: what training really started from, in words.
        facts: whatever is worth a line in the record, such as decisions and final reward.
    """

    member: Member[P]
    start: str = "not applicable"
    facts: Mapping[str, Fact] = field(default_factory=dict)


class Oracle(Protocol[P]):
    """Trains a best response. Must be a pure function of the request."""

    def __call__(self, request: OracleRequest[P], /) -> OracleResult[P]:
        """The best response found for ``request``."""
