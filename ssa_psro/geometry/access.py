"""The access tables: who can see, and deny, whom at every step of the horizon."""

from __future__ import annotations

import numpy as np
from numba import prange
from numpy.typing import NDArray

from ssa_psro.compiled import entry_point, parallel_entry_point
from ssa_psro.geometry.constraints import NEAREST_KM, judge, vantage_of
from ssa_psro.geometry.optics import Optics
from ssa_psro.geometry.shadow import sunlight_on
from ssa_psro.geometry.sight import line_of_sight
from ssa_psro.geometry.vectors import Vector, dot, minus, row


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
        denial: ``[T, 2, S, S]``, likewise.
    """
    slots = quality.shape[2]
    for t in prange(position_km.shape[0]):
        bodies, sun, moon = position_km[t], row(sun_km, t), row(moon_km, t)
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
