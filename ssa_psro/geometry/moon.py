"""Where the Moon is."""

from __future__ import annotations

from datetime import datetime
from functools import partial

import numpy as np
from numpy.typing import NDArray

from ssa_psro.geometry.ephemeris import interpolated_km


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
