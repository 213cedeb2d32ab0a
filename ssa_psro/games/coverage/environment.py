"""The coverage game as learners train in it: scaled rewards, a clock, and what else is paid."""

from __future__ import annotations

import math
from collections.abc import Sequence
from time import perf_counter
from typing import Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray
from stable_baselines3.common.vec_env.base_vec_env import VecEnvObs, VecEnvStepReturn

from ssa_psro.arrays import Floats, Seeds, Singles
from ssa_psro.envs.sb3_env import CoverageVecEnv
from ssa_psro.envs.slots import SlotVecEnv
from ssa_psro.game import CoverageGame
from ssa_psro.learn.protocol import Bonus
from ssa_psro.policies import Mixture, Policy
from ssa_psro.scenario.schema import SIDES

T = TypeVar("T")
"""What each side has one of: a policy, or orders."""


class Seat(Protocol):
    """A side of the game and how its learner takes part, see ``task.CoverageTask``."""

    @property
    def engine(self) -> CoverageGame: ...

    @property
    def seats(self) -> tuple[int, ...]: ...

    @property
    def opponent(self) -> Mixture: ...

    @property
    def observation_space(self) -> Any: ...

    @property
    def action_space(self) -> Any: ...

    def earned(self, seat: int, own: Policy, seeds: Seeds, /) -> Floats:
        """Payoffs ``[B]`` of a policy in a seat."""

    def shown(self, summaries: Singles, /) -> Singles:
        """What the learner sees of summaries ``[B, K]``."""

    def doctrines_of(self, actions: NDArray[Any], /) -> NDArray[Any]:
        """The doctrines ``[B, D]`` of its actions."""


def seated(seat: int, own: T, other: T) -> tuple[T, T]:
    """Blue's and Red's, where one's own is that of ``seat``."""
    return (own, other) if seat == 0 else (other, own)


def part(seeds: Seeds, seats: Sequence[int]) -> Seeds:
    """The first of ``seeds``, so many that playing them in every seat is as much as playing all.

    An odd one is played in both seats all the same.
    """
    return seeds[: math.ceil(len(seeds) / len(seats))]


class DoctrineEnv(SlotVecEnv):
    """The game as a ``TrainingEnv``; a learner in both seats has half of the slots in either.

    The halves play the same episodes. A single slot is Blue's.

    Args:
        task: what is trained for.
        num_envs: number of episodes side by side.
        reward_scale: payoffs are multiplied by it.
    """

    def __init__(self, task: Seat, num_envs: int, reward_scale: float) -> None:
        self.render_mode = None
        super().__init__(num_envs, task.observation_space, task.action_space)
        # of an odd number, Blue has one more
        slots = np.array_split(np.arange(num_envs), len(task.seats))
        self._seats = [
            (own, CoverageVecEnv(task.engine, own.size, side=SIDES[seat], opponent=task.opponent))
            for seat, own in zip(task.seats, slots, strict=True)
            if own.size
        ]
        self.seconds, self.episodes = 0.0, 0
        self.payoffs, self.over = np.zeros(num_envs), np.zeros(num_envs, dtype=np.bool_)
        self.bonus: Bonus | None = None
        self._task, self._reward_scale = task, np.float32(reward_scale)
        self._seen = np.zeros(0, dtype=np.float32)
        self._taken: NDArray[Any] = np.zeros(0)

    def meet(self, opponent: Policy) -> None:
        """Play against another opponent from the next decision on."""
        for _, env in self._seats:
            env.duel.meet(opponent)

    def reset(self) -> VecEnvObs:
        """Begin a batch of episodes."""
        if self._seeds[0] is not None:
            for _, env in self._seats:
                env.seed(self._seeds[0])
        self._reset_seeds()
        seen = np.concatenate([np.asarray(env.reset()) for _, env in self._seats])
        self._seen = self._task.shown(seen)
        return self._seen

    def step_async(self, actions: NDArray[Any]) -> None:
        """Take the actions that ``step_wait`` plays."""
        self._taken = actions
        doctrines = self._task.doctrines_of(actions)
        for slots, env in self._seats:
            env.step_async(doctrines[slots])

    def step_wait(self) -> VecEnvStepReturn:
        """Play one decision interval of every episode."""
        begun, seen = perf_counter(), self._seen
        seats = [env.step_wait() for _, env in self._seats]
        observation, rewards, over = (np.concatenate([one[n] for one in seats]) for n in range(3))
        infos = [info for *_, own in seats for info in own]
        self._seen, self.over = self._task.shown(observation), over
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
