"""One step of the game, and many: the order in which the rules apply.

1. Looks whose result becomes known are decided, and each side takes stock of what it knows.
2. Each side tasks its free sensors on what it knows now; neither sees what the other chooses.
3. Protections take effect, then denials: a labelled abstraction of interference between sensors.
   Those of both sides take effect together, so neither side moves first.
4. The step is scored by what was known at its beginning: an observation that restores custody then
   has custody for that step.
"""

from __future__ import annotations

from typing import Final

from ssa_psro.arrays import Integers
from ssa_psro.compiled import borrowed, compiled, entry_point, fetch
from ssa_psro.game.columns import COUNTER, SENSOR, SIDE, TRACK
from ssa_psro.game.command import Command
from ssa_psro.game.scoring import close_period, score_step
from ssa_psro.game.sensing import point, scene_of, slew_angle
from ssa_psro.game.state import NO_TARGET, State
from ssa_psro.game.tasking import Desk, desk_for, prepare, set_priorities, task
from ssa_psro.game.uncertainty import assess, resolve, turn_round
from ssa_psro.game.world import World

AHEAD: Final = 6
"""Steps by which the quality of access is fetched ahead. A look that begins reads it some steps on,
up to the middle of its exposure."""


@entry_point
def advance(
    world: World, state: State, blue: Command, red: Command, first: int, last: int, steps: int
) -> None:
    """Play up to ``steps`` steps of the episodes ``first`` to ``last`` (exclusive), in place.

    An episode at a time, not a step at a time: the state of one fits into the processor's cache.
    """
    desk = desk_for(world, state.sensors.shape[2])
    _play(borrowed(world), borrowed(state), borrowed(blue), borrowed(red), desk, first, last, steps)


@compiled
def _play(
    world: World,
    state: State,
    blue: Command,
    red: Command,
    held: Desk,
    first: int,
    last: int,
    steps: int,
) -> None:
    desk = borrowed(held)  # of the caller's, who holds it until this returns
    commands = (blue, red)
    for b in range(first, last):
        for side in range(2):
            prepare(commands[side], b, desk.wanted[side])
        for _ in range(min(steps, world.rules.steps - state.t[b])):
            _fetch_ahead(world, state.start[b] + state.t[b])
            turn_round(world, state, b, desk.around)
            # one side after the other, but nothing of it is seen by the other before all is chosen
            for side in range(2):
                resolve(world, state, b, side, desk.orbits)
                assess(world, state, b, side, desk.around)
                choose(world, state, commands[side], b, side, desk)
            _finish(world, state, b, desk.chosen)


@compiled
def _fetch_ahead(world: World, now: int) -> None:
    """Have brought what the next steps read: a start is drawn, so no table lies in the caches."""
    last = world.quality.shape[0] - 1
    fetch(world.quality[min(now + AHEAD, last)])
    soon = min(now + 1, last)
    fetch(world.position_km[soon])
    fetch(world.accessible[soon])
    fetch(world.denial[soon])


@compiled
def choose(world: World, state: State, command: Command, b: int, side: int, desk: Desk) -> None:
    """Let one side task its free sensors on what it knows now."""
    for s in range(desk.chosen.shape[1]):
        desk.chosen[side, s] = NO_TARGET
    for s in range(int(world.sides[side, SIDE.sensors])):
        if state.sensors[b, side, s, SENSOR.done_step] <= state.t[b]:
            # Priorities cost most of a step, so they are made only if some sensor is free, and
            # once for all that are: what one of them takes is barred to the others by ``task``.
            set_priorities(world, state, command, b, side, desk)
            task(world, state, command, b, side, desk)
            return


@compiled
def _finish(world: World, state: State, b: int, chosen: Integers) -> None:
    """Interference and the score of the step; then time moves on."""
    for side in range(2):
        _protect(world, state, b, side, chosen[side])
    for side in range(2):
        _deny(world, state, b, side, chosen[side])
    score_step(world, state, b)
    state.t[b] += 1
    close_period(world, state, b)


@compiled
def _protect(world: World, state: State, b: int, side: int, chosen: Integers) -> None:
    """Carry out the protections among ``chosen[S]``."""
    first_own = world.objects.shape[1] + chosen.size
    for s in range(chosen.size):
        if chosen[s] >= first_own:
            until = state.t[b] + world.rules.protection_steps
            state.sensors[b, side, s, SENSOR.protected_until] = until
            # Neither slew nor dwell: the sensor is free again at the next step.
            state.sensors[b, side, s, SENSOR.done_step] = state.t[b] + 1
            state.counters[b, side, COUNTER.protections] += 1


@compiled
def _deny(world: World, state: State, b: int, side: int, chosen: Integers) -> None:
    """Carry out the denials among ``chosen[S]``."""
    first_own = world.objects.shape[1] + chosen.size
    for s in range(chosen.size):
        if NO_TARGET != chosen[s] < first_own:
            _attempt(world, state, b, side, s, chosen[s])


@compiled
def _attempt(world: World, state: State, b: int, side: int, s: int, c: int) -> None:
    """Let sensor ``s`` deny the opposing sensor that is candidate ``c``.

    A denier that is denied in the same step still carries its denial out.
    """
    scene = scene_of(world, state, b, side)
    point(scene, s, c, slew_angle(scene, s, c))
    recharged = state.t[b] + world.rules.recharge_steps
    state.sensors[b, side, s, SENSOR.recharge_until] = recharged
    state.counters[b, side, COUNTER.denials] += 1
    if not _blind(world, state, b, 1 - side, c - world.objects.shape[1]):
        state.counters[b, side, COUNTER.denials_blocked] += 1


@compiled
def _blind(world: World, state: State, b: int, side: int, s: int) -> bool:
    """Deny sensor ``s`` of ``side`` unless it is protected; a running observation is lost."""
    t, sensor = state.t[b], state.sensors[b, side, s]
    if sensor[SENSOR.protected_until] > t:
        return False
    sensor[SENSOR.denied_until] = t + world.rules.denial_steps
    sensor[SENSOR.last_denied] = t
    n = int(sensor[SENSOR.target])
    if n != NO_TARGET:
        sensor[SENSOR.target] = NO_TARGET
        # Free for what it may still do, such as protecting itself.
        sensor[SENSOR.done_step] = t + 1
        # The object may be taken by another sensor; the lost look is no attempt.
        state.tracks[b, side, TRACK.tasked, n] = 0.0
    return True
