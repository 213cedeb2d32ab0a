"""Three-vectors as tuples: numba keeps them in registers, and tests can call them as they are."""

from __future__ import annotations

import math
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ssa_psro.compiled import entry_point

Vector: TypeAlias = tuple[float, float, float]


@entry_point
def row(table: NDArray[np.floating[Any]], index: int) -> Vector:
    """One row of ``[..., 3]``, in double precision."""
    return (np.float64(table[index, 0]), np.float64(table[index, 1]), np.float64(table[index, 2]))


@entry_point
def dot(a: Vector, b: Vector) -> float:
    """Inner product."""
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


@entry_point
def minus(a: Vector, b: Vector) -> Vector:
    """The vector from ``b`` to ``a``."""
    return (a[0] - b[0], a[1] - b[1], a[2] - b[2])


@entry_point
def cross(a: Vector, b: Vector) -> Vector:
    """Outer product."""
    return (
        a[1] * b[2] - a[2] * b[1],
        a[2] * b[0] - a[0] * b[2],
        a[0] * b[1] - a[1] * b[0],
    )


@entry_point
def stretched(a: Vector, ratio: float) -> Vector:
    """The vector with its polar coordinate multiplied by ``ratio``."""
    return (a[0], a[1], ratio * a[2])


@entry_point
def direction(a: Vector, b: Vector) -> Vector:
    """The unit vector from ``a`` to ``b``."""
    ray = minus(b, a)
    length = math.sqrt(dot(ray, ray))
    return (ray[0] / length, ray[1] / length, ray[2] / length)
