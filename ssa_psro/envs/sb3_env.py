"""The game for Stable-Baselines3, as a native ``VecEnv``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from stable_baselines3.common.vec_env import VecEnv
from stable_baselines3.common.vec_env.base_vec_env import VecEnvObs, VecEnvStepReturn

from ssa_psro.envs.core import Duel, GameSource, Opponent, as_game
from ssa_psro.envs.modes import Observation, episode_of


class CoverageVecEnv(VecEnv):
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
        self._actions: NDArray[Any] | None = None
        mode = self.duel.mode
        super().__init__(num_envs, mode.observation_space, mode.action_space)

    def reset(self) -> VecEnvObs:
        """Begin a batch of episodes."""
        seeds = [seed for seed in self._seeds if seed is not None]
        observation = self.duel.restart(seeds if len(seeds) == self.num_envs else None)
        self._reset_seeds()
        self._reset_options()
        return observation

    def step_async(self, actions: NDArray[Any]) -> None:
        """Take the actions that ``step_wait`` plays."""
        self._actions = actions

    def step_wait(self) -> VecEnvStepReturn:
        """Play one decision interval of every episode."""
        assert self._actions is not None, "step_async() comes first"
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

    def close(self) -> None:
        """Nothing to clean up."""

    def get_attr(self, attr_name: str, indices: Any = None) -> list[Any]:
        """The batch's attribute, once for every slot asked about."""
        return [getattr(self, attr_name)] * len(self._slots(indices))

    def set_attr(self, attr_name: str, value: Any, indices: Any = None) -> None:
        """Set an attribute of the batch: slots have none of their own."""
        setattr(self, attr_name, value)

    def env_method(
        self, method_name: str, *method_args: Any, indices: Any = None, **method_kwargs: Any
    ) -> list[Any]:
        """Call a method of the batch once; its result for every slot asked about."""
        result = getattr(self, method_name)(*method_args, **method_kwargs)
        return [result] * len(self._slots(indices))

    def env_is_wrapped(self, wrapper_class: type[Any], indices: Any = None) -> list[bool]:
        """Slots are no environments of their own, so nothing wraps them."""
        return [False] * len(self._slots(indices))

    def _slots(self, indices: Any) -> Sequence[int]:
        return list(self._get_indices(indices))
