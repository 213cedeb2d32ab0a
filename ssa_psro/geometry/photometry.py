"""How bright an object looks, and how likely a sensor detects it.

The object is a diffuse (Lambertian) sphere; Cognion, "Observations and modeling of GEO satellites
at large phase angles", AMOS 2013.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from ssa_psro.compiled import entry_point

SUN_MAGNITUDE = -26.74
"""Apparent magnitude of the Sun at the Earth's distance."""

DETECTION_WIDTH_MAG = 0.25
"""Softness of the detection limit: the probability falls from 0.9 to 0.1 over 4.4 widths.

A sensor's limiting magnitude is that of one-half detection probability; the fall over about one
magnitude is typical of completeness curves of unresolved sources.
"""


@entry_point
def phase_function(phase_rad: float) -> float:
    """Share of the light a diffuse sphere sends to an observer at that phase angle.

    The phase is the angle Sun-target-observer: 0 is fully lit, pi fully dark.
    """
    lit = (math.pi - phase_rad) * math.cos(phase_rad) + math.sin(phase_rad)
    return 2.0 * lit / (3.0 * math.pi**2)


def reflecting_area_m2(
    radius_m: NDArray[np.float64], albedo: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Cross-sections of spheres times their albedos."""
    return np.pi * radius_m**2 * albedo


@entry_point
def magnitude(area_m2: float, range_km: float, phase_rad: float) -> float:
    """Apparent magnitude of a diffuse sphere of that reflecting area; infinite if fully dark."""
    flux = area_m2 * phase_function(phase_rad) / (range_km * 1000.0) ** 2
    if flux <= 0.0:
        return math.inf
    return SUN_MAGNITUDE - 2.5 * math.log10(flux)


@entry_point
def detection_probability(apparent_magnitude: float, limiting_magnitude: float) -> float:
    """Logistic in how far the object is brighter than the limit; 0.5 at the limit itself."""
    excess = (apparent_magnitude - limiting_magnitude) / DETECTION_WIDTH_MAG
    if excess > 700.0:  # exp would overflow
        return 0.0
    return 1.0 / (1.0 + math.exp(excess))
