"""Lines of sight: what the Earth hides, and what stands in front of it.

Every function takes geocentric positions in km in one inertial frame. The Earth is a sphere of
its equatorial radius with 100 km of air (``HORIZON_RADIUS_KM``).
"""

from __future__ import annotations

import math

from ssa_psro.compiled import entry_point
from ssa_psro.geometry.constants import HORIZON_RADIUS_KM
from ssa_psro.geometry.vectors import Vector, cross, dot, minus


@entry_point
def line_of_sight(a: Vector, b: Vector) -> bool:
    """Whether the straight line between two positions stays clear of the Earth and its air.

    The point of the segment nearest to the Earth's centre decides. Symmetric in its arguments to
    the last bit.
    """
    ab = minus(b, a)
    if dot(a, ab) >= 0.0 or dot(b, ab) <= 0.0:  # the nearest point is an end
        return min(dot(a, a), dot(b, b)) > HORIZON_RADIUS_KM**2
    area = cross(a, b)  # twice the triangle with the Earth's centre: base times height
    return dot(area, area) > HORIZON_RADIUS_KM**2 * dot(ab, ab)


@entry_point
def earth_behind(observer: Vector, target: Vector) -> bool:
    """Whether the line of sight, prolonged beyond the target, meets the Earth or its air.

    An object in front of the bright Earth cannot be detected by most space-based sensors.
    """
    ray = minus(target, observer)
    if dot(target, ray) >= 0.0:  # beyond the target the ray only leads away
        return False
    area = cross(target, ray)
    return dot(area, area) <= HORIZON_RADIUS_KM**2 * dot(ray, ray)


@entry_point
def cosine_between(vertex: Vector, a: Vector, b: Vector) -> float:
    """Cosine of the angle at ``vertex`` between the directions to ``a`` and ``b``."""
    to_a = minus(a, vertex)
    to_b = minus(b, vertex)
    cosine = dot(to_a, to_b) / math.sqrt(dot(to_a, to_a) * dot(to_b, to_b))
    return min(1.0, max(-1.0, cosine))
