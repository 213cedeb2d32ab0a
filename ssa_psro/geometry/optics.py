"""What the two sides' sensors can do, as the few numbers that the access kernels read."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ssa_psro.geometry.arena import Objects
from ssa_psro.geometry.photometry import flux_of, reflecting_area_m2
from ssa_psro.scenario.schema import Side


class Optics(NamedTuple):
    """The two sides' sensors and the brightness of the objects.

    Attributes:
        sensors: ``[2]`` number of sensors.
        max_range_km: ``[2]``, infinite where unlimited.
        sun_exclusion_cosine: ``[2]``.
        moon_exclusion_cosine: ``[2]``.
        limb_background: ``[2]`` bool, whether the Earth behind an object hides it.
        limb_exclusion: ``[2, 2]`` cosine and sine of the angle to keep from the Earth's limb.
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
    limb_exclusion: NDArray[np.float64]
    brightest_flux: NDArray[np.float64]
    limiting_flux: NDArray[np.float64]
    detection_snr: NDArray[np.float64]
    denial_range_km: NDArray[np.float64]
    area_m2: NDArray[np.float64]


def optics_of(sides: tuple[Side, Side], counts: tuple[int, int], objects: Objects) -> Optics:
    """Optics of the two sides' sensors and the catalogue's objects."""
    carried = [side.sensor for side in sides]
    limb_rad = np.radians([one.limb_exclusion_deg for one in carried])
    return Optics(
        sensors=np.array(counts, dtype=np.int64),
        max_range_km=_or_else(math.inf, [one.max_range_km for one in carried]),
        sun_exclusion_cosine=np.cos(np.radians([one.sun_exclusion_deg for one in carried])),
        moon_exclusion_cosine=np.cos(np.radians([one.moon_exclusion_deg for one in carried])),
        limb_background=np.array([one.limb_background for one in carried]),
        limb_exclusion=np.stack([np.cos(limb_rad), np.sin(limb_rad)], axis=1),
        brightest_flux=flux_of(_or_else(-math.inf, [one.brightest_magnitude for one in carried])),
        limiting_flux=flux_of(np.array([one.limiting_magnitude for one in carried])),
        detection_snr=np.array([one.detection_snr for one in carried]),
        denial_range_km=np.array([one.denial_range_km for one in carried]),
        area_m2=reflecting_area_m2(objects.radius_m, objects.albedo),
    )


def _or_else(absent: float, values: list[float | None]) -> NDArray[np.float64]:
    return np.array([absent if value is None else value for value in values])
