"""The game for Stable-Baselines3, as a native ``VecEnv``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from stable_baselines3.common.vec_env.base_vec_env import VecEnvObs, VecEnvStepReturn

from ssa_psro.envs.core import Duel, GameSource, Opponent, as_game, root_seeds
from ssa_psro.envs.modes import Observation, episode_of
from ssa_psro.envs.slots import SlotVecEnv


class CoverageVecEnv(SlotVecEnv):
    """A batch of episodes against an opponent inside; they all start and end together.

    ``seed(s)`` before ``reset()`` makes slot ``i`` play the episodes of ``CoverageEnv`` under
    ``reset(seed=s + i)``. The infos of a last step hold ``terminal_observation``, the
    ``episode`` entry that SB3 logs, and ``scores`` and ``payoffs`` of Blue and Red.

    Args:
        scenario: a scenario file, a scenario or a game.
        num_envs: number of episodes side by side.
        side: ``blue`` or ``red``, the side that the actions command.
        opponent: who plays the other side; a mixture draws one member an episode.
        action_mode: a key of ``envs.modes.MODES``.
    """

    def __init__(
        self,
        scenario: GameSource,
        num_envs: int = 32,
        *,
        side: str = "blue",
        opponent: Opponent = "aggressive",
        action_mode: str = "doctrine",
    ) -> None:
        game = as_game(scenario)
        self.duel = Duel(game, num_envs, side=side, opponent=opponent, action_mode=action_mode)
        self.render_mode = None
        self._actions: Any = None
        episodes, mode = self.duel.episodes, self.duel.mode
        super().__init__(episodes.batch, mode.observation_space, mode.action_space)

    def seed(self, seed: int | None = None) -> Sequence[int | None]:
        """Seed the slots from the next ``reset`` on; the seeds. Raises ``UsageError``."""
        return super().seed(None if seed is None else root_seeds(seed, 1)[0])

    def reset(self) -> VecEnvObs:
        """Begin a batch of episodes."""
        stated = any(seed is not None for seed in self._seeds)
        observation = self.duel.restart(self._seeds if stated else None)
        self._reset_seeds()
        self._reset_options()
        return observation

    def step_async(self, actions: NDArray[Any]) -> None:
        """Take the actions that ``step_wait`` plays."""
        self._actions = actions

    def step_wait(self) -> VecEnvStepReturn:
        """Play one decision interval of every episode."""
        rewards, done = self.duel.step(self._actions)
        observation = self.duel.observe()
        infos: list[dict[str, Any]] = [{} for _ in range(self.num_envs)]
        if done:
            infos = self._final_infos(observation)
            observation = self.duel.restart()
        return observation, rewards.astype(np.float32), np.full(self.num_envs, done), infos

    def _final_infos(self, observation: Observation) -> list[dict[str, Any]]:
        episodes = self.duel.episodes
        outcome, length = episodes.outcome(), episodes.game.decisions
        return [
            {
                "terminal_observation": episode_of(observation, index),
                "episode": {"r": float(episodes.payoffs[index, self.duel.side]), "l": length},
            }
            | {name: array[index] for name, array in outcome.items()}
            for index in range(self.num_envs)
        ]
