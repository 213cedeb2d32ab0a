"""What the Earth is in the way of: lines of sight, the sky behind an object, the light of the Sun.

Every function takes geocentric positions in km in one inertial frame whose third axis is the
Earth's. The Earth is the WGS 84 ellipsoid. Stretching the polar axis makes it a sphere and leaves
lines straight, so what hides what can be asked of the sphere.

*Sight*: the air spoils what passes less than 100 km above the ground, and most sensors detect
nothing in front of the bright Earth.

*Shadow*: a cone of umbra inside a widening penumbra. Seen from the object, Earth and Sun are two
discs of angular radius ``asin(R / distance)``; their separation decides (Montenbruck and Gill,
*Satellite Orbits*, section 3.4.2). No separate test for the day side is needed, since there the
separation exceeds 90°. That the Sun is stretched with the Earth, by 0.3 % at most, is neglected.
Here the Earth has no air, which in truth bends and reddens the light of the last few kilometres.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from ssa_psro.compiled import entry_point
from ssa_psro.geometry.constants import (
    EARTH_RADIUS_KM,
    EARTH_STRETCH,
    HORIZON_RADIUS_KM,
    HORIZON_STRETCH,
    SUN_RADIUS_KM,
)
from ssa_psro.geometry.vectors import Vector, cross, dot, minus, row, stretched


@entry_point
def line_of_sight(a: Vector, b: Vector) -> bool:
    """Whether the straight line between two positions stays clear of the Earth and its air.

    Where the ellipsoid is stretched to a sphere, the point of the segment nearest to the Earth's
    centre decides. Symmetric in its arguments to the last bit.
    """
    # the ellipsoid at 100 km is a little rounder than the ground: it has a stretch of its own
    a, b = stretched(a, HORIZON_STRETCH), stretched(b, HORIZON_STRETCH)
    ab = minus(b, a)
    if dot(a, ab) >= 0.0 or dot(b, ab) <= 0.0:  # the nearest point is an end
        return min(dot(a, a), dot(b, b)) > HORIZON_RADIUS_KM**2
    # the cross product is twice the triangle with the Earth's centre: base times height, and the
    # height is the distance sought. Squares on both sides spare the roots, and |a x b| = |b x a|
    area = cross(a, b)
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
    # a tangent from a distance d touches a sphere of radius R at asin(R / d) from the nadir; then
    # the cosine of a sum, so that angles need not be formed for each of many targets
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
    # rounding may leave [-1, 1], where acos has no answer
    return min(1.0, max(-1.0, cosine))


LIT, PENUMBRA, UMBRA = 0, 1, 2


@entry_point
def apparent_discs(position: Vector, sun: Vector) -> Vector:
    """Angular radii of Earth and Sun, and the separation of their centres, in rad.

    All are measured where the Earth is stretched to a sphere.

    Args:
        position: of the observer, geocentric, in km.
        sun: of the Sun, geocentric, in km.
    """
    # of the ground and not of the air, unlike lines of sight: sunlight passes the air
    position, sun = stretched(position, EARTH_STRETCH), stretched(sun, EARTH_STRETCH)
    to_sun = minus(sun, position)
    earth = math.asin(min(1.0, EARTH_RADIUS_KM / math.sqrt(dot(position, position))))
    disc = math.asin(SUN_RADIUS_KM / math.sqrt(dot(to_sun, to_sun)))
    separation = math.acos(cosine_between(position, (0.0, 0.0, 0.0), sun))
    return earth, disc, separation


@entry_point
def shadow_state(position: Vector, sun: Vector) -> int:
    """``LIT``, ``PENUMBRA`` or ``UMBRA`` for a geocentric position and the Sun's, both in km."""
    earth, disc, separation = apparent_discs(position, sun)
    if separation >= earth + disc:
        return LIT
    return UMBRA if separation <= earth - disc else PENUMBRA


@entry_point
def sunlight(position: Vector, sun: Vector) -> float:
    """Share of the Sun's disc that an object sees: 1 in full light, 0 in the umbra.

    The Sun's disc is taken as evenly bright, and both discs as flat, which misses the share on the
    sphere by less than 0.001.
    """
    earth, disc, separation = apparent_discs(position, sun)
    if separation >= earth + disc:
        return 1.0
    if separation <= abs(earth - disc):
        # one disc lies inside the other: beyond the umbra's apex the Earth leaves a ring of light
        return 0.0 if earth >= disc else 1.0 - (earth / disc) ** 2
    covered = _lens_area(disc, earth, separation) / (math.pi * disc**2)
    return max(0.0, 1.0 - covered)  # rounding must not make it darker than dark


@entry_point
def sunlight_on(position_km: NDArray[np.float32], sun: Vector) -> NDArray[np.float64]:
    """Share of the Sun's disc that each of the objects at ``[N, 3]`` sees, ``[N]``."""
    light = np.empty(position_km.shape[0])
    for n in range(light.size):
        light[n] = sunlight(row(position_km, n), sun)
    return light


@entry_point
def _lens_area(a: float, b: float, separation: float) -> float:
    """Area common to two circles of radii ``a`` and ``b`` that intersect."""
    # the chord through the two points where they meet: so far from a's centre, and half so long
    x = (separation**2 + a**2 - b**2) / (2.0 * separation)
    half_chord = math.sqrt(max(0.0, a**2 - x**2))
    # each sector is a triangle at its centre and one side of the lens; the two triangles together
    # measure the separation times half the chord
    sectors = a**2 * math.acos(min(1.0, max(-1.0, x / a)))
    sectors += b**2 * math.acos(min(1.0, max(-1.0, (separation - x) / b)))
    return sectors - separation * half_chord
