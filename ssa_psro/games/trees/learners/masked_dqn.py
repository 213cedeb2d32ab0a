"""SB3's DQN among illegal actions and games of chance."""

from __future__ import annotations

from typing import Any

import torch
from stable_baselines3 import DQN
from stable_baselines3.common.buffers import ReplayBuffer
from stable_baselines3.common.noise import ActionNoise
from torch.nn.functional import mse_loss
from torch.nn.utils import clip_grad_norm_

from ssa_psro.arrays import Integers
from ssa_psro.games.trees.learners.masked_policies import finite, masked


class MaskedDQN(DQN):
    """Explores each episode for itself, with legal actions only, and learns expected payoffs.

    The original draws one number for all environments, and an illegal action as soon as any other;
    and its Huber loss leads to something between the mean and the median of payoffs, which are far
    apart where a hand rarely wins much. There is no phase of random play: ``learning_starts`` only
    delays the first gradient step, so that good start weights play from the beginning.
    """

    def train(self, gradient_steps: int, batch_size: int = 100) -> None:
        """Make gradient steps on the squared error from one-step targets."""
        self._update_learning_rate(self.policy.optimizer)
        memory = self.replay_buffer
        assert isinstance(memory, ReplayBuffer)
        for _ in range(gradient_steps):
            seen = memory.sample(batch_size)
            with torch.no_grad():  # illegal actions are worth least, see MaskedQNetwork
                following = self.q_net_target(seen.next_observations).amax(dim=1, keepdim=True)
                targets = seen.rewards + (1 - seen.dones) * self.gamma * following
            loss = mse_loss(self.q_net(seen.observations).gather(1, seen.actions), targets)
            self.policy.optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            clip_grad_norm_(self.q_net.parameters(), self.max_grad_norm)
            self.policy.optimizer.step()

    def _sample_action(
        self, learning_starts: int, action_noise: ActionNoise | None = None, n_envs: int = 1
    ) -> tuple[Integers, Integers]:
        """Epsilon-greedy actions ``[E]``, twice: to be played and to be remembered."""
        actions = self._explore(torch.as_tensor(self._last_obs)).numpy()
        return actions, actions

    @torch.no_grad()
    def _explore(self, observations: torch.Tensor) -> Any:
        greedy = finite(self.q_net(observations)).argmax(dim=1)
        noise = torch.rand((len(observations), int(self.action_space.n)))  # type: ignore[attr-defined]
        explores = torch.rand(len(observations)) < self.exploration_rate
        return torch.where(explores, masked(noise, observations).argmax(dim=1), greedy)
