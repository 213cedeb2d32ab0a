"""The tasking kernel: from priorities to feasible tasks, the same for every policy.

Sensors choose in an order that rotates by one each step. A free sensor takes its feasible
candidate of highest score, if that score is positive; ties go to the lowest index.

Greedy, sensor after sensor, rather than an optimal assignment: sensors become free one at a time,
so there are seldom several to assign, and a rule in a fixed order is played the same on every
machine, ties included.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

from ssa_psro.arrays import Floats, Integers
from ssa_psro.compiled import compiled
from ssa_psro.game.columns import FEATURE, SENSOR, SIDE
from ssa_psro.game.command import ASSIGNMENT, DOCTRINE, PRIORITY, Command
from ssa_psro.game.features import fill_noise, fill_objects, fill_sensors
from ssa_psro.game.sensing import (
    FULL,
    Scene,
    across,
    can_complete,
    can_deny,
    can_observe,
    closing,
    readiness,
    scene_of,
    sensitivity_of,
    slew_angle,
    start_observation,
)
from ssa_psro.game.state import NO_TARGET, State
from ssa_psro.game.world import World

HELD_QUALITY_WEIGHT: Final = 0.1
HELD_SLEW_WEIGHT: Final = -0.1
"""How access quality and slew break ties between nearly equal priorities in priority mode."""


class PairWeights(NamedTuple):
    """Weights of the features that depend on the sensor as well."""

    quality: float
    slew: float
    closing: float
    across: float


@compiled
def set_priorities(
    world: World, state: State, command: Command, b: int, side: int, x: Floats, p: Floats
) -> None:
    """Write the priority of every candidate into ``p[C]``; ``x[C, D]`` is scratch space."""
    if command.mode[b] == PRIORITY:
        for c in range(p.size):  # a slice would compile the text of its error message
            p[c] = command.priority[b, c]
    elif command.mode[b] == DOCTRINE:
        weights = command.doctrine[b]
        fill_objects(world, state, b, side, x)
        fill_sensors(world, state, b, side, x)
        # A draw a candidate and step is dear, and few doctrines weigh it. What another episode left
        # in the column has weight 0 then.
        if weights[FEATURE.noise] != 0.0:
            fill_noise(state, b, side, x)
        _weigh(weights, x, world.objects.shape[0], p)


@compiled
def _weigh(weights: Floats, x: Floats, objects: int, p: Floats) -> None:
    """Priority = weights · features, summed in feature order; each kind has features of its own.

    The order of the sum is fixed because rounding depends on it, and near ties depend on rounding:
    a doctrine has to play the same episode compiled, interpreted and in the reference.
    """
    p[:] = 0.0
    # Feature by feature, to skip the many of weight 0 and the kinds of candidate without it.
    for f in range(FEATURE.quality):
        if weights[f] != 0.0:
            first = 0 if f <= FEATURE.noise else objects
            last = objects if f < FEATURE.noise else p.size
            for c in range(first, last):
                p[c] += weights[f] * x[c, f]


@compiled
def task(
    world: World, state: State, command: Command, b: int, side: int, p: Floats, chosen: Integers
) -> None:
    """Give every free sensor a task; ``chosen[S]`` receives denials and protections to carry out.

    Observations start here. A protection or denial is written to ``chosen`` as its candidate
    index (else NO_TARGET), because both sides' take effect together afterwards.
    """
    scene = scene_of(world, state, b, side)
    t, sensors = scene.t, scene.sensors
    objects = scene.tracks.shape[0]
    weights = _pair_weights(command, b)
    for turn in range(chosen.size):
        # Who chooses first has the best choice; in turns, no sensor is always first.
        s = (t + turn) % chosen.size
        if s >= world.sides[side, SIDE.sensors] or sensors[s, SENSOR.done_step] > t:
            continue
        ready = readiness(scene, s, world.rules.denial_allowed)
        if command.mode[b] == ASSIGNMENT:
            best = _assigned(scene, s, ready, command.assignment[b, s])
        else:
            # Quality is weighed as what the sensor would make of it, protected or not.
            sensitivity = sensitivity_of(scene, s, world.rules.protected_sensitivity)
            best = _best(scene, s, ready, p, weights.quality * sensitivity, weights)
        if 0 <= best < objects:
            start_observation(world, state, b, scene, s, best)
        elif best != NO_TARGET:
            chosen[s] = best
            if best < objects + chosen.size:
                # What the side may know: that it tried, and how long that would last. Whether the
                # target was protected it is not told, so no second sensor is spent on it.
                sensors[best - objects, SENSOR.attempted_until] = t + world.rules.denial_steps


@compiled
@compiled
def _pair_weights(command: Command, b: int) -> PairWeights:
    if command.mode[b] == DOCTRINE:
        weights = command.doctrine[b]
        return PairWeights(
            weights[FEATURE.quality],
            weights[FEATURE.slew],
            weights[FEATURE.closing],
            weights[FEATURE.across],
        )
    return PairWeights(HELD_QUALITY_WEIGHT, HELD_SLEW_WEIGHT, 0.0, 0.0)


@compiled
def _assigned(scene: Scene, s: int, ready: tuple[bool, bool, bool], c: int) -> int:
    """The assigned candidate if it is feasible, else NO_TARGET."""
    objects, slots = scene.tracks.shape[0], scene.sensors.shape[0]
    observe, deny, protect = ready
    feasible = False
    if 0 <= c < objects:
        feasible = observe and can_observe(scene, s, c)
        feasible = feasible and can_complete(scene, s, c, slew_angle(scene, s, c))
    elif objects <= c < objects + slots:
        feasible = deny and can_deny(scene, s, c - objects)
    elif c == objects + slots + s:
        feasible = protect
    return c if feasible else NO_TARGET


@compiled
def _best(
    scene: Scene,
    s: int,
    ready: tuple[bool, bool, bool],
    p: Floats,
    quality_weight: float,
    weights: PairWeights,
) -> int:
    """The feasible candidate of highest positive score, or NO_TARGET.

    What the sensor's own features can add at most is looked at first, because nearly all
    candidates fail on that, and nothing else of them has to be read.
    """
    objects, slots = scene.tracks.shape[0], scene.sensors.shape[0]
    observe, deny, protect = ready
    # From 0, and strictly greater: what is not worth doing is not done, the first of equals wins.
    best, best_score = NO_TARGET, 0.0
    slewing = max(weights.slew, 0.0)
    slack = slewing + max(weights.closing, 0.0) + max(weights.across, 0.0)
    if observe:
        most = max(quality_weight, 0.0) + slack
        for n in range(objects):
            if p[n] + most > best_score and can_observe(scene, s, n):
                score = p[n] + quality_weight * (scene.ahead[0, s, n] / FULL)
                if score + slack > best_score:
                    slew_rad = slew_angle(scene, s, n)
                    if can_complete(scene, s, n, slew_rad):
                        score += weights.slew * (slew_rad / math.pi)
                        if weights.closing != 0.0:
                            score += weights.closing * closing(scene, s, n)
                        if weights.across != 0.0:
                            score += weights.across * across(scene, s, n)
                        if score > best_score:
                            best, best_score = n, score
    if deny:
        for o in range(slots):
            c = objects + o
            if p[c] + slewing > best_score and can_deny(scene, s, o):
                score = p[c]
                if weights.slew != 0.0:  # spares the inverse cosine, the dearest of operations
                    score += weights.slew * (slew_angle(scene, s, c) / math.pi)
                if score > best_score:
                    best, best_score = c, score
    if protect and p[objects + slots + s] > best_score:
        best = objects + slots + s
    return best
