"""DQN on a game tree, as implemented in Stable-Baselines3."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from stable_baselines3.common.base_class import BaseAlgorithm
from stable_baselines3.common.policies import BasePolicy
from torch import Tensor

from ssa_psro.arrays import Floats
from ssa_psro.benchmarks.learners.agent import Distillation
from ssa_psro.benchmarks.learners.distillation import (
    Lessons,
    distilled,
    lessons_of,
    mean_output,
    output_of,
)
from ssa_psro.benchmarks.learners.masked_dqn import MaskedDQN
from ssa_psro.benchmarks.learners.masked_policies import MaskedDqnPolicy
from ssa_psro.benchmarks.learners.network_agent import NetworkAgent, no_learning_rate
from ssa_psro.benchmarks.learners.settings import DqnSettings
from ssa_psro.benchmarks.learners.tree_env import TreeVecEnv, spaces_of
from ssa_psro.oracles.protocol import Member, Weights


class DqnAgent(NetworkAgent[DqnSettings]):
    """Plays the legal action of highest Q-value, the first of equals."""

    def policy(self) -> MaskedDqnPolicy:
        """Torch's initialisation."""
        spaces = spaces_of(self.task.tree, self.task.side)
        return MaskedDqnPolicy(*spaces, no_learning_rate, **self.options())

    def options(self) -> dict[str, Any]:
        """One network."""
        return super().options() | {"net_arch": list(self.settings.hidden)}

    def probabilities(self, policy: BasePolicy, observations: Tensor) -> Tensor:
        """1 for the greedy action, ``[I, A]``."""
        values = _values(policy, observations)
        return torch.nn.functional.one_hot(values.argmax(dim=1), values.shape[1]).double()

    def rollout(self) -> int:
        """As few steps of all environments as pay for a gradient step."""
        environments = self.settings.environments
        return math.ceil(1 / (self.settings.updates_per_step * environments)) * environments

    def model(self, env: TreeVecEnv, steps: int, frozen_steps: int, seed: int) -> MaskedDQN:
        """Gradient steps after each rollout, from the end of the warm-up on."""
        settings, rollout = self.settings, self.rollout()
        model = MaskedDQN(
            MaskedDqnPolicy,
            env,
            learning_rate=self.learning_rate,
            buffer_size=max(rollout, min(settings.memory, steps)),
            learning_starts=max(settings.warm_up_steps, frozen_steps),
            batch_size=settings.batch,
            gamma=1.0,
            train_freq=rollout // env.num_envs,
            gradient_steps=max(1, round(rollout * settings.updates_per_step)),
            target_update_interval=max(settings.target_every, env.num_envs),
            exploration_fraction=settings.exploration_share,
            exploration_initial_eps=settings.exploration_first,
            exploration_final_eps=settings.exploration_last,
            policy_kwargs=self.options(),
            device="cpu",
            seed=seed,
        )
        model.exploration_rate = settings.exploration_first  # SB3 has 0 before the first step
        return model

    def acting(self, model: BaseAlgorithm) -> torch.nn.Module:
        """The Q-network."""
        assert isinstance(model, MaskedDQN)
        return model.q_net

    def distil(
        self, start: Weights, members: Sequence[Member[Any]], mixture: Floats, seed: int
    ) -> Distillation:
        """The network learns the mean of the members' Q-values.

        Its greedy action is one alone, so that it cannot play as a mixture does: it plays what the
        members, each counted as often as it comes there, value most.
        """
        lessons = lessons_of(self.task, members, mixture)
        values = mean_output(self, lessons, _values)
        if values is None:
            return Distillation({key: np.array(array) for key, array in start.items()}, {})
        legal = torch.from_numpy(self.task.tree.legal[self.task.side])

        def loss(policy: BasePolicy, which: Tensor) -> Tensor:
            error = _values(policy, self.observations[which]) - values[which]
            return error[legal[which]].square().mean()

        weights = distilled(self, start, lessons, loss, seed)
        return Distillation(weights, {"distillation_rms": self._error(lessons, weights, values)})

    def _error(self, lessons: Lessons, weights: Weights, values: Tensor) -> float:
        """Root mean square from ``values`` ``[I, A]`` where the mixture comes, in payoffs."""
        found = output_of(self, weights, _values)
        legal = torch.from_numpy(self.task.tree.legal[self.task.side])
        squares = torch.where(legal, found - values, 0.0).square().sum(dim=1) / legal.sum(dim=1)
        return float((torch.from_numpy(lessons.reach) @ squares.double()).sqrt()) / self.scale


def _values(policy: BasePolicy, observations: Tensor) -> Tensor:
    assert isinstance(policy, MaskedDqnPolicy)
    values: Tensor = policy.q_net(observations)
    return values
