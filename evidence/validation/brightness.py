"""Magnitudes of diffuse spheres against published ones."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np

from evidence.validation.figures import Figure
from ssa_psro.geometry.optics import magnitude, reflecting_area_m2

GEO_RANGE_KM = 36_000.0
STANDARD_RANGE_KM = 1000.0
HALF_PHASE = math.pi / 2.0


def measure(folder: Path) -> list[Figure]:
    """Published spheres, one real balloon, and the standard magnitude of visual observers."""
    white = magnitude(1.0, STANDARD_RANGE_KM, HALF_PHASE)
    return [
        Figure(
            "1 m radius, albedo 0.2; 36,000 km, fully lit",
            "magnitude",
            _sphere(GEO_RANGE_KM, 1.0, 0.2, 0.0),
            "",
            "13.2 (Cognion 2013)",
            13.15,
            13.25,
        ),
        Figure(
            "10 cm diameter, albedo 0.1; 36,000 km, fully lit",
            "magnitude",
            _sphere(GEO_RANGE_KM, 0.05, 0.1, 0.0),
            "",
            "about 21 (Blake et al. 2020)",
            20.0,
            21.5,
        ),
        Figure(
            "white, 1 m² cross-section; 1,000 km, phase 90°",
            "standard magnitude",
            white,
            "",
            "6.0 and 6.4 (Gimle 1998, 2008)",
            6.0,
            6.4,
        ),
        Figure(
            "Echo 1, a balloon of 30.5 m, albedo 0.9; 1,000 km, phase 90°",
            "magnitude",
            _sphere(STANDARD_RANGE_KM, 15.25, 0.9, HALF_PHASE),
            "",
            "about 0, observed (Brierley 1999)",
            -1.5,
            1.5,
        ),
        Figure(
            "any sphere",
            "phase 90° fainter than fully lit by",
            white - magnitude(1.0, STANDARD_RANGE_KM, 0.0),
            "mag",
            "a factor of π, 1.24 mag (Matson 2001)",
            1.24,
            1.25,
        ),
    ]


def _sphere(range_km: float, radius_m: float, albedo: float, phase_rad: float) -> float:
    area_m2 = reflecting_area_m2(np.array([radius_m]), np.array([albedo]))
    return magnitude(float(area_m2[0]), range_km, phase_rad)
