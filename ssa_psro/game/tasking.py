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

from ssa_psro.arrays import Bytes, Floats, Integers, Singles
from ssa_psro.compiled import compiled
from ssa_psro.game.columns import FEATURE, SENSOR, SIDE, TRACK
from ssa_psro.game.command import ASSIGNMENT, DOCTRINE, PRIORITY, Command
from ssa_psro.game.features import fill_noise, fill_objects, fill_sensors
from ssa_psro.game.state import NO_TARGET, State
from ssa_psro.game.world import CEILING_SLACK, World

HELD_QUALITY_WEIGHT: Final = 0.1
HELD_SLEW_WEIGHT: Final = -0.1
"""How access quality and slew break ties between nearly equal priorities in priority mode."""

_FULL: Final = 255.0
"""Quality is stored as a byte: the tables of ten days are the game's largest, and 1/255 is far
below what is known of a detection probability."""


class Scene(NamedTuple):
    """What one side's tasking reads and writes at one step; views of world and state.

    Attributes:
        t: episode step.
        side: 0 or 1.
        quality: ``[S, N]`` uint8.
        denial: ``[S, S]`` uint8.
        position_km: ``[2 S + N, 3]``.
        tracks: ``[N, TrackColumns]`` the objects as they stand with the side.
        sensors: ``[S, SensorColumns]`` its sensors.
    """

    t: int
    side: int
    quality: Bytes
    denial: Bytes
    position_km: Singles
    tracks: Floats
    sensors: Floats


@compiled
def scene_of(world: World, state: State, b: int, side: int) -> Scene:
    """The scene of one side at the current step."""
    a = state.start[b] + state.t[b]
    return Scene(
        state.t[b],
        side,
        world.quality[a, side],
        world.denial[a, side],
        world.position_km[a],
        state.tracks[b, side],
        state.sensors[b, side],
    )


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
    quality_weight, slew_weight = _pair_weights(command, b)
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
            sensitivity = _sensitivity(scene, s, world.rules.protected_sensitivity)
            best = _best(scene, s, ready, p, quality_weight * sensitivity, slew_weight)
        if 0 <= best < objects:
            _start_observation(world, scene, s, best)
        elif best != NO_TARGET:
            chosen[s] = best
            if best < objects + chosen.size:
                # What the side may know: that it tried, and how long that would last. Whether the
                # target was protected it is not told, so no second sensor is spent on it.
                sensors[best - objects, SENSOR.attempted_until] = t + world.rules.denial_steps


@compiled
def _pair_weights(command: Command, b: int) -> tuple[float, float]:
    if command.mode[b] == DOCTRINE:
        return command.doctrine[b, FEATURE.quality], command.doctrine[b, FEATURE.slew]
    return HELD_QUALITY_WEIGHT, HELD_SLEW_WEIGHT


@compiled
def can_observe(scene: Scene, s: int, n: int) -> bool:
    """Whether sensor ``s``, unless it is denied, may start to observe object ``n``."""
    return bool(scene.quality[s, n] > 0 and scene.tracks[n, TRACK.tasked] == 0.0)


@compiled
def can_deny(scene: Scene, s: int, o: int) -> bool:
    """Whether sensor ``s``, if charged, may deny opposing sensor ``o``, for all its side knows."""
    return bool(scene.denial[s, o] > 0 and scene.sensors[o, SENSOR.attempted_until] <= scene.t)


@compiled
def readiness(scene: Scene, s: int, denial_allowed: bool) -> tuple[bool, bool, bool]:
    """Whether sensor ``s`` may observe, deny and protect itself at all."""
    t, sensor = scene.t, scene.sensors[s]
    return (
        sensor[SENSOR.denied_until] <= t,
        denial_allowed and sensor[SENSOR.recharge_until] <= t,
        denial_allowed and sensor[SENSOR.protected_until] <= t,
    )


