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

import numpy as np

from ssa_psro.arrays import Flags, Floats, Integers, Words
from ssa_psro.compiled import compiled
from ssa_psro.game.columns import FEATURE, SENSOR, SIDE, TRACK
from ssa_psro.game.command import ASSIGNMENT, DOCTRINE, PRIORITY, Command
from ssa_psro.game.features import FACTORS, extent, fill, fill_fixed, is_pair, want
from ssa_psro.game.sensing import (
    FULL,
    NO_BITS,
    ONE_BIT,
    Scene,
    across,
    can_complete,
    can_deny,
    can_observe,
    closing,
    lowest_bit,
    readiness,
    scene_of,
    sensitivity_of,
    slew_angle,
    start_observation,
)
from ssa_psro.game.state import NO_TARGET, State
from ssa_psro.game.world import WORD, World

HELD_QUALITY_WEIGHT: Final = 0.1
HELD_SLEW_WEIGHT: Final = -0.1
"""How access quality and slew break ties between nearly equal priorities in priority mode."""


class Desk(NamedTuple):
    """Where one side after the other works out what to do.

    Attributes:
        x: ``[F, C]`` features of the candidates, without products.
        p: ``[C]`` priorities.
        pair: ``[4, N]`` weights of the features that depend on the sensor, for each object.
        most: ``[N]`` the score that an object has at most, whichever sensor looks; minus infinity
            of one that is taken.
        wanted: ``[2, F]`` the features that each side's doctrine needs.
        chosen: ``[2, S]`` denials and protections to be carried out, as candidates.
        around: ``[4, N]`` see ``uncertainty.turn_round``.
        orbits: ``[2, 6, 6]`` see ``uncertainty.resolve``.
    """

    x: Floats
    p: Floats
    pair: Floats
    most: Floats
    wanted: Flags
    chosen: Integers
    around: Floats
    orbits: Floats


@compiled
def desk_for(world: World, sensors: int) -> Desk:
    """A desk for a game with so many sensors a side."""
    objects = world.objects.shape[1]
    candidates = objects + 2 * sensors
    desk = Desk(
        np.zeros((len(FEATURE), candidates)),
        np.zeros(candidates),
        np.zeros((4, objects)),
        np.zeros(objects),
        np.zeros((2, len(FEATURE)), np.bool_),
        np.empty((2, sensors), np.int64),
        np.empty((4, objects)),
        np.empty((2, 6, 6)),
    )
    fill_fixed(world, desk.x)
    return desk


@compiled
def prepare(command: Command, b: int, wanted: Flags) -> None:
    """Tell what features a side's orders need, ``[F]``; they hold until others are given."""
    if command.mode[b] == DOCTRINE:
        want(command.doctrine[b], wanted)


@compiled
def set_priorities(
    world: World, state: State, command: Command, b: int, side: int, desk: Desk
) -> None:
    """Write the priority of every candidate, and what pairs may add to it, on the desk."""
    if command.mode[b] == PRIORITY:
        for c in range(desk.p.size):  # a slice would compile the text of its error message
            desk.p[c] = command.priority[b, c]
        _spread_weights(HELD_QUALITY_WEIGHT, HELD_SLEW_WEIGHT, 0.0, 0.0, desk.pair)
    elif command.mode[b] == DOCTRINE:
        weights = command.doctrine[b]
        fill(world, state, b, side, desk.wanted[side], desk.x)
        _weigh(weights, desk)
        _weigh_pairs(weights, desk)
    _bound(state.tracks[b, side, TRACK.tasked], desk)


