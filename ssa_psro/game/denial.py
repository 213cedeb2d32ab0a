"""Denial and protection: a labelled abstraction of interference between sensors.

Protections chosen in a step take effect before denials; the denials of both sides take effect
together, so neither side moves first.
"""

from __future__ import annotations

from ssa_psro.arrays import Integers
from ssa_psro.compiled import compiled
from ssa_psro.game.state import (
    DENIALS,
    DENIALS_BLOCKED,
    DENIED_UNTIL,
    DONE,
    LAST_DENIED,
    NO_TARGET,
    PROTECTED_UNTIL,
    PROTECTIONS,
    RECHARGE_UNTIL,
    TARGET,
    TASKED,
    State,
)
from ssa_psro.game.tasking import point, scene_of
from ssa_psro.game.world import OVERHEAD, SLEW_RATE, World


@compiled
def protect(world: World, state: State, b: int, side: int, chosen: Integers) -> None:
    """Carry out the protections among ``chosen[S]``."""
    first_own = world.objects.shape[0] + chosen.size
    for s in range(chosen.size):
        if chosen[s] >= first_own:
            until = state.t[b] + world.rules.protection_steps
            state.sensors[b, side, s, PROTECTED_UNTIL] = until
            state.sensors[b, side, s, DONE] = state.t[b] + 1
            state.counters[b, side, PROTECTIONS] += 1


@compiled
def deny(world: World, state: State, b: int, side: int, chosen: Integers) -> None:
    """Carry out the denials among ``chosen[S]``."""
    first_own = world.objects.shape[0] + chosen.size
    for s in range(chosen.size):
        if NO_TARGET != chosen[s] < first_own:
            _attempt(world, state, b, side, s, chosen[s])


@compiled
def _attempt(world: World, state: State, b: int, side: int, s: int, c: int) -> None:
    """Let sensor ``s`` deny the opposing sensor that is candidate ``c``."""
    scene, constants = scene_of(world, state, b, side), world.sides[side]
    point(scene, s, c, constants[SLEW_RATE], constants[OVERHEAD], world.rules.step_s)
    state.sensors[b, side, s, RECHARGE_UNTIL] = state.t[b] + world.rules.recharge_steps
    state.counters[b, side, DENIALS] += 1
    if not _blind(world, state, b, 1 - side, c - world.objects.shape[0]):
        state.counters[b, side, DENIALS_BLOCKED] += 1


@compiled
def _blind(world: World, state: State, b: int, side: int, s: int) -> bool:
    """Deny sensor ``s`` of ``side`` unless it is protected; a running observation is lost."""
    t, sensor = state.t[b], state.sensors[b, side, s]
    if sensor[PROTECTED_UNTIL] > t:
        return False
    sensor[DENIED_UNTIL] = t + world.rules.denial_steps
    sensor[LAST_DENIED] = t
    n = int(sensor[TARGET])
    if n != NO_TARGET:
        sensor[TARGET] = NO_TARGET
        sensor[DONE] = t + 1
        state.objects[b, side, n, TASKED] = 0.0
    return True
