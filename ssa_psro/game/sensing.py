"""What a sensor can do: whom it can see or deny, how far it has to turn, and how a look begins.

An observation is slew, settling and exposure. It is possible only if access lasts from its start to
the end of its exposure: both sides know the geometry, so no policy would waste a sensor on less.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np

from ssa_psro.arrays import Bytes, Floats, Singles, Words
from ssa_psro.compiled import compiled, entry_point, lowest_bit
from ssa_psro.game import chance
from ssa_psro.game.columns import OBJECT, SENSOR, SIDE, TRACK
from ssa_psro.game.motion import across_share
from ssa_psro.game.sight import line_of_sight_in_hill
from ssa_psro.game.state import State
from ssa_psro.game.world import CEILING_SLACK, WORD, World
from ssa_psro.geometry.occultation import cosine_between, sunlight
from ssa_psro.geometry.optics import detection_probability, reflected_flux
from ssa_psro.geometry.vectors import Vector, dot, minus, row

CLOSING_H: Final = 1.0
"""Access that lasts so long or longer is not closing."""

NO_BITS: Final = np.uint64(0)
ONE_BIT: Final = np.uint64(1)

FULL: Final = 255.0
"""Quality is stored as a byte: the tables of ten days are the game's largest, and 1/255 is far
below what is known of a detection probability."""
SHARES: Final = np.arange(FULL + 1.0) / FULL
"""Quality as a share, by that byte."""


class Scene(NamedTuple):
    """What one side's tasking reads and writes at one step; views of world and state.

    Attributes:
        t: episode step.
        now: the same as a step of the horizon.
        side: 0 or 1.
        ahead: ``[K, S, N]`` uint8 quality of access now, at the next step, and so on.
        accessible: ``[S, N / 64]`` a bit an object, set where access lasts for the shortest look.
        lasting: ``[T / 64, S, N]`` a bit a step of the horizon, set where there is access.
        denial: ``[S, S]`` uint8.
        position_km: ``[T, 2 S + N, 3]``.
        covariance: ``[N, 6, 6]`` of the objects after the side's last looks.
        objects: ``[ObjectColumns, N]``.
        tracks: ``[TrackColumns, N]`` the objects as they stand with the side.
        sensors: ``[S, SensorColumns]`` its sensors.
        fixed: ``[SideColumns]``.
        step_s: length of a step.
    """

    t: int
    now: int
    side: int
    ahead: Bytes
    accessible: Words
    lasting: Words
    denial: Bytes
    position_km: Singles
    covariance: Floats
    objects: Floats
    tracks: Floats
    sensors: Floats
    fixed: Floats
    step_s: float


@compiled
def scene_of(world: World, state: State, b: int, side: int) -> Scene:
    """The scene of one side at the current step."""
    a = state.start[b] + state.t[b]
    return Scene(
        state.t[b],
        a,
        side,
        world.quality[a:, side],
        world.accessible[a, side],
        world.lasting[:, side],
        world.denial[a, side],
        world.position_km,
        state.covariance[b, side],
        world.objects,
        state.tracks[b, side],
        state.sensors[b, side],
        world.sides[side],
        world.rules.step_s,
    )


@compiled
def can_observe(scene: Scene, s: int, n: int) -> bool:
    """Whether sensor ``s``, unless it is denied, has access to object ``n``, which is not taken."""
    return bool(scene.ahead[0, s, n] > 0 and scene.tracks[TRACK.tasked, n] == 0.0)


@compiled
def access_lasts(scene: Scene, s: int, n: int, steps: int) -> int:
    """Steps, up to ``steps``, for which access goes on after the present one."""
    # Of each word, the steps without access as bits, from the next step on. There are none behind
    # the horizon in the last word, so access ends there.
    step, lasts = scene.now + 1, 0
    while lasts < steps and step // WORD < scene.lasting.shape[0]:
        ends = ~scene.lasting[step // WORD, s, n] >> np.uint64(step % WORD)
        if ends != NO_BITS:
            return min(steps, lasts + lowest_bit(ends))
        lasts += WORD - step % WORD
        step += WORD - step % WORD
    return min(steps, lasts)


@compiled
def exposure_ends(fixed: Floats, slew_rad: float, step_s: float) -> int:
    """Steps until the exposure of an observation after such a slew has ended.

    Args:
        fixed: ``[SideColumns]`` of the sensor's side.
        slew_rad: angle of the slew.
        step_s: length of a step.
    """
    ends_s = slew_rad / fixed[SIDE.slew_rate_rad_s] + fixed[SIDE.settle_s] + fixed[SIDE.dwell_s]
    # A step at least: looks are concluded as a step begins, so one within a step never would be.
    return int(max(1, math.ceil(ends_s / step_s - CEILING_SLACK)))


@compiled
def can_complete(scene: Scene, s: int, n: int, slew_rad: float) -> bool:
    """Whether sensor ``s`` has access to object ``n`` until the exposure has ended."""
    steps = exposure_ends(scene.fixed, slew_rad, scene.step_s)
    return access_lasts(scene, s, n, steps) == steps


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
def closing(scene: Scene, s: int, n: int) -> float:
    """1 where access ends with this step, 0 where it lasts for ``CLOSING_H`` or longer."""
    most = math.ceil(CLOSING_H * 3600.0 / scene.step_s)
    return float(1.0 - access_lasts(scene, s, n, most) / most)


@compiled
def across(scene: Scene, s: int, n: int) -> float:
    """Share of an object's position variance, manoeuvres apart, that a look now would see."""
    motion, density = scene.objects[OBJECT.motion_rad_h, n], scene.objects[OBJECT.density_km2_h3, n]
    since_h = (scene.t - scene.tracks[TRACK.seen_step, n]) * scene.step_s / 3600.0
    slots = scene.sensors.shape[0]
    sight, _ = line_of_sight_in_hill(scene.position_km, scene.now, scene.side, s, n, slots)
    return across_share(scene.covariance[n], density, motion, since_h, sight)


