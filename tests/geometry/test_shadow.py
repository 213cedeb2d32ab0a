"""The Earth's shadow: only behind the Earth, as long and as wide as in the textbooks."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ssa_psro.geometry.constants import (
    EARTH_POLAR_RADIUS_KM,
    EARTH_RADIUS_KM,
    EARTH_STRETCH,
    SUN_RADIUS_KM,
)
from ssa_psro.geometry.occultation import (
    LIT,
    PENUMBRA,
    UMBRA,
    apparent_discs,
    shadow_state,
    sunlight,
)

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
    light = sunlight((x, y, z), SUN)
    assert (light == 0.0, light == 1.0) == (state == UMBRA, state == LIT)


@given(distance=st.floats(6400, 60_000), angle=st.floats(0, math.pi))
def test_shadow_has_the_symmetry_of_its_axis_where_the_earth_is_round(
    distance: float, angle: float
) -> None:
    along, off = -distance * math.cos(0.1), distance * math.sin(0.1)
    turned = (along, off * math.cos(angle), off * math.sin(angle) / EARTH_STRETCH)
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


def in_penumbra(distance_km: float, share: float, turn: float = 0.0) -> tuple[float, float, float]:
    """A position at that distance, at that share of the way through the penumbra.

    ``turn`` moves it about the axis of the shadow, from the equator's edge to the pole's.
    """
    earth = math.asin(EARTH_RADIUS_KM / distance_km)
    disc = math.asin(SUN_RADIUS_KM / (AU_KM + distance_km))
    # seen from the object the centres are this far apart; the Sun is not at infinity
    separation = earth + (2.0 * share - 1.0) * disc
    at_sun = math.asin(distance_km / AU_KM * math.sin(separation))
    angle = math.pi - separation - at_sun
    aside = distance_km * math.sin(angle)
    over = aside * math.sin(turn) / EARTH_STRETCH
    return (distance_km * math.cos(angle), aside * math.cos(turn), over)


def light_by_rays(position: tuple[float, float, float], rays: int = 400_000) -> float:
    """Share of lines to points of the Sun's disc that pass the ellipsoid of the Earth."""
    at, sun = np.array(position), np.array(SUN)
    axis = (sun - at) / np.linalg.norm(sun - at)
    aside = np.cross(axis, [0.0, 0.0, 1.0])
    aside /= np.linalg.norm(aside)
    # a spiral of golden angles covers the disc evenly
    number = np.arange(rays)
    radius = SUN_RADIUS_KM * np.sqrt((number + 0.5) / rays)
    turn = number * math.pi * (3.0 - math.sqrt(5.0))
    point = radius[:, None] * (
        np.cos(turn)[:, None] * aside + np.sin(turn)[:, None] * np.cross(axis, aside)
    )
    towards = sun + point - at
    # the line at + s * towards meets x²/a² + y²/a² + z²/b² = 1 where a quadratic in s has a root
    weights = np.array([EARTH_RADIUS_KM, EARTH_RADIUS_KM, EARTH_POLAR_RADIUS_KM]) ** -2.0
    square, linear = towards**2 @ weights, towards @ (weights * at)
    return float(np.mean(linear**2 < square * (weights @ at**2 - 1.0)))


@pytest.mark.parametrize("distance_km", [6700.0, 7200.0, 26_560.0, 42_164.0])
@pytest.mark.parametrize("share", [0.02, 0.25, 0.5, 0.8, 0.98])
@pytest.mark.parametrize("turn_deg", [0.0, 50.0, 89.0])
def test_penumbral_light_is_the_share_of_rays_that_pass_the_earth(
    distance_km: float, share: float, turn_deg: float
) -> None:
    position = in_penumbra(distance_km, share, math.radians(turn_deg))
    assert shadow_state(position, SUN) == PENUMBRA
    assert sunlight(position, SUN) == pytest.approx(light_by_rays(position), abs=1e-4)


def test_umbra_over_the_poles_is_narrower_by_the_flattening() -> None:
    for turned, radius_km in (((0.0, 1.0), EARTH_POLAR_RADIUS_KM), ((1.0, 0.0), EARTH_RADIUS_KM)):
        inside, outside = (
            (-1000.0, *(scale * radius_km * part for part in turned)) for scale in (0.98, 1.01)
        )
        assert shadow_state(inside, SUN) == UMBRA
        assert shadow_state(outside, SUN) == LIT
    assert shadow_state((-1000.0, 0.0, 6365.0), SUN) == LIT
    assert shadow_state((-1000.0, 6365.0, 0.0), SUN) == UMBRA


@given(distance=st.floats(6500, 60_000), a=st.floats(-0.1, 1.1), b=st.floats(-0.1, 1.1))
def test_light_only_grows_on_the_way_out_of_the_shadow(distance: float, a: float, b: float) -> None:
    dark, bright = (sunlight(in_penumbra(distance, share), SUN) for share in sorted((a, b)))
    # where two circles barely meet, the area between them is a difference of like numbers
    assert 0.0 <= dark <= bright + 1e-6 <= 1.0 + 1e-6


def test_light_of_two_equal_circles_and_of_a_ring() -> None:
    # two circles of radius a whose centres are a apart share (2 pi / 3 - sqrt(3) / 2) a²; where the
    # Earth looks as large as the Sun, at the apex of the umbra, that is the light it takes
    apex = EARTH_RADIUS_KM * AU_KM / (SUN_RADIUS_KM - EARTH_RADIUS_KM)
    _, disc, _ = apparent_discs((-apex, 0.0, 0.0), SUN)
    aside = (-apex, apex * math.tan(disc) * (AU_KM + apex) / AU_KM, 0.0)
    assert apparent_discs(aside, SUN) == pytest.approx((disc, disc, disc), rel=1e-3)
    taken = (2.0 * math.pi / 3.0 - math.sqrt(3.0) / 2.0) / math.pi
    assert sunlight(aside, SUN) == pytest.approx(1.0 - taken, abs=1e-3)
    # twice as far the Earth covers a quarter of the Sun's disc, a little more than that as the
    # Sun is farther too
    earth, disc, _ = apparent_discs((-2.0 * apex, 0.0, 0.0), SUN)
    assert sunlight((-2.0 * apex, 0.0, 0.0), SUN) == pytest.approx(1.0 - (earth / disc) ** 2)
