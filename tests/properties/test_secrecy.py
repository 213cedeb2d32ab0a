"""A side's view holds nothing that only the opponent or nature knows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from arenas import make_arena
from game.driving import idle, random_command, random_steps, snapshot, some_seeds
from game.strategies import arena_options
from hypothesis import given, settings
from hypothesis import strategies as st

from ssa_psro.game import CoverageGame, State, View, assignment_command
from ssa_psro.game.columns import TRACK

BATCH = 4
HIDDEN_COLUMNS = [
    TRACK.sigma_km,
    TRACK.custody_steps,
    TRACK.held_steps,
    TRACK.credit_steps,
]


def assert_same_view(one: View, other: View, where: str) -> None:
    np.testing.assert_array_equal(one.features, other.features, f"features {where}")
    np.testing.assert_array_equal(one.summary, other.summary, f"summary {where}")
    for steps in (1, 4):
        np.testing.assert_array_equal(one.feasible(steps), other.feasible(steps), where)
    np.testing.assert_array_equal(one.hour, other.hour)


def scrambled(state: State, side: int, rng: np.random.Generator) -> State:
    """The same state with everything replaced that ``side`` does not know."""
    other = snapshot(state)
    for array in (
        other.tracks,
        other.sensors,
        other.covariance,
        other.spread,
        other.counters,
    ):
        array[:, 1 - side] = rng.uniform(-5, 50, size=array[:, 1 - side].shape)
    own = other.tracks[:, side]
    own[:, HIDDEN_COLUMNS] = rng.uniform(0, 50, size=own[:, HIDDEN_COLUMNS].shape)
    # what happened before the side's last look it has seen; anything may have happened since
    seen = (state.start[:, None] + state.track.seen_step[:, side])[..., None]
    hidden = (state.manoeuvre_step < 0) | (state.manoeuvre_step >= seen)
    later = np.ceil(seen) + rng.integers(0, 99, size=hidden.shape)
    later[rng.random(hidden.shape) < 0.5] = -1.0
    other.manoeuvre_step[hidden] = later[hidden]
    other.counters[:] = rng.integers(0, 99, size=other.counters.shape)
    return other


@settings(max_examples=15)
@given(options=arena_options(), luck=st.integers(0, 2**32))
def test_the_view_reads_no_hidden_number(options: dict[str, Any], luck: int) -> None:
    game, rng = CoverageGame(make_arena(**options)), np.random.default_rng(luck)
    for _, after in random_steps(game, game.start(some_seeds(BATCH, luck)), rng):
        for side in (0, 1):
            other = scrambled(after, side, rng)
            where = f"of side {side} after step {after.t[0]}"
            assert_same_view(game.view(after, side), game.view(other, side), where)


def test_a_view_does_depend_on_what_the_side_knows() -> None:
    """The comparison above can fail: change one number that the side knows."""
    game = CoverageGame(make_arena(0))
    state = game.start(some_seeds(BATCH))
    other = snapshot(state)
    other.track.seen_h[:, 0, 0] -= 1.0
    with pytest.raises(AssertionError):
        assert_same_view(game.view(state, 0), game.view(other, 0), "")


@settings(max_examples=15)
@given(options=arena_options(rules={"denial": False}), luck=st.integers(0, 2**32))
def test_without_denial_the_opponents_orders_leave_no_trace(
    options: dict[str, Any], luck: int
) -> None:
    game, rng = CoverageGame(make_arena(**options)), np.random.default_rng(luck)
    one, other = (game.start(some_seeds(BATCH, luck)) for _ in range(2))
    while not game.done(one):
        own, *theirs = (random_command(game, rng, BATCH) for _ in range(3))
        game.advance(one, own, theirs[0], steps=1)
        game.advance(other, own, theirs[1], steps=1)
        assert_same_view(game.view(one, 0), game.view(other, 0), f"after step {one.t[0]}")


@settings(max_examples=15)
@given(options=arena_options(denial=1.0), luck=st.integers(0, 2**32))
def test_the_opponents_orders_show_only_in_a_denial(options: dict[str, Any], luck: int) -> None:
    """Red idles in one game and plays in the other; Blue sees no difference until it is denied."""
    game, rng = CoverageGame(make_arena(**options)), np.random.default_rng(luck)
    seeds = some_seeds(1, luck)
    quiet, lively = game.start(seeds), game.start(seeds)
    while not game.done(quiet):
        own, theirs = (random_command(game, rng, 1) for _ in range(2))
        game.advance(quiet, own, idle(1, game.sensors), steps=1)
        game.advance(lively, own, theirs, steps=1)
        if (lively.sensor.last_denied[:, 0] >= 0).any():
            return
        where = f"after step {quiet.t[0]}"
        assert_same_view(game.view(quiet, 0), game.view(lively, 0), where)


def test_a_denier_cannot_see_whether_its_target_was_protected() -> None:
    arena = make_arena(2, denial=1.0)
    game = CoverageGame(arena)
    n, s = game.objects, game.sensors
    deny_all = assignment_command(np.tile(np.arange(n, n + s), (BATCH, 1)))
    protect_all = assignment_command(np.tile(np.arange(n + s, n + 2 * s), (BATCH, 1)))
    open_, shielded = game.start(some_seeds(BATCH)), game.start(some_seeds(BATCH))
    game.advance(open_, deny_all, idle(BATCH, s), steps=1)
    game.advance(shielded, deny_all, protect_all, steps=1)
    assert open_.counter.denials_blocked.sum() == 0
    assert shielded.counter.denials_blocked[:, 0].sum() == open_.counter.denials[:, 0].sum() > 0
    assert_same_view(game.view(open_, 0), game.view(shielded, 0), "of the denier")


def test_an_unobserved_manoeuvre_shows_nowhere() -> None:
    """All manoeuvres happen or none does: who does not look sees no difference for all time."""
    arena = make_arena(6, windows=3)
    certain = replace(arena.windows, probability=np.minimum(arena.windows.probability, 0.5))
    game = CoverageGame(replace(arena, windows=certain))
    quiet, restless = game.start(some_seeds(BATCH)), game.start(some_seeds(BATCH))
    after_start = quiet.start[:, None, None] <= arena.windows.start_step
    quiet.manoeuvre_step[after_start] = -1
    restless.manoeuvre_step[:] = np.where(
        after_start & (arena.windows.probability > 0), arena.windows.start_step, -1
    )
    quiet.manoeuvre_step[~after_start] = restless.manoeuvre_step[~after_start] = -1
    orders = idle(BATCH, game.sensors)
    while not game.done(quiet):
        for state in (quiet, restless):
            game.advance(state, orders, orders, steps=3)
        for side in (0, 1):
            where = f"after step {quiet.t[0]}"
            assert_same_view(game.view(quiet, side), game.view(restless, side), where)
    assert (restless.track.sigma_km > quiet.track.sigma_km).any()
