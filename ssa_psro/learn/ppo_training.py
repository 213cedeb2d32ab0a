"""Proximal policy optimisation as the oracles use it.

PPO: Schulman et al., arXiv 1707.06347, as implemented in Stable-Baselines3.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from stable_baselines3 import PPO

from ssa_psro.learn.doctrine_training import Learner
from ssa_psro.learn.learning import quiet
from ssa_psro.learn.ppo_tuning import PpoTuning
from ssa_psro.learn.ppo_weights import load_parameters, network_options, to_parameters
from ssa_psro.learn.training import TrainingSettings
from ssa_psro.learn.training_env import TrainingEnv


def model_of(env: TrainingEnv, settings: TrainingSettings, tuning: PpoTuning, seed: int) -> PPO:
    """SB3's learner: an update after each whole episode of every environment, and no log."""
    steps = env.duel.episodes.game.decisions
    model = PPO(
        "MlpPolicy",
        env,
        learning_rate=learning_rate_of(settings, tuning),
        n_steps=steps,
        batch_size=math.ceil(steps * settings.environments / tuning.minibatches),
        n_epochs=tuning.epochs,
        gamma=tuning.gamma,
        gae_lambda=tuning.gae_lambda,
        clip_range=tuning.clip_range,
        policy_kwargs=network_options(settings.hidden, tuning.log_std),
        device="cpu",
        seed=seed,
    )
    return quiet(model)


def learning_rate_of(settings: TrainingSettings, tuning: PpoTuning) -> Callable[[float], float]:
    """From the share of the training that remains to its learning rate, which falls linearly."""
    first, last = settings.learning_rate, settings.learning_rate * tuning.final_learning_rate
    return lambda remaining: last + (first - last) * remaining


LEARNER = Learner("ppo", model_of, load_parameters, to_parameters, lambda model: model.policy)
