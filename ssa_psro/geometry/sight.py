"""Lines of sight: what the Earth hides, and what stands in front of it.

Every function takes geocentric positions in km in one inertial frame whose third axis is the
Earth's. The Earth is the WGS 84 ellipsoid with 100 km of air.
"""

from __future__ import annotations

import math

from ssa_psro.compiled import entry_point
from ssa_psro.geometry.constants import HORIZON_RADIUS_KM, HORIZON_STRETCH
from ssa_psro.geometry.vectors import Vector, cross, dot, minus, stretched


@entry_point
def line_of_sight(a: Vector, b: Vector) -> bool:
    """Whether the straight line between two positions stays clear of the Earth and its air.

    Where the ellipsoid is stretched to a sphere, the point of the segment nearest to the Earth's
    centre decides. Symmetric in its arguments to the last bit.
    """
    a, b = stretched(a, HORIZON_STRETCH), stretched(b, HORIZON_STRETCH)
    ab = minus(b, a)
    if dot(a, ab) >= 0.0 or dot(b, ab) <= 0.0:  # the nearest point is an end
        return min(dot(a, a), dot(b, b)) > HORIZON_RADIUS_KM**2
    area = cross(a, b)  # twice the triangle with the Earth's centre: base times height
    return dot(area, area) > HORIZON_RADIUS_KM**2 * dot(ab, ab)


@entry_point
def limb_cosine(observer: Vector, margin_cosine: float, margin_sine: float) -> float:
    """Cosine of the angle between the nadir and the Earth's limb, air included, plus a margin.

    What ``off_nadir_cosine`` puts at a smaller angle stands in front of the Earth or close to its
    limb; an object in front of the bright Earth cannot be detected by most space-based sensors.

    Args:
        observer: where the sensor is.
        margin_cosine: cosine of the angle to keep from the limb.
        margin_sine: sine of that angle.
    """
    at = stretched(observer, HORIZON_STRETCH)
    sine = min(1.0, HORIZON_RADIUS_KM / math.sqrt(dot(at, at)))
    return math.sqrt(1.0 - sine**2) * margin_cosine - sine * margin_sine


@entry_point
def off_nadir_cosine(observer: Vector, target: Vector) -> float:
    """Cosine of the angle between the nadir and a target where the Earth is stretched to a sphere.

    There the limb is a circle around the nadir, and what is outside it is seen against the sky. A
    margin from it is wrong by less than 0.1°, by which the stretching turns directions.
    """
    at, there = stretched(observer, HORIZON_STRETCH), stretched(target, HORIZON_STRETCH)
    return cosine_between(at, (0.0, 0.0, 0.0), there)


@entry_point
def cosine_between(vertex: Vector, a: Vector, b: Vector) -> float:
    """Cosine of the angle at ``vertex`` between the directions to ``a`` and ``b``."""
    to_a = minus(a, vertex)
    to_b = minus(b, vertex)
    cosine = dot(to_a, to_b) / math.sqrt(dot(to_a, to_a) * dot(to_b, to_b))
    return min(1.0, max(-1.0, cosine))