@compiled
def sensitivity_of(scene: Scene, s: int, protected_sensitivity: float) -> float:
    """Share of the detection probability left to sensor ``s``; protection costs some."""
    return protected_sensitivity if scene.sensors[s, SENSOR.protected_until] > scene.t else 1.0


@compiled
def direction(scene: Scene, s: int, c: int) -> tuple[float, float, float]:
    """Unit vector from sensor ``s`` to an object or opposing sensor."""
    objects, count = scene.objects.shape[1], scene.sensors.shape[0]
    index = 2 * count + c if c < objects else (1 - scene.side) * count + c - objects
    # The table is in single precision, good to some metres; the difference of two such positions
    # is taken in double, so that the length of it is rounded only once.
    positions_km = scene.position_km[scene.now]
    target, sensor = positions_km[index], positions_km[scene.side * count + s]
    x = np.float64(target[0]) - np.float64(sensor[0])
    y = np.float64(target[1]) - np.float64(sensor[1])
    z = np.float64(target[2]) - np.float64(sensor[2])
    norm = math.sqrt(x * x + y * y + z * z)
    return x / norm, y / norm, z / norm


@compiled
def slew_angle(scene: Scene, s: int, c: int) -> float:
    """Angle [rad] from where the sensor points to the candidate; 0 if it never pointed."""
    return math.acos(pointing_cosine(scene, s, c))


@compiled
def pointing_cosine(scene: Scene, s: int, c: int) -> float:
    """Cosine of that angle."""
    px, py = scene.sensors[s, SENSOR.point_x], scene.sensors[s, SENSOR.point_y]
    pz = scene.sensors[s, SENSOR.point_z]
    if px == 0.0 and py == 0.0 and pz == 0.0:
        return 1.0
    x, y, z = direction(scene, s, c)
    # The product of two unit vectors may exceed 1 by rounding, where acos has no value.
    return float(min(1.0, max(-1.0, px * x + py * y + pz * z)))


@compiled
def chord(cosine: float) -> float:
    """Distance of two points on the unit sphere: never more than the angle between them."""
    # less a little, so that it is so after rounding as well
    return math.sqrt(2.0 * (1.0 - cosine)) * (1.0 - 1e-9)


