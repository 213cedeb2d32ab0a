"""Shadow and sight by hand: the same few positions worked out with plain trigonometry."""

from __future__ import annotations

import math

import numpy as np
import pytest

from ssa_psro.geometry.occultation import (
    LIT,
    PENUMBRA,
    UMBRA,
    above_limb_cosine,
    apparent_discs,
    cosine_between,
    limb_cosine,
    line_of_sight,
    off_nadir_cosine,
    shadow_state,
    sunlight,
    sunlight_on,
)

AU_KM = 149_597_870.7
SUN = (AU_KM, 0.0, 0.0)


def test_ends_inside_the_air_see_nothing() -> None:
    # 22 km above the ground, looking up; then the other way round, and just above the air
    assert not line_of_sight((6400.0, 0.0, 0.0), (9000.0, 0.0, 0.0))
    assert not line_of_sight((9000.0, 0.0, 0.0), (6400.0, 0.0, 0.0))
    assert line_of_sight((6478.2, 0.0, 0.0), (9000.0, 0.0, 0.0))
    assert not line_of_sight((6478.1, 0.0, 0.0), (9000.0, 0.0, 0.0))


@pytest.mark.parametrize(
    ("height_km", "visible"), [(6478.138, True), (6478.136, False), (0.0, False)]
)
def test_a_chord_passes_above_the_air_or_not(height_km: float, visible: bool) -> None:
    a, b = (-9000.0, height_km, 0.0), (7000.0, height_km, 0.0)
    assert line_of_sight(a, b) is visible
    assert line_of_sight(b, a) is visible


def test_a_line_that_touches_the_air_is_spoilt() -> None:
    radius = 6378.137 + 100.0
    assert not line_of_sight((radius, 0.0, 0.0), (9000.0, 0.0, 0.0))
    assert not line_of_sight((-8192.0, radius, 0.0), (8192.0, radius, 0.0))  # exact in binary
    assert line_of_sight((math.nextafter(radius, 1e4), 0.0, 0.0), (9000.0, 0.0, 0.0))


def test_limb_of_the_air_and_a_margin_from_it() -> None:
    # from 7,000 km the limb of 6,478.137 km stands at asin of their ratio
    limb = math.asin(6478.137 / 7000.0)
    observer = (0.0, 7000.0, 0.0)
    assert limb_cosine(observer) == pytest.approx(math.cos(limb), abs=1e-12)
    for margin in (0.0, 0.1, 1.0, math.pi - limb):  # the last one is straight up
        turn = limb + margin
        target = (500.0 * math.sin(turn), 7000.0 - 500.0 * math.cos(turn), 0.0)
        found = above_limb_cosine(observer, target, limb_cosine(observer))
        assert found == pytest.approx(math.cos(margin), abs=1e-12)
    # from within the air the limb is level
    assert limb_cosine((0.0, 6400.0, 0.0)) == 0.0


def test_margin_from_a_flattened_limb_is_that_of_the_directions_as_they_are() -> None:
    # from over the equator the pole's limb: the tangent to the ellipse touches it at x = a^2 / d,
    # z = b sqrt(1 - a^2 / d^2)
    a, b, d = 6478.137, 6456.752, 9000.0
    touch = math.atan2(b * math.sqrt(1.0 - a**2 / d**2), d - a**2 / d)
    for margin in (0.0, 0.3, 1.5):
        target = (d - 700.0 * math.cos(touch + margin), 0.0, 700.0 * math.sin(touch + margin))
        found = above_limb_cosine((d, 0.0, 0.0), target, limb_cosine((d, 0.0, 0.0)))
        assert math.acos(min(1.0, found)) == pytest.approx(margin, abs=1e-7)


def test_angle_from_the_nadir() -> None:
    assert off_nadir_cosine((7000.0, 0.0, 0.0), (7000.0, 0.0, 10.0)) == pytest.approx(0, abs=1e-12)
    assert off_nadir_cosine((7000.0, 0.0, 0.0), (6990.0, 10.0, 0.0)) == pytest.approx(
        math.sqrt(0.5), abs=1e-9
    )
    # off the axes: the nadir of (3, 4, 0) points to the centre and nowhere beside it
    assert off_nadir_cosine((6000.0, 8000.0, 0.0), (6004.0, 7997.0, 0.0)) == pytest.approx(
        0.0, abs=1e-12
    )
    assert cosine_between((1.0, 2.0, 3.0), (4.0, 2.0, 3.0), (1.0, 2.0, 9.0)) == 0.0
    assert cosine_between((1.0, 2.0, 3.0), (4.0, 2.0, 3.0), (7.0, 2.0, 3.0)) == 1.0
    assert cosine_between((1.0, 2.0, 3.0), (4.0, 2.0, 3.0), (-7.0, 2.0, 3.0)) == -1.0


