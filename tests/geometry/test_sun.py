"""The Sun's path: interpolation against astropy itself, and the almanac's equinox."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone

import numpy as np
import pytest
from astropy import units
from astropy.coordinates import get_body
from astropy.time import Time
from astropy.utils import iers

from ssa_psro.geometry.sky import sun_position_km

DAY_S = 86400.0
AU_KM = 149_597_870.7
LIGHT_TIME_TOLERANCE_KM = 20.0
"""``get_body`` also moves the Sun back by its light time, which ``get_sun`` does not: 6 km."""
EPOCH = datetime(2026, 3, 20, tzinfo=UTC)


def test_path_agrees_with_astropy() -> None:
    times_s = np.linspace(0.0, 10.0 * DAY_S, 57)
    wanted = [
        get_body("sun", Time(EPOCH + timedelta(seconds=time))).cartesian.xyz.to_value(units.km)
        for time in times_s
    ]
    path = sun_position_km(EPOCH, times_s)
    assert path == pytest.approx(np.array(wanted), abs=LIGHT_TIME_TOLERANCE_KM)


def test_equinox_of_the_almanac() -> None:
    # March equinox 2026: 20 March 14:46 UTC (US Naval Observatory). The Sun then stands at the
    # equinox of date, which has precessed from GCRS's by 26.2 years * 46.1"/yr in right ascension
    # and 20.04"/yr in declination (IAU 1976 constants m and n): -0.336° and -0.146°.
    x, y, z = sun_position_km(datetime(2026, 3, 20, 14, 46, tzinfo=UTC), np.zeros(1))[0]
    assert np.degrees(np.arctan2(y, x)) == pytest.approx(-0.336, abs=0.01)
    assert np.degrees(np.arctan2(z, np.hypot(x, y))) == pytest.approx(-0.146, abs=0.01)


def test_distance_at_perihelion() -> None:
    # 3 January 2026: 0.98330 AU (US Naval Observatory)
    position = sun_position_km(datetime(2026, 1, 3, 17, tzinfo=UTC), np.zeros(1))[0]
    assert np.linalg.norm(position) / AU_KM == pytest.approx(0.98330, abs=1e-4)


def test_time_zone_is_heeded() -> None:
    tokyo = EPOCH.astimezone(timezone(timedelta(hours=9)))
    times_s = np.array([0.0, 5000.0])
    assert np.array_equal(sun_position_km(tokyo, times_s), sun_position_km(EPOCH, times_s))


def test_no_download_no_warning_and_settings_untouched() -> None:
    code = """
import socket, warnings
def refuse(*args, **kwargs): raise RuntimeError("no network allowed")
socket.socket.connect = socket.getaddrinfo = refuse
warnings.simplefilter("error")
from datetime import datetime, UTC
import numpy as np
from ssa_psro.geometry.sky import sun_position_km
sun_position_km(datetime(2099, 12, 30, tzinfo=UTC), np.zeros(1))
"""
    before = iers.conf.auto_download
    sun_position_km(EPOCH, np.zeros(1))
    assert iers.conf.auto_download == before
    subprocess.run([sys.executable, "-c", code], check=True)
