"""The Moon's path: interpolation against astropy itself, and the eclipses of the almanac."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from astropy import units
from astropy.coordinates import get_body
from astropy.time import Time

from ssa_psro.geometry.constants import EARTH_RADIUS_KM
from ssa_psro.geometry.sky import moon_position_km, sun_position_km

DAY_S = 86400.0
EPOCH = datetime(2026, 3, 20, tzinfo=UTC)
TT_LESS_UTC = timedelta(seconds=69.184)
"""32.184 s and the 37 leap seconds since 2017; catalogues of eclipses guessed 73 to 74 s."""


def test_path_agrees_with_astropy_within_eighty_metres() -> None:
    # every three hours: the samples of the spline, six hours apart, and halfway between them
    times_s = np.arange(0.0, 28.0 * DAY_S, 3.0 * 3600.0)
    times = Time([EPOCH + timedelta(seconds=time) for time in times_s])
    wanted = get_body("moon", times).cartesian.xyz.to_value(units.km).T
    off_m = 1000.0 * np.linalg.norm(moon_position_km(EPOCH, times_s) - wanted, axis=1)
    assert off_m.max() < 80.0  # next to the ends
    assert off_m[4:-4].max() < 30.0  # elsewhere
    # nor are there more samples than needed: that would cost time and gain nothing
    assert off_m.max() > 20.0


@pytest.mark.parametrize(
    ("greatest", "gamma", "lunar"),
    # Espenak and Meeus, Five Millennium Catalogs of Lunar and Solar Eclipses, NASA/TP-2009-214173
    # and -214174: instant of greatest eclipse (terrestrial time) and distance of the shadow's axis
    # from the centre of the eclipsed body, in equatorial radii of the Earth
    [
        (datetime(2026, 3, 3, 11, 34, 52, tzinfo=UTC), 0.3765, True),
        (datetime(2026, 8, 12, 17, 47, 6, tzinfo=UTC), 0.8977, False),
        (datetime(2027, 8, 2, 10, 7, 50, tzinfo=UTC), 0.1421, False),
    ],
)
def test_eclipses_of_the_almanac(greatest: datetime, gamma: float, lunar: bool) -> None:
    times_s = np.arange(-300.0, 301.0, 5.0) + 600.0
    start = greatest - TT_LESS_UTC - timedelta(seconds=600)
    sun, moon = sun_position_km(start, times_s), moon_position_km(start, times_s)
    # the axis of the Earth's shadow leads from the Sun through the Earth, that of the Moon's
    # from the Sun through the Moon
    axis = sun if lunar else sun - moon
    axis = axis / np.linalg.norm(axis, axis=1)[:, None]
    distance = np.linalg.norm(np.cross(axis, moon), axis=1) / EARTH_RADIUS_KM
    # in 15 s the Moon moves by half of the 18.3" that its ephemeris may be off
    assert distance.min() == pytest.approx(gamma, abs=0.0005)
    assert abs(times_s[distance.argmin()] - 600.0) <= 15.0


def test_distance_stays_between_the_extremes_of_perigee_and_apogee() -> None:
    # 356,400 km to 406,700 km: Meeus, Astronomical Algorithms, chapter 50
    distance = np.linalg.norm(moon_position_km(EPOCH, np.arange(0.0, 360.0, 0.5) * DAY_S), axis=1)
    assert 356_400.0 < distance.min() < 370_400.0
    assert 404_000.0 < distance.max() < 406_720.0
