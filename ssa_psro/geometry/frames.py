"""From TEME, the frame of SGP4, to GCRS, the one frame of all tables.

TEME turns by precession and nutation: its pole is the Earth's true axis of date, its x-axis the
mean equinox. Taken for GCRS it would put a LEO object 46 km off in 2026 and a GEO object 270 km.
"""

from __future__ import annotations

import warnings
from datetime import datetime

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline

SAMPLE_S = 21600.0
"""Spacing of the samples between which the rotation is interpolated (6 h).

Nutation has no period under two days that matters: the interpolated rotation puts an object at
the distance of GEO less than a millimetre off, see the test."""


def teme_to_gcrs(epoch: datetime, times_s: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rotation matrices ``[T, 3, 3]`` that turn TEME positions of date into GCRS.

    Args:
        epoch: with a time zone.
        times_s: ``[T]`` seconds after the epoch, at least one.
    """
    last = max(float(np.max(times_s)), SAMPLE_S)
    samples_s = np.arange(-SAMPLE_S, last + 2.0 * SAMPLE_S, SAMPLE_S)
    rotation = CubicSpline(samples_s, exact_teme_to_gcrs(epoch, samples_s))
    return np.asarray(rotation(times_s), dtype=np.float64)


def exact_teme_to_gcrs(epoch: datetime, times_s: NDArray[np.float64]) -> NDArray[np.float64]:
    """The same without interpolation; a tenth of a second a thousand times.

    1. TEME and CIRS share their pole. From the Greenwich meridian the x-axis of the one is behind
       by the sidereal time (GMST, IAU 1982), that of the other by the Earth rotation angle.
    2. The two angles differ by the precession in right ascension, whichever the clock: UTC does
       for UT1, and no table of the Earth's orientation is needed.
    3. CIRS is turned into GCRS by precession and nutation, IAU 2006/2000A.
    """
    import erfa
    from astropy.time import Time, TimeDelta

    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*dubious year")  # leap seconds yet unannounced
        times = Time(epoch, scale="utc") + TimeDelta(times_s, format="sec")
        terrestrial = times.tt
        clock = (times.jd1, times.jd2)
        from_origin = erfa.gmst82(*clock) - erfa.era00(*clock)
        to_cirs = erfa.c2i06a(terrestrial.jd1, terrestrial.jd2)
    teme_to_cirs = erfa.rz(from_origin, np.eye(3))
    return np.asarray(np.matmul(to_cirs.transpose(0, 2, 1), teme_to_cirs))
