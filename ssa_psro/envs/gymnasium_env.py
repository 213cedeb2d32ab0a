"""The game for Gymnasium: one episode, or a batch of them, against an opponent inside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import gymnasium
import numpy as np
from gymnasium.vector import AutoresetMode
from gymnasium.vector.utils import batch_space
from numpy.typing import NDArray

from ssa_psro.envs.core import Duel, GameSource, Opponent, as_game
from ssa_psro.envs.modes import Observation, as_numbers, episode_of, mask_info

Info = dict[str, Any]


class CoverageEnv(gymnasium.Env[Observation, NDArray[Any]]):
    """One episode at a time, registered as ``ssa_psro/Coverage-v0``.

    Example::

        import gymnasium
        env = gymnasium.make(
            "ssa_psro/Coverage-v0",
            scenario="scenarios/quickstart.toml",
            opponent={"aggressive": 0.7, "reactive": 0.3},
        )

    ``reset(seed=s)`` begins the first episode of seed ``s``, every later ``reset()`` the next one.
    In ``assignment`` mode the info holds ``action_mask`` for ``action_space.sample``; the info of
    the last step holds ``scores`` and ``payoffs`` of Blue and Red.

    Args:
        scenario: a scenario file, a scenario or a game.
        side: ``blue`` or ``red``, the side that the actions command.
        opponent: who plays the other side; a mixture draws one member an episode.
        action_mode: a key of ``envs.modes.MODES``.

    Raises:
        UsageError: no such side, opponent or action mode.
        ScenarioError: the scenario file cannot be played.
    """

    metadata: dict[str, Any] = {"render_modes": []}  # noqa: RUF012  (declared so by Gymnasium)

    def __init__(
        self,
        scenario: GameSource,
        *,
        side: str = "blue",
        opponent: Opponent = "aggressive",
        action_mode: str = "doctrine",
    ) -> None:
        game = as_game(scenario)
        self.duel = Duel(game, 1, side=side, opponent=opponent, action_mode=action_mode)
        self.observation_space = self.duel.mode.observation_space
        self.action_space = self.duel.mode.action_space

    def reset(self, *, seed: int | None = None, options: Info | None = None) -> tuple[Any, Info]:
        """Begin an episode; ``options`` are not used."""
        observation = episode_of(self.duel.restart(seed), 0)
        super().reset(seed=None if seed is None else self.duel.episodes.roots[0])
        return observation, mask_info(observation)

    def step(self, action: NDArray[Any]) -> tuple[Any, float, bool, bool, Info]:
        """Play one decision interval."""
        rewards, done = self.duel.step(as_numbers(action)[None])
        observation = episode_of(self.duel.observe(), 0)
        info = mask_info(observation)
        if done:
            outcome = self.duel.episodes.outcome()
            info |= {name: array[0] for name, array in outcome.items()}
        return observation, float(rewards[0]), done, False, info


class CoverageVectorEnv(gymnasium.vector.VectorEnv[Observation, NDArray[Any], NDArray[Any]]):
    """A native batch of episodes, which all start and end together.

    Slot ``i`` of ``reset(seed=s)`` plays the same episodes as ``CoverageEnv`` under
    ``reset(seed=s + i)``. A batch that is over restarts in the same step
    (``AutoresetMode.SAME_STEP``): its last observations and outcomes are ``final_obs`` and
    ``final_info`` of the infos.

    Args:
        scenario: as for ``CoverageEnv``, like ``side``, ``opponent`` and ``action_mode``.
        num_envs: number of episodes side by side.
    """

    metadata: dict[str, Any] = {  # noqa: RUF012  (declared so by Gymnasium)
        "render_modes": [],
        "autoreset_mode": AutoresetMode.SAME_STEP,
    }

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
        self.num_envs = self.duel.episodes.batch
        self.single_observation_space = self.duel.mode.observation_space
        self.single_action_space = self.duel.mode.action_space
        self.observation_space = batch_space(self.single_observation_space, self.num_envs)
        self.action_space = batch_space(self.single_action_space, self.num_envs)

    def reset(
        self, *, seed: int | Sequence[int | None] | None = None, options: Info | None = None
    ) -> tuple[Any, Info]:
        """Begin a batch of episodes; ``options`` are not used.

        A slot whose seed in a list is ``None`` is seeded afresh.
        """
        observation = self.duel.restart(seed)
        super().reset(seed=None if seed is None else self.duel.episodes.roots[0])
        return observation, {}

    def step(
        self, actions: NDArray[Any]
    ) -> tuple[Any, NDArray[Any], NDArray[Any], NDArray[Any], Info]:
        """Play one decision interval of every episode."""
        rewards, done = self.duel.step(actions)
        observation, infos = self.duel.observe(), dict[str, Any]()
        if done:
            infos = self._final_infos(observation)
            observation = self.duel.restart()
        over = np.full(self.num_envs, done)
        return observation, rewards, over, np.zeros_like(over), infos

    def _final_infos(self, observation: Observation) -> Info:
        outcome, infos = self.duel.episodes.outcome(), dict[str, Any]()
        for index in range(self.num_envs):
            final = {name: array[index] for name, array in outcome.items()}
            last = {"final_obs": episode_of(observation, index), "final_info": final}
            infos = self._add_info(infos, last, index)
        return infos
