"""Element sets: ids of any size, regimes, and the orbit that SGP4 makes of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from element_files import ISS, element_sets, read, verification_lines
from hypothesis import given
from hypothesis import strategies as st
from sgp4.alpha5 import to_alpha5
from sgp4.api import Satrec

from ssa_psro.catalogs import ORBIT_REGIMES, canonical_id, satrec

ONE = element_sets()[0]
LARGEST_ALPHA5 = 339999


@pytest.mark.parametrize(
    ("field", "alike", "apart"),
    [
        ("inclination_deg", 2e-4, 3e-4),
        ("raan_deg", 2e-4, 3e-4),
        ("mean_anomaly_deg", 2e-4, 3e-4),
        ("argument_of_perigee_deg", 2e-4, 3e-4),
        ("mean_motion_rev_day", 2e-8, 3e-8),
        ("eccentricity", 2e-7, 3e-7),
    ],
)
def test_an_orbit_is_the_same_to_the_digits_of_a_tle(
    field: str, alike: float, apart: float
) -> None:
    for more, same in ((alike, True), (apart, False)):
        assert ONE.flies_as(replace(ONE, **{field: getattr(ONE, field) + more})) is same
    assert ONE.flies_as(replace(ONE, raan_deg=ONE.raan_deg + 360.0))


@pytest.mark.parametrize("lines", verification_lines(), ids=lambda lines: lines[0][2:7])
def test_orbits_are_those_of_sgp4_s_own_reader(lines: tuple[str, str], tmp_path: Path) -> None:
    """Verification cases of SGP4; epochs to the microsecond are 1e-8 km in the fastest orbit."""
    catalog = read("\n".join(lines), tmp_path)
    (ours,), reference = map(satrec, catalog.accepted), Satrec.twoline2rv(*lines)
    for day in (0.0, 0.4, 3.0, -2.0):
        instant = reference.jdsatepoch, reference.jdsatepochF + day
        code, position_km, velocity_km_s = ours.sgp4(*instant)
        wanted_code, wanted_km, wanted_km_s = reference.sgp4(*instant)
        assert code == wanted_code
        np.testing.assert_allclose(position_km, wanted_km, rtol=0, atol=1e-5)
        np.testing.assert_allclose(velocity_km_s, wanted_km_s, rtol=0, atol=1e-8)


@given(number=st.integers(1, LARGEST_ALPHA5))
def test_alpha5_and_digits_are_one_id(number: int) -> None:
    assert canonical_id(to_alpha5(number)) == canonical_id(str(number)) == str(number)


@pytest.mark.parametrize(
    ("catalog_id", "canonical"),
    [
        ("00005", "5"),
        ("A0000", "100000"),
        ("Z9999", "339999"),
        ("799501234", "799501234"),
        ("I0000", "I0000"),
        ("2026-001A", "2026-001A"),
        ("0", "0"),
    ],
)
def test_ids_have_one_canonical_form(catalog_id: str, canonical: str) -> None:
    assert canonical_id(catalog_id) == canonical


@pytest.mark.parametrize("catalog_id", ["799501234", "A0000", "340000", "2026-001A"])
def test_an_id_of_any_size_is_propagated(catalog_id: str) -> None:
    """sgp4 itself refuses numbers above 339999."""
    one = replace(ONE, catalog_id=catalog_id)
    code, position_km, _ = satrec(one).sgp4_tsince(90.0)
    assert code == 0
    assert one.perigee_altitude_km - 20 < np.linalg.norm(position_km) - 6378.135
    assert np.linalg.norm(position_km) - 6378.135 < one.apogee_altitude_km + 20


def test_altitudes_of_the_space_station(tmp_path: Path) -> None:
    """347 × 356 km on 20 September 2008, as the example's source tells."""
    (station,) = read(ISS, tmp_path).accepted
    assert station.perigee_altitude_km == pytest.approx(347, abs=5)
    assert station.apogee_altitude_km == pytest.approx(356, abs=5)
    assert station.regime == "LEO"


@given(mean_motion=st.floats(0.01, 20.0, exclude_min=True), eccentricity=st.floats(0.0, 0.999))
def test_every_orbit_has_a_regime(mean_motion: float, eccentricity: float) -> None:
    one = replace(ONE, mean_motion_rev_day=mean_motion, eccentricity=eccentricity)
    assert one.regime in ORBIT_REGIMES


@pytest.mark.parametrize(
    ("mean_motion", "eccentricity", "regime"),
    [
        (15.5, 0.001, "LEO"),
        (11.26, 0.1, "LEO"),
        (2.0, 0.01, "MEO"),
        (1.0027, 0.0, "GEO"),
        (0.985, 0.01, "GEO"),
        (2.0, 0.7, "HEO"),
        (0.5, 0.1, "HEO"),
    ],
)
def test_regimes(mean_motion: float, eccentricity: float, regime: str) -> None:
    one = replace(ONE, mean_motion_rev_day=mean_motion, eccentricity=eccentricity)
    assert one.regime == regime
