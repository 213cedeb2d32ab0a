"""Where the Sun is."""

from __future__ import annotations

from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from ssa_psro.geometry.ephemeris import interpolated_km


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
