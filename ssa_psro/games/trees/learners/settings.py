"""What may be chosen about the learners of game trees. A step is one decision of the learner."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ssa_psro.errors import Fault, UsageError, did_you_mean

ACTIVATIONS = ("relu", "tanh")
SELECTIONS = ("end", "exact")

ALMOST_ALL = 0.99
"""Most of a budget that may go into anything but learning."""


@dataclass(frozen=True)
class TrainingSettings:
    """What all learners have in common.

    Attributes:
        steps: budget of one response; several responses a side share it. Whole rollouts within it
            are played, one at least.
        hidden: widths of the hidden layers of every network.
        activation: behind each of them, of ``ACTIVATIONS``.
        environments: episodes side by side.
        learning_rate: of Adam.
        final_learning_rate: share of it that is left at the end; it falls linearly.
        reward_scale: payoffs are multiplied by it in training; ``None`` divides them by the
            root mean square payoff of uniform play.
        select: ``end`` answers with the network that training ends with, as published PSRO does.
            ``exact`` answers with the best of start, checkpoints and end by exact payoff against
            the opponents, which costs no steps but knows the game: not for comparisons with
            published figures.
        checkpoints: exact payoffs on the way are noted at this many even shares of the budget,
            the last of which is the end.
        frozen_share: share of the budget, at the beginning, in which the start weights play and
            the policy does not learn. PPO's critic does; DQN fills its memory.
        restarts: how many spread-out starts the rule ``restarts`` tries.
        restart_share: share of the budget that all of its trials together may spend.
        distillation_updates: gradient steps of the rule ``behavioural-fusion``.
        diversity: what training also pays for a nat of difference from the learner's population,
            in units of the rewards, see ``diversity``; PSD-PSRO where it is not 0.
    """

    steps: int
    hidden: tuple[int, ...]
    activation: str
    environments: int
    learning_rate: float
    final_learning_rate: float = 0.1
    reward_scale: float | None = None
    select: str = "end"
    checkpoints: int = 5
    frozen_share: float = 0.0
    restarts: int = 4
    restart_share: float = 0.5
    distillation_updates: int = 400
    diversity: float = 0.0

    def __post_init__(self) -> None:
        faults = [
            *_unknown("activation", self.activation, ACTIVATIONS),
            *_unknown("select", self.select, SELECTIONS),
            *_outside("final_learning_rate", self.final_learning_rate, most=1.0),
            *_outside("frozen_share", self.frozen_share),
            *_outside("restart_share", self.restart_share),
            *(
                fault
                for key in ("steps", "environments", "checkpoints", "restarts")
                for fault in _too_few(key, getattr(self, key))
            ),
        ]
        if faults:
            raise UsageError("learner settings", faults)


@dataclass(frozen=True)
class PpoSettings(TrainingSettings):
    """Proximal policy optimisation (Schulman et al., arXiv 1707.06347).

    Attributes:
        rollout_steps: steps between updates, in all environments together.
        minibatch: steps of one gradient step.
        epochs: passes over each rollout.
        gae_lambda: generalised advantage estimation, from 0 (biased) to 1 (noisy). Episodes are
            short and their payoffs are not discounted.
        clip_range: how far a probability ratio may move in one update.
        entropy: weight of the entropy bonus.
    """

    steps: int = 60_000
    hidden: tuple[int, ...] = (128, 128)
    activation: str = "relu"
    environments: int = 128
    learning_rate: float = 2e-3
    final_learning_rate: float = 1.0
    rollout_steps: int = 2048
    minibatch: int = 512
    epochs: int = 4
    gae_lambda: float = 0.95
    clip_range: float = 0.2
    entropy: float = 0.01


@dataclass(frozen=True)
class DqnSettings(TrainingSettings):
    """Deep Q-learning (Mnih et al., Nature 518, 2015); network and batch of arXiv 2405.21027.

    Attributes:
        batch: transitions of one gradient step.
        memory: transitions kept.
        updates_per_step: gradient steps for every step played.
        warm_up_steps: steps before the first gradient step, played as all others.
        target_every: steps between copies into the target network.
        exploration_first: share of random legal actions at the beginning.
        exploration_last: the same from ``exploration_share`` of the budget on.
        exploration_share: over which share of the budget it falls, linearly.
    """

    steps: int = 60_000
    hidden: tuple[int, ...] = (256, 256, 256)
    activation: str = "relu"
    environments: int = 64
    learning_rate: float = 1e-3
    batch: int = 512
    memory: int = 100_000
    updates_per_step: float = 1 / 32
    warm_up_steps: int = 1024
    target_every: int = 1024
    exploration_first: float = 0.5
    exploration_last: float = 0.05
    exploration_share: float = 0.5


def _unknown(key: str, value: str, known: tuple[str, ...]) -> list[Fault]:
    return [] if value in known else [Fault(key, value, "unknown", did_you_mean(value, known))]


def _outside(key: str, value: float, most: float = ALMOST_ALL) -> list[Fault]:
    cure = f"Give a number from 0 to {most:g}."
    return [] if 0.0 <= value <= most else [Fault(key, value, "not such a share", cure)]


def _too_few(key: str, value: Any) -> list[Fault]:
    return [] if value >= 1 else [Fault(key, value, "too few", "Give one or more.")]
