"""Soft actor-critic as the oracles use it.

SAC: Haarnoja et al., arXiv 1812.05905, as implemented in Stable-Baselines3.
"""

from __future__ import annotations

from stable_baselines3 import SAC

from ssa_psro.learn.doctrine_training import Learner
from ssa_psro.learn.learning import quiet
from ssa_psro.learn.sac import SacTuning
from ssa_psro.learn.sac_weights import load_parameters, network_options, to_parameters
from ssa_psro.learn.training import TrainingSettings
from ssa_psro.learn.training_env import TrainingEnv


def model_of(env: TrainingEnv, settings: TrainingSettings, tuning: SacTuning, seed: int) -> SAC:
    """SB3's learner: updates after each whole episode of every environment, and no log."""
    steps = env.duel.episodes.game.decisions
    rollout = steps * settings.environments
    model = SAC(
        "MlpPolicy",
        env,
        learning_rate=settings.learning_rate,
        buffer_size=max(rollout, min(tuning.memory, settings.decisions + rollout)),
        learning_starts=rollout - 1,  # decisions of the first rollout are random
        batch_size=tuning.batch,
        tau=tuning.tau,
        gamma=tuning.gamma,
        train_freq=(steps, "step"),
        gradient_steps=max(1, round(rollout * tuning.updates_per_decision)),
        ent_coef=tuning.entropy,
        policy_kwargs=network_options(settings.hidden),
        device="cpu",
        seed=seed,
    )
    return quiet(model)


LEARNER = Learner("sac", model_of, load_parameters, to_parameters, lambda model: model.actor)
