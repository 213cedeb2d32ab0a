"""Fitted mean elements, against the fit's own numerical orbit (boinor's is in ``reference``)."""

from __future__ import annotations

import math

import numpy as np
import pytest

from ssa_psro.geometry.constants import EARTH_J2, EARTH_MU_KM3_S2, EARTH_RADIUS_KM
from ssa_psro.geometry.fitting import cowell, fit_mean_elements
from ssa_psro.geometry.propagation import as_elements, as_rows, propagate

DAY_S = 86400.0
HORIZON_S = 10.0 * DAY_S

# semi-major axis km, eccentricity, four angles in degrees, largest rms error in km
ORBITS = {
    "LEO 800 km": (7178.137, 0.001, 65.0, 30.0, 40.0, 50.0, 3.0),
    "LEO 500 km, sun-synchronous": (6878.0, 0.002, 97.4, 10.0, 80.0, -120.0, 6.0),
    "LEO 1600 km": (7978.0, 0.0005, 45.0, 200.0, 0.0, 0.0, 3.0),
    "LEO circular": (7378.0, 0.0, 50.0, 0.0, 0.0, 180.0, 6.0),
    "LEO equatorial": (7000.0, 0.0, 0.0, 0.0, 0.0, 0.0, 10.0),
    "GPS-like": (26560.0, 0.01, 55.0, 100.0, 30.0, 10.0, 0.5),
    "GEO": (42164.0, 0.0003, 0.05, 0.0, 20.0, 70.0, 2.0),
    "Molniya": (26600.0, 0.72, 63.4, 50.0, 270.0, 0.0, 6.0),
}


def row_of(orbit: tuple[float, ...]) -> np.ndarray:
    """Elements in km and radians."""
    return np.array([*orbit[:2], *np.radians(orbit[2:6])])


def rms(errors: np.ndarray) -> float:
    """Root mean square length of vectors."""
    return math.sqrt(np.mean(np.sum(errors**2, axis=-1)))


@pytest.mark.parametrize("name", ORBITS)
def test_fitted_orbit_stays_near_the_numerical_one(name: str) -> None:
    row, limit_km = row_of(ORBITS[name]), ORBITS[name][-1]
    mean = fit_mean_elements(as_elements(row[None, :]), HORIZON_S)
    times_s, truth_km = cowell(row, HORIZON_S)
    errors = propagate(mean, times_s)[:, 0] - truth_km
    assert rms(errors) < limit_km
    for day in range(10):  # no growth: the last day is as good as the first
        picked = (times_s >= day * DAY_S) & (times_s < (day + 1) * DAY_S)
        assert rms(errors[picked]) < 1.1 * limit_km


def test_osculating_elements_used_as_mean_would_be_far_off() -> None:
    row = row_of(ORBITS["LEO 800 km"])
    times_s, truth_km = cowell(row, 3.0 * DAY_S)
    unfitted = propagate(as_elements(row[None, :]), times_s)[:, 0] - truth_km
    assert np.linalg.norm(unfitted[-1]) > 2000.0


def test_each_orbit_of_several_is_fitted_by_itself() -> None:
    rows = np.array([row_of(ORBITS[name]) for name in ("GPS-like", "GEO")])
    together = as_rows(fit_mean_elements(as_elements(rows), DAY_S))
    alone = [as_rows(fit_mean_elements(as_elements(row[None, :]), DAY_S))[0] for row in rows]
    assert np.array_equal(together, np.array(alone))


def test_horizon_shorter_than_an_orbit_is_fitted_over_one_orbit() -> None:
    row = row_of(ORBITS["GEO"])
    mean = fit_mean_elements(as_elements(row[None, :]), 0.0)
    times_s, truth_km = cowell(row, DAY_S)
    assert rms(propagate(mean, times_s)[:, 0] - truth_km) < 2.0


def test_fit_gives_the_numbers_that_it_gave() -> None:
    """To the millimetre: a scenario's tables depend on the fit's samples and steps.

    Whoever changes them raises ``TABLE_FORMAT`` too.
    """
    row = row_of(ORBITS["LEO 500 km, sun-synchronous"])
    mean = as_rows(fit_mean_elements(as_elements(row[None, :]), 3.0 * DAY_S))[0]
    was = (6876.41665910, 0.00224181387, 1.70005301685, 0.17440536956, 1.11079321, -1.80791851)
    assert mean == pytest.approx(was, rel=0.0, abs=2e-8)


def test_numerical_orbit_keeps_the_energy_of_the_oblate_earth() -> None:
    row = row_of(ORBITS["Molniya"])
    times_s, positions_km = cowell(row, DAY_S)
    assert np.all(np.diff(times_s) > 0.0)
    # vis-viva with the J2 potential at two instants, speeds by central differences of the path
    speeds = np.gradient(positions_km, times_s, axis=0, edge_order=2)
    radius = np.linalg.norm(positions_km, axis=1)
    latitude = positions_km[:, 2] / radius
    bulge = EARTH_J2 * (EARTH_RADIUS_KM / radius) ** 2 * (1.5 * latitude**2 - 0.5)
    potential = -EARTH_MU_KM3_S2 / radius * (1.0 - bulge)
    energy = 0.5 * np.sum(speeds**2, axis=1) + potential
    inner = energy[2:-2]
    assert np.ptp(inner) < 1e-3 * abs(inner.mean())
