"""Paths of Sun and Moon from astropy's built-in ephemerides: no download, no change of settings."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline

SAMPLE_S = 21600.0
"""Spacing of the samples between which a path is interpolated (6 h: 0.25° of the Sun's path, 3.3°
of the Moon's)."""


def interpolated_km(
    body: Callable[[Any], Any], epoch: datetime, times_s: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Geocentric positions in GCRS, ``[T, 3]`` in km, by a cubic spline through samples.

    Args:
        body: gives astropy's coordinates of a body at astropy's times.
        epoch: the scenario's epoch, with a time zone.
        times_s: ``[T]`` seconds after the epoch, at least one.
    """
    last = max(float(np.max(times_s)), SAMPLE_S)
    samples_s = np.arange(-SAMPLE_S, last + 2.0 * SAMPLE_S, SAMPLE_S)
    path = CubicSpline(samples_s, _sampled_km(body, epoch, samples_s))
    return np.asarray(path(times_s), dtype=np.float64)


def _sampled_km(
    body: Callable[[Any], Any], epoch: datetime, times_s: NDArray[np.float64]
) -> NDArray[np.float64]:
    from astropy import units
    from astropy.time import Time, TimeDelta
    from astropy.utils import iers

    with iers.conf.set_temp("auto_download", False), warnings.catch_warnings():
        # GCRS needs no Earth orientation data; and leap seconds that are not announced yet, which
        # erfa warns of, move the Sun by 0.04" each and the Moon by 0.5"
        warnings.filterwarnings("ignore", message=".*dubious year")
        times = Time(epoch, scale="utc") + TimeDelta(times_s, format="sec")
        return np.asarray(body(times).cartesian.xyz.to_value(units.km).T)
