"""What PPO and DQN have in common, seen from where nobody loads torch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from ssa_psro.arrays import Floats
from ssa_psro.benchmarks.games.behaviour import Behaviour
from ssa_psro.benchmarks.games.sequence_form import expected_payoff
from ssa_psro.benchmarks.games.tree import GameTree
from ssa_psro.oracles.protocol import Fact, Member, Weights
from ssa_psro.oracles.training import Parameters


@dataclass(frozen=True, eq=False)
class Task:
    """Whom to train against, in which game.

    Attributes:
        tree: the game.
        opponent: the opponents' mixture, as one behaviour.
        population: the learner's own, which settings may ask it to differ from.
    """

    tree: GameTree
    opponent: Behaviour
    population: tuple[Behaviour, ...] = ()

    @property
    def side(self) -> int:
        """The learner's."""
        return 1 - self.opponent.side

    def payoff(self, behaviour: Behaviour) -> float:
        """Of the learner, exact."""
        if self.side == 0:
            return expected_payoff(self.tree, behaviour, self.opponent)
        return -expected_payoff(self.tree, self.opponent, behaviour)


@dataclass(frozen=True, eq=False)
class Training:
    """A finished training.

    Attributes:
        parameters: at the end.
        checkpoints: parameters on the way, at even shares of the budget, oldest first.
        returns: mean payoff of the episodes between checkpoints, exploring; ``None`` where none
            has ended.
        steps: decisions played.
        episodes: that have ended.
        updates: gradient steps.
        total_s: wall time of the training.
        game_s: of this, time in the game and the opponent.
        torch_s: of this, time in torch: choosing actions and updating the networks.
    """

    parameters: Parameters
    checkpoints: tuple[Parameters, ...]
    returns: tuple[float | None, ...]
    steps: int
    episodes: int
    updates: int
    total_s: float
    game_s: float
    torch_s: float

    @property
    def facts(self) -> dict[str, Fact]:
        """What is worth a line in the record; times are wall times."""
        return {
            "steps": self.steps,
            "episodes": self.episodes,
            "updates": self.updates,
            "first_return": self.returns[0],
            "last_return": self.returns[-1],
            "training_s": round(self.total_s, 4),
            "steps_per_s": round(self.steps / self.total_s, 1),
            "share_in_game": round(self.game_s / self.total_s, 4),
            "share_outside_torch": round(1.0 - self.torch_s / self.total_s, 4),
        }


@dataclass(frozen=True, eq=False)
class Distillation:
    """A network that has been taught to do as several others.

    Attributes:
        weights: of the network.
        facts: how near it comes.
    """

    weights: Parameters
    facts: Mapping[str, Fact]


class Agent(Protocol):
    """A kind of network and of learning, with its settings, for one task."""

    @property
    def task(self) -> Task:
        """In which game, against whom."""

    def fresh(self, seed: int) -> Parameters:
        """The library's own initialisation."""

    def drawn(self, initialisation: str, seed: int, *, full_head: bool = False) -> Parameters:
        """Random weights from a distribution, a key of ``INITIALISATIONS``.

        Args:
            initialisation: its name.
            seed: what they are drawn from.
            full_head: let an actor's head be as large as any, instead of near 0.
        """

    def behaviour(self, weights: Weights) -> Behaviour:
        """What a network of these weights plays, by one forward pass over all information sets."""

    def train(self, start: Weights, steps: int, seed: int, frozen_share: float = 0.0) -> Training:
        """Learn for at most ``steps``, but one rollout at least; a pure function.

        Raises:
            UsageError: the training diverged.
        """

    def distil(
        self, start: Weights, members: Sequence[Member[Any]], mixture: Floats, seed: int
    ) -> Distillation:
        """One network, beginning at ``start``, in the image of the mixture ``[n]`` of members."""
