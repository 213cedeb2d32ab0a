"""Who can see, and deny, whom at every step of the horizon, and why a sensor cannot see.

A sensor has access to an object when it is near enough, the line of sight is clear of the Earth
and its air, the object is lit, it stands far enough from the Sun, the Moon and the Earth's limb,
and is neither too bright nor too faint. How good that access is, is the probability of detection
at the object's brightness. A sensor can deny an opposing one that is in reach and in clear sight.

The tables keep how good; the reasons are worked out on demand, by the same code in the same order.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np
from numba import prange
from numpy.typing import NDArray

from ssa_psro.compiled import compiled, entry_point, parallel_entry_point
from ssa_psro.geometry.arena import Arena
from ssa_psro.geometry.occultation import (
    above_limb_cosine,
    cosine_between,
    limb_cosine,
    line_of_sight,
    off_nadir_cosine,
    sunlight,
    sunlight_on,
)
from ssa_psro.geometry.optics import Optics, detection_probability, optics_of, reflected_flux
from ssa_psro.geometry.sky import moon_position_km, sun_position_km
from ssa_psro.geometry.vectors import Vector, direction, dot, minus, row

ACCESS, RANGE, EARTH, SHADOW, SUN, MOON, LIMB, BRIGHT, FAINT, NO_SENSOR = range(10)
REASONS: Final = (
    "access",
    "out of range",
    "behind the Earth",
    "in the Earth's shadow",
    "close to the Sun",
    "close to the Moon",
    "against the Earth or close to its limb",
    "too bright",
    "too faint",
    "no such sensor",
)
"""What the codes above mean. They are checked in this order; the first that fails is the reason.
The last one fills the rows of the side with fewer sensors."""

QUALITY_SCALE = 255.0
"""Detection probabilities are stored as bytes: 255 is certainty, 0 no access."""

NEAREST_KM = 0.01
"""Below this distance two bodies count as one place (satellites of one element set): there is no
direction to point in, hence neither access nor denial."""


class Vantage(NamedTuple):
    """A sensor at one step, and the directions that it must keep away from.

    Attributes:
        position: geocentric, in km.
        sun: direction of the Sun.
        moon: direction of the Moon.
        limb_cosine: of the angle from the nadir to the limb; infinite if the Earth does no harm.
    """

    position: Vector
    sun: Vector
    moon: Vector
    limb_cosine: float


@compiled
def vantage_of(position: Vector, sun: Vector, moon: Vector, side: int, optics: Optics) -> Vantage:
    """What a sensor of ``side`` at a position has to mind; all three in km."""
    return Vantage(
        position,
        direction(position, sun),
        direction(position, moon),
        limb_cosine(position) if optics.limb_background[side] else math.inf,
    )


@compiled
def judge(
    vantage: Vantage,
    target: Vector,
    sunlight: float,
    sun: Vector,
    side: int,
    n: int,
    optics: Optics,
) -> tuple[int, int]:
    """Why a sensor of ``side`` has no access to object ``n``, and the quality byte if it has.

    Args:
        vantage: of the sensor.
        target: where the object is, geocentric, in km.
        sunlight: share of the Sun's disc that the object sees.
        sun: where the Sun is, geocentric, in km.
        side: whose sensor it is.
        n: the object.
        optics: see ``Optics``.
    """
    # angles are compared by their cosines; the one arc cosine comes last, for the few left over
    ray = minus(target, vantage.position)
    range_km = math.sqrt(dot(ray, ray))
    if not NEAREST_KM <= range_km <= optics.max_range_km[side]:
        return RANGE, 0
    if not line_of_sight(vantage.position, target):
        return EARTH, 0
    if sunlight <= 0.0:
        return SHADOW, 0
    # no division: the ray is range_km long, so its product with a unit vector is range_km cosine
    if dot(ray, vantage.sun) > range_km * optics.sun_exclusion_cosine[side]:
        return SUN, 0
    if dot(ray, vantage.moon) > range_km * optics.moon_exclusion_cosine[side]:
        return MOON, 0
    if off_nadir_cosine(vantage.position, target) >= vantage.limb_cosine:
        return LIMB, 0
    margin = optics.limb_exclusion_cosine[side]
    if margin < 1.0 and above_limb_cosine(vantage.position, target, vantage.limb_cosine) > margin:
        return LIMB, 0
    phase = math.acos(cosine_between(target, sun, vantage.position))
    return _visible(sunlight * reflected_flux(optics.area_m2[n], range_km, phase), side, optics)


@compiled
def _visible(flux: float, side: int, optics: Optics) -> tuple[int, int]:
    """``BRIGHT``, ``FAINT`` or ``ACCESS`` of an object of that flux, and the quality byte."""
    if flux > optics.brightest_flux[side]:
        return BRIGHT, 0
    limiting_flux, threshold = optics.limiting_flux[side], optics.detection_snr[side]
    # whatever rounds to nothing is no access, so that table and reason cannot disagree
    quality = round(QUALITY_SCALE * detection_probability(flux, limiting_flux, threshold))
    return (ACCESS if quality > 0 else FAINT), quality


@entry_point
def _can_deny(sensor: Vector, opponent: Vector, reach_km: float) -> bool:
    ray = minus(opponent, sensor)
    within_reach = NEAREST_KM**2 <= dot(ray, ray) <= reach_km**2
    return within_reach and line_of_sight(sensor, opponent)


@parallel_entry_point
def fill_tables(
    position_km: NDArray[np.float32],
    sun_km: NDArray[np.float64],
    moon_km: NDArray[np.float64],
    optics: Optics,
    quality: NDArray[np.uint8],
    denial: NDArray[np.uint8],
) -> None:
    """Fill the tables of ``T`` steps, in parallel over the steps.

    Args:
        position_km: ``[T, 2 * S + N, 3]`` Blue's sensors, Red's, objects; as the tables keep them,
            so that what is worked out from the tables later agrees to the last bit.
        sun_km: ``[T, 3]``.
        moon_km: ``[T, 3]``.
        optics: see ``Optics``.
        quality: ``[T, 2, S, N]``, written in place; must come zeroed.
        denial: ``[T, 2, S, S]``, written in place; must come zeroed.
    """
    slots = quality.shape[2]
    for t in prange(position_km.shape[0]):
        bodies, sun, moon = position_km[t], row(sun_km, t), row(moon_km, t)
        # light does not depend on who looks: once a step, not once a sensor
        light = sunlight_on(bodies[2 * slots :], sun)
        for side in range(2):
            for s in range(optics.sensors[side]):
                sensor = row(bodies, side * slots + s)
                vantage = vantage_of(sensor, sun, moon, side, optics)
                for n in range(light.size):
                    if light[n] > 0.0:  # else nobody sees it
                        target = row(bodies, 2 * slots + n)
                        seen = judge(vantage, target, light[n], sun, side, n, optics)
                        quality[t, side, s, n] = seen[1]
                for o in range(optics.sensors[1 - side]):
                    opponent = row(bodies, (1 - side) * slots + o)
                    if _can_deny(sensor, opponent, optics.denial_range_km[side]):
                        denial[t, side, s, o] = 1


def access_reasons(arena: Arena, side: int, steps: slice = slice(None)) -> NDArray[np.uint8]:
    """The first constraint that fails for every sensor and object, ``[T, S, N]``.

    Args:
        arena: tables and scenario.
        side: 0 for Blue, 1 for Red.
        steps: horizon steps to explain; all of them by default.

    Returns:
        Codes of ``REASONS``: ``ACCESS`` exactly where the quality table is not 0.
    """
    window, position_km = arena.scenario.window, arena.tables.position_km
    # all times, because interpolation between other samples would differ in the last bits
    times_s = np.arange(len(position_km), dtype=np.float64) * window.step_s
    sun_km = sun_position_km(window.epoch, times_s)[steps]
    moon_km = moon_position_km(window.epoch, times_s)[steps]
    optics = optics_of(arena.scenario.sides, arena.sensor_count, arena.objects)
    reasons = np.full(arena.tables.quality[steps, side].shape, NO_SENSOR, dtype=np.uint8)
    _fill_reasons(position_km[steps], sun_km, moon_km, optics, side, reasons)
    return reasons


def seen_fluxes(arena: Arena) -> NDArray[np.float64]:
    """The faintest and the brightest flux of each object where there is access, ``[N, 2]``.

    In units of the Sun's flux at the Earth's distance, without the scatter from episode to episode;
    0 where nobody ever has access.
    """
    window, position_km = arena.scenario.window, arena.tables.position_km
    times_s = np.arange(len(position_km), dtype=np.float64) * window.step_s
    sun_km = sun_position_km(window.epoch, times_s)
    optics = optics_of(arena.scenario.sides, arena.sensor_count, arena.objects)
    fluxes = np.zeros((len(arena.objects), 2))
    _fill_fluxes(position_km, sun_km, optics, arena.tables.quality, fluxes)
    return fluxes


@parallel_entry_point
def _fill_fluxes(
    position_km: NDArray[np.float32],
    sun_km: NDArray[np.float64],
    optics: Optics,
    quality: NDArray[np.uint8],
    fluxes: NDArray[np.float64],
) -> None:
    slots = quality.shape[2]
    for n in prange(fluxes.shape[0]):
        for t in range(quality.shape[0]):
            sun, target = row(sun_km, t), row(position_km[t], 2 * slots + n)
            light = -1.0  # worked out for the first sensor that needs it
            for side in range(2):
                for s in range(optics.sensors[side]):
                    if quality[t, side, s, n] == 0:
                        continue
                    if light < 0.0:
                        light = sunlight(target, sun)
                    sensor = row(position_km[t], side * slots + s)
                    ray = minus(target, sensor)
                    phase = math.acos(cosine_between(target, sun, sensor))
                    range_km = math.sqrt(dot(ray, ray))
                    flux = light * reflected_flux(optics.area_m2[n], range_km, phase)
                    if fluxes[n, 0] == 0.0 or flux < fluxes[n, 0]:
                        fluxes[n, 0] = flux
                    fluxes[n, 1] = max(fluxes[n, 1], flux)


@parallel_entry_point
def _fill_reasons(
    position_km: NDArray[np.float32],
    sun_km: NDArray[np.float64],
    moon_km: NDArray[np.float64],
    optics: Optics,
    side: int,
    reasons: NDArray[np.uint8],
) -> None:
    slots = reasons.shape[1]
    for t in prange(position_km.shape[0]):
        bodies, sun, moon = position_km[t], row(sun_km, t), row(moon_km, t)
        light = sunlight_on(bodies[2 * slots :], sun)
        for s in range(optics.sensors[side]):
            sensor = row(bodies, side * slots + s)
            vantage = vantage_of(sensor, sun, moon, side, optics)
            for n in range(light.size):
                target = row(bodies, 2 * slots + n)
                why = judge(vantage, target, light[n], sun, side, n, optics)
                reasons[t, s, n] = why[0]
