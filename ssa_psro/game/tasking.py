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

from ssa_psro.arrays import Flags, Floats, Integers
from ssa_psro.compiled import compiled, lowest_bit
from ssa_psro.game.columns import FEATURE, SENSOR, SIDE, TRACK
from ssa_psro.game.command import ASSIGNMENT, DOCTRINE, PRIORITY, Command
from ssa_psro.game.features import FACTORS, extent, fill, fill_fixed, is_pair, want
from ssa_psro.game.sensing import (
    NO_BITS,
    ONE_BIT,
    SHARES,
    Scene,
    across,
    can_complete,
    can_deny,
    can_observe,
    chord,
    closing,
    pointing_cosine,
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
        p: ``[C]`` priorities; minus infinity of an object that is taken.
        pair: ``[4, N]`` weights of the features that depend on the sensor, for each object.
        rest: ``[N]`` what the features of a pair, quality apart, can add to an object's score.
        queue: ``[N]`` objects that a sensor may take ...
        hopes: ``[N]`` ... and the score that each of them has at most.
        wanted: ``[2, F]`` the features that each side's doctrine needs.
        chosen: ``[2, S]`` denials and protections to be carried out, as candidates.
        around: ``[5, N]`` see ``uncertainty.turn_round``.
        orbits: ``[2, 6, 6]`` see ``uncertainty.resolve``.
    """

    x: Floats
    p: Floats
    pair: Floats
    rest: Floats
    queue: Integers
    hopes: Floats
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
        np.zeros(objects, np.int64),
        np.zeros(objects),
        np.zeros((2, len(FEATURE)), np.bool_),
        np.empty((2, sensors), np.int64),
        np.empty((5, objects)),
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
    x, p, objects = desk.x, desk.p, desk.rest.size
    p[:] = 0.0
    # Feature by feature, to skip the many of weight 0 and the kinds of candidate without it.
    for f in range(len(FEATURE)):
        if weights[f] != 0.0 and not is_pair(f):
            first, last = extent(f, objects, p.size)
            _add(p[first:last], weights[f], x[f, first:last])
    for k in range(len(FACTORS)):
        weight = weights[len(FEATURE) + k]
        if weight != 0.0 and not is_pair(FACTORS[k, 0]):
            first, last = extent(FACTORS[k, 1], objects, p.size)
            one, other = x[FACTORS[k, 0], first:last], x[FACTORS[k, 1], first:last]
            _add_product(p[first:last], weight, one, other)


@compiled
def _add(p: Floats, weight: float, row: Floats) -> None:
    # from 0 on: only then the compiler knows that no index counts from the end
    for c in range(p.size):
        p[c] += weight * row[c]


@compiled
def _add_product(p: Floats, weight: float, one: Floats, other: Floats) -> None:
    for c in range(p.size):
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
    """Bar the objects that are taken, and say what pairs add at most: each feature is in [0, 1]."""
    p, rest = desk.p, desk.rest
    slew, ends, across_it = desk.pair[1], desk.pair[2], desk.pair[3]
    for n in range(rest.size):
        p[n] = p[n] if tasked[n] == 0.0 else -math.inf
    for n in range(rest.size):
        rest[n] = max(slew[n], 0.0) + max(ends[n], 0.0) + max(across_it[n], 0.0)


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
    # Who chooses first has the best choice; in turns, no sensor is always first.
    s = t % chosen.size - 1
    for _ in range(chosen.size):
        s = s + 1 if s + 1 < chosen.size else 0
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
            desk.p[best] = -math.inf
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

    The object that could score most is tried first. Few others have to be: the rest cannot beat
    what has been found.
    """
    p, hopes = desk.p, desk.hopes
    objects, slots = scene.objects.shape[1], scene.sensors.shape[0]
    observe, deny, protect = ready
    # From 0, and strictly greater: what is not worth doing is not done, the first of equals wins.
    best, best_score, best_slew_rad = NO_TARGET, 0.0, 0.0
    waiting = _queue(scene, s, desk, sensitivity) if observe else 0
    for place in range(waiting):
        if hopes[place] >= best_score:
            n = desk.queue[place]
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
def _queue(scene: Scene, s: int, desk: Desk, sensitivity: float) -> int:
    """Line up what sensor ``s`` may take with a positive score; returns how many objects.

    The one that could score most comes first.
    """
    p, rest, quality = desk.p, desk.rest, desk.pair[0]
    accessible, seen = scene.accessible[s], scene.ahead[0, s]
    waiting, first, most = 0, 0, 0.0
    for word in range(accessible.size):
        left = accessible[word]
        while left != NO_BITS:
            n = word * WORD + lowest_bit(left)
            left &= left - ONE_BIT
            hope = p[n] + quality[n] * sensitivity * SHARES[seen[n]] + rest[n]
            # written in any case, and overwritten by the next if it does not count: whether it does
            # is hard to predict, and a wrong prediction costs more
            desk.queue[waiting] = n
            desk.hopes[waiting] = hope
            first = waiting if hope > most else first
            most = max(most, hope)
            waiting += 1 if hope > 0.0 else 0
    if waiting > 0:
        n = desk.queue[first]
        desk.queue[first], desk.hopes[first] = desk.queue[0], desk.hopes[0]
        desk.queue[0], desk.hopes[0] = n, most
    return waiting


@compiled
def _score(
    scene: Scene, s: int, n: int, desk: Desk, sensitivity: float, to_beat: float
) -> tuple[float, float]:
    """Score of an accessible object, 0 if infeasible or unable to beat another's; and its slew."""
    pair = desk.pair
    quality, slew, ends, across_it = pair[0, n], pair[1, n], pair[2, n], pair[3, n]
    score = desk.p[n] + quality * sensitivity * SHARES[scene.ahead[0, s, n]]
    rest = max(ends, 0.0) + max(across_it, 0.0)
    cosine = pointing_cosine(scene, s, n)
    # An arc is longer than its chord. That spares most inverse cosines, the dearest of operations.
    if slew < 0.0 and score + slew * (chord(cosine) / math.pi) + rest < to_beat:
        return 0.0, 0.0
    slew_rad = math.acos(cosine)
    score += slew * (slew_rad / math.pi)
    if score + rest < to_beat or not can_complete(scene, s, n, slew_rad):
        return 0.0, 0.0
    if ends != 0.0:
        score += ends * closing(scene, s, n)
    if across_it != 0.0 and score + max(across_it, 0.0) >= to_beat:
        score += across_it * across(scene, s, n)
    return score, slew_rad
