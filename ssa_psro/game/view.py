"""What one side can see: its own past, the public geometry and the forecast. Never the truth."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ssa_psro.arrays import Flags, Floats
from ssa_psro.compiled import entry_point
from ssa_psro.game import chance
from ssa_psro.game.features import FEATURES, fill_noise, fill_objects, fill_sensors
from ssa_psro.game.state import State
from ssa_psro.game.summary import SUMMARY, summarise
from ssa_psro.game.uncertainty import suspect
from ssa_psro.game.world import SENSORS, World


@dataclass(frozen=True)
class View:
    """One side's information on a batch of episodes, computed when asked for.

    The candidates are the objects, then the opposing sensors (to deny), then the own sensors
    (to protect): ``C = N + 2 S``.

    Attributes:
        side: 0 for Blue, 1 for Red.
        seed: ``[B]`` for policies that draw numbers, see ``chance.uniforms``; apart from the
            seeds by which chance decides the episode.
    """

    side: int
    seed: NDArray[np.uint64]
    _world: World
    _state: State

    @property
    def batch(self) -> int:
        """Number of episodes."""
        return int(self._state.t.size)

    @property
    def hour(self) -> NDArray[np.float64]:
        """``[B]`` hours since the window opened."""
        return np.asarray(self._state.t * self._world.rules.dt_h)

    @property
    def objects(self) -> int:
        """Number of objects; the first candidates."""
        return int(self._world.objects.shape[0])

    @cached_property
    def summary(self) -> NDArray[np.float32]:
        """``[B, K]`` the numbers named in ``SUMMARY``, each in [0, 1]."""
        out = np.zeros((self.batch, len(SUMMARY)), np.float32)
        summarise(self._world, self._state, self.side, out)
        return out

    @cached_property
    def features(self) -> NDArray[np.float64]:
        """``[B, C, D]`` the candidates' features; the columns of sensor pairs are 0."""
        sensors = self._state.sensors.shape[2]
        out = np.zeros((self.batch, self.objects + 2 * sensors, len(FEATURES)))
        _fill(self._world, self._state, self.side, out)
        return out

    def feature(self, name: str) -> NDArray[np.float64]:
        """``[B, C]`` one feature by name.

        Raises:
            ValueError: there is no feature of that name.
        """
        return self.features[:, :, FEATURES.index(name)]

    def select(self, mask: NDArray[np.bool_]) -> View:
        """The same side's view of the episodes in ``mask [B]`` alone, as a copy."""
        return View(self.side, self.seed[mask], self._world, self._state.select(mask))

    def branch(self, stream: int) -> View:
        """The same view with other seeds, for a policy inside another."""
        return replace(self, seed=chance.branch(self.seed, stream, 0))

    def feasible(self, steps: int = 1) -> NDArray[np.bool_]:
        """``[B, S, C]`` what each sensor could start now or, by geometry, in the coming steps."""
        sensors = self._state.sensors.shape[2]
        out = np.zeros((self.batch, sensors, self.objects + 2 * sensors), np.bool_)
        _mask(self._world, self._state, self.side, steps, out)
        return out


@entry_point
def _fill(world: World, state: State, side: int, out: Floats) -> None:
    for b in range(out.shape[0]):
        suspect(world, state, b, side)
        if state.t[b] < world.rules.steps:
            fill_objects(world, state, b, side, out[b])
            fill_sensors(world, state, b, side, out[b])
            fill_noise(state, b, side, out[b])


@entry_point
def _mask(world: World, state: State, side: int, steps: int, out: Flags) -> None:
    objects, sensors = world.objects.shape[0], state.sensors.shape[2]
    for b in range(out.shape[0]):
        now = state.start[b] + state.t[b]
        ahead = min(steps, world.rules.steps - state.t[b])
        for s in range(int(world.sides[side, SENSORS])):
            for n in range(objects):
                for step in range(now, now + ahead):
                    out[b, s, n] |= world.quality[step, side, s, n] > 0
            if world.rules.denial_allowed:
                for o in range(sensors):
                    for step in range(now, now + ahead):
                        out[b, s, objects + o] |= world.denial[step, side, s, o] > 0
                out[b, s, objects + sensors + s] = True
