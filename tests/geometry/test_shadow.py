"""The Earth's shadow: only behind the Earth, as long and as wide as in the textbooks."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ssa_psro.geometry.constants import EARTH_RADIUS_KM
from ssa_psro.geometry.shadow import LIT, PENUMBRA, UMBRA, shadow_state, sunlit

AU_KM = 149_597_870.7
SUN = (AU_KM, 0.0, 0.0)
coordinate = st.floats(-60_000, 60_000)


@given(x=coordinate, y=coordinate, z=coordinate)
def test_only_positions_behind_the_earth_are_dark(x: float, y: float, z: float) -> None:
    assume(math.hypot(x, y, z) > EARTH_RADIUS_KM + 1.0)
    state = shadow_state((x, y, z), SUN)
    if state == UMBRA:
        assert x < 0.0
        assert math.hypot(y, z) < EARTH_RADIUS_KM
    if x >= 0.0:
        assert state == LIT
    assert sunlit((x, y, z), SUN) == (state != UMBRA)


@given(distance=st.floats(6400, 60_000), angle=st.floats(0, math.pi))
def test_shadow_has_the_symmetry_of_its_axis(distance: float, angle: float) -> None:
    along, off = -distance * math.cos(0.1), distance * math.sin(0.1)
    turned = (along, off * math.cos(angle), off * math.sin(angle))
    assert shadow_state(turned, SUN) == shadow_state((along, off, 0.0), SUN)


def test_umbra_narrows_and_penumbra_widens() -> None:
    # half-angles of the cones: asin((Rs - Re) / AU) = 0.2641°, asin((Rs + Re) / AU) = 0.2690°
    # (Vallado, Fundamentals of Astrodynamics, section 5.3, gives 0.264121687° and 0.269007205°)
    distance = 42_164.0
    for state, angle_deg, sign in ((UMBRA, 0.264121687, -1.0), (PENUMBRA, 0.269007205, 1.0)):
        edge = EARTH_RADIUS_KM / math.cos(math.radians(angle_deg))
        edge += sign * distance * math.tan(math.radians(angle_deg))
        assert shadow_state((-distance, edge - 1.0, 0.0), SUN) == state
        assert shadow_state((-distance, edge + 1.0, 0.0), SUN) == state - 1


def test_umbra_ends_at_its_apex() -> None:
    # the Earth's umbra is 1.38 million km long
    assert shadow_state((-1.37e6, 0.0, 0.0), SUN) == UMBRA
    assert shadow_state((-1.40e6, 0.0, 0.0), SUN) == PENUMBRA


def test_longest_eclipse_of_a_geostationary_satellite() -> None:
    # at the equinox a geostationary satellite spends 72 minutes a day in the Earth's shadow, as
    # operators' handbooks have it; all but four of them in the umbra
    angles = np.linspace(0.0, 2.0 * math.pi, 86_400, endpoint=False)
    states = [
        shadow_state((42_164.0 * math.cos(a), 42_164.0 * math.sin(a), 0.0), SUN) for a in angles
    ]
    minutes = 86_164.1 / 86_400 / 60.0
    assert states.count(UMBRA) * minutes == pytest.approx(67.4, abs=0.5)
    assert (len(states) - states.count(LIT)) * minutes == pytest.approx(71.6, abs=0.5)
