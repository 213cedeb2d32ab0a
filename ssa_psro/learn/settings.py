"""What may be chosen about every training of a network, and the record of one.

A step of a budget is one decision of the learner. Which numbers suit a game, its family says.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ssa_psro.errors import Fault, UsageError, did_you_mean
from ssa_psro.learn.protocol import Fact, OracleRequest, Parameters, Weights

ACTIVATIONS = ("relu", "tanh")
SELECTIONS = ("end", "exact", "episodes")

COUNTED = (
    "steps",
    "environments",
    "validation_episodes",
    "checkpoints",
    "restarts",
    "distillation_updates",
)
"""Settings that are 1 at least."""

ALMOST_ALL = 0.99
"""Most of a budget that may go into anything but learning."""


@dataclass(frozen=True, kw_only=True)
class TrainingSettings:
    """What all algorithms that train networks have in common.

    Attributes:
        steps: budget of one response, in decisions; those to several targets share it.
        hidden: widths of the hidden layers of every network.
        activation: behind each of them, of ``ACTIVATIONS``.
        environments: episodes side by side.
        learning_rate: of Adam.
        final_learning_rate: share of it that is left at the end; it falls linearly.
        adam_epsilon: of Adam. SB3 has 1e-5 for PPO; torch's own, a thousandth of that, lets the
            first steps be too long.
        fused: whether Adam's steps are made in one kernel; faster, and rounded differently.
        reward_scale: payoffs are multiplied by it in training; ``None`` leaves it to the game.
        whole_episodes: each rollout is one whole episode in every environment, so that no reward is
            cut off, and the budget is rounded up to whole rollouts. Otherwise rollouts are as long
            as the algorithm has them and those within the budget are played, one at least.
        select: ``end`` answers with the network that training ends with, as published PSRO does.
            ``episodes`` answers with the best of start, checkpoints and end on episodes that belong
            to the training: their seeds are apart from those that train and those that the
            meta-game is judged by. ``exact`` does so by exact payoff against the opponents, which
            costs no steps but knows the game: not for comparisons with published figures.
        validation_episodes: on which candidates are compared.
        checkpoints: into how many even parts the checkpoints divide a training. Learning need not
            be steady, and what was best on the way may be lost again before the end.
        frozen_share: share of the budget, at the beginning, in which the start weights play and
            the policy does not learn. Critics do; DQN fills its memory.
        fused_members: how many members, those of most mass, the rule ``fusion`` sums; 0 for all.
        restarts: how many spread-out starts the rule ``restarts`` tries.
        restart_share: share of the budget that all of its trials together may spend.
        distillation_updates: gradient steps of the rule ``behavioural-fusion``.
        diversity: what training also pays for a nat of difference from the learner's population,
            in units of the rewards, see ``diversity``; PSD-PSRO where it is not 0.
    """

    steps: int
    hidden: tuple[int, ...]
    activation: str = "tanh"
    environments: int
    learning_rate: float
    final_learning_rate: float = 1.0
    adam_epsilon: float = 1e-5
    fused: bool = False
    reward_scale: float | None = None
    whole_episodes: bool = False
    select: str = "end"
    validation_episodes: int = 128
    checkpoints: int = 5
    frozen_share: float = 0.0
    fused_members: int = 0
    restarts: int = 4
    restart_share: float = 0.5
    distillation_updates: int = 400
    diversity: float = 0.0

    def __post_init__(self) -> None:
        faults = [
            *_unknown("activation", self.activation, ACTIVATIONS),
            *_unknown("select", self.select, SELECTIONS),
            *outside("final_learning_rate", self.final_learning_rate, most=1.0),
            *outside("frozen_share", self.frozen_share),
            *outside("restart_share", self.restart_share),
            *not_above_zero("learning_rate", self.learning_rate),
            *not_above_zero("adam_epsilon", self.adam_epsilon),
            *(
                ()
                if self.reward_scale is None
                else not_above_zero("reward_scale", self.reward_scale)
            ),
            *too_few("fused_members", self.fused_members, least=0),
            *too_few("diversity", self.diversity, least=0),
            *(fault for key in COUNTED for fault in too_few(key, getattr(self, key))),
        ]
        if faults:
            raise UsageError("learner settings", faults)

    def budget(self, request: OracleRequest[Any]) -> int:
        """Decisions that ``request`` may spend."""
        return max(1, round(self.steps * request.budget))


@dataclass(frozen=True, eq=False)
class Training:
    """A finished training.

    Attributes:
        parameters: at the end.
        checkpoints: parameters on the way, evenly spaced, oldest first.
        returns: mean payoffs of the learner, exploring, in order: of each rollout where it is of
            whole episodes, else of the episodes between checkpoints; ``None`` where none has ended.
        decisions: how many were played.
        episodes: that have ended.
        updates: gradient steps.
        total_s: wall time of the training.
        game_s: of this, time in the game, its views and the opponent's policy.
        torch_s: of this, time in torch: choosing actions and updating the networks.
        carried: what a training can go on with, where that was asked for, see ``Member.carried``.
    """

    parameters: Parameters
    checkpoints: tuple[Parameters, ...]
    returns: tuple[float | None, ...]
    decisions: int
    episodes: int
    updates: int
    total_s: float
    game_s: float
    torch_s: float
    carried: Any = None

    def candidates(self, start: Weights) -> dict[str, Weights]:
        """What may be the answer, by name: the start, the checkpoints and the end."""
        on_the_way = {f"checkpoint_{k}": one for k, one in enumerate(self.checkpoints, 1)}
        return {"start": start, **on_the_way, "end": self.parameters}

    def facts(self, *, even: bool) -> dict[str, Fact]:
        """What is worth a line in the record; times are wall times.

        Args:
            even: all episodes are equally long; then their number follows from that of decisions.
        """
        counted = {} if even else {"episodes": self.episodes, "updates": self.updates}
        return {
            "decisions": self.decisions,
            **counted,
            "first_return": self.returns[0],
            "last_return": self.returns[-1],
            "training_s": round(self.total_s, 4),
            "decisions_per_s": round(self.decisions / self.total_s, 1),
            "share_in_game": round(self.game_s / self.total_s, 4),
            "share_outside_torch": round(1.0 - self.torch_s / self.total_s, 4),
        }


def _unknown(key: str, value: str, known: tuple[str, ...]) -> list[Fault]:
    return [] if value in known else [Fault(key, value, "unknown", did_you_mean(value, known))]


def outside(key: str, value: float, most: float = ALMOST_ALL) -> list[Fault]:
    """A fault of a share that is negative or over ``most``, if it is."""
    cure = f"Give a number from 0 to {most:g}."
    return [] if 0.0 <= value <= most else [Fault(key, value, "not such a share", cure)]


def not_above_zero(key: str, value: float) -> list[Fault]:
    """A fault of a number that has to be above 0, if it is not."""
    return [] if value > 0.0 else [Fault(key, value, "not above 0", "Give a number above 0.")]


def too_few(key: str, value: Any, least: int = 1) -> list[Fault]:
    """A fault of a number that has to be ``least`` or more, if it is not."""
    return [] if value >= least else [Fault(key, value, "too few", f"Give {least} or more.")]
