"""TEME to GCRS: against a published case, against astropy, and how much interpolation costs."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest
from astropy import units
from astropy.coordinates import GCRS, TEME, CartesianRepresentation
from astropy.time import Time, TimeDelta
from hypothesis import given
from hypothesis import strategies as st

from ssa_psro.geometry.sky import exact_teme_to_gcrs, teme_to_gcrs

GEO_RADIUS_M = 42_164_000.0
DAY_S = 86400.0


def test_published_position() -> None:
    """Vallado, *Fundamentals of Astrodynamics*, 4th edition, example 3-15, in km.

    The book reduces by IAU 1976/1980 with measured corrections, which agree with IAU 2006/2000A
    to centimetres.
    """
    epoch = datetime(2004, 4, 6, 7, 51, 28, 386009, tzinfo=UTC)
    teme_km = np.array([5094.18016210, 6127.64465950, 6380.34453270])
    gcrs_km = np.array([5102.50895790, 6123.01140070, 6378.13692820])
    (rotation,) = teme_to_gcrs(epoch, np.array([0.0]))
    assert rotation @ teme_km == pytest.approx(gcrs_km, abs=1e-5)  # 10 mm


def test_agrees_with_astropy() -> None:
    """Astropy goes by the Earth-fixed frame, with measured UT1 and polar motion, and back."""
    epoch, times_s = datetime(2020, 12, 28, tzinfo=UTC), np.linspace(0.0, 10.0 * DAY_S, 25)
    when = (Time(epoch, scale="utc") + TimeDelta(times_s, format="sec"))[:, None]
    axes = CartesianRepresentation(np.eye(3) * units.km, xyz_axis=0)[None, :]
    turned = TEME(axes, obstime=when).transform_to(GCRS(obstime=when)).cartesian
    expected = turned.xyz.to_value(units.km).transpose(1, 0, 2)
    error_m = np.abs(teme_to_gcrs(epoch, times_s) - expected).max() * GEO_RADIUS_M
    assert error_m < 0.01


@given(day=st.integers(0, 36_000), span_days=st.floats(0.01, 12.0))
def test_interpolation_costs_less_than_a_millimetre(day: int, span_days: float) -> None:
    epoch = datetime.fromtimestamp(day * DAY_S + 1e8, tz=UTC)
    times_s = np.linspace(0.0, span_days * DAY_S, 7)
    interpolated, exact = teme_to_gcrs(epoch, times_s), exact_teme_to_gcrs(epoch, times_s)
    assert np.abs(interpolated - exact).max() * GEO_RADIUS_M < 1e-3
    assert interpolated @ interpolated.transpose(0, 2, 1) == pytest.approx(
        np.broadcast_to(np.eye(3), (7, 3, 3)), abs=1e-12
    )


def test_frames_differ_by_what_the_documentation_says() -> None:
    (rotation,) = teme_to_gcrs(datetime(2026, 3, 20, tzinfo=UTC), np.array([0.0]))
    turn = np.arccos((np.trace(rotation) - 1.0) / 2.0)
    assert 2.0 * np.sin(turn / 2.0) * 7178.0 == pytest.approx(46.0, abs=1.0)  # km in LEO
    assert 2.0 * np.sin(turn / 2.0) * 42164.0 == pytest.approx(270.0, abs=1.0)  # km in GEO
    assert np.degrees(np.arccos(rotation[2, 2])) == pytest.approx(0.147, abs=0.001)  # of the poles
