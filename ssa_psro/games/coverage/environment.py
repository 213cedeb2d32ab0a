"""The coverage game as learners train in it: scaled rewards, a clock, and what else is paid."""

from __future__ import annotations

from time import perf_counter
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from stable_baselines3.common.vec_env.base_vec_env import VecEnvObs, VecEnvStepReturn

from ssa_psro.arrays import Singles
from ssa_psro.envs.sb3_env import CoverageVecEnv
from ssa_psro.game import CoverageGame
from ssa_psro.learn.protocol import Bonus
from ssa_psro.policies import Mixture, Policy
from ssa_psro.scenario.schema import SIDES


class Seat(Protocol):
    """A side of the game and how its learner takes part, see ``task.CoverageTask``."""

    @property
    def engine(self) -> CoverageGame: ...

    @property
    def side(self) -> int: ...

    @property
    def opponent(self) -> Mixture: ...

    @property
    def observation_space(self) -> Any: ...

    @property
    def action_space(self) -> Any: ...

    def shown(self, summaries: Singles, /) -> Singles:
        """What the learner sees of summaries ``[B, K]``."""

    def doctrines_of(self, actions: NDArray[Any], /) -> NDArray[Any]:
        """The doctrines ``[B, D]`` of its actions."""


class DoctrineEnv(CoverageVecEnv):
    """The game as a ``TrainingEnv``.

    Args:
        task: what is trained for.
        num_envs: number of episodes side by side.
        reward_scale: payoffs are multiplied by it.
    """

    def __init__(self, task: Seat, num_envs: int, reward_scale: float) -> None:
        opponent, side = task.opponent, SIDES[task.side]
        super().__init__(task.engine, num_envs, side=side, opponent=opponent)
        self.observation_space, self.action_space = task.observation_space, task.action_space
        self.seconds, self.episodes = 0.0, 0
        self.payoffs, self.over = np.zeros(num_envs), np.zeros(num_envs, dtype=np.bool_)
        self.bonus: Bonus | None = None
        self._task, self._reward_scale = task, np.float32(reward_scale)
        self._seen = np.zeros(0, dtype=np.float32)
        self._taken: NDArray[Any] = np.zeros(0)

    def meet(self, opponent: Policy) -> None:
        """Play against another opponent from the next decision on."""
        self.duel.opponent = opponent

    def reset(self) -> VecEnvObs:
        """Begin a batch of episodes."""
        self._seen = self._task.shown(np.asarray(super().reset()))
        return self._seen

    def step_async(self, actions: NDArray[Any]) -> None:
        """Take the actions that ``step_wait`` plays."""
        self._taken = actions
        super().step_async(self._task.doctrines_of(actions))

    def step_wait(self) -> VecEnvStepReturn:
        """Play one decision interval of every episode."""
        begun, seen = perf_counter(), self._seen
        observation, rewards, over, infos = super().step_wait()
        self._seen, self.over = self._task.shown(np.asarray(observation)), over
        self.payoffs = np.zeros(self.num_envs)
        if over.any():
            self.episodes += self.num_envs
            self.payoffs = np.array([info["episode"]["r"] for info in infos])
            for info in infos:
                last = info["terminal_observation"]
                info["terminal_observation"] = self._task.shown(last[None])[0]
        rewards = rewards * self._reward_scale
        if self.bonus is not None:
            rewards = (rewards + self.bonus(seen, self._taken)).astype(np.float32)
        self.seconds += perf_counter() - begun
        return self._seen, rewards, over, infos
