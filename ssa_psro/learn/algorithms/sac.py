"""Soft actor-critic (Haarnoja et al., arXiv 1812.05905), by Stable-Baselines3.

It learns from all it has seen, not just the last rollout. Its actor squashes its output where PPO's
is clipped, and it has two critics of actions where PPO has one of situations. So SAC members
inherit from and fuse with each other and with heuristics, but never with PPO members: their
parameters have other names, and the start rules leave out what does not fit. A heuristic's weights
are cut off at ``SQUASHED_MOST``. One rollout of every training acts at random, which shows the
critics more than a confident start would.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from ssa_psro.arrays import Floats
from ssa_psro.learn.agent import NetworkAgent, NetworkOracle
from ssa_psro.learn.embedding import LAYOUT
from ssa_psro.learn.protocol import Ability, Fact, Kind, Member, Parameters, Weights
from ssa_psro.learn.settings import TrainingSettings
from ssa_psro.metagame.judge import P

if TYPE_CHECKING:
    import torch
    from stable_baselines3 import SAC
    from stable_baselines3.sac.policies import SACPolicy
    from torch import Tensor


@dataclass(frozen=True, kw_only=True)
class SacSettings(TrainingSettings):
    """What may be chosen about SAC.

    Attributes:
        gamma: discount; below 1, because the critics feed on their own estimates.
        updates_per_step: gradient steps for every decision played.
        batch: decisions behind each gradient step, drawn from the memory.
        memory: decisions that are remembered.
        tau: share of the critics that their slow copies take over in each step.
        entropy: SB3's ``ent_coef``: learned, from 0.1 on.
    """

    adam_epsilon: float = 1e-8
    gamma: float = 0.99
    updates_per_step: float = 1 / 16
    batch: int = 256
    memory: int = 200_000
    tau: float = 0.005
    entropy: str = "auto_0.1"

    def learning_rate_at(self, remaining: float) -> float:
        """From the share of the training that remains; it falls linearly."""
        first, last = self.learning_rate, self.learning_rate * self.final_learning_rate
        return last + (first - last) * remaining


class SacAgent(NetworkAgent[P, SacSettings]):
    """SAC with a task."""

    @property
    def constants(self) -> Parameters:
        """The mark of a squashed head beside the task's own."""
        return {**self.task.constants, LAYOUT.squash: np.ones(1, np.float32)}

    def options(self) -> dict[str, Any]:
        """SB3's options of the networks: an actor and two critics that share nothing."""
        from ssa_psro.learn.networks import options

        widths = list(self.settings.hidden)
        return {
            **options(self.settings, self.task),
            "net_arch": {"pi": widths, "qf": widths},
            "n_critics": 2,
        }

    def network(self) -> SACPolicy:
        """SB3's initialisation."""
        from stable_baselines3.sac.policies import SACPolicy

        from ssa_psro.learn.networks import no_learning_rate

        task = self.task
        return SACPolicy(
            task.observation_space, task.action_space, no_learning_rate, **self.options()
        )

    def rollout(self) -> int:
        """One episode in every environment, or one step of each."""
        whole = self.settings.whole_episodes
        return self.whole_rollout() if whole else self.settings.environments

    def model(self, env: Any, decisions: int, frozen: int, seed: int) -> SAC:
        """Updates after each rollout."""
        from stable_baselines3 import SAC

        settings, rollout = self.settings, self.rollout()
        return SAC(
            "MlpPolicy",
            env,
            learning_rate=settings.learning_rate_at,
            buffer_size=max(rollout, min(settings.memory, decisions + rollout)),
            learning_starts=rollout - 1,  # decisions of the first rollout are random
            batch_size=settings.batch,
            tau=settings.tau,
            gamma=settings.gamma,
            train_freq=(rollout // env.num_envs, "step"),
            gradient_steps=max(1, round(rollout * settings.updates_per_step)),
            ent_coef=settings.entropy,
            policy_kwargs=self.options(),
            device="cpu",
            seed=seed,
        )

    def output(self, policy: Any, observations: Tensor) -> Tensor:
        """The actor's squashed means ``[N, D]``."""
        means: Tensor = policy.actor(observations, deterministic=True)
        return means

    def acting(self, model: Any) -> torch.nn.Module:
        """The actor."""
        network: torch.nn.Module = model.actor
        return network

    def frozen(self, policy: Any) -> list[torch.nn.Parameter]:
        """The actor."""
        return list(policy.actor.parameters())

    def distil(
        self, start: Weights, members: Sequence[Member[Any]], mixture: Floats, seed: int
    ) -> tuple[Parameters, Mapping[str, Fact]]:
        """The actor learns what the mixture does, the critics what the members' say of that."""
        import torch

        from ssa_psro.learn.distillation import distilled, mean_output

        lessons = self.task.lessons(members, mixture, seed)
        seen = torch.from_numpy(lessons.observations)
        target = torch.from_numpy(lessons.target).float()

        def judged(policy: Any, observations: Tensor) -> Tensor:
            return torch.cat(policy.critic(observations, target), dim=1)

        values = mean_output(self.network, lessons, judged)

        def loss(policy: Any, which: Tensor) -> Tensor:
            apart = (self.output(policy, seen[which]) - target[which]).square().mean()
            if values is None:
                return apart
            found = torch.cat(policy.critic(seen[which], target[which]), dim=1)
            return apart + (found - values[which]).square().mean()

        updates = self.settings.distillation_updates
        weights = distilled(self.network, start, lessons, loss, updates, seed)
        played = self.acts(weights, lessons.observations)
        squares = np.square(played - lessons.target).mean(axis=1)
        error = float(np.sqrt(lessons.reach @ squares))
        return {**weights, **self.constants}, {"distillation_rms": error}


@dataclass(frozen=True)
class SacOracle(NetworkOracle[P, SacSettings]):
    """Trains best responses by soft actor-critic."""

    name: ClassVar[str] = "sac"
    needs: ClassVar[frozenset[Ability]] = frozenset({"episodes", "continuous"})
    kinds: ClassVar[tuple[Kind, ...]] = ("continuous",)
    settings_type: ClassVar[type[TrainingSettings]] = SacSettings
    agent_type: ClassVar[type[NetworkAgent[Any, Any]]] = SacAgent


ORACLES: Mapping[str, Callable[..., Any]] = {"sac": SacOracle}
