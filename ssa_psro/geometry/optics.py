"""How bright an object looks, how likely a sensor detects it, and what each side's sensors can do.

The object is a diffuse (Lambertian) sphere; Cognion, "Observations and modeling of GEO satellites
at large phase angles", AMOS 2013. Fluxes count in units of the Sun's flux at the Earth's distance,
magnitudes in Pogson's scale from it.

Detection is a threshold on a noisy measurement. A sensor that is limited by its background has
the same Gaussian noise whatever the object, so the signal-to-noise ratio is proportional to the
flux, and a threshold of ``k`` standard deviations is passed with probability ``Phi(SNR - k)``:
one half where the SNR is ``k``. That flux is the limiting magnitude.

``Optics`` has all of it as the few numbers that the access kernels read.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ssa_psro.compiled import entry_point
from ssa_psro.geometry.arena import Objects
from ssa_psro.scenario.schema import Side

SUN_MAGNITUDE = -26.74
"""Apparent magnitude of the Sun at the Earth's distance."""


@entry_point
def phase_function(phase_rad: float) -> float:
    """Share of the light a diffuse sphere sends to an observer at that phase angle.

    The phase is the angle Sun-target-observer: 0 is fully lit, pi fully dark.
    """
    # Lambert's law over what is both lit and seen, a lune of width pi - phase; the factor makes the
    # light sent in all directions add up to the albedo
    lit = (math.pi - phase_rad) * math.cos(phase_rad) + math.sin(phase_rad)
    return 2.0 * lit / (3.0 * math.pi**2)


def reflecting_area_m2(
    radius_m: NDArray[np.float64], albedo: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Cross-sections of spheres times their albedos."""
    return np.pi * radius_m**2 * albedo


@entry_point
def reflected_flux(area_m2: float, range_km: float, phase_rad: float) -> float:
    """Flux from a diffuse sphere of that reflecting area in full sunlight.

    In units of the Sun's flux at the Earth's distance, wherever near the Earth the sphere is.
    """
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


def magnitude_of(flux: NDArray[np.float64]) -> NDArray[np.float64]:
    """Apparent magnitudes of fluxes, the inverse of ``flux_of``."""
    return np.asarray(SUN_MAGNITUDE - 2.5 * np.log10(flux), dtype=np.float64)


@entry_point
def detection_probability(flux: float, limiting_flux: float, detection_snr: float) -> float:
    """Probability that a signal passes the threshold of ``detection_snr`` standard deviations.

    Args:
        flux: of the object.
        limiting_flux: at which the signal-to-noise ratio equals the threshold.
        detection_snr: the threshold.
    """
    # the signal in deviations of the noise is snr * flux / limit, and the threshold is snr itself
    margin = detection_snr * (flux / limiting_flux - 1.0)
    # Phi by erfc, which keeps its digits where the probability is nearly nothing
    return 0.5 * math.erfc(-margin / math.sqrt(2.0))


class Optics(NamedTuple):
    """The two sides' sensors and the brightness of the objects.

    Attributes:
        sensors: ``[2]`` number of sensors.
        max_range_km: ``[2]``, infinite where unlimited.
        sun_exclusion_cosine: ``[2]``.
        moon_exclusion_cosine: ``[2]``.
        limb_background: ``[2]`` bool, whether the Earth behind an object hides it.
        limb_exclusion_cosine: ``[2]``, of the angle to keep from the Earth's limb.
        brightest_flux: ``[2]``, infinite where nothing is too bright.
        limiting_flux: ``[2]``.
        detection_snr: ``[2]``.
        denial_range_km: ``[2]``.
        area_m2: ``[N]`` reflecting area of the objects.
    """

    sensors: NDArray[np.int64]
    max_range_km: NDArray[np.float64]
    sun_exclusion_cosine: NDArray[np.float64]
    moon_exclusion_cosine: NDArray[np.float64]
    limb_background: NDArray[np.bool_]
    limb_exclusion_cosine: NDArray[np.float64]
    brightest_flux: NDArray[np.float64]
    limiting_flux: NDArray[np.float64]
    detection_snr: NDArray[np.float64]
    denial_range_km: NDArray[np.float64]
    area_m2: NDArray[np.float64]


def optics_of(sides: tuple[Side, Side], counts: tuple[int, int], objects: Objects) -> Optics:
    """Optics of the two sides' sensors and the catalogue's objects."""
    # exclusions as cosines and magnitudes as fluxes, once here instead of for every pair and step
    carried = [side.sensor for side in sides]
    return Optics(
        sensors=np.array(counts, dtype=np.int64),
        max_range_km=_or_else(math.inf, [one.max_range_km for one in carried]),
        sun_exclusion_cosine=np.cos(np.radians([one.sun_exclusion_deg for one in carried])),
        moon_exclusion_cosine=np.cos(np.radians([one.moon_exclusion_deg for one in carried])),
        limb_background=np.array([one.limb_background for one in carried]),
        limb_exclusion_cosine=np.cos(np.radians([one.limb_exclusion_deg for one in carried])),
        brightest_flux=flux_of(_or_else(-math.inf, [one.brightest_magnitude for one in carried])),
        limiting_flux=flux_of(np.array([one.limiting_magnitude for one in carried])),
        detection_snr=np.array([one.detection_snr for one in carried]),
        denial_range_km=np.array([one.denial_range_km for one in carried]),
        area_m2=reflecting_area_m2(objects.radius_m, objects.albedo),
    )


def _or_else(absent: float, values: list[float | None]) -> NDArray[np.float64]:
    return np.array([absent if value is None else value for value in values])