def test_cosines_stay_where_angles_are_defined() -> None:
    # these two are parallel, and rounding puts the quotient at 1 + 2e-16
    one = (1.1, 0.3, 0.7)
    for length, cosine in ((2.9, 1.0), (-2.9, -1.0)):
        other = tuple(length * part for part in one)
        assert cosine_between((0.0, 0.0, 0.0), one, other) == cosine


@pytest.mark.parametrize("over_the_pole", [False, True])
def test_apparent_discs(over_the_pole: bool) -> None:
    """Above the equator and, as far in units of the Earth's axes, above the pole."""
    aside = 30_000.0
    place = (0.0, 0.0, aside * 6356.752 / 6378.137) if over_the_pole else (0.0, aside, 0.0)
    earth, disc, separation = apparent_discs(place, SUN)
    assert earth == pytest.approx(math.asin(6378.137 / aside), abs=1e-12)
    # where the Earth's poles are pulled out to a sphere, so are the Sun's
    radius = 695_700.0 * (6378.137 / 6356.752 if over_the_pole else 1.0)
    assert disc == pytest.approx(math.asin(radius / math.hypot(AU_KM, aside)), rel=1e-6)
    assert separation == pytest.approx(math.pi / 2.0 - math.atan(aside / AU_KM), abs=1e-12)


def at(separation: float, distance_km: float = 42_164.0) -> tuple[float, float, float]:
    """Where the centres of Earth and Sun are seen so far apart."""
    at_sun = math.asin(distance_km / AU_KM * math.sin(separation))
    angle = math.pi - separation - at_sun
    return (distance_km * math.cos(angle), distance_km * math.sin(angle), 0.0)


def test_states_change_where_the_discs_touch() -> None:
    earth = math.asin(6378.137 / 42_164.0)
    disc = apparent_discs(at(earth), SUN)[1]
    for separation, state in (
        (earth + disc + 1e-7, LIT),
        (earth + disc - 1e-7, PENUMBRA),
        (earth - disc + 1e-7, PENUMBRA),
        (earth - disc - 1e-7, UMBRA),
    ):
        assert shadow_state(at(separation), SUN) == state
        light = sunlight(at(separation), SUN)
        assert (light == 1.0, light == 0.0) == (state == LIT, state == UMBRA)
    assert (LIT, PENUMBRA, UMBRA) == (0, 1, 2)


@pytest.mark.parametrize("share", [-0.9, -0.5, 0.0, 0.3, 0.8])
def test_light_is_the_area_that_the_disc_of_the_earth_leaves(share: float) -> None:
    """The Sun's disc in strips along the line of centres, each as long as the Earth leaves it."""
    earth = math.asin(6378.137 / 42_164.0)
    disc = apparent_discs(at(earth), SUN)[1]
    separation = earth + share * disc
    x = (np.arange(400_000) + 0.5) / 200_000 - 1.0
    sun_edge = disc * np.sqrt(1.0 - x**2)
    from_earth = separation + disc * x
    earth_edge = np.sqrt(np.maximum(0.0, earth**2 - from_earth**2))
    left = np.maximum(0.0, sun_edge - np.where(from_earth < earth, earth_edge, 0.0))
    expected = left.sum() / sun_edge.sum()
    # the strips are those of a plane: the Earth's edge is less curved on the sphere of directions
    assert sunlight(at(separation), SUN) == pytest.approx(expected, abs=3e-5)


def test_discs_that_barely_touch_leave_a_share_of_light() -> None:
    """Rounding puts some of their chords beyond an edge, and some areas beyond the whole."""
    random, outer, inner = np.random.default_rng(0), [], []
    for away in 10.0 ** random.uniform(-16, -9, 10_000):
        distance_km = random.uniform(6500.0, 60_000.0)
        earth = math.asin(6378.137 / distance_km)
        disc = apparent_discs(at(earth, distance_km), SUN)[1]
        outer.append(sunlight(at(earth + disc - away, distance_km), SUN))
        inner.append(sunlight(at(earth - disc + away, distance_km), SUN))
    np.testing.assert_allclose(outer, 1.0, rtol=0, atol=1e-5)
    np.testing.assert_allclose(inner, 0.0, rtol=0, atol=1e-5)
    assert min(inner) >= 0.0


def test_a_ring_is_what_the_earth_leaves_of_the_disc() -> None:
    place = (-3e6, 1000.0, 0.0)
    earth, disc, _ = apparent_discs(place, SUN)
    assert earth < disc
    assert sunlight(place, SUN) == pytest.approx(1.0 - (earth / disc) ** 2, abs=1e-15)


def test_light_of_many_is_the_light_of_each() -> None:
    places = np.array([at(0.05), at(0.152), at(0.2), at(0.3)], dtype=np.float32)
    light = sunlight_on(places, SUN)
    assert light.shape == (4,)
    assert light[0] == 0.0
    assert 0.0 < light[1] < 1.0
    assert light[2:].tolist() == [1.0, 1.0]
    assert sunlight_on(places[:1], SUN).tolist() == [0.0]
