"""PPO on a game tree, as implemented in Stable-Baselines3."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from stable_baselines3 import PPO
from stable_baselines3.common.base_class import BaseAlgorithm
from stable_baselines3.common.policies import BasePolicy
from torch import Tensor

from ssa_psro.arrays import Floats
from ssa_psro.benchmarks.learners.agent import Distillation
from ssa_psro.benchmarks.learners.distillation import Lessons, distilled, lessons_of, mean_output
from ssa_psro.benchmarks.learners.masked_policies import MaskedActorCritic
from ssa_psro.benchmarks.learners.network_agent import NetworkAgent, no_learning_rate
from ssa_psro.benchmarks.learners.settings import PpoSettings
from ssa_psro.benchmarks.learners.tree_env import TreeVecEnv, spaces_of
from ssa_psro.oracles.protocol import Member, Weights


class PpoAgent(NetworkAgent[PpoSettings]):
    """Plays the action probabilities of its actor, as it does in training."""

    def policy(self) -> MaskedActorCritic:
        """SB3's initialisation: orthogonal bodies, an actor's head near 0, biases of 0."""
        spaces = spaces_of(self.task.tree, self.task.side)
        return MaskedActorCritic(*spaces, no_learning_rate, **self.options())

    def options(self) -> dict[str, Any]:
        """An actor and a critic that share nothing."""
        widths = list(self.settings.hidden)
        return super().options() | {"net_arch": {"pi": widths, "vf": widths}}

    def probabilities(self, policy: BasePolicy, observations: Tensor) -> Tensor:
        """The actor's ``[I, A]``, in double precision."""
        assert isinstance(policy, MaskedActorCritic)
        return policy.log_probabilities(observations).double().softmax(dim=1)

    def rollout(self) -> int:
        """The settings' number, in whole steps of all environments."""
        environments = self.settings.environments
        return max(1, self.settings.rollout_steps // environments) * environments

    def model(self, env: TreeVecEnv, steps: int, frozen_steps: int, seed: int) -> PPO:
        """An update after each rollout."""
        settings = self.settings
        return PPO(
            MaskedActorCritic,
            env,
            learning_rate=self.learning_rate,
            n_steps=self.rollout() // env.num_envs,
            batch_size=min(settings.minibatch, self.rollout()),
            n_epochs=settings.epochs,
            gamma=1.0,
            gae_lambda=settings.gae_lambda,
            clip_range=settings.clip_range,
            ent_coef=settings.entropy,
            policy_kwargs=self.options(),
            device="cpu",
            seed=seed,
        )

    def frozen(self, model: BaseAlgorithm) -> list[torch.nn.Parameter]:
        """The actor."""
        assert isinstance(model.policy, MaskedActorCritic)
        actor = (model.policy.mlp_extractor.policy_net, model.policy.action_net)
        return [parameter for net in actor for parameter in net.parameters()]

    def distil(
        self, start: Weights, members: Sequence[Member[Any]], mixture: Floats, seed: int
    ) -> Distillation:
        """The actor learns what the mixture plays, the critic the mean of the members' critics."""
        lessons = lessons_of(self.task, members, mixture)
        values = mean_output(self, lessons, MaskedActorCritic.predict_values)

        def loss(policy: MaskedActorCritic, which: Tensor) -> Tensor:
            seen = self.observations[which]
            target = torch.from_numpy(lessons.target).float()[which]
            cross_entropy = -(target * policy.log_probabilities(seen)).sum(dim=1).mean()
            if values is None:
                return cross_entropy
            return cross_entropy + (policy.predict_values(seen) - values[which]).square().mean()

        weights = distilled(self, start, lessons, loss, seed)
        return Distillation(weights, {"distillation_kl": _divergence(self, lessons, weights)})


def _divergence(agent: PpoAgent, lessons: Lessons, weights: Weights) -> float:
    """Of the network from the mixture, in nats, where their games lead: KL(mixture, network)."""
    played = torch.from_numpy(agent.behaviour(weights).probabilities)
    target = torch.from_numpy(lessons.target)
    ratio = torch.where(target > 0, target.log() - played.log(), 0.0)
    return float(torch.from_numpy(lessons.reach) @ (target * ratio).sum(dim=1))
