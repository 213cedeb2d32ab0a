"""PPO's actor with noise that holds for a whole episode.

Noise drawn anew at every decision averages out over an episode: its payoff says little about any
deviation, and none is ever kept up. Held, every episode tries one shift of the actor's means, as an
evolution strategy would. It is generalised state-dependent exploration (Raffin et al., CoRL 2021)
whose only feature is a constant, so that parameters stay those of independent noise, a log standard
deviation for every number.
"""

from __future__ import annotations

from typing import Any

import torch
from stable_baselines3.common.distributions import DiagGaussianDistribution
from stable_baselines3.common.policies import ActorCriticPolicy
from torch import Tensor


class HeldNoise(DiagGaussianDistribution):
    """A normal distribution that draws the same deviate for every so many samples.

    Args:
        action_dim: D.
        hold: samples that share one.
    """

    def __init__(self, action_dim: int, hold: int) -> None:
        super().__init__(action_dim)
        self._hold, self._drawn, self._deviate = hold, 0, torch.zeros(0)

    def sample(self) -> Tensor:
        """``[E, D]``, E episodes side by side."""
        mean, width = self.distribution.mean, self.distribution.stddev
        if self._drawn % self._hold == 0:
            self._deviate = torch.randn_like(mean)
        self._drawn += 1
        return mean + width * self._deviate


class HeldNoiseActorCritic(ActorCriticPolicy):
    """SB3's networks with such noise.

    Args:
        hold: decisions of an episode.
        others: see ``ActorCriticPolicy``.
    """

    def __init__(self, *others: Any, hold: int, **named: Any) -> None:
        super().__init__(*others, **named)
        assert isinstance(self.action_dist, DiagGaussianDistribution), "actions are numbers"
        self.action_dist = HeldNoise(self.action_dist.action_dim, hold)
