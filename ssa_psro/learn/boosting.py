"""VRPO's advantages: a critic of actions that knows what is hidden, and expectations over actions.

Generalised advantage estimation adds up what the learner happened to do after each action; at an
equilibrium, where policies are mixed, that is noise however good the critic is. Q-boosting (Fan &
Farina, "GAE falls short in imperfect-information self-play reinforcement learning", arXiv
2605.19235) replaces each value on the way by the policy's expectation of action values: the trace
of Expected SARSA(lambda). The critic sees both players' information, the actor its own alone.

Here the opponent moves inside the environment, so that its own draws are not averaged out.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from stable_baselines3.common.buffers import RolloutBuffer
from torch import Tensor

from ssa_psro.learn.masked import MaskedActorCritic, drawn, finite


class BoostedActorCritic(MaskedActorCritic):
    """An actor that sees its own information, and a critic of every action that sees all.

    Args:
        args: of SB3's class.
        hidden_features: numbers at the beginning of an observation that the actor must not see.
        options: of SB3's class.
    """

    def __init__(self, *args: Any, hidden_features: int, **options: Any) -> None:
        self.hidden_features = hidden_features
        super().__init__(*args, **options)

    def _build(self, lr_schedule: Any) -> None:
        super()._build(lr_schedule)
        self.value_net = torch.nn.Linear(self.mlp_extractor.latent_dim_vf, self.action_space.n)  # type: ignore[attr-defined]
        torch.nn.init.orthogonal_(self.value_net.weight)
        torch.nn.init.zeros_(self.value_net.bias)
        self.optimizer = self.optimizer_class(
            self.parameters(),
            lr=lr_schedule(1),  # type: ignore[call-arg]
            **self.optimizer_kwargs,
        )

    def log_probabilities(self, observations: Tensor) -> Tensor:
        """Of every action, ``[B, A]``, whatever the opponent has seen."""
        hidden = torch.zeros_like(observations[:, : self.hidden_features])
        own = torch.cat([hidden, observations[:, self.hidden_features :]], dim=1)
        return super().log_probabilities(own)

    def action_values(self, observations: Tensor) -> Tensor:
        """The critic's estimates of all actions, ``[B, A]``."""
        latent = self.mlp_extractor.forward_critic(self._features(observations))
        values: Tensor = self.value_net(latent)
        return values

    def predict_values(self, obs: Any) -> Tensor:
        """What the policy expects, ``[B, 1]``."""
        played = self.log_probabilities(obs).exp()
        return (played * self.action_values(obs)).sum(dim=1, keepdim=True)

    def forward(self, obs: Tensor, deterministic: bool = False) -> tuple[Tensor, Tensor, Tensor]:
        """Actions ``[B]``, their values ``[B, 1]``, and their log probabilities ``[B]``."""
        logs = finite(self.log_probabilities(obs))
        taken = drawn(logs, deterministic=deterministic).unsqueeze(1)
        values = self.action_values(obs).gather(1, taken)
        return taken.squeeze(1), values, logs.gather(1, taken).squeeze(1)

    def evaluate_actions(self, obs: Any, actions: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Values of ``actions`` ``[B, 1]``, their log probabilities and entropies ``[B]``."""
        logs, taken = self.log_probabilities(obs), actions.long().reshape(-1, 1)
        values = self.action_values(obs).gather(1, taken)
        return values, logs.gather(1, taken).squeeze(1), -(logs.exp() * logs).sum(dim=1)


class BoostedRollouts(RolloutBuffer):
    """Rollouts whose advantages are those of Q-boosting; ``values`` are those of actions taken.

    Attributes:
        policy: whose rollouts they are.
    """

    policy: BoostedActorCritic

    def compute_returns_and_advantage(self, last_values: Tensor, dones: NDArray[Any]) -> None:
        """Fill in ``returns``, what action values learn, and ``advantages``.

        Args:
            last_values: what the policy expects after the last step, ``[E, 1]``.
            dones: whether episodes ended with it, ``[E]``.
        """
        seen = self.observations.reshape(-1, *self.obs_shape)
        with torch.no_grad():
            expected = self.policy.predict_values(torch.from_numpy(seen)).numpy()
        expected = expected.reshape(self.values.shape)
        following = np.concatenate([expected[1:], last_values.numpy().reshape(1, -1)])
        goes_on = 1.0 - np.concatenate([self.episode_starts[1:], dones.reshape(1, -1)])
        surprise = self.rewards + self.gamma * goes_on * following - self.values
        trace = np.zeros(self.n_envs, dtype=np.float32)
        for step in reversed(range(self.buffer_size)):
            trace = surprise[step] + self.gamma * self.gae_lambda * goes_on[step] * trace
            self.returns[step] = self.values[step] + trace
        self.advantages = self.returns - expected