@compiled
def _weigh(weights: Floats, desk: Desk) -> None:
    """Priority = weights · features, summed in feature order; each kind has features of its own.

    The order of the sum is fixed because rounding depends on it, and near ties depend on rounding:
    a doctrine has to play the same episode compiled, interpreted and in the reference.
    """
    x, p, objects = desk.x, desk.p, desk.most.size
    p[:] = 0.0
    # Feature by feature, to skip the many of weight 0 and the kinds of candidate without it.
    for f in range(len(FEATURE)):
        if weights[f] != 0.0 and not is_pair(f):
            weight, row = weights[f], x[f]
            first, last = extent(f, objects, p.size)
            for c in range(first, last):
                p[c] += weight * row[c]
    for k in range(len(FACTORS)):
        weight = weights[len(FEATURE) + k]
        if weight != 0.0 and not is_pair(FACTORS[k, 0]):
            one, other = x[FACTORS[k, 0]], x[FACTORS[k, 1]]
            first, last = extent(FACTORS[k, 1], objects, p.size)
            for c in range(first, last):
                p[c] += weight * (one[c] * other[c])


@compiled
def _weigh_pairs(weights: Floats, desk: Desk) -> None:
    """The weights of pair features, with their products: the other factor is the object's."""
    pair, first = desk.pair, FEATURE.quality
    _spread_weights(
        weights[first], weights[first + 1], weights[first + 2], weights[first + 3], pair
    )
    for k in range(len(FACTORS)):
        weight = weights[len(FEATURE) + k]
        if weight != 0.0 and is_pair(FACTORS[k, 0]):
            own, other = pair[FACTORS[k, 0] - first], desk.x[FACTORS[k, 1]]
            for n in range(own.size):
                own[n] += weight * other[n]


@compiled
def _spread_weights(
    quality: float, slew: float, closing: float, across: float, pair: Floats
) -> None:
    for n in range(pair.shape[1]):
        pair[0, n] = quality
        pair[1, n] = slew
        pair[2, n] = closing
        pair[3, n] = across


@compiled
def _bound(tasked: Floats, desk: Desk) -> None:
    """What an object's score is at most: each pair feature lies in [0, 1]."""
    most, p = desk.most, desk.p
    for n in range(most.size):
        most[n] = p[n] if tasked[n] == 0.0 else -math.inf
    for k in range(4):
        own = desk.pair[k]
        for n in range(most.size):
            most[n] += max(own[n], 0.0)


@compiled
def task(world: World, state: State, command: Command, b: int, side: int, desk: Desk) -> None:
    """Give every free sensor a task; ``desk.chosen`` receives what is to be carried out.

    Observations start here. A protection or denial is written to ``chosen`` as its candidate
    index (else NO_TARGET), because both sides' take effect together afterwards.
    """
    scene = scene_of(world, state, b, side)
    t, sensors, chosen = scene.t, scene.sensors, desk.chosen[side]
    objects = scene.objects.shape[1]
    slew = HELD_SLEW_WEIGHT
    if command.mode[b] == DOCTRINE:
        slew = command.doctrine[b, FEATURE.slew]
    for turn in range(chosen.size):
        # Who chooses first has the best choice; in turns, no sensor is always first.
        s = (t + turn) % chosen.size
        if s >= world.sides[side, SIDE.sensors] or sensors[s, SENSOR.done_step] > t:
            continue
        ready = readiness(scene, s, world.rules.denial_allowed)
        if command.mode[b] == ASSIGNMENT:
            best, slew_rad = _assigned(scene, s, ready, command.assignment[b, s])
        else:
            # Quality is weighed as what the sensor would make of it, protected or not.
            sensitivity = sensitivity_of(scene, s, world.rules.protected_sensitivity)
            best, slew_rad = _best(scene, s, ready, desk, sensitivity, slew)
        if 0 <= best < objects:
            start_observation(world, state, b, scene, s, best, slew_rad)
            desk.most[best] = -math.inf
        elif best != NO_TARGET:
            chosen[s] = best
            if best < objects + chosen.size:
                # What the side may know: that it tried, and how long that would last. Whether the
                # target was protected it is not told, so no second sensor is spent on it.
                sensors[best - objects, SENSOR.attempted_until] = t + world.rules.denial_steps


