"""An episode depends on its seed and its orders: not on its batch, nor on how it is advanced."""

from __future__ import annotations

from typing import Any

import numpy as np
from arenas import make_arena
from game.driving import random_command, random_doctrines, select, some_seeds
from game.strategies import arena_options
from hypothesis import given, settings
from hypothesis import strategies as st

from ssa_psro.game import Command, CoverageGame, State, doctrine_command

BATCH = 5
LUCK = st.integers(0, 2**32)


def some_orders(game: CoverageGame, luck: int) -> list[tuple[Command, Command]]:
    """Orders of both sides for every decision."""
    rng = np.random.default_rng(luck)
    count = -(-game.world.rules.steps // game.arena.scenario.window.steps_per_decision)
    return [
        (random_command(game, rng, BATCH), random_command(game, rng, BATCH)) for _ in range(count)
    ]


def assert_same(one: State, other: State) -> None:
    for name, array, twin in zip(State._fields, one, other, strict=True):
        np.testing.assert_array_equal(array, twin, name)


def play(game: CoverageGame, state: State, orders: list[tuple[Command, Command]]) -> State:
    for blue, red in orders:
        game.advance(state, blue, red)
    assert game.done(state)
    return state


@settings(max_examples=15)
@given(options=arena_options(), luck=LUCK)
def test_an_episode_is_the_same_alone_and_in_any_batch(options: dict[str, Any], luck: int) -> None:
    game = CoverageGame(make_arena(**options))
    seeds, orders = some_seeds(BATCH, luck), some_orders(game, luck)
    together = play(game, game.start(seeds), orders)
    shuffled = np.random.default_rng(luck).permutation(BATCH)
    for episodes in (shuffled, np.array([2]), np.array([4, 4, 0])):
        some = [(select(blue, episodes), select(red, episodes)) for blue, red in orders]
        apart = play(game, game.start(seeds[episodes]), some)
        assert_same(apart, together.select(episodes))


@settings(max_examples=15)
@given(options=arena_options(), luck=LUCK, step=st.integers(1, 7))
def test_orders_held_are_orders_repeated(options: dict[str, Any], luck: int, step: int) -> None:
    """Constant doctrines: all at once, a decision at a time, or a few steps at a time."""
    game = CoverageGame(make_arena(**options))
    doctrines = random_doctrines(np.random.default_rng(luck), 2 * BATCH)
    blue, red = doctrine_command(doctrines[:BATCH]), doctrine_command(doctrines[BATCH:])
    at_once, in_parts = (game.start(some_seeds(BATCH, luck)) for _ in range(2))
    game.advance(at_once, blue, red, steps=game.world.rules.steps)
    while not game.done(in_parts):
        game.advance(in_parts, blue, red, steps=step)
    assert_same(at_once, in_parts)


@settings(max_examples=15)
@given(options=arena_options(), luck=LUCK)
def test_the_same_seed_and_orders_give_the_same_episode(options: dict[str, Any], luck: int) -> None:
    seeds, states = some_seeds(BATCH, luck), []
    for _ in range(2):
        game = CoverageGame(make_arena(**options))
        states.append(play(game, game.start(seeds), some_orders(game, luck)))
    assert_same(*states)


def test_another_seed_gives_another_episode() -> None:
    game = CoverageGame(make_arena(0))
    state = play(game, game.start(some_seeds(BATCH)), some_orders(game, 0))
    assert len(np.unique(state.track.sigma_km[:, 0, 0])) == BATCH


def test_the_orders_are_left_as_they_were() -> None:
    game = CoverageGame(make_arena(0))
    orders = some_orders(game, 0)
    copies = [[Command(*(a.copy() for a in command)) for command in pair] for pair in orders]
    play(game, game.start(some_seeds(BATCH)), orders)
    for pair, twins in zip(orders, copies, strict=True):
        for command, twin in zip(pair, twins, strict=True):
            for array, other in zip(command, twin, strict=True):
                np.testing.assert_array_equal(array, other)
