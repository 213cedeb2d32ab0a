"""Walker patterns: counts, spacing, phasing, and that they stay rigid."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from skies import walker

from ssa_psro.geometry.bodies import constellation_orbits, walker_elements
from ssa_psro.geometry.propagation import from_schema, propagate
from ssa_psro.scenario.schema import EARTH_RADIUS_KM, OsculatingElements, StatedConstellation

TURN = 2.0 * np.pi
DAY_S = 86400.0


def apart(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Angles between two angles, in [0, pi]."""
    return np.abs((a - b + np.pi) % TURN - np.pi)


def test_reference_pattern_of_walker() -> None:
    # 65°: 15/5/1 by Walker's rule (1984): nodes 72° apart, satellites of a plane 120° apart,
    # 1 * 360° / 15 = 24° ahead from a plane to the next
    mean = walker_elements(walker(satellites=15, planes=5, phasing=1))
    assert np.degrees(mean.raan_rad[::3]) == pytest.approx([0, 72, 144, 216, 288])
    assert np.degrees(mean.mean_anomaly_rad[:3]) == pytest.approx([0, 120, 240])
    assert np.degrees(mean.mean_anomaly_rad[::3]) == pytest.approx([0, 24, 48, 72, 96])


def test_star_spreads_its_planes_over_half_a_turn() -> None:
    mean = walker_elements(walker(kind="walker-star", satellites=4, planes=4))
    assert np.degrees(mean.raan_rad) == pytest.approx([0, 45, 90, 135])


@given(
    planes=st.integers(1, 8),
    per_plane=st.integers(1, 6),
    phasing=st.integers(0, 7),
    raan_deg=st.floats(-360, 360),
    anomaly_deg=st.floats(-360, 360),
)
def test_every_satellite_sees_the_same_pattern(
    planes: int, per_plane: int, phasing: int, raan_deg: float, anomaly_deg: float
) -> None:
    design = walker(
        satellites=planes * per_plane,
        planes=planes,
        phasing=phasing % planes,
        raan_deg=raan_deg,
        anomaly_deg=anomaly_deg,
    )
    mean = walker_elements(design)
    assert len(mean.raan_rad) == design.count
    assert np.all(mean.eccentricity == 0.0)
    assert mean.semi_major_axis_km == pytest.approx(EARTH_RADIUS_KM + 800.0)
    # a step of one plane eastwards is a step of f / t of a turn along the orbit, also from the
    # last plane back to the first: that is what makes it a Walker pattern
    node = mean.raan_rad.reshape(planes, per_plane)
    along = mean.mean_anomaly_rad.reshape(planes, per_plane)
    assert apart(np.roll(node, -1, axis=0), node + TURN / planes) == pytest.approx(0.0, abs=1e-9)
    ahead = np.roll(along, -1, axis=0)[:, :1] - along - TURN * design.phasing / design.count
    assert np.min(apart(ahead, 0.0), axis=1) == pytest.approx(0.0, abs=1e-9)


@given(raan_deg=st.floats(-180, 180), hours=st.floats(0, 240))
def test_turning_the_nodes_turns_the_whole_sky(raan_deg: float, hours: float) -> None:
    times_s = np.array([hours * 3600.0])
    plain = propagate(walker_elements(walker()), times_s)[0]
    turned = propagate(walker_elements(walker(raan_deg=raan_deg)), times_s)[0]
    cosine, sine = np.cos(np.radians(raan_deg)), np.sin(np.radians(raan_deg))
    about_axis = np.array([[cosine, -sine, 0.0], [sine, cosine, 0.0], [0.0, 0.0, 1.0]])
    assert turned == pytest.approx(plain @ about_axis.T, abs=1e-6)


def test_pattern_stays_rigid_for_ten_days() -> None:
    """All mean orbits drift alike: after whole periods of the argument nothing has sheared."""
    mean = walker_elements(walker(satellites=12, planes=6))
    positions = propagate(mean, np.linspace(0.0, 10.0 * DAY_S, 500))
    opposite = positions[:, 0::2] + positions[:, 1::2]  # two satellites a plane, half a turn apart
    assert np.abs(opposite).max() < 1e-6
    assert np.linalg.norm(positions, axis=2) == pytest.approx(EARTH_RADIUS_KM + 800.0)


def test_explicit_elements_are_osculating_and_get_fitted() -> None:
    given_elements = OsculatingElements(
        semi_major_axis_km=7378.0, inclination_deg=50.0, raan_deg=40.0
    )
    design = StatedConstellation(kind="elements", satellites=(given_elements,))
    mean = constellation_orbits(design, 2.0 * DAY_S)
    stated = from_schema(design.satellites)
    assert np.degrees(stated.raan_rad[0]) == pytest.approx(40.0)
    shift_km = abs(mean.semi_major_axis_km[0] - stated.semi_major_axis_km[0])
    assert 1.0 < shift_km < 20.0  # the short-period swing of the axis at the ascending node
    assert np.degrees(mean.raan_rad[0]) == pytest.approx(40.0, abs=0.1)
