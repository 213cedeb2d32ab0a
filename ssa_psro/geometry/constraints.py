"""What has to hold for a sensor to see an object, checked in one order for tables and reasons.

A sensor has access to an object when it is near enough, the line of sight is clear of the Earth
and its air, the object is lit, it stands far enough from the Sun, the Moon and the Earth's limb,
and is neither too bright nor too faint. How good that access is, is the probability of detection
at the object's brightness.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

from ssa_psro.compiled import compiled
from ssa_psro.geometry.optics import Optics
from ssa_psro.geometry.photometry import detection_probability, reflected_flux
from ssa_psro.geometry.sight import cosine_between, limb_cosine, line_of_sight, off_nadir_cosine
from ssa_psro.geometry.vectors import Vector, direction, dot, minus

ACCESS, RANGE, EARTH, SHADOW, SUN, MOON, LIMB, BRIGHT, FAINT, NO_SENSOR = range(10)
REASONS: Final = (
    "access",
    "out of range",
    "behind the Earth",
    "in the Earth's shadow",
    "close to the Sun",
    "close to the Moon",
    "against the Earth or close to its limb",
    "too bright",
    "too faint",
    "no such sensor",
)
"""What the codes above mean. They are checked in this order; the first that fails is the reason.
The last one fills the rows of the side with fewer sensors."""

QUALITY_SCALE = 255.0
"""Detection probabilities are stored as bytes: 255 is certainty, 0 no access."""

NEAREST_KM = 0.01
"""Below this distance two bodies count as one place (satellites of one element set): there is no
direction to point in, hence neither access nor denial."""


class Vantage(NamedTuple):
    """A sensor at one step, and the directions that it must keep away from.

    Attributes:
        position: geocentric, in km.
        sun: direction of the Sun.
        moon: direction of the Moon.
        limb_cosine: of the angle from the nadir below which the Earth spoils the background.
    """

    position: Vector
    sun: Vector
    moon: Vector
    limb_cosine: float


@compiled
def vantage_of(position: Vector, sun: Vector, moon: Vector, side: int, optics: Optics) -> Vantage:
    """What a sensor of ``side`` at a position has to mind; all three in km."""
    margin = optics.limb_exclusion[side]
    return Vantage(
        position,
        direction(position, sun),
        direction(position, moon),
        limb_cosine(position, margin[0], margin[1]) if optics.limb_background[side] else math.inf,
    )


@compiled
def judge(
    vantage: Vantage,
    target: Vector,
    sunlight: float,
    sun: Vector,
    side: int,
    n: int,
    optics: Optics,
) -> tuple[int, int]:
    """Why a sensor of ``side`` has no access to object ``n``, and the quality byte if it has.

    Args:
        vantage: of the sensor.
        target: where the object is, geocentric, in km.
        sunlight: share of the Sun's disc that the object sees.
        sun: where the Sun is, geocentric, in km.
        side: whose sensor it is.
        n: the object.
        optics: see ``Optics``.
    """
    ray = minus(target, vantage.position)
    range_km = math.sqrt(dot(ray, ray))
    if not NEAREST_KM <= range_km <= optics.max_range_km[side]:
        return RANGE, 0
    if not line_of_sight(vantage.position, target):
        return EARTH, 0
    if sunlight <= 0.0:
        return SHADOW, 0
    if dot(ray, vantage.sun) > range_km * optics.sun_exclusion_cosine[side]:
        return SUN, 0
    if dot(ray, vantage.moon) > range_km * optics.moon_exclusion_cosine[side]:
        return MOON, 0
    if off_nadir_cosine(vantage.position, target) >= vantage.limb_cosine:
        return LIMB, 0
    phase = math.acos(cosine_between(target, sun, vantage.position))
    return _visible(sunlight * reflected_flux(optics.area_m2[n], range_km, phase), side, optics)


@compiled
def _visible(flux: float, side: int, optics: Optics) -> tuple[int, int]:
    """The same for what is left to say once the flux is known."""
    if flux > optics.brightest_flux[side]:
        return BRIGHT, 0
    limiting_flux, threshold = optics.limiting_flux[side], optics.detection_snr[side]
    quality = round(QUALITY_SCALE * detection_probability(flux, limiting_flux, threshold))
    return (ACCESS if quality > 0 else FAINT), quality
