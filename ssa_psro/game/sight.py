"""What is seen from where: lines of sight, and what a look along one of them tells of an orbit.

Covariances and directions are in Hill's frame of the object, as in ``motion``.
"""

from __future__ import annotations

import math

from ssa_psro.arrays import Floats, Singles
from ssa_psro.compiled import compiled, entry_point
from ssa_psro.geometry.vectors import Vector, cross, dot, minus, row


@entry_point
def across_variance(covariance: Floats, sight: Vector) -> float:
    """Sum of the two position variances across a line of sight: the rest lies along it.

    Args:
        covariance: ``[6, 6]``.
        sight: unit vector.
    """
    total, along = 0.0, 0.0
    for i in range(3):
        total += covariance[i, i]
        for j in range(3):
            along += sight[i] * covariance[i, j] * sight[j]
    return max(0.0, total - along)


@entry_point
def look(covariance: Floats, sight: Vector, variance_km2: float) -> None:
    """Take one measured direction into account, in place: a Kalman update.

    A direction says where an object is across the line of sight, on two axes with equal and
    independent errors; so they are taken one after the other, and nothing has to be inverted.

    Args:
        covariance: ``[6, 6]``.
        sight: unit vector from sensor to object, in Hill's frame.
        variance_km2: of the error on each axis, at the object's distance.
    """
    # across the line of sight and the axis furthest from it, so that the product is never short
    helper = (1.0, 0.0, 0.0)
    if abs(sight[1]) < abs(sight[0]):
        helper = (0.0, 1.0, 0.0)
    if abs(sight[2]) < min(abs(sight[0]), abs(sight[1])):
        helper = (0.0, 0.0, 1.0)
    first = cross(sight, helper)
    length = math.sqrt(dot(first, first))
    first = (first[0] / length, first[1] / length, first[2] / length)
    _measure(covariance, first, variance_km2)
    _measure(covariance, cross(sight, first), variance_km2)


@compiled
def _measure(covariance: Floats, axis: Vector, variance_km2: float) -> None:
    """Scalar Kalman update with the position along one axis."""
    # a tuple: an array would be allocated anew for every look
    shared = (
        dot(row(covariance, 0), axis),
        dot(row(covariance, 1), axis),
        dot(row(covariance, 2), axis),
        dot(row(covariance, 3), axis),
        dot(row(covariance, 4), axis),
        dot(row(covariance, 5), axis),
    )
    spread = variance_km2 + axis[0] * shared[0] + axis[1] * shared[1] + axis[2] * shared[2]
    for i in range(6):
        gain = shared[i] / spread
        for j in range(i + 1):
            covariance[i, j] -= gain * shared[j]
            covariance[j, i] = covariance[i, j]


@entry_point
def line_of_sight_in_hill(
    position_km: Singles, step: int, side: int, s: int, n: int, slots: int
) -> tuple[Vector, float]:
    """Unit vector from a sensor to an object in the object's Hill frame, and the range in km.

    Args:
        position_km: ``[T, 2 S + N, 3]``.
        step: of the horizon.
        side: of the sensor.
        s: its number.
        n: the object.
        slots: sensors a side, ``S``.
    """
    at = row(position_km[step], 2 * slots + n)
    ray = minus(at, row(position_km[step], side * slots + s))
    range_km = math.sqrt(dot(ray, ray))
    # The plane of the orbit goes through the Earth's centre and two places on it; the velocity, of
    # which there is no table, is not needed. Steps are shorter than half a revolution, so that the
    # normal does not point the other way.
    before = min(step, position_km.shape[0] - 2)
    normal = cross(
        row(position_km[before], 2 * slots + n), row(position_km[before + 1], 2 * slots + n)
    )
    radius, twice_area = math.sqrt(dot(at, at)), math.sqrt(dot(normal, normal))
    along = cross(normal, at)
    sight = (
        dot(ray, at) / (range_km * radius),
        dot(ray, along) / (range_km * radius * twice_area),
        dot(ray, normal) / (range_km * twice_area),
    )
    return sight, range_km