@compiled
def point(scene: Scene, s: int, c: int, slew_rad: float) -> None:
    """Turn sensor ``s`` to the candidate; it is busy for slew, settling, dwell, and rest."""
    fixed = scene.fixed
    slew_s = slew_rad / fixed[SIDE.slew_rate_rad_s]
    busy_s = slew_s + fixed[SIDE.settle_s] + fixed[SIDE.dwell_s]
    busy_steps = math.ceil(busy_s / fixed[SIDE.duty_cycle] / scene.step_s - CEILING_SLACK)
    x, y, z = direction(scene, s, c)
    scene.sensors[s, SENSOR.point_x] = x
    scene.sensors[s, SENSOR.point_y] = y
    scene.sensors[s, SENSOR.point_z] = z
    scene.sensors[s, SENSOR.done_step] = scene.t + max(1, busy_steps)


@compiled
def start_observation(
    world: World, state: State, b: int, scene: Scene, s: int, n: int, slew_rad: float
) -> None:
    """Turn sensor ``s`` to object ``n`` and begin the look, which ``can_complete`` has to allow."""
    tracks, fixed = scene.tracks, scene.fixed
    steps = exposure_ends(scene.fixed, slew_rad, scene.step_s)
    begins_s = slew_rad / fixed[SIDE.slew_rate_rad_s] + fixed[SIDE.settle_s]
    # What the middle of the exposure collects, between the two steps around it.
    middle = (begins_s + fixed[SIDE.dwell_s] / 2.0) / scene.step_s
    k = min(math.floor(middle), steps - 1)
    before, after = SHARES[scene.ahead[k, s, n]], SHARES[scene.ahead[k + 1, s, n]]
    scatter_mag = scene.objects[OBJECT.scatter_mag, n]
    if scatter_mag > 0.0:
        fainter_mag = scatter_mag * chance.normal(state.seed[b], chance.BRIGHTNESS, n, 0)
        area_m2 = scene.objects[OBJECT.area_m2, n] * 10.0 ** (-0.4 * fainter_mag)
        before = _scattered(scene, world.sun_km, k, s, n, area_m2)
        after = _scattered(scene, world.sun_km, k + 1, s, n, area_m2)
    detection = before + (middle - k) * (after - before)
    # Fixed at the start: protection that begins or ends during the look does not change it.
    sensitivity = sensitivity_of(scene, s, world.rules.protected_sensitivity)
    tracks[TRACK.detection, n] = detection * sensitivity
    # The side's other sensors leave it alone until the result is known: they would not know what
    # there is left to tell.
    tracks[TRACK.tasked, n] = 1.0
    tracks[TRACK.look_sensor, n] = s
    tracks[TRACK.look_step, n] = scene.t + steps
    tracks[TRACK.known_step, n] = scene.t + steps + fixed[SIDE.latency_steps]
    point(scene, s, n, slew_rad)
    scene.sensors[s, SENSOR.target] = n


@compiled
def _scattered(scene: Scene, sun_km: Floats, k: int, s: int, n: int, area_m2: float) -> float:
    """Probability of detection ``k`` steps from now, of an object of that reflecting area."""
    places, slots = scene.position_km[scene.now + k], scene.sensors.shape[0]
    sensor, target = row(places, scene.side * slots + s), row(places, 2 * slots + n)
    return _detection(sensor, target, row(sun_km, scene.now + k), area_m2, scene.fixed)


@entry_point
def _detection(sensor: Vector, target: Vector, sun: Vector, area_m2: float, fixed: Floats) -> float:
    """Probability that a sensor detects an object of that reflecting area; all places in km.

    The tables have it for the nominal brightness only.
    """
    ray = minus(target, sensor)
    phase = math.acos(cosine_between(target, sun, sensor))
    flux = sunlight(target, sun) * reflected_flux(area_m2, math.sqrt(dot(ray, ray)), phase)
    if flux > fixed[SIDE.brightest_flux]:
        return 0.0
    return detection_probability(flux, fixed[SIDE.limiting_flux], fixed[SIDE.detection_snr])
