"""What the Earth is in the way of: lines of sight, the sky behind an object, the light of the Sun.

Every function takes geocentric positions in km in one inertial frame whose third axis is the
Earth's. The Earth is the WGS 84 ellipsoid. Stretching the polar axis makes it a sphere and leaves
lines straight, so what hides what can be asked of the sphere.

*Sight*: the air spoils what passes less than 100 km above the ground, and most sensors detect
nothing in front of the bright Earth.

*Shadow*: a cone of umbra inside a widening penumbra. Seen from the object, Earth and Sun are two
discs of angular radius ``asin(R / distance)``; their separation decides (Montenbruck and Gill,
*Satellite Orbits*, section 3.4.2). No separate test for the day side is needed, since there the
separation exceeds 90°. The Sun is stretched with the Earth; its disc is as wide as that makes it in
the direction of the Earth, where alone it counts.
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
from ssa_psro.geometry.vectors import Vector, cross, direction, dot, minus, row, stretched

TINY = 1e-300
"""Instead of a square that is zero, where it divides."""


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
def limb_cosine(observer: Vector) -> float:
    """Cosine of the angle between the nadir and the Earth's limb, air included.

    What ``off_nadir_cosine`` puts at a smaller angle stands in front of the Earth, where most
    space-based sensors detect nothing.
    """
    at = stretched(observer, HORIZON_STRETCH)
    # a tangent from a distance d touches a sphere of radius R at asin(R / d) from the nadir
    sine = min(1.0, HORIZON_RADIUS_KM / math.sqrt(dot(at, at)))
    return math.sqrt(1.0 - sine**2)


@entry_point
def off_nadir_cosine(observer: Vector, target: Vector) -> float:
    """Cosine of the angle between the nadir and a target where the Earth is stretched to a sphere.

    There the limb is a circle around the nadir, and what is outside it is seen against the sky.
    """
    at, there = stretched(observer, HORIZON_STRETCH), stretched(target, HORIZON_STRETCH)
    return cosine_between(at, (0.0, 0.0, 0.0), there)


@entry_point
def above_limb_cosine(observer: Vector, target: Vector, limb: float) -> float:
    """Cosine of the angle between a target and the Earth's limb beneath it.

    Stretching turns directions by up to 0.1°, so the angle is that of the directions as they are:
    the tangent in the plane of the nadir and the target is found where the Earth is a sphere, and
    turned back. The limb's nearest point lies beside that plane, which makes 0.0003° up to 60° and
    0.001° up to 90°.

    Args:
        observer: where the sensor is, above the air.
        target: outside the limb.
        limb: ``limb_cosine`` of the observer.
    """
    at, ray = stretched(observer, HORIZON_STRETCH), minus(target, observer)
    ahead = stretched(ray, HORIZON_STRETCH)
    down = direction(at, (0.0, 0.0, 0.0))
    along = dot(ahead, down)
    aside = minus(ahead, (along * down[0], along * down[1], along * down[2]))
    # straight up every tangent is as near as any other
    share = math.sqrt((1.0 - limb**2) / max(dot(aside, aside), TINY))
    tangent = stretched(
        (
            limb * down[0] + share * aside[0],
            limb * down[1] + share * aside[1],
            limb * down[2] + share * aside[2],
        ),
        1.0 / HORIZON_STRETCH,
    )
    return dot(ray, tangent) / math.sqrt(dot(ray, ray) * dot(tangent, tangent))


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
    # an ellipsoid of axes R, R, kR reaches R sqrt(1 + (k² - 1) z²) in the direction of a unit
    # vector: here the one across the line to the Sun, in the plane of the Earth's centre
    square = dot(to_sun, to_sun)
    towards = dot(position, to_sun) / square
    across = minus(position, (towards * to_sun[0], towards * to_sun[1], towards * to_sun[2]))
    tilt = across[2] ** 2 / max(dot(across, across), TINY)
    disc = math.asin(SUN_RADIUS_KM * math.sqrt((1.0 + (EARTH_STRETCH**2 - 1.0) * tilt) / square))
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

    The Sun's disc is taken as evenly bright.
    """
    earth, disc, separation = apparent_discs(position, sun)
    if separation >= earth + disc:
        return 1.0
    if separation <= abs(earth - disc):
        # one disc lies inside the other: beyond the umbra's apex the Earth leaves a ring of light
        return 0.0 if earth >= disc else 1.0 - (earth / disc) ** 2
    # on the sphere of directions a circle of radius r is as curved as one of tan r is in the plane;
    # the edges keep their distance
    flat = math.tan(earth)
    covered = _lens_area(disc, flat, flat + separation - earth) / (math.pi * disc**2)
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
    # (two arguments, because an arc cosine has half of the digits where a lens is thin)
    sectors = a**2 * math.atan2(half_chord, x) + b**2 * math.atan2(half_chord, separation - x)
    return sectors - separation * half_chord
