"""Proximal policy optimisation (Schulman et al., arXiv 1707.06347), by Stable-Baselines3.

An actor and a critic that share nothing. Where actions are numbers, the actor's mean is what the
member plays, and normal noise of a width that it learns explores; where they are choices, it plays
the probabilities of its actor, as it does in training. Returns are not discounted: episodes are
short and the payoff is the plain sum of the rewards.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from ssa_psro.arrays import Floats
from ssa_psro.errors import Fault, UsageError, did_you_mean
from ssa_psro.learn.agent import NetworkAgent, NetworkOracle
from ssa_psro.learn.protocol import (
    Ability,
    Fact,
    Kind,
    Lessons,
    Member,
    OracleRequest,
    Parameters,
    Weights,
)
from ssa_psro.learn.settings import TrainingSettings, not_above_zero, outside, too_few
from ssa_psro.metagame.judge import P

if TYPE_CHECKING:
    import torch
    from stable_baselines3 import PPO
    from stable_baselines3.common.policies import ActorCriticPolicy
    from torch import Tensor


ESTIMATORS = ("gae", "q-boosting")


@dataclass(frozen=True, kw_only=True)
class PpoSettings(TrainingSettings):
    """What may be chosen about PPO.

    Attributes:
        rollout_steps: decisions between updates, in all environments together, where rollouts are
            not whole episodes.
        minibatch: decisions of one gradient step; ``None``: all of a rollout.
        epochs: passes over each rollout.
        gae_lambda: generalised advantage estimation, from 0 (biased) to 1 (noisy).
        estimator: of advantages, of ``ESTIMATORS``: ``gae``, or ``q-boosting`` (VRPO; Fan & Farina,
            arXiv 2605.19235), by a critic of actions that knows what the opponent has seen.
        clip_range: how far a probability ratio may move in one update.
        entropy: weight of the entropy bonus.
        proximity: weight of the divergence from what the policy was before the update, of actions
            to choose from. With an entropy bonus, and a clip range too wide to matter, this is
            magnetic mirror descent (Sokota et al., ICLR 2023): its magnet the uniform policy, its
            step size one over the weight.
        log_std: initial log standard deviation of actions that are numbers in [-1, 1].
        hold_noise: draw their noise once an episode, not at every decision; episodes must be
            equally long, and rollouts whole ones.
    """

    rollout_steps: int = 2048
    minibatch: int | None = None
    epochs: int = 10
    gae_lambda: float = 0.95
    estimator: str = "gae"
    clip_range: float = 0.2
    entropy: float = 0.0
    proximity: float = 0.0
    log_std: float = -1.5
    hold_noise: bool = False

    def __post_init__(self) -> None:
        super().__post_init__()
        counted = {"rollout_steps": self.rollout_steps, "epochs": self.epochs}
        if self.minibatch is not None:
            counted["minibatch"] = self.minibatch
        faults = [one for key, value in counted.items() for one in too_few(key, value)]
        faults += outside("gae_lambda", self.gae_lambda, most=1.0)
        faults += not_above_zero("clip_range", self.clip_range)
        for key in ("entropy", "proximity"):
            faults += too_few(key, getattr(self, key), least=0)
        if not math.isfinite(self.log_std):
            faults.append(Fault("log_std", self.log_std, "not finite", "Give a number."))
        if faults:
            raise UsageError("learner settings", faults)
        if self.hold_noise and not self.whole_episodes:
            cure = "Set whole_episodes, or leave it false."
            fault = Fault("hold_noise", True, "rollouts are no whole episodes", cure)
            raise UsageError("learner settings", [fault])
        if self.estimator not in ESTIMATORS:
            cure = did_you_mean(self.estimator, ESTIMATORS)
            fault = Fault("estimator", self.estimator, "unknown", cure)
            raise UsageError("learner settings", [fault])
        if self.proximity and not self.entropy > 0:
            cure = "Give an entropy above 0, or leave proximity out."
            fault = Fault("proximity", self.proximity, "has no magnet without entropy", cure)
            raise UsageError("learner settings", [fault])

    def learning_rate_at(self, remaining: float) -> float:
        """From the share of the training that remains; it falls linearly."""
        first, last = self.learning_rate, self.learning_rate * self.final_learning_rate
        return last + (first - last) * remaining


class PpoAgent(NetworkAgent[P, PpoSettings]):
    """PPO with a task."""

    def policy_class(self) -> type[ActorCriticPolicy]:
        """SB3's class of the networks."""
        from stable_baselines3.common.policies import ActorCriticPolicy

        from ssa_psro.learn.boosting import BoostedActorCritic
        from ssa_psro.learn.held_noise import HeldNoiseActorCritic
        from ssa_psro.learn.masked import MaskedActorCritic, MirrorActorCritic

        if self.boosted:
            return BoostedActorCritic
        if self.task.kind == "discrete":
            return MirrorActorCritic if self.settings.proximity else MaskedActorCritic
        if self.settings.proximity:
            cure = "Leave it out, or learn in a game of actions to choose from."
            fault = Fault("proximity", self.settings.proximity, "actions are numbers here", cure)
            raise UsageError("learner settings", [fault])
        return HeldNoiseActorCritic if self.settings.hold_noise else ActorCriticPolicy

    def options(self) -> dict[str, Any]:
        """SB3's options of the networks."""
        from ssa_psro.learn.networks import options

        widths, numbers = list(self.settings.hidden), self.task.kind == "continuous"
        return {
            **options(self.settings, self.task),
            "net_arch": {"pi": widths, "vf": widths},
            **({"log_std_init": self.settings.log_std} if numbers else {}),
            **({"hold": self.task.episode} if numbers and self.settings.hold_noise else {}),
            **self._mirror(),
            **({"hidden_features": self._hidden()} if self.boosted else {}),
        }

    @property
    def boosted(self) -> bool:
        """Whether advantages are those of VRPO."""
        return self.settings.estimator == "q-boosting"

    def _mirror(self) -> dict[str, float]:
        """SB3 multiplies what the network calls its entropy by that weight."""
        settings = self.settings
        if not settings.proximity:
            return {}
        return {"proximity": settings.proximity / settings.entropy}

    def network(self) -> ActorCriticPolicy:
        """SB3's initialisation: orthogonal bodies, an actor's head near 0, biases of 0."""
        from ssa_psro.learn.networks import no_learning_rate

        spaces = self.task.observation_space, self.task.action_space
        return self.policy_class()(*spaces, no_learning_rate, **self.options())

    def rollout(self) -> int:
        """One episode in every environment, or the settings' number in whole steps of all."""
        if self.settings.whole_episodes:
            return self.whole_rollout()
        environments = self.settings.environments
        return max(1, self.settings.rollout_steps // environments) * environments

    def model(self, env: Any, decisions: int, frozen: int, seed: int) -> PPO:
        """An update after each rollout."""
        from stable_baselines3 import PPO

        settings, rollout = self.settings, self.rollout()
        model = PPO(
            self.policy_class(),
            env,
            learning_rate=settings.learning_rate_at,
            n_steps=rollout // env.num_envs,
            batch_size=rollout if settings.minibatch is None else min(settings.minibatch, rollout),
            n_epochs=settings.epochs,
            gamma=1.0,
            gae_lambda=settings.gae_lambda,
            clip_range=settings.clip_range,
            ent_coef=settings.entropy,
            policy_kwargs=self.options(),
            rollout_buffer_class=self._buffer(),
            device="cpu",
            seed=seed,
        )
        if self.boosted:
            rollouts: Any = model.rollout_buffer
            rollouts.policy = model.policy
        return model

    def _hidden(self) -> int:
        """Numbers at the beginning of observations that only critics may see."""
        task: Any = self.task
        return int(task.hidden_features)

    def _buffer(self) -> Any:
        """SB3's own unless advantages are estimated otherwise."""
        from ssa_psro.learn.boosting import BoostedRollouts

        return BoostedRollouts if self.boosted else None

    def output(self, policy: Any, observations: Tensor) -> Tensor:
        """The actor's means ``[N, D]``, or probabilities ``[N, A]`` in double precision."""
        from ssa_psro.learn.networks import mean_actions, probabilities

        read = probabilities if self.task.kind == "discrete" else mean_actions
        return read(policy, observations)

    def frozen(self, policy: Any) -> list[torch.nn.Parameter]:
        """The actor, and how much it explores."""
        own = ("mlp_extractor.policy_net.", "action_net.", "log_std")
        return [array for name, array in policy.named_parameters() if name.startswith(own)]

    def distil(
        self, start: Weights, members: Sequence[Member[Any]], mixture: Floats, seed: int
    ) -> tuple[Parameters, Mapping[str, Fact]]:
        """The actor learns what the mixture does, the critic the mean of the members' critics."""
        import torch

        from ssa_psro.learn.distillation import distilled, mean_output

        lessons = self.task.lessons(members, mixture, seed)
        values = mean_output(self.network, lessons, _values)
        seen, target = torch.from_numpy(lessons.observations), torch.from_numpy(lessons.target)
        target = target.float()

        def loss(policy: Any, which: Tensor) -> Tensor:
            apart = self._apart(policy, seen[which], target[which])
            if values is None:
                return apart
            return apart + (_values(policy, seen[which]) - values[which]).square().mean()

        updates = self.settings.distillation_updates
        weights = distilled(self.network, start, lessons, loss, updates, seed)
        return {**weights, **self.constants}, self._error(lessons, weights)

    def _apart(self, policy: Any, seen: Tensor, target: Tensor) -> Tensor:
        """Cross entropy from the target's probabilities, or mean square from its numbers."""
        from ssa_psro.learn.networks import mean_actions

        if self.task.kind == "discrete":
            logs: Tensor = policy.log_probabilities(seen)
            return -(target * logs).sum(dim=1).mean()
        return (mean_actions(policy, seen) - target).square().mean()

    def _error(self, lessons: Lessons[Any], weights: Weights) -> dict[str, Fact]:
        """How far the network is from the mixture, where that one comes.

        Of choices KL(mixture, network) in nats; of numbers, root mean square of what is played.
        """
        played, target = self.acts(weights, lessons.observations), lessons.target
        if self.task.kind == "continuous":
            squares = np.square(np.clip(played, -1.0, 1.0) - target).mean(axis=1)
            return {"distillation_rms": float(np.sqrt(lessons.reach @ squares))}
        import torch

        wanted = torch.from_numpy(target)
        found = torch.from_numpy(played / played.sum(axis=1, keepdims=True))
        ratio = torch.where(wanted > 0, wanted.log() - found.log(), 0.0)
        return {"distillation_kl": float(torch.from_numpy(lessons.reach) @ (wanted * ratio).sum(1))}


@dataclass(frozen=True)
class PpoOracle(NetworkOracle[P, PpoSettings]):
    """Trains best responses by proximal policy optimisation."""

    name: ClassVar[str] = "ppo"
    needs: ClassVar[frozenset[Ability]] = frozenset({"episodes"})
    kinds: ClassVar[tuple[Kind, ...]] = ("continuous", "discrete")
    settings_type: ClassVar[type[TrainingSettings]] = PpoSettings
    agent_type: ClassVar[type[NetworkAgent[Any, Any]]] = PpoAgent

    def agent(self, request: OracleRequest[P]) -> NetworkAgent[P, PpoSettings]:
        """What trains for ``request``.

        Raises:
            UsageError: as of any network; or the game does not show its critics what is hidden.
        """
        agent = super().agent(request)
        if self.settings.estimator == "gae":
            return agent
        opened = getattr(agent.task, "opened", None)
        if opened is None or self.settings.proximity:
            problem = "has no mirror" if opened else "critics here see what players see"
            fault = Fault("estimator", self.settings.estimator, problem, "Use gae.")
            raise UsageError("learner settings", [fault])
        return replace(agent, task=opened())


ORACLES: Mapping[str, Callable[..., Any]] = {"ppo": PpoOracle}


def _values(policy: Any, observations: Tensor) -> Tensor:
    values: Tensor = policy.predict_values(observations)
    return values
