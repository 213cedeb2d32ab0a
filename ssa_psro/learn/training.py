"""What every training of a network has in common: its budget, its record, its start."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ssa_psro.learn.protocol import Fact, OracleRequest, Weights
from ssa_psro.learn.start_weights import Start, StartContext, make_start
from ssa_psro.policies import Policy

Parameters = dict[str, NDArray[np.float32]]


@dataclass(frozen=True)
class TrainingSettings:
    """What every training of a network is told.

    Attributes:
        decisions: length of the training.
        environments: episodes that are played side by side.
        hidden: units of each hidden layer.
        learning_rate: at the beginning.
    """

    decisions: int = 200_000
    environments: int = 32
    hidden: tuple[int, ...] = (64, 64)
    learning_rate: float = 1e-3


@dataclass(frozen=True, eq=False)
class Training:
    """A finished training.

    Attributes:
        parameters: at the end.
        checkpoints: parameters on the way, evenly spaced, oldest first.
        returns: mean payoff of the learner in each rollout, exploring, in order.
        decisions: how many were played.
        total_s: wall time of the training.
        game_s: of this, time in the game, its views and the opponent's policy.
        torch_s: of this, time in torch: choosing actions and updating the networks.
    """

    parameters: Parameters
    checkpoints: tuple[Parameters, ...]
    returns: tuple[float, ...]
    decisions: int
    total_s: float
    game_s: float
    torch_s: float

    def candidates(self, start: Weights) -> dict[str, Weights]:
        """What may be the answer, by name: the start, the checkpoints and the end."""
        on_the_way = {f"checkpoint_{k}": one for k, one in enumerate(self.checkpoints, 1)}
        return {"start": start, **on_the_way, "end": self.parameters}

    @property
    def facts(self) -> dict[str, Fact]:
        """What is worth a line in the record; times are wall times."""
        outside = 1.0 - self.torch_s / self.total_s
        return {
            "decisions": self.decisions,
            "first_return": self.returns[0],
            "last_return": self.returns[-1],
            "training_s": round(self.total_s, 3),
            "decisions_per_s": round(self.decisions / self.total_s, 1),
            "share_in_game": round(self.game_s / self.total_s, 4),
            "share_outside_torch": round(outside, 4),
        }


def budgeted(settings: TrainingSettings, request: OracleRequest[Policy]) -> TrainingSettings:
    """The settings with the share of the decisions that this request may spend."""
    decisions = max(1, round(settings.decisions * request.budget))
    return replace(settings, decisions=decisions)


def start_of(request: OracleRequest[Policy], fresh: Weights) -> Start:
    """Where the training of ``request`` starts.

    Args:
        request: names the rule and the population it works on.
        fresh: a normal initialisation of the learner's network.

    Raises:
        UsageError: there is no start rule of the name asked for.
    """
    context = StartContext(request.learners, request.learner_mixture, request.learner_scores, fresh)
    return make_start(request.start)(context)
