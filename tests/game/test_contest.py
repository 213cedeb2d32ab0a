"""The contest success function (Tullock 1980), and the contest in play."""

from __future__ import annotations

import numpy as np
import pytest
from arenas import make_arena
from game.driving import random_steps, some_seeds
from hypothesis import given
from hypothesis import strategies as st

from ssa_psro.game import CoverageGame
from ssa_psro.game.scoring import contest_credit

STEPS = st.one_of(st.just(0.0), st.floats(0.5, 500.0))
SHARPNESS = st.floats(0.01, 64.0)


@given(own=STEPS, other=STEPS, sharpness=SHARPNESS)
def test_credit_is_a_share_of_one(own: float, other: float, sharpness: float) -> None:
    mine, theirs = contest_credit(own, other, sharpness), contest_credit(other, own, sharpness)
    assert 0 <= mine <= 1
    assert mine + theirs == pytest.approx(1.0 if own > 0 or other > 0 else 0.0, abs=1e-12)


@given(own=st.floats(0.5, 500.0), other=STEPS, sharpness=SHARPNESS)
def test_more_holding_never_costs_credit(own: float, other: float, sharpness: float) -> None:
    assert contest_credit(own + 1, other, sharpness) >= contest_credit(own, other, sharpness)


@given(held=st.floats(0.5, 500.0), sharpness=SHARPNESS)
def test_equal_holding_is_half_the_credit(held: float, sharpness: float) -> None:
    assert contest_credit(held, held, sharpness) == 0.5


@given(own=st.floats(0.5, 500.0), other=STEPS)
def test_sharpness_one_is_proportional(own: float, other: float) -> None:
    assert contest_credit(own, other, 1.0) == pytest.approx(own / (own + other))


def test_great_sharpness_lets_the_winner_take_all() -> None:
    assert contest_credit(51.0, 49.0, 10_000.0) == 1.0
    assert contest_credit(1.0, 500.0, 64.0) == pytest.approx(0.0, abs=1e-100)


def test_who_holds_nothing_gains_nothing() -> None:
    assert contest_credit(0.0, 0.0, 8.0) == 0.0
    assert contest_credit(0.0, 7.0, 8.0) == 0.0
    assert contest_credit(7.0, 0.0, 8.0) == 1.0


def test_who_has_custody_holds_the_step() -> None:
    """What both sides hold together are the steps of the period in which either had custody."""
    game = CoverageGame(make_arena(4, contested=6, windows=0))
    state, rng = game.start(some_seeds(6)), np.random.default_rng(4)
    threshold_km, period = game.arena.objects.custody_sigma_km, game.world.rules.period_steps
    held = np.zeros((6, game.objects))
    for _, after in random_steps(game, state, rng):
        held += (after.track.sigma_km <= threshold_km).any(axis=1)
        if after.t[0] % period == 0:
            held[:] = 0
        np.testing.assert_array_equal(after.track.held_steps.sum(axis=1), held)
