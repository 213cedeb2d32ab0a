"""The environment that learners train in."""

from __future__ import annotations

from time import perf_counter

import numpy as np
from stable_baselines3.common.vec_env.base_vec_env import VecEnvStepReturn

from ssa_psro.envs.sb3_env import CoverageVecEnv
from ssa_psro.game import CoverageGame
from ssa_psro.policies import Policy


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
