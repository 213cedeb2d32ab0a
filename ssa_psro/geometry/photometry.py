"""How bright an object looks, and how likely a sensor detects it.

The object is a diffuse (Lambertian) sphere; Cognion, "Observations and modeling of GEO satellites
at large phase angles", AMOS 2013. Fluxes count in units of the Sun's flux at the Earth's distance,
magnitudes in Pogson's scale from it.

Detection is a threshold on a noisy measurement. A sensor that is limited by its background has
the same Gaussian noise whatever the object, so the signal-to-noise ratio is proportional to the
flux, and a threshold of ``k`` standard deviations is passed with probability ``Phi(SNR - k)``:
one half where the SNR is ``k``. That flux is the limiting magnitude.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from ssa_psro.compiled import entry_point

SUN_MAGNITUDE = -26.74
"""Apparent magnitude of the Sun at the Earth's distance."""


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
def reflected_flux(area_m2: float, range_km: float, phase_rad: float) -> float:
    """Flux from a diffuse sphere of that reflecting area in full sunlight."""
    return area_m2 * phase_function(phase_rad) / (range_km * 1000.0) ** 2


@entry_point
def magnitude(area_m2: float, range_km: float, phase_rad: float) -> float:
    """Apparent magnitude of a diffuse sphere of that reflecting area; infinite if fully dark."""
    flux = reflected_flux(area_m2, range_km, phase_rad)
    if flux <= 0.0:
        return math.inf
    return SUN_MAGNITUDE - 2.5 * math.log10(flux)


def flux_of(apparent_magnitude: NDArray[np.float64]) -> NDArray[np.float64]:
    """Fluxes of apparent magnitudes; 0 for an infinite one."""
    return np.asarray(10.0 ** (0.4 * (SUN_MAGNITUDE - apparent_magnitude)), dtype=np.float64)


@entry_point
def detection_probability(flux: float, limiting_flux: float, detection_snr: float) -> float:
    """Probability that a signal passes the threshold of ``detection_snr`` standard deviations.

    Args:
        flux: of the object.
        limiting_flux: at which the signal-to-noise ratio equals the threshold.
        detection_snr: the threshold.
    """
    margin = detection_snr * (flux / limiting_flux - 1.0)
    return 0.5 * math.erfc(-margin / math.sqrt(2.0))
