"""The sky as it turns and moves: from TEME to GCRS, and where the Sun and the Moon are.

TEME, the frame of SGP4, turns by precession and nutation: its pole is the Earth's true axis of
date, its x-axis the mean equinox. Taken for GCRS, the one frame of all tables, it would put a LEO
object 46 km off in 2026 and a GEO object 270 km.

The positions of Sun and Moon are those of astropy's built-in ephemerides: no download, no change of
settings. They are apparent places: where the light comes from that arrives now.

The rotation and both paths cost a tenth of a second for a thousand instants, and a horizon has
thousands. All are smooth, so they are worked out every six hours, with a cubic spline between.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline

SAMPLE_S = 21600.0
"""Spacing of the samples (6 h).

The Moon moves fastest, 3.3° from one sample to the next, and is 80 m off at most, 0.04". The Sun is
2 m off. Nutation has no period under two days that matters: the rotation puts an object at the
distance of GEO less than a millimetre off. Errors grow with the fourth power of the spacing."""


def teme_to_gcrs(epoch: datetime, times_s: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rotation matrices ``[T, 3, 3]`` that turn TEME positions of date into GCRS.

    Args:
        epoch: with a time zone.
        times_s: ``[T]`` seconds after the epoch, at least one.
    """
    # each of the nine entries for itself: the spline's matrices are rotations to within 1e-12
    return _interpolated(partial(exact_teme_to_gcrs, epoch), times_s)


def exact_teme_to_gcrs(epoch: datetime, times_s: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rotation matrices ``[T, 3, 3]`` from TEME of date to GCRS, worked out at every instant.

    1. TEME and CIRS share their pole. From the Greenwich meridian the x-axis of the one is behind
       by the sidereal time (GMST, IAU 1982), that of the other by the Earth rotation angle.
    2. The two angles differ by the precession in right ascension, whichever the clock: UTC does
       for UT1, and no table of the Earth's orientation is needed.
    3. CIRS is turned into GCRS by precession and nutation, IAU 2006/2000A.

    Args:
        epoch: with a time zone.
        times_s: ``[T]`` seconds after the epoch.
    """
    import erfa

    with _unannounced_leap_seconds():
        times = _instants(epoch, times_s)
        terrestrial = times.tt
        # two-part dates, as erfa takes them: one float would tell instants 40 microseconds apart
        clock = (times.jd1, times.jd2)
        from_origin = erfa.gmst82(*clock) - erfa.era00(*clock)
        to_cirs = erfa.c2i06a(terrestrial.jd1, terrestrial.jd2)
    teme_to_cirs = erfa.rz(from_origin, np.eye(3))
    # erfa's matrix leads from GCRS to CIRS, and the inverse of a rotation is its transpose
    return np.asarray(np.matmul(to_cirs.transpose(0, 2, 1), teme_to_cirs))


def gcrs_to_tirs(epoch: datetime, times_s: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rotation matrices ``[T, 3, 3]`` from GCRS to the frame that turns with the Earth.

    Without polar motion, 10 m on the ground, and with UTC for UT1, 400 m there at most.

    Args:
        epoch: with a time zone.
        times_s: ``[T]`` seconds after the epoch.
    """
    import erfa

    with _unannounced_leap_seconds():
        times = _instants(epoch, times_s)
        terrestrial = times.tt
        angle_rad = erfa.era00(times.jd1, times.jd2)
        to_cirs = erfa.c2i06a(terrestrial.jd1, terrestrial.jd2)
    return np.asarray(np.matmul(erfa.rz(angle_rad, np.eye(3)), to_cirs))


def sun_position_km(epoch: datetime, times_s: NDArray[np.float64]) -> NDArray[np.float64]:
    """Geocentric apparent position of the Sun in GCRS, ``[T, 3]`` in km.

    The ephemeris is ERFA's ``epv00``, within 11.2 km of JPL's DE405 from 1900 to 2100 (says its
    documentation); interpolation costs a few metres.

    Args:
        epoch: the scenario's epoch, with a time zone.
        times_s: ``[T]`` seconds after the epoch, at least one.
    """
    from astropy.coordinates import get_sun

    return _interpolated(partial(_path_km, get_sun, epoch), times_s)


def moon_position_km(epoch: datetime, times_s: NDArray[np.float64]) -> NDArray[np.float64]:
    """Geocentric apparent position of the Moon in GCRS, ``[T, 3]`` in km.

    The ephemeris is ERFA's ``moon98`` (after Meeus 1998), within 18.3" and 31.7 km of ELP/MPP02
    from 1950 to 2100 (says its documentation); interpolation costs 80 metres at most. Sensors need
    the position and not the direction alone, which differs by up to 6° between the Earth's centre
    and a geostationary orbit.

    Args:
        epoch: the scenario's epoch, with a time zone.
        times_s: ``[T]`` seconds after the epoch, at least one.
    """
    from astropy.coordinates import get_body

    return _interpolated(partial(_path_km, partial(get_body, "moon"), epoch), times_s)


def _interpolated(
    sampled: Callable[[NDArray[np.float64]], NDArray[np.float64]], times_s: NDArray[np.float64]
) -> NDArray[np.float64]:
    """What ``sampled`` gives at ``times_s``, ``[T, ...]``, by a cubic spline through samples."""
    # a spline is at its worst between its last samples, so the samples reach beyond the times by
    # one and two; and it needs four of them, however short the horizon
    last = max(float(np.max(times_s)), SAMPLE_S)
    samples_s = np.arange(-SAMPLE_S, last + 2.0 * SAMPLE_S, SAMPLE_S)
    return np.asarray(CubicSpline(samples_s, sampled(samples_s))(times_s), dtype=np.float64)


def _path_km(
    body: Callable[[Any], Any], epoch: datetime, times_s: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Positions ``[T, 3]`` of a body whose astropy coordinates ``body`` gives at astropy times."""
    from astropy import units
    from astropy.utils import iers

    # GCRS needs no Earth orientation data, which astropy would download
    with iers.conf.set_temp("auto_download", False), _unannounced_leap_seconds():
        return np.asarray(body(_instants(epoch, times_s)).cartesian.xyz.to_value(units.km).T)


def _instants(epoch: datetime, times_s: NDArray[np.float64]) -> Any:
    """Astropy's ``Time`` of seconds after an epoch."""
    from astropy.time import Time, TimeDelta

    return Time(epoch, scale="utc") + TimeDelta(times_s, format="sec")


@contextmanager
def _unannounced_leap_seconds() -> Iterator[None]:
    """Do without those that are not announced yet, and without erfa's warning of them.

    Each moves the Sun by 0.04" and the Moon by 0.5", and turns TEME by nothing that counts.
    """
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*dubious year")
        yield
