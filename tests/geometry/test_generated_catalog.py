"""The generated catalogue: names, ranges, and what a change leaves alone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from skies import catalog, geostationary, regime

from ssa_psro.geometry.bodies import generate_catalog
from ssa_psro.geometry.propagation import as_rows
from ssa_psro.scenario.schema import EARTH_RADIUS_KM, REGIMES


def test_names_regimes_and_weights_are_those_of_the_file() -> None:
    objects, mean = generate_catalog(catalog(regime(count=3, contested=2), geostationary(count=2)))
    assert objects.names == ("LEO-001", "LEO-002", "LEO-003", "GEO-001", "GEO-002")
    assert [REGIMES[index] for index in objects.regime] == ["LEO"] * 3 + ["GEO"] * 2
    assert objects.contested.tolist() == [True, True, False, False, False]
    assert objects.weight.tolist() == [2.0, 2.0, 1.0, 1.0, 1.0]
    assert len(objects) == len(mean.raan_rad) == 5


def test_two_sections_of_one_regime_number_on() -> None:
    objects, mean = generate_catalog(catalog(regime(count=2), regime(count=2, contested=0)))
    assert objects.names == ("LEO-001", "LEO-002", "LEO-003", "LEO-004")
    assert len(set(mean.semi_major_axis_km)) == 4


@given(
    seed=st.integers(0, 2**31),
    low_km=st.floats(300, 1000),
    width_km=st.floats(0, 1000),
    tilt_deg=st.floats(0, 90),
)
def test_draws_stay_in_their_ranges(
    seed: int, low_km: float, width_km: float, tilt_deg: float
) -> None:
    one = regime(
        count=20,
        altitude_km=(low_km, low_km + width_km),
        inclination_deg=(tilt_deg, 2.0 * tilt_deg),
        eccentricity=(0.001, 0.01),
        radius_m=(0.5, 1.5),
    )
    objects, mean = generate_catalog(catalog(one, seed=seed))
    altitude_km = mean.semi_major_axis_km - EARTH_RADIUS_KM
    assert np.all((altitude_km >= low_km - 1e-6) & (altitude_km <= low_km + width_km + 1e-6))
    degrees = np.degrees(mean.inclination_rad)
    assert np.all((degrees >= tilt_deg - 1e-9) & (degrees <= 2.0 * tilt_deg + 1e-9))
    assert np.all((mean.eccentricity >= 0.001) & (mean.eccentricity <= 0.01))
    assert np.all((objects.radius_m >= 0.5) & (objects.radius_m <= 1.5))


def test_orbits_spread_over_the_whole_sky() -> None:
    _, mean = generate_catalog(catalog(regime(count=400, contested=0)))
    for angle in (mean.raan_rad, mean.argument_of_perigee_rad, mean.mean_anomaly_rad):
        resultant = abs(np.mean(np.exp(1j * angle)))
        assert resultant < 3.0 / np.sqrt(400)  # three sigma of a uniform draw
        assert angle.min() >= 0.0
        assert angle.max() < 2.0 * np.pi


def test_same_seed_same_catalogue_other_seed_another() -> None:
    first, again, other = (generate_catalog(catalog(seed=seed))[1] for seed in (7, 7, 8))
    assert np.array_equal(as_rows(first), as_rows(again))
    assert not np.any(as_rows(first) == as_rows(other))


def test_longer_catalogue_extends_the_shorter_one() -> None:
    short = generate_catalog(catalog(regime(count=4), geostationary()))
    long = generate_catalog(catalog(regime(count=9), geostationary()))
    assert np.array_equal(as_rows(long[1])[:4], as_rows(short[1])[:4])
    assert np.array_equal(as_rows(long[1])[9:], as_rows(short[1])[4:])
    assert np.array_equal(long[0].radius_m[:4], short[0].radius_m[:4])


def test_contesting_more_objects_moves_none() -> None:
    few, many = (generate_catalog(catalog(regime(contested=n))) for n in (1, 3))
    assert np.array_equal(as_rows(few[1]), as_rows(many[1]))
    assert many[0].contested.sum() == pytest.approx(3)