@compiled
def _assigned(scene: Scene, s: int, ready: tuple[bool, bool, bool], c: int) -> int:
    """The assigned candidate if it is feasible, else NO_TARGET."""
    objects, slots = scene.tracks.shape[0], scene.sensors.shape[0]
    observe, deny, protect = ready
    feasible = False
    if 0 <= c < objects:
        feasible = observe and can_observe(scene, s, c)
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
    slew_weight: float,
) -> int:
    """The feasible candidate of highest positive score, or NO_TARGET.

    What quality and slew can add at most is looked at first, because nearly all candidates fail
    on that, and nothing else of them has to be read.
    """
    objects, slots = scene.tracks.shape[0], scene.sensors.shape[0]
    observe, deny, protect = ready
    # From 0, and strictly greater: what is not worth doing is not done, the first of equals wins.
    best, best_score = NO_TARGET, 0.0
    most, slack = max(quality_weight, 0.0), max(slew_weight, 0.0)
    if observe:
        for n in range(objects):
            if p[n] + most + slack > best_score and can_observe(scene, s, n):
                score = p[n] + quality_weight * (scene.quality[s, n] / _FULL)
                if score + slack > best_score:
                    score = _slewed(scene, s, n, score, slew_weight)
                    if score > best_score:
                        best, best_score = n, score
    if deny:
        for o in range(slots):
            c = objects + o
            if p[c] + slack > best_score and can_deny(scene, s, o):
                score = _slewed(scene, s, c, p[c], slew_weight)
                if score > best_score:
                    best, best_score = c, score
    if protect and p[objects + slots + s] > best_score:
        best = objects + slots + s
    return best


@compiled
def _slewed(scene: Scene, s: int, c: int, score: float, slew_weight: float) -> float:
    """The score with what the slew to candidate ``c`` adds to it."""
    if slew_weight == 0.0:
        return score  # spares the inverse cosine, the dearest operation of a score
    return score + slew_weight * (slew_angle(scene, s, c) / math.pi)


@compiled
def _sensitivity(scene: Scene, s: int, protected_sensitivity: float) -> float:
    """Share of the detection probability left to sensor ``s``; protection costs some."""
    return protected_sensitivity if scene.sensors[s, SENSOR.protected_until] > scene.t else 1.0


@compiled
def direction(scene: Scene, s: int, c: int) -> tuple[float, float, float]:
    """Unit vector from sensor ``s`` to an object or opposing sensor."""
    objects, count = scene.tracks.shape[0], scene.sensors.shape[0]
    row = 2 * count + c if c < objects else (1 - scene.side) * count + c - objects
    # The table is in single precision, good to some metres; the difference of two such positions
    # is taken in double, so that the length of it is rounded only once.
    target, sensor = scene.position_km[row], scene.position_km[scene.side * count + s]
    x = np.float64(target[0]) - np.float64(sensor[0])
    y = np.float64(target[1]) - np.float64(sensor[1])
    z = np.float64(target[2]) - np.float64(sensor[2])
    norm = math.sqrt(x * x + y * y + z * z)
    return x / norm, y / norm, z / norm


@compiled
def slew_angle(scene: Scene, s: int, c: int) -> float:
    """Angle [rad] from where the sensor points to the candidate; 0 if it never pointed."""
    px, py = scene.sensors[s, SENSOR.point_x], scene.sensors[s, SENSOR.point_y]
    pz = scene.sensors[s, SENSOR.point_z]
    if px == 0.0 and py == 0.0 and pz == 0.0:
        return 0.0
    x, y, z = direction(scene, s, c)
    # The product of two unit vectors may exceed 1 by rounding, where acos has no value.
    return math.acos(min(1.0, max(-1.0, px * x + py * y + pz * z)))


@compiled
def point(
    scene: Scene, s: int, c: int, slew_rate_rad_s: float, overhead_s: float, step_s: float
) -> None:
    """Turn sensor ``s`` to the candidate and keep it busy for slew and overhead."""
    slew_s = slew_angle(scene, s, c) / slew_rate_rad_s
    busy_steps = math.ceil((slew_s + overhead_s) / step_s - CEILING_SLACK)
    x, y, z = direction(scene, s, c)
    scene.sensors[s, SENSOR.point_x] = x
    scene.sensors[s, SENSOR.point_y] = y
    scene.sensors[s, SENSOR.point_z] = z
    # A step at least: looks are concluded as a step begins, so one within a step never would be.
    scene.sensors[s, SENSOR.done_step] = scene.t + max(1, int(busy_steps))


@compiled
def _start_observation(world: World, scene: Scene, s: int, n: int) -> None:
    # Fixed at the start: protection that begins or ends during the look does not change it.
    sensitivity = _sensitivity(scene, s, world.rules.protected_sensitivity)
    scene.sensors[s, SENSOR.detection] = scene.quality[s, n] / _FULL * sensitivity
    fixed = world.sides[scene.side]
    point(scene, s, n, fixed[SIDE.slew_rate_rad_s], fixed[SIDE.overhead_s], world.rules.step_s)
    scene.sensors[s, SENSOR.target] = n
    # The side's other sensors leave it alone: a second look would tell next to nothing more.
    scene.tracks[n, TRACK.tasked] = 1.0
