"""The game for PettingZoo: both sides act at once."""

from __future__ import annotations

from typing import Any, ClassVar

from numpy.typing import NDArray
from pettingzoo import ParallelEnv

from ssa_psro.envs.core import Episodes, GameSource, as_game
from ssa_psro.envs.modes import Observation, as_numbers, episode_of, make_mode, mask_info
from ssa_psro.errors import Fault, UsageError
from ssa_psro.scenario.schema import SIDES

AGENTS: tuple[str, ...] = SIDES

Infos = dict[str, dict[str, Any]]


def parallel_env(scenario: GameSource, *, action_mode: str = "doctrine") -> CoverageParallelEnv:
    """The game as a PettingZoo parallel environment with the agents ``blue`` and ``red``.

    Args:
        scenario: a scenario file, a scenario or a game.
        action_mode: a key of ``envs.modes.MODES``, the same for both sides.

    Raises:
        UsageError: no such action mode.
        ScenarioError: the scenario file cannot be played.
    """
    return CoverageParallelEnv(scenario, action_mode)


class CoverageParallelEnv(ParallelEnv[str, Observation, NDArray[Any]]):  # type: ignore[misc]
    """One episode at a time; infos and seeds as in ``CoverageEnv``."""

    metadata: ClassVar[dict[str, Any]] = {"name": "ssa_psro/coverage_v0", "render_modes": []}

    def __init__(self, scenario: GameSource, action_mode: str) -> None:
        game = as_game(scenario)
        self.episodes = Episodes(game, 1)
        self.modes = {name: make_mode(action_mode, game, side) for side, name in enumerate(AGENTS)}
        self.possible_agents = list(AGENTS)
        self.agents: list[str] = []
        self.observation_spaces = {
            name: mode.observation_space for name, mode in self.modes.items()
        }
        self.action_spaces = {name: mode.action_space for name, mode in self.modes.items()}
        self.render_mode = None

    def observation_space(self, agent: str) -> Any:
        """What ``agent`` sees."""
        return self.observation_spaces[agent]

    def action_space(self, agent: str) -> Any:
        """What ``agent`` does."""
        return self.action_spaces[agent]

    def reset(
        self, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[dict[str, Observation], Infos]:
        """Begin an episode; ``options`` are not used."""
        self.episodes.restart(seed)
        self.agents = list(AGENTS)
        return self._observe()

    def step(
        self, actions: dict[str, NDArray[Any]]
    ) -> tuple[dict[str, Observation], dict[str, float], dict[str, bool], dict[str, bool], Infos]:
        """Play one decision interval.

        Raises:
            UsageError: an action is missing or cannot be played.
        """
        if missing := [name for name in AGENTS if name not in actions]:
            cure = "Give an action of each agent while the episode runs."
            faults = [Fault(f"actions.{name}", None, "is missing", cure) for name in missing]
            raise UsageError("environment", faults)
        blue, red = (self.modes[name].command(as_numbers(actions[name])[None]) for name in AGENTS)
        rewards = self.episodes.advance(blue, red)[0]
        done = self.episodes.done
        observations, infos = self._observe()
        if done:
            outcome = {name: array[0] for name, array in self.episodes.outcome().items()}
            infos = {name: infos[name] | outcome for name in AGENTS}
            self.agents = []
        return (
            observations,
            {name: float(rewards[side]) for side, name in enumerate(AGENTS)},
            dict.fromkeys(AGENTS, done),
            dict.fromkeys(AGENTS, False),
            infos,
        )

    def _observe(self) -> tuple[dict[str, Observation], Infos]:
        observations = {
            name: episode_of(self.modes[name].observe(self.episodes.view(side)), 0)
            for side, name in enumerate(AGENTS)
        }
        return observations, {name: mask_info(observations[name]) for name in AGENTS}
