"""Networks and Q-learning of Stable-Baselines3 that never choose an illegal action.

The mask of legal actions is the tail of the observation: it reaches the loss with the transition
it belongs to, in rollouts and replay alike. No layer sees it.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import torch
from gymnasium import spaces
from stable_baselines3 import DQN
from stable_baselines3.common.buffers import ReplayBuffer
from stable_baselines3.common.distributions import Distribution
from stable_baselines3.common.noise import ActionNoise
from stable_baselines3.common.policies import ActorCriticPolicy
from stable_baselines3.common.torch_layers import BaseFeaturesExtractor
from stable_baselines3.dqn.policies import DQNPolicy, QNetwork
from torch import Tensor
from torch.nn.functional import mse_loss
from torch.nn.utils import clip_grad_norm_

from ssa_psro.arrays import Integers
from ssa_psro.errors import Fault, UsageError

ILLEGAL = -1e9
"""Logit and Q-value of an illegal action. Finite, since 0 times infinity is not a number."""


class Unmasked(BaseFeaturesExtractor):
    """The observation without its mask.

    Args:
        observation_space: ``[F + A]``.
        actions: A.
    """

    def __init__(self, observation_space: spaces.Space[Any], actions: int) -> None:
        shape = observation_space.shape
        assert shape is not None
        super().__init__(observation_space, features_dim=shape[0] - actions)

    def forward(self, observations: Tensor) -> Tensor:
        """``[B, F]``."""
        return observations[:, : self.features_dim]


def masked(values: Tensor, observations: Tensor) -> Tensor:
    """``values`` ``[B, A]``, ``ILLEGAL`` where the tails of ``observations`` are 0."""
    return torch.where(observations[:, -values.shape[1] :] > 0.5, values, ILLEGAL)


def finite(values: Tensor) -> Tensor:
    """The values themselves: no legal action can be chosen by what is not a number.

    Raises:
        UsageError: some are not finite.
    """
    if not values.isfinite().all():
        fault = Fault("learning_rate", None, "let the training diverge", "Lower it.")
        raise UsageError("learner", [fault])
    return values


class MaskedActorCritic(ActorCriticPolicy):
    """An actor and a critic that share nothing; logits of illegal actions are masked.

    SB3's own categorical checks and converts on every call, twice as long as this takes.
    """

    def log_probabilities(self, observations: Tensor) -> Tensor:
        """Of every action, ``[B, A]``."""
        latent = self.mlp_extractor.forward_actor(self._features(observations))
        return masked(self.action_net(latent), observations).log_softmax(dim=1)

    def predict_values(self, obs: Any) -> Tensor:
        """The critic's estimates, ``[B, 1]``."""
        values: Tensor = self.value_net(self.mlp_extractor.forward_critic(self._features(obs)))
        return values

    def forward(self, obs: Tensor, deterministic: bool = False) -> tuple[Tensor, Tensor, Tensor]:
        """Actions ``[B]``, values ``[B, 1]``, and log probabilities of the actions ``[B]``."""
        logs = finite(self.log_probabilities(obs))
        actions = drawn(logs, deterministic=deterministic)
        return actions, self.predict_values(obs), _taken(logs, actions)

    def evaluate_actions(self, obs: Any, actions: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Values ``[B, 1]``, log probabilities of ``actions`` ``[B]``, and entropies ``[B]``."""
        logs = self.log_probabilities(obs)
        return self.predict_values(obs), _taken(logs, actions), -(logs.exp() * logs).sum(dim=1)

    def get_distribution(self, obs: Any) -> Distribution:
        """As SB3 has it, for ``predict``."""
        return self.action_dist.proba_distribution(self.log_probabilities(obs))  # type: ignore[no-any-return, unused-ignore]

    def _features(self, observations: Tensor) -> Tensor:
        features = self.extract_features(observations)
        assert isinstance(features, Tensor)
        return features


class MirrorActorCritic(MaskedActorCritic):
    """The same, kept near to what it was before the update.

    Where SB3 asks for the entropy it gets it less ``proximity`` times the divergence from the
    policy that has played the rollout: it is subtracted from the loss with the entropy's weight.

    Args:
        args: of SB3's class.
        proximity: weight of the divergence, as a multiple of the entropy's.
        options: of SB3's class.
    """

    def __init__(self, *args: Any, proximity: float, **options: Any) -> None:
        super().__init__(*args, **options)
        self.proximity = proximity
        self._before = list[torch.nn.Module]()  # in a list, so that they are no part of the network

    def set_training_mode(self, mode: bool) -> None:
        """Called with ``True`` at the beginning of each update: what has played is remembered."""
        super().set_training_mode(mode)
        if mode:
            self._before = [deepcopy(self.mlp_extractor.policy_net), deepcopy(self.action_net)]

    def evaluate_actions(self, obs: Any, actions: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Values ``[B, 1]``, log probabilities ``[B]``, and entropies less divergences ``[B]``."""
        logs = self.log_probabilities(obs)
        played, (body, head) = logs.exp(), self._before
        with torch.no_grad():
            logits = head(body(self._features(obs)))
            before = masked(logits, obs).log_softmax(dim=1)
        regularised = -(played * (logs + self.proximity * (logs - before))).sum(dim=1)
        return self.predict_values(obs), _taken(logs, actions), regularised


class MaskedQNetwork(QNetwork):
    """Q-values, ``ILLEGAL`` where an action is: neither chosen nor taken for a target."""

    def forward(self, obs: Any) -> Tensor:
        """``[B, A]``."""
        return masked(super().forward(obs), obs)


class MaskedDqnPolicy(DQNPolicy):
    """A masked Q-network and its slow copy."""

    def make_q_net(self) -> MaskedQNetwork:
        """A network of its own, features and all."""
        arguments = self._update_features_extractor(self.net_args, features_extractor=None)
        return MaskedQNetwork(**arguments).to(self.device)


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


def drawn(logs: Tensor, *, deterministic: bool) -> Tensor:
    """Actions ``[B]`` by their log probabilities ``[B, A]``, or the likeliest ones."""
    # of exponential clocks that run at these rates, each is first with its probability
    race = logs if deterministic else logs.exp() / torch.empty_like(logs).exponential_()
    return race.argmax(dim=1)


def _taken(logs: Tensor, actions: Tensor) -> Tensor:
    return logs.gather(1, actions.long().reshape(-1, 1)).squeeze(1)
