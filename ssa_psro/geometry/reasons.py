"""Why a sensor has no access: worked out on demand, by the same code as the access tables."""

from __future__ import annotations

import numpy as np
from numba import prange
from numpy.typing import NDArray

from ssa_psro.compiled import parallel_entry_point
from ssa_psro.geometry.arena import Arena
from ssa_psro.geometry.constraints import NO_SENSOR, judge, vantage_of
from ssa_psro.geometry.moon import moon_position_km
from ssa_psro.geometry.optics import Optics, optics_of
from ssa_psro.geometry.shadow import sunlight_on
from ssa_psro.geometry.sun import sun_position_km
from ssa_psro.geometry.vectors import row


def access_reasons(arena: Arena, side: int, steps: slice = slice(None)) -> NDArray[np.uint8]:
    """The first constraint that fails for every sensor and object, ``[T, S, N]``.

    Args:
        arena: tables and scenario.
        side: 0 for Blue, 1 for Red.
        steps: horizon steps to explain; all of them by default.

    Returns:
        Codes of ``constraints.REASONS``: ``ACCESS`` exactly where the quality table is not 0.
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
