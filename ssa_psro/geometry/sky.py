"""From TEME, the frame of SGP4, to GCRS, the one frame of all tables.

TEME turns by precession and nutation: its pole is the Earth's true axis of date, its x-axis the
mean equinox. Taken for GCRS it would put a LEO object 46 km off in 2026 and a GEO object 270 km.

Paths of Sun and Moon from astropy's built-in ephemerides: no download, no change of settings.

Where the Sun is.

Where the Moon is.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline

FRAME_SAMPLE_S = 21600.0
"""Spacing of the samples between which the rotation is interpolated (6 h).

Nutation has no period under two days that matters: the interpolated rotation puts an object at
the distance of GEO less than a millimetre off, see the test."""


def teme_to_gcrs(epoch: datetime, times_s: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rotation matrices ``[T, 3, 3]`` that turn TEME positions of date into GCRS.

    Args:
        epoch: with a time zone.
        times_s: ``[T]`` seconds after the epoch, at least one.
    """
    last = max(float(np.max(times_s)), FRAME_SAMPLE_S)
    samples_s = np.arange(-FRAME_SAMPLE_S, last + 2.0 * FRAME_SAMPLE_S, FRAME_SAMPLE_S)
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


BODY_SAMPLE_S = 21600.0
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
    last = max(float(np.max(times_s)), BODY_SAMPLE_S)
    samples_s = np.arange(-BODY_SAMPLE_S, last + 2.0 * BODY_SAMPLE_S, BODY_SAMPLE_S)
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


def sun_position_km(epoch: datetime, times_s: NDArray[np.float64]) -> NDArray[np.float64]:
    """Geocentric apparent position of the Sun in GCRS, ``[T, 3]`` in km.

    Args:
        epoch: the scenario's epoch, with a time zone.
        times_s: ``[T]`` seconds after the epoch, at least one.

    The ephemeris is ERFA's ``epv00``, within 11.2 km of JPL's DE405 from 1900 to 2100 (says its
    documentation); interpolation costs a few metres.
    """
    from astropy.coordinates import get_sun

    return interpolated_km(get_sun, epoch, times_s)


def moon_position_km(epoch: datetime, times_s: NDArray[np.float64]) -> NDArray[np.float64]:
    """Geocentric apparent position of the Moon in GCRS, ``[T, 3]`` in km.

    Args:
        epoch: the scenario's epoch, with a time zone.
        times_s: ``[T]`` seconds after the epoch, at least one.

    The ephemeris is ERFA's ``moon98`` (after Meeus 1998), within 18.3" and 31.7 km of ELP/MPP02
    from 1950 to 2100 (says its documentation); interpolation costs 30 metres at most. Sensors need
    the position and not the direction alone, which differs by up to 6° between the Earth's centre
    and a geostationary orbit.
    """
    from astropy.coordinates import get_body

    return interpolated_km(partial(get_body, "moon"), epoch, times_s)
