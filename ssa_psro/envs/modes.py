"""Action modes: what a learner sees and does, and the commands that its actions stand for.

Every mode works on batches. B episodes, S sensors of the learner's side, N objects, C candidates
(objects, opposing sensors to deny, own sensors to protect), D features, K summary numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any, Final, Protocol, TypeAlias

import numpy as np
from gymnasium import spaces
from numpy.typing import ArrayLike, NDArray

from ssa_psro.errors import Fault, UsageError, did_you_mean
from ssa_psro.game import (
    FEATURES,
    SUMMARY,
    Command,
    CoverageGame,
    View,
    assignment_command,
    doctrine_command,
    priority_command,
)
from ssa_psro.game.columns import PAIR_FEATURES, FeatureColumns
from ssa_psro.game.command import IDLE

Observation: TypeAlias = NDArray[Any] | dict[str, NDArray[Any]]
"""What a learner sees: one array, or several by name. A batch has one more axis in front."""

CANDIDATE_FEATURES: Final = tuple(
    name for name in FeatureColumns._fields if name not in (*PAIR_FEATURES, "late")
)
"""Features that the ``priority`` and ``assignment`` modes show of every candidate: not those that
only the tasking kernel knows, nor the time, which is in the summary."""
_COLUMNS: Final = [FEATURES.index(name) for name in CANDIDATE_FEATURES]

SITUATION: Final = "situation"
FEASIBLE: Final = "feasible"


class ActionMode(Protocol):
    """A way to take part in the game."""

    @property
    def observation_space(self) -> spaces.Space[Any]:
        """What one episode shows."""

    @property
    def action_space(self) -> spaces.Space[Any]:
        """What one episode takes."""

    def observe(self, view: View) -> Observation:
        """What the side sees, one row an episode."""

    def command(self, actions: ArrayLike) -> Command:
        """The orders that actions ``[B, ...]`` stand for. Raises ``UsageError``."""


@dataclass(frozen=True)
class Doctrine:
    """Feature weights ``[D]`` in [-1, 1], seen from the summary ``[K]``.

    The weights hold for the decision interval; the features they weigh are fresh at every step.
    """

    game: CoverageGame
    side: int

    @cached_property
    def observation_space(self) -> spaces.Box:
        """``[K]`` in [0, 1]: the numbers named in ``game.SUMMARY``."""
        return spaces.Box(0.0, 1.0, (len(SUMMARY),), np.float32)

    @cached_property
    def action_space(self) -> spaces.Box:
        """``[D]`` in [-1, 1]: a weight for each of ``game.FEATURES``."""
        return spaces.Box(-1.0, 1.0, (len(FEATURES),), np.float32)

    def observe(self, view: View) -> Observation:
        """``[B, K]``."""
        return view.summary

    def command(self, actions: ArrayLike) -> Command:
        """The orders of weights ``[B, D]``; what lies outside [-1, 1] is cut off."""
        return doctrine_command(_cut_off(actions))


@dataclass(frozen=True)
class Priority:
    """A priority ``[C]`` in [-1, 1] for every candidate, held for the decision interval.

    Only candidates of positive priority are tasked.
    """

    game: CoverageGame
    side: int

    @cached_property
    def observation_space(self) -> spaces.Box:
        """``[K + C * F]`` in [0, 1]: the summary, then ``CANDIDATE_FEATURES`` of each candidate."""
        return _situation_space(self.game)

    @cached_property
    def action_space(self) -> spaces.Box:
        """``[C]`` in [-1, 1]."""
        return spaces.Box(-1.0, 1.0, (self.game.candidates,), np.float32)

    def observe(self, view: View) -> Observation:
        """``[B, K + C * F]``."""
        return _situation(view)

    def command(self, actions: ArrayLike) -> Command:
        """The orders of priorities ``[B, C]``; what lies outside [-1, 1] is cut off."""
        return priority_command(_cut_off(actions))


@dataclass(frozen=True)
class Assignment:
    """One candidate for every sensor, or ``C`` to idle.

    A sensor repeats its task for the decision interval whenever it is free and the task is
    feasible, and idles otherwise. What geometry rules out for the whole interval is masked; that a
    sensor is denied or at work is not.
    """

    game: CoverageGame
    side: int

    @cached_property
    def observation_space(self) -> spaces.Dict:
        """``situation [K + C * F]`` as in ``priority``, ``feasible [S, C + 1]`` 1 or 0."""
        mask = spaces.MultiBinary([self._sensors, self.game.candidates + 1])
        return spaces.Dict({SITUATION: _situation_space(self.game), FEASIBLE: mask})

    @cached_property
    def action_space(self) -> spaces.MultiDiscrete:
        """``[S]`` numbers from 0 to C."""
        return spaces.MultiDiscrete([self.game.candidates + 1] * self._sensors)

    def observe(self, view: View) -> Observation:
        """``situation [B, K + C * F]`` and ``feasible [B, S, C + 1]``."""
        steps = self.game.arena.scenario.window.steps_per_decision
        mask = np.ones((view.batch, self._sensors, self.game.candidates + 1), np.int8)
        mask[:, :, :-1] = view.feasible(steps)[:, : self._sensors]
        return {SITUATION: _situation(view), FEASIBLE: mask}

    def command(self, actions: ArrayLike) -> Command:
        """The orders of choices ``[B, S]``."""
        choices = as_numbers(actions)
        if choices.dtype.kind == "u" and choices.max(initial=0) <= np.iinfo(np.int64).max:
            choices = choices.astype(np.int64)  # idling has no unsigned number
        return assignment_command(np.where(choices == self.game.candidates, IDLE, choices))

    @property
    def _sensors(self) -> int:
        return self.game.arena.sensor_count[self.side]


MODES: Mapping[str, Callable[[CoverageGame, int], ActionMode]] = MappingProxyType(
    {"doctrine": Doctrine, "priority": Priority, "assignment": Assignment}
)
"""Action modes by name."""


def make_mode(name: str, game: CoverageGame, side: int) -> ActionMode:
    """The action mode of that name for one side of a game.

    Raises:
        UsageError: there is none; the nearest name is suggested.
    """
    if name not in tuple(MODES):
        cure = did_you_mean(str(name), MODES)
        fault = Fault("action_mode", name, "is not an action mode", cure)
        raise UsageError("environment", [fault])
    return MODES[name](game, side)


def as_numbers(actions: ArrayLike) -> NDArray[Any]:
    """Actions as one array; its shape and range are looked at where the orders are played.

    Raises:
        UsageError: they are no numbers, or not as many in every row.
    """
    try:
        found = np.asarray(actions)
    except ValueError:  # rows of different lengths
        found = np.empty(0, np.object_)
    if found.dtype.kind not in "biuf":
        cure = "Give an array of numbers, such as action_space.sample()."
        fault = Fault("actions", type(actions).__name__, "are no array of numbers", cure)
        raise UsageError("environment", [fault])
    return found


def _cut_off(actions: ArrayLike) -> NDArray[Any]:
    """Numbers within [-1, 1]; those that are not finite stay, to be refused as orders."""
    found = as_numbers(actions)
    return np.clip(found, -1.0, 1.0) if np.isfinite(found).all() else found


def episode_of(observation: Observation, index: int) -> Observation:
    """One episode of a batch of observations, as a copy."""
    if isinstance(observation, dict):
        return {name: array[index].copy() for name, array in observation.items()}
    return np.array(observation[index])


def mask_info(observation: Observation) -> dict[str, Any]:
    """``action_mask`` of one episode, as ``action_space.sample(mask=...)`` wants it, if any."""
    if not isinstance(observation, dict):
        return {}
    return {"action_mask": tuple(row.copy() for row in observation[FEASIBLE])}


def _situation_space(game: CoverageGame) -> spaces.Box:
    width = len(SUMMARY) + game.candidates * len(CANDIDATE_FEATURES)
    return spaces.Box(0.0, 1.0, (width,), np.float32)


def _situation(view: View) -> NDArray[np.float32]:
    features = view.features[:, :, _COLUMNS].reshape(view.batch, -1)
    return np.concatenate([view.summary, features.astype(np.float32)], axis=1)
