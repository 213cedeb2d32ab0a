"""Orbits, sight and shadow against boinor 0.20, the maintained continuation of poliastro.

boinor compiles for several seconds in each process, hence one slow module for all of it.
"""

from __future__ import annotations

import math
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ssa_psro.geometry.constants import (
    EARTH_J2,
    EARTH_MU_KM3_S2,
    EARTH_RADIUS_KM,
    EARTH_STRETCH,
    HORIZON_RADIUS_KM,
    HORIZON_STRETCH,
    SUN_RADIUS_KM,
)
from ssa_psro.geometry.fitting import cowell, fit_mean_elements
from ssa_psro.geometry.occultation import UMBRA, line_of_sight, shadow_state
from ssa_psro.geometry.propagation import (
    Elements,
    as_elements,
    as_orbits,
    cowell_positions_km,
    propagate,
    true_anomaly,
)

pytestmark = pytest.mark.slow
EPOCH = datetime(2026, 3, 20, tzinfo=UTC)
DAY_S = 86400.0
SUN = (149_597_870.7, 0.0, 0.0)

# semi-major axis km, eccentricity, four angles in degrees; errors measured in km: rms over the
# first 24 h, rms over 72 h, and of the unfitted elements after 72 h
MEASURED_KM = {
    "LEO 800 km": ((7178.137, 0.001, 65, 30, 40, 50), (2.4, 2.4, 3054.0)),
    "LEO 500 km": ((6878.0, 0.002, 97.4, 10, 80, -120), (4.7, 4.7, 685.0)),
    "GPS-like": ((26560.0, 0.01, 55, 100, 30, 10), (0.22, 0.22, 16.0)),
    "GEO": ((42164.0, 0.0003, 0.05, 0, 20, 70), (1.6, 1.6, 0.15)),
}
LEO_LIMIT_KM = 10.0


def osculating(orbit: tuple[float, ...]) -> Elements:
    """One orbit, from degrees."""
    return as_elements(np.array([[*orbit[:2], *np.radians(orbit[2:])]]))


def rms(errors_km: np.ndarray) -> float:
    """Root mean square length of vectors."""
    return math.sqrt(np.mean(np.sum(errors_km**2, axis=-1)))


@pytest.mark.parametrize("name", MEASURED_KM)
def test_fitted_j2_secular_orbit_against_cowell(name: str) -> None:
    orbit, (day_km, three_days_km, unfitted_km) = MEASURED_KM[name]
    start = osculating(orbit)
    times_s = np.linspace(0.0, 3.0 * DAY_S, 1000)
    truth_km = cowell_positions_km(as_orbits(start, EPOCH)[0], times_s)
    errors_km = propagate(fit_mean_elements(start, 3.0 * DAY_S), times_s)[:, 0] - truth_km
    assert rms(errors_km[times_s < DAY_S]) == pytest.approx(day_km, rel=0.1)
    assert rms(errors_km) == pytest.approx(three_days_km, rel=0.1)
    assert rms(errors_km) < LEO_LIMIT_KM
    unfitted = propagate(start, times_s)[-1, 0] - truth_km[-1]
    assert np.linalg.norm(unfitted) == pytest.approx(unfitted_km, rel=0.2)


def test_own_numerical_orbit_is_that_of_boinor() -> None:
    orbit = (26600.0, 0.72, 63.4, 50, 270, 0)  # Molniya, the hardest for a fixed step
    row = np.array([*orbit[:2], *np.radians(orbit[2:])])
    times_s, own_km = cowell(row, DAY_S)
    picked = slice(0, None, 97)
    truth_km = cowell_positions_km(as_orbits(osculating(orbit), EPOCH)[0], times_s[picked])
    assert np.abs(own_km[picked] - truth_km).max() < 0.1


@given(
    axis=st.floats(6700, 45000),
    shape=st.floats(0.001, 0.8),
    tilt=st.floats(1, 179),
    angles=st.tuples(*[st.floats(-180, 180)] * 3),
)
def test_position_of_elements_is_that_of_boinor(
    axis: float, shape: float, tilt: float, angles: tuple[float, float, float]
) -> None:
    from boinor.core.elements import coe2rv

    row = np.array([axis, shape, *np.radians((tilt, *angles))])
    anomaly = true_anomaly(row[5], shape)
    assert -math.pi <= anomaly <= math.pi
    wanted_km, _ = coe2rv(EARTH_MU_KM3_S2, axis * (1.0 - shape**2), shape, *row[2:5], anomaly)
    own_km = propagate(as_elements(row[None, :]), np.zeros(1))[0, 0]
    assert own_km == pytest.approx(wanted_km, abs=1e-5)


def test_constants_are_those_of_boinor() -> None:
    from astropy import units
    from boinor.bodies import Earth, Sun

    assert Earth.k.to_value("km3 / s2") == pytest.approx(EARTH_MU_KM3_S2, rel=1e-12)
    assert Earth.J2.value == pytest.approx(EARTH_J2, rel=1e-12)
    # WGS 84 here, Archinal et al. 2018 there: 0.4 m apart
    assert Earth.R.to_value(units.km) == pytest.approx(EARTH_RADIUS_KM, abs=0.001)
    assert Sun.R.to_value(units.km) == pytest.approx(SUN_RADIUS_KM)


coordinate = st.floats(-50_000, 50_000)
position = st.tuples(coordinate, coordinate, coordinate).filter(
    lambda at: math.hypot(*at) > HORIZON_RADIUS_KM + 1.0
)


@given(at=position)
def test_umbra_is_that_of_boinor(at: tuple[float, float, float]) -> None:
    from boinor.core.events import eclipse_function

    across = np.cross(at, (0.3, 0.5, 0.8))
    assume(np.linalg.norm(across) > 1.0)
    state = np.array([*at, *(7.5 * across / np.linalg.norm(across))])
    sun = np.array(SUN)
    inside = eclipse_function(EARTH_MU_KM3_S2, state, sun, SUN_RADIUS_KM, EARTH_RADIUS_KM, True)
    flattened = (at[0], at[1], at[2] / EARTH_STRETCH)  # the Earth of boinor is a sphere
    behind = at[0] < 0.0  # the function does not tell day from night
    assume(abs(inside) > 1e-4)
    assert (shadow_state(flattened, SUN) == UMBRA) == (behind and inside > 0.0)


@given(a=position, b=position)
def test_sight_is_that_of_boinor(
    a: tuple[float, float, float], b: tuple[float, float, float]
) -> None:
    from boinor.core.events import line_of_sight as boinor_sight

    margin = boinor_sight(np.array(a), np.array(b), HORIZON_RADIUS_KM)
    assume(abs(margin) > 1e-6)
    flattened = ((x, y, z / HORIZON_STRETCH) for x, y, z in (a, b))  # its Earth is a sphere
    assert line_of_sight(*flattened) == (margin > 0.0)
