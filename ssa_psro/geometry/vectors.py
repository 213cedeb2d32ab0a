"""Three-vectors as tuples: numba keeps them in registers, and tests can call them as they are."""

from __future__ import annotations

from typing import TypeAlias

from ssa_psro.compiled import entry_point

Vector: TypeAlias = tuple[float, float, float]


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
