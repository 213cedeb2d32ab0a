"""Access as bits, and the other short cuts of the rules, against what they stand for."""

from __future__ import annotations

import math

import numpy as np
import pytest
from arenas import make_arena
from game.driving import some_seeds
from hypothesis import given
from hypothesis import strategies as st

from ssa_psro.compiled import entry_point, lowest_bit
from ssa_psro.game import CoverageGame
from ssa_psro.game.motion import across_share, add_noise, carry, position_variance, spread_of
from ssa_psro.game.sensing import access_lasts, chord, scene_of
from ssa_psro.game.sight import across_variance
from ssa_psro.game.world import WORD, access_bits

HOURS = st.floats(0.0, 72.0)


def some_covariance(seed: int) -> np.ndarray:
    root = np.random.default_rng(seed).normal(size=(6, 6))
    return root @ root.T


@pytest.mark.parametrize("place", range(WORD))
def test_the_lowest_bit_is_found_below_any_others(place: int) -> None:
    higher = 0b1011 << (place + 1)
    word = np.uint64(((1 << place) | higher) % 2**WORD)
    assert lowest_bit(word) == _compiled_lowest_bit(word) == place


@entry_point
def _compiled_lowest_bit(word: np.uint64) -> int:
    return lowest_bit(word)


@pytest.mark.filterwarnings("ignore:overflow")
def test_access_lasts_as_long_as_the_table_says() -> None:
    """Over the ends of words, and of the horizon."""
    game = CoverageGame(make_arena(3, access=0.97, horizon_steps=150, steps=150))
    state, quality = game.start(some_seeds(1)), game.world.quality
    for now in range(0, 150, 7):
        state.t[0] = now - state.start[0]
        scene = scene_of(game.world, state, 0, 1)
        for s, n in np.ndindex(quality.shape[2:]):
            ahead = quality[now + 1 :, 1, s, n] > 0
            lasts = ahead.size if ahead.all() else int(ahead.argmin())
            for most in (1, 12, 70, 149):
                assert access_lasts(scene, s, n, most) == min(most, lasts)


def test_every_pair_with_access_has_its_bits() -> None:
    quality = make_arena(3, objects=70, horizon_steps=70, steps=70).tables.quality
    shortest = np.array([2, 3])
    accessible, lasting = access_bits(quality, shortest)
    for step, side, s, n in np.ndindex(quality.shape):
        by_object = int(accessible[step, side, s, n // WORD]) >> (n % WORD) & 1
        by_step = int(lasting[step // WORD, side, s, n]) >> (step % WORD) & 1
        ahead = quality[step : step + shortest[side] + 1, side, s, n]
        assert by_step == (ahead[0] > 0)
        assert by_object == (ahead.size == shortest[side] + 1 and ahead.all())


@given(angle_rad=st.floats(0.0, math.pi))
def test_a_chord_is_no_longer_than_its_arc(angle_rad: float) -> None:
    cosine = math.cos(angle_rad)
    assert chord(cosine) <= math.acos(cosine)
    assert chord(cosine) == pytest.approx(2 * math.sin(math.acos(cosine) / 2), abs=1e-7)


@given(seed=st.integers(0, 99), n=st.floats(0.2, 4.5), seen_h=HOURS, later_h=HOURS)
def test_the_coefficients_are_those_of_the_variance(
    seed: int, n: float, seen_h: float, later_h: float
) -> None:
    covariance, x = some_covariance(seed), n * later_h
    phase = n * (seen_h + later_h)
    functions = (1.0, x, x**2, x**3, math.cos(phase), math.sin(phase))
    functions += (
        x * math.cos(phase),
        x * math.sin(phase),
        math.cos(2 * phase),
        math.sin(2 * phase),
    )
    found = sum(np.multiply(spread_of(covariance, 0.1, n, n * seen_h), functions))
    expected = position_variance(covariance, 0.1, n, later_h)
    assert found == pytest.approx(expected, rel=1e-9, abs=1e-9)


@given(seed=st.integers(0, 99), n=st.floats(0.2, 4.5), later_h=st.floats(0.1, 72.0))
def test_the_share_across_a_line_of_sight_is_that_of_the_whole_covariance(
    seed: int, n: float, later_h: float
) -> None:
    covariance = some_covariance(seed)
    x, y, z = np.random.default_rng(seed + 100).normal(size=3)
    length = math.sqrt(x * x + y * y + z * z)
    sight = (x / length, y / length, z / length)
    found = across_share(covariance, 0.1, n, later_h, sight)
    carry(covariance, n, later_h)
    add_noise(covariance, 0.1, 0.1, 0.1, n, later_h)
    expected = across_variance(covariance, sight) / np.trace(covariance[:3, :3])
    assert found == pytest.approx(expected, rel=1e-6, abs=1e-9)