@compiled
def _assigned(scene: Scene, s: int, ready: tuple[bool, bool, bool], c: int) -> tuple[int, float]:
    """The assigned candidate if it is feasible, else NO_TARGET; and how far it is to an object."""
    objects, slots = scene.objects.shape[1], scene.sensors.shape[0]
    observe, deny, protect = ready
    feasible, slew_rad = False, 0.0
    if 0 <= c < objects:
        slew_rad = slew_angle(scene, s, c)
        feasible = observe and can_observe(scene, s, c)
        feasible = feasible and can_complete(scene, s, c, slew_rad)
    elif objects <= c < objects + slots:
        feasible = deny and can_deny(scene, s, c - objects)
    elif c == objects + slots + s:
        feasible = protect
    return (c if feasible else NO_TARGET), slew_rad


@compiled
def _best(
    scene: Scene,
    s: int,
    ready: tuple[bool, bool, bool],
    desk: Desk,
    sensitivity: float,
    slew_weight: float,
) -> tuple[int, float]:
    """The feasible candidate of highest positive score, or NO_TARGET; and how far away it is.

    What the sensor's own features can add at most is looked at first, because nearly all
    candidates fail on that, and nothing else of them has to be read.
    """
    p, most = desk.p, desk.most
    objects, slots = scene.objects.shape[1], scene.sensors.shape[0]
    observe, deny, protect = ready
    # From 0, and strictly greater: what is not worth doing is not done, the first of equals wins.
    best, best_score, best_slew_rad = NO_TARGET, 0.0, 0.0
    if observe:
        accessible = scene.accessible[s]
        # the most promising one first: most others then fail on what they could score at most
        promising = _most_promising(accessible, most)
        if promising != NO_TARGET:
            score, slew_rad = _score(scene, s, promising, desk, sensitivity, best_score)
            if score > best_score:
                best, best_score, best_slew_rad = promising, score, slew_rad
        for word in range(accessible.size):
            left = accessible[word]
            while left != NO_BITS:
                n = word * WORD + lowest_bit(left)
                left &= left - ONE_BIT
                if most[n] >= best_score and most[n] > 0.0 and n != promising:
                    score, slew_rad = _score(scene, s, n, desk, sensitivity, best_score)
                    if score > best_score or (score == best_score and n < best):
                        best, best_score, best_slew_rad = n, score, slew_rad
    if deny:
        for o in range(slots):
            c = objects + o
            if p[c] + max(slew_weight, 0.0) > best_score and can_deny(scene, s, o):
                score = p[c]
                if slew_weight != 0.0:  # spares the inverse cosine, the dearest of operations
                    score += slew_weight * (slew_angle(scene, s, c) / math.pi)
                if score > best_score:
                    best, best_score = c, score
    if protect and p[objects + slots + s] > best_score:
        best = objects + slots + s
    return best, best_slew_rad


@compiled
def _most_promising(accessible: Words, most: Floats) -> int:
    """The object that could have the highest score, if that is positive, or NO_TARGET."""
    found, highest = NO_TARGET, 0.0
    for word in range(accessible.size):
        left = accessible[word]
        while left != NO_BITS:
            n = word * WORD + lowest_bit(left)
            left &= left - ONE_BIT
            if most[n] > highest:
                found, highest = n, most[n]
    return found


@compiled
def _score(
    scene: Scene, s: int, n: int, desk: Desk, sensitivity: float, to_beat: float
) -> tuple[float, float]:
    """Score of an accessible object, 0 if infeasible or unable to beat another's; and its slew."""
    pair = desk.pair
    quality, slew, ends, across_it = pair[0, n], pair[1, n], pair[2, n], pair[3, n]
    score = desk.p[n] + quality * sensitivity * (scene.ahead[0, s, n] / FULL)
    rest = max(ends, 0.0) + max(across_it, 0.0)
    if score + max(slew, 0.0) + rest < to_beat:
        return 0.0, 0.0
    slew_rad = slew_angle(scene, s, n)
    score += slew * (slew_rad / math.pi)
    if score + rest < to_beat or not can_complete(scene, s, n, slew_rad):
        return 0.0, 0.0
    if ends != 0.0:
        score += ends * closing(scene, s, n)
    if across_it != 0.0 and score + max(across_it, 0.0) >= to_beat:
        score += across_it * across(scene, s, n)
    return score, slew_rad
