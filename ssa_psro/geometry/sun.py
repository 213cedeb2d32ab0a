"""Where the Sun is, from astropy's built-in ephemeris: no download, no change of its settings."""

from __future__ import annotations

import warnings
from datetime import datetime

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline

SAMPLE_S = 21600.0
"""Spacing of the samples between which the Sun's path is interpolated (6 h, 0.25° of it)."""


def sun_position_km(epoch: datetime, times_s: NDArray[np.float64]) -> NDArray[np.float64]:
    """Geocentric apparent position of the Sun in GCRS, ``[T, 3]`` in km.

    Args:
        epoch: the scenario's epoch, with a time zone.
        times_s: ``[T]`` seconds after the epoch, at least one.

    The astropy ephemeris (ERFA ``epv00``) is sampled every six hours and interpolated by a cubic
    spline, which costs a few metres.
    """
    last = max(float(np.max(times_s)), SAMPLE_S)
    samples_s = np.arange(-SAMPLE_S, last + 2.0 * SAMPLE_S, SAMPLE_S)
    path = CubicSpline(samples_s, _astropy_sun_km(epoch, samples_s))
    return np.asarray(path(times_s), dtype=np.float64)


def _astropy_sun_km(epoch: datetime, times_s: NDArray[np.float64]) -> NDArray[np.float64]:
    from astropy import units
    from astropy.coordinates import get_sun
    from astropy.time import Time, TimeDelta
    from astropy.utils import iers

    with iers.conf.set_temp("auto_download", False), warnings.catch_warnings():
        # GCRS needs no Earth orientation data; and leap seconds that are not announced yet, which
        # erfa warns of, move the Sun by 0.04" each
        warnings.filterwarnings("ignore", message=".*dubious year")
        times = Time(epoch, scale="utc") + TimeDelta(times_s, format="sec")
        return np.asarray(get_sun(times).cartesian.xyz.to_value(units.km).T)
