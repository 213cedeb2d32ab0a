"""Training one doctrine network against a fixed opponent by proximal policy optimisation.

PPO: Schulman et al., arXiv 1707.06347, as implemented in Stable-Baselines3.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from numpy.typing import NDArray
from stable_baselines3 import PPO

from ssa_psro.game import CoverageGame
from ssa_psro.oracles.diary import Diary
from ssa_psro.oracles.isolation import isolated
from ssa_psro.oracles.learning import learn, quiet
from ssa_psro.oracles.ppo_tuning import TUNING, PpoTuning
from ssa_psro.oracles.ppo_weights import load_parameters, network_options, to_parameters
from ssa_psro.oracles.training import Progress, Training, untold
from ssa_psro.oracles.training_env import TrainingEnv
from ssa_psro.policies import Policy
from ssa_psro.randomness import derive_seed
from ssa_psro.scenario.schema import SIDES, Oracle


def train(
    game: CoverageGame,
    side: int,
    opponent: Policy,
    start: Mapping[str, NDArray[Any]],
    settings: Oracle,
    seed: int,
    *,
    tuning: PpoTuning = TUNING,
    progress: Progress = untold,
) -> Training:
    """Train a doctrine network for one side. Equal arguments give equal parameters.

    Each rollout is one whole episode in every environment, so that no reward is cut off. The
    optimiser starts fresh.

    Args:
        game: what is played.
        side: 0 trains Blue, 1 Red.
        opponent: plays the other side; a mixture draws a member for every episode.
        start: parameters to begin with, shaped as ``settings.hidden`` asks.
        settings: the scenario's.
        seed: root of all randomness.
        tuning: what the settings leave open.
        progress: told the share of the training done.

    Raises:
        UsageError: the training diverged.
    """
    env = TrainingEnv(game, settings.environments, SIDES[side], opponent, tuning.reward_scale)
    with isolated(derive_seed(seed, "ppo")) as small_seed:
        model = model_of(env, settings, tuning, small_seed)
        load_parameters(model.policy, start)
        env.seed(derive_seed(seed, "episodes"))
        checkpoint = partial(to_parameters, model.policy)
        diary = Diary(settings.decisions, progress, model.policy, checkpoint)
        learn(model, settings.decisions, diary, settings.learning_rate)
        return diary.training(env.seconds)


def model_of(env: TrainingEnv, settings: Oracle, tuning: PpoTuning, seed: int) -> PPO:
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


def learning_rate_of(settings: Oracle, tuning: PpoTuning) -> Callable[[float], float]:
    """From the share of the training that remains to its learning rate, which falls linearly."""
    first, last = settings.learning_rate, settings.learning_rate * tuning.final_learning_rate
    return lambda remaining: last + (first - last) * remaining
