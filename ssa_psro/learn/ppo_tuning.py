"""What a scenario does not say about PPO."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PpoTuning:
    """Settings of PPO beyond those of a scenario; the defaults suit the shipped ones.

    Attributes:
        gamma: discount. The payoff is the plain sum of the rewards, and an episode is short.
        gae_lambda: generalised advantage estimation, from 0 (biased) to 1 (noisy).
        clip_range: how far a probability ratio may move in one update.
        epochs: passes over each rollout.
        minibatches: gradient steps an epoch.
        final_learning_rate: share of the learning rate left at the end; it falls linearly.
        log_std: initial log standard deviation of the actions, which lie in [-1, 1].
        reward_scale: rewards are multiplied by it in training, so that the value network's
            targets are not small against its first outputs.
        validation_episodes: episodes that decide between the start and the end of a training.
    """

    gamma: float = 1.0
    gae_lambda: float = 0.95
    clip_range: float = 0.2
    epochs: int = 10
    minibatches: int = 1
    final_learning_rate: float = 0.1
    log_std: float = -1.5
    reward_scale: float = 10.0
    validation_episodes: int = 128


TUNING = PpoTuning()
