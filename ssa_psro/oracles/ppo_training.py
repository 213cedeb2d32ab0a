"""Training one doctrine network against a fixed opponent by proximal policy optimisation.

PPO: Schulman et al., arXiv 1707.06347, as implemented in Stable-Baselines3.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from time import perf_counter
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from stable_baselines3 import PPO
from stable_baselines3.common.logger import Logger
from stable_baselines3.common.vec_env.base_vec_env import VecEnvStepReturn

from ssa_psro.envs.sb3_env import CoverageVecEnv
from ssa_psro.errors import Fault, UsageError
from ssa_psro.game import CoverageGame
from ssa_psro.oracles.ppo_diary import Diary, Progress, Training
from ssa_psro.oracles.ppo_isolation import isolated
from ssa_psro.oracles.ppo_tuning import TUNING, PpoTuning
from ssa_psro.oracles.ppo_weights import load_parameters, network_options
from ssa_psro.policies import Policy
from ssa_psro.randomness import derive_seed
from ssa_psro.scenario.schema import SIDES, Oracle

_NEVER = 10**9


def train(
    game: CoverageGame,
    side: int,
    opponent: Policy,
    start: Mapping[str, NDArray[Any]],
    settings: Oracle,
    seed: int,
    *,
    tuning: PpoTuning = TUNING,
    progress: Progress = lambda share: None,
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
    diary = Diary(settings.decisions, progress)
    with isolated(derive_seed(seed, "ppo")) as small_seed:
        model = model_of(env, settings, tuning, small_seed)
        load_parameters(model.policy, start)
        env.seed(derive_seed(seed, "episodes"))
        _learn(model, settings, diary)
    return diary.training(env.seconds)


def _learn(model: PPO, settings: Oracle, diary: Diary) -> None:
    try:
        model.learn(settings.decisions, diary, log_interval=_NEVER)
    except ValueError as fault:  # torch refuses to draw actions from what is not a number
        if all(torch.isfinite(array).all() for array in model.policy.parameters()):
            raise
        rate = Fault(
            "oracle.learning_rate", settings.learning_rate, "let the training diverge", "Lower it."
        )
        raise UsageError("PPO", [rate]) from fault


class TrainingEnv(CoverageVecEnv):
    """The game with scaled rewards and a clock on it.

    Attributes:
        seconds: wall time spent in the game and the opponent's policy.
    """

    def __init__(
        self, game: CoverageGame, num_envs: int, side: str, opponent: Policy, reward_scale: float
    ) -> None:
        super().__init__(game, num_envs, side=side, opponent=opponent)
        self.seconds = 0.0
        self._reward_scale = np.float32(reward_scale)

    def step_wait(self) -> VecEnvStepReturn:
        """Play one decision interval of every episode."""
        begun = perf_counter()
        observation, rewards, over, infos = super().step_wait()
        self.seconds += perf_counter() - begun
        return observation, rewards * self._reward_scale, over, infos


def model_of(env: TrainingEnv, settings: Oracle, tuning: PpoTuning, seed: int) -> PPO:
    """SB3's learner: an update after each whole episode of every environment, and no log."""
    steps = env.duel.episodes.game.decisions
    first, last = settings.learning_rate, settings.learning_rate * tuning.final_learning_rate
    model = PPO(
        "MlpPolicy",
        env,
        learning_rate=lambda remaining: last + (first - last) * remaining,
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
    model.set_logger(Logger(folder=None, output_formats=[]))
    return model
