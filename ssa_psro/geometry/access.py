"""The access tables: who can see, and deny, whom at every step of the horizon.

A sensor has access to an object when the line of sight is clear of the Earth and its air, the
object is sunlit, it stands far enough from the Sun, not in front of the Earth (where the sensor
minds that) and near enough. How good that access is, is the probability of detection at the
object's apparent magnitude.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numba import prange
from numpy.typing import NDArray

from ssa_psro.compiled import entry_point, parallel_entry_point
from ssa_psro.geometry.arena import Objects
from ssa_psro.geometry.photometry import (
    detection_probability,
    magnitude,
    reflecting_area_m2,
)
from ssa_psro.geometry.shadow import sunlit
from ssa_psro.geometry.sight import cosine_between, earth_behind, line_of_sight
from ssa_psro.geometry.vectors import Vector, dot, minus
from ssa_psro.scenario.schema import Side

QUALITY_SCALE = 255.0
"""Detection probabilities are stored as bytes: 255 is certainty, 0 no access."""

NEAREST_KM = 0.01
"""Below this distance two bodies count as one place (satellites of one element set): there is no
direction to point in, hence neither access nor denial."""


class Optics(NamedTuple):
    """What the kernel needs to know of the two sides' sensors and of the objects.

    Attributes:
        sensors: ``[2]`` number of sensors.
        limiting_magnitude: ``[2]``.
        sun_exclusion_cosine: ``[2]``.
        limb_background: ``[2]`` bool, whether the Earth behind an object hides it.
        max_range_km: ``[2]``, infinite where unlimited.
        denial_range_km: ``[2]``.
        area_m2: ``[N]`` reflecting area of the objects.
    """

    sensors: NDArray[np.int64]
    limiting_magnitude: NDArray[np.float64]
    sun_exclusion_cosine: NDArray[np.float64]
    limb_background: NDArray[np.bool_]
    max_range_km: NDArray[np.float64]
    denial_range_km: NDArray[np.float64]
    area_m2: NDArray[np.float64]


def optics_of(sides: tuple[Side, Side], counts: tuple[int, int], objects: Objects) -> Optics:
    """Optics of the two sides' sensors and the catalogue's objects."""
    carried = [side.sensor for side in sides]
    reach = [math.inf if one.max_range_km is None else one.max_range_km for one in carried]
    exclusion = np.radians([one.sun_exclusion_deg for one in carried])
    return Optics(
        sensors=np.array(counts, dtype=np.int64),
        limiting_magnitude=np.array([one.limiting_magnitude for one in carried]),
        sun_exclusion_cosine=np.cos(exclusion),
        limb_background=np.array([one.limb_background for one in carried]),
        max_range_km=np.array(reach),
        denial_range_km=np.array([one.denial_range_km for one in carried]),
        area_m2=reflecting_area_m2(objects.radius_m, objects.albedo),
    )


@entry_point
def _row(positions: NDArray[np.float64], t: int, k: int) -> Vector:
    return (positions[t, k, 0], positions[t, k, 1], positions[t, k, 2])


@entry_point
def _quality(sensor: Vector, target: Vector, sun: Vector, side: int, n: int, optics: Optics) -> int:
    """Quality byte of one sunlit object for one sensor."""
    ray = minus(target, sensor)
    range_km = math.sqrt(dot(ray, ray))
    if not NEAREST_KM <= range_km <= optics.max_range_km[side]:
        return 0
    if not line_of_sight(sensor, target):
        return 0
    if cosine_between(sensor, target, sun) > optics.sun_exclusion_cosine[side]:
        return 0
    if optics.limb_background[side] and earth_behind(sensor, target):
        return 0
    phase = math.acos(cosine_between(target, sun, sensor))
    apparent = magnitude(optics.area_m2[n], range_km, phase)
    chance = detection_probability(apparent, optics.limiting_magnitude[side])
    return round(QUALITY_SCALE * chance)


@entry_point
def _can_deny(sensor: Vector, opponent: Vector, reach_km: float) -> bool:
    ray = minus(opponent, sensor)
    within_reach = NEAREST_KM**2 <= dot(ray, ray) <= reach_km**2
    return within_reach and line_of_sight(sensor, opponent)


@parallel_entry_point
def fill_tables(
    positions_km: NDArray[np.float64],
    sun_km: NDArray[np.float64],
    optics: Optics,
    quality: NDArray[np.uint8],
    denial: NDArray[np.uint8],
) -> None:
    """Fill the tables of ``T`` steps, in parallel over the steps.

    Args:
        positions_km: ``[T, 2 * S + N, 3]`` Blue's sensors, Red's, objects.
        sun_km: ``[T, 3]``.
        optics: see ``Optics``.
        quality: ``[T, 2, S, N]``, written in place; must come zeroed.
        denial: ``[T, 2, S, S]``, likewise.
    """
    slots, objects = quality.shape[2], quality.shape[3]
    for t in prange(positions_km.shape[0]):
        sun = (sun_km[t, 0], sun_km[t, 1], sun_km[t, 2])
        for n in range(objects):
            target = _row(positions_km, t, 2 * slots + n)
            if not sunlit(target, sun):
                continue
            for side in range(2):
                for s in range(optics.sensors[side]):
                    sensor = _row(positions_km, t, side * slots + s)
                    quality[t, side, s, n] = _quality(sensor, target, sun, side, n, optics)
        for side in range(2):
            for s in range(optics.sensors[side]):
                sensor = _row(positions_km, t, side * slots + s)
                for o in range(optics.sensors[1 - side]):
                    opponent = _row(positions_km, t, (1 - side) * slots + o)
                    if _can_deny(sensor, opponent, optics.denial_range_km[side]):
                        denial[t, side, s, o] = 1
