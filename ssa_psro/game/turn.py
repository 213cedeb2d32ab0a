"""One step of the game, and many: the order in which the rules apply."""

from __future__ import annotations

from typing import Final

import numpy as np

from ssa_psro.arrays import Floats, Integers
from ssa_psro.compiled import compiled, entry_point
from ssa_psro.game.command import Command
from ssa_psro.game.denial import deny, protect
from ssa_psro.game.features import FEATURES
from ssa_psro.game.scoring import close_period, score_step
from ssa_psro.game.state import DONE, NO_TARGET, State
from ssa_psro.game.tasking import set_priorities, task
from ssa_psro.game.uncertainty import grow, manoeuvre, resolve, suspect
from ssa_psro.game.world import SENSORS, World

_FEATURE_COUNT: Final = len(FEATURES)


@entry_point
def advance(
    world: World, state: State, blue: Command, red: Command, first: int, last: int, steps: int
) -> None:
    """Play up to ``steps`` steps of the episodes ``first`` to ``last`` (exclusive), in place."""
    sensors = state.sensors.shape[2]
    candidates = world.objects.shape[0] + 2 * sensors
    features = np.zeros((candidates, _FEATURE_COUNT))
    priorities = np.zeros(candidates)
    chosen = np.empty((2, sensors), np.int64)
    for b in range(first, last):
        for _ in range(min(steps, world.rules.steps - state.t[b])):
            for side in range(2):
                resolve(world, state, b, side)
                suspect(world, state, b, side)
            choose(world, state, blue, b, 0, features, priorities, chosen[0])
            choose(world, state, red, b, 1, features, priorities, chosen[1])
            _finish(world, state, b, chosen)


@compiled
def choose(
    world: World,
    state: State,
    command: Command,
    b: int,
    side: int,
    features: Floats,
    priorities: Floats,
    chosen: Integers,
) -> None:
    """Let one side task its free sensors on what it knows now."""
    chosen[:] = NO_TARGET
    for s in range(int(world.sides[side, SENSORS])):
        if state.sensors[b, side, s, DONE] <= state.t[b]:
            set_priorities(world, state, command, b, side, features, priorities)
            task(world, state, command, b, side, priorities, chosen)
            return


@compiled
def _finish(world: World, state: State, b: int, chosen: Integers) -> None:
    """Interference, nature and the score of the step; then time moves on."""
    for side in range(2):
        protect(world, state, b, side, chosen[side])
    for side in range(2):
        deny(world, state, b, side, chosen[side])
    manoeuvre(world, state, b)
    score_step(world, state, b)
    grow(world, state, b)
    state.t[b] += 1
    close_period(world, state, b)
