"""The Earth's shadow: a cone of umbra inside a widening penumbra.

Seen from the object, Earth and Sun are two discs of angular radius ``asin(R / distance)``; their
separation decides (Montenbruck and Gill, *Satellite Orbits*, section 3.4.2). No separate test for
the day side is needed, since there the separation exceeds 90°.
"""

from __future__ import annotations

import math

from ssa_psro.compiled import entry_point
from ssa_psro.geometry.constants import EARTH_RADIUS_KM, SUN_RADIUS_KM
from ssa_psro.geometry.sight import cosine_between
from ssa_psro.geometry.vectors import Vector, dot, minus

LIT, PENUMBRA, UMBRA = 0, 1, 2


@entry_point
def shadow_state(position: Vector, sun: Vector) -> int:
    """``LIT``, ``PENUMBRA`` or ``UMBRA`` for a geocentric position and the Sun's, both in km."""
    to_sun = minus(sun, position)
    earth = math.asin(min(1.0, EARTH_RADIUS_KM / math.sqrt(dot(position, position))))
    disc = math.asin(SUN_RADIUS_KM / math.sqrt(dot(to_sun, to_sun)))
    separation = math.acos(cosine_between(position, (0.0, 0.0, 0.0), sun))
    if separation >= earth + disc:
        return LIT
    return UMBRA if separation <= earth - disc else PENUMBRA


@entry_point
def sunlit(position: Vector, sun: Vector) -> bool:
    """Whether any direct sunlight reaches the position: everywhere but in the umbra.

    The penumbra counts as lit: an object crosses it in ten seconds in LEO and two minutes in GEO,
    less than a time step.
    """
    return shadow_state(position, sun) != UMBRA
