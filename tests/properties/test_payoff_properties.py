"""What is paid: by rivalry, bounded, and the sum of its rewards, in every small arena."""

from __future__ import annotations

from typing import Any

import numpy as np
from arenas import make_arena
from game.driving import random_command, random_steps, some_seeds
from game.strategies import arena_options
from hypothesis import given, settings
from hypothesis import strategies as st

from ssa_psro.game import CoverageGame

BATCH = 4
LUCK = st.integers(0, 2**32)


@settings(max_examples=20)
@given(options=arena_options(), luck=LUCK)
def test_payoffs_are_the_own_score_less_the_rivals(options: dict[str, Any], luck: int) -> None:
    game, rng = CoverageGame(make_arena(**options)), np.random.default_rng(luck)
    for _, state in random_steps(game, game.start(some_seeds(BATCH, luck)), rng):
        scores, payoffs = game.scores(state), game.payoffs(state)
        rivalry = options["rules"]["rivalry"]
        np.testing.assert_array_equal(payoffs, scores - rivalry * scores[:, ::-1])
        if rivalry == 1.0:
            assert (payoffs.sum(axis=1) == 0).all()
        if rivalry == 0.0:
            np.testing.assert_array_equal(payoffs, scores)


@settings(max_examples=20)
@given(options=arena_options(), luck=LUCK)
def test_a_running_score_is_at_most_the_share_of_time_played(
    options: dict[str, Any], luck: int
) -> None:
    """From 0 at the start to 1 at most at the end; contested objects are paid only once."""
    game, rng = CoverageGame(make_arena(**options)), np.random.default_rng(luck)
    state = game.start(some_seeds(BATCH, luck))
    assert (game.scores(state) == 0).all()
    for _, after in random_steps(game, state, rng):
        scores, played = game.scores(after), after.t[0] / game.world.rules.steps
        assert scores.min() >= 0
        assert scores.max() <= played + 1e-12
        if game.arena.objects.contested.all():
            assert scores.sum(axis=1).max() <= played + 1e-12


@settings(max_examples=20)
@given(options=arena_options(contested=0), luck=LUCK)
def test_custody_once_kept_stays_paid(options: dict[str, Any], luck: int) -> None:
    """Without a contest a running score never falls."""
    game, rng = CoverageGame(make_arena(**options)), np.random.default_rng(luck)
    for before, after in random_steps(game, game.start(some_seeds(BATCH, luck)), rng):
        assert (game.scores(after) >= game.scores(before)).all()


@settings(max_examples=20)
@given(options=arena_options(), luck=LUCK)
def test_rewards_add_up_to_the_payoff(options: dict[str, Any], luck: int) -> None:
    """The differences of the running payoff, decision by decision, telescope to the last one."""
    game, rng = CoverageGame(make_arena(**options)), np.random.default_rng(luck)
    state = game.start(some_seeds(BATCH, luck))
    total, last = np.zeros((BATCH, 2)), game.payoffs(state)
    while not game.done(state):
        game.advance(state, *(random_command(game, rng, BATCH) for _ in range(2)))
        payoffs = game.payoffs(state)
        total += payoffs - last
        last = payoffs
    np.testing.assert_allclose(total, game.payoffs(state), rtol=0, atol=1e-13)


def test_the_score_of_what_is_always_in_custody_is_one() -> None:
    """By hand: nobody ever loses sight, so each side is paid all that is not contested."""
    arena = make_arena(3, contested=0, windows=0, rules={"initial_age_h": 0.0})
    arena.objects.growth_km_h[:] = 1e-9
    arena.objects.custody_sigma_km[:] = 100.0
    game = CoverageGame(arena)
    state = game.start(some_seeds(BATCH))
    game.advance(state, *(random_command(game, np.random.default_rng(0), BATCH) for _ in range(2)))
    played = state.t[0] / game.world.rules.steps
    np.testing.assert_allclose(game.scores(state), played, rtol=1e-12)
    np.testing.assert_allclose(game.payoffs(state), 0, atol=1e-12)
