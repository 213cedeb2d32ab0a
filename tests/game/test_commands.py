"""Orders: their builders, their joining, and what each mode of them does."""

from __future__ import annotations

import numpy as np
from arenas import make_arena
from game.driving import doctrine, idle, random_command, some_seeds
from numpy.typing import NDArray

from ssa_psro.game import (
    FEATURES,
    CoverageGame,
    State,
    assignment_command,
    doctrine_command,
    priority_command,
)
from ssa_psro.game.command import ASSIGNMENT, DOCTRINE, IDLE, PRIORITY, stack


def test_builders_make_contiguous_arrays_of_fixed_types() -> None:
    doctrines = np.zeros((3, len(FEATURES)), np.float32)[:, ::-1]
    commands = {
        DOCTRINE: doctrine_command(doctrines),
        PRIORITY: priority_command(np.zeros((7, 3)).T),
        ASSIGNMENT: assignment_command(np.zeros((3, 2), np.int32)),
    }
    for mode, command in commands.items():
        assert command.mode.tolist() == [mode] * 3
        assert command.mode.dtype == np.int8
        for array, dtype in zip(command[1:], (np.float64, np.float64, np.int64), strict=True):
            assert array.dtype == dtype
            assert array.shape[0] == 3
            assert array.flags.c_contiguous


def test_joined_orders_keep_each_episodes_own() -> None:
    masks = [np.array([True, False, False, True]), np.array([False, True, True, False])]
    weights, priorities = np.arange(2.0 * len(FEATURES)).reshape(2, -1), np.arange(10.0)
    joined = stack(
        [
            (masks[0], doctrine_command(weights)),
            (masks[1], priority_command(priorities.reshape(2, 5))),
        ]
    )
    assert joined.mode.tolist() == [DOCTRINE, PRIORITY, PRIORITY, DOCTRINE]
    np.testing.assert_array_equal(joined.doctrine[[0, 3]], weights)
    np.testing.assert_array_equal(joined.priority[[1, 2]], priorities.reshape(2, 5))


def completable(game: CoverageGame, state: State) -> NDArray[np.bool_]:
    """``[B, S, N]`` what Blue sees until a first exposure, which needs no slew, would be over."""
    kind, step_s = game.arena.scenario.blue.sensor, game.arena.scenario.window.step_s
    steps = int(np.ceil((kind.settle_s + kind.dwell_s) / step_s))
    quality = game.arena.tables.quality[:, 0]
    return np.array([(quality[a : a + steps + 1] > 0).all(axis=0) for a in state.start])


def test_an_assignment_is_obeyed_where_it_is_feasible() -> None:
    game, batch = CoverageGame(make_arena(3, access=0.6)), 12
    state = game.start(some_seeds(batch))
    feasible = completable(game, state)
    wanted = np.random.default_rng(3).integers(0, game.objects, size=(batch, game.sensors))
    game.advance(state, assignment_command(wanted), idle(batch, game.sensors), steps=1)
    for b in range(batch):
        taken: set[int] = set()
        for s in range(game.sensors):  # at step 0 sensor 0 chooses first
            n = int(wanted[b, s])
            obeyed = feasible[b, s, n] and n not in taken
            assert state.sensor.target[b, 0, s] == (n if obeyed else IDLE)
            taken |= {n} if obeyed else set()


def test_only_positive_priorities_are_tasked() -> None:
    game = CoverageGame(make_arena(3, access=1.0, denial=1.0))
    state = game.start(some_seeds(4))
    refused = priority_command(np.full((4, game.candidates), -1.0))
    game.advance(state, refused, refused, steps=game.world.rules.steps)
    assert (
        state.track.attempts.sum()
        == state.counter.denials.sum()
        == state.counter.protections.sum()
        == 0
    )


def test_the_highest_priority_in_sight_is_taken() -> None:
    """Steps of 10 between the priorities leave no room for the tie-breaks of quality and slew."""
    game, batch = CoverageGame(make_arena(5, sensors=(1, 1), access=0.7)), 20
    state = game.start(some_seeds(batch))
    order = np.array([np.random.default_rng(b).permutation(game.candidates) for b in range(batch)])
    feasible = game.view(state, 0).feasible()[:, 0]
    feasible[:, : game.objects] = completable(game, state)[:, 0]
    orders = priority_command(10.0 * (1 + order))
    game.advance(state, orders, idle(batch, 1), steps=1)
    best = np.where(feasible, order, -1).argmax(axis=1)
    expected = np.where(feasible.any(axis=1) & (best < game.objects), best, IDLE)
    np.testing.assert_array_equal(state.sensor.target[:, 0, 0], expected)
    assert len(set(expected.tolist())) > 3


def test_a_doctrine_is_the_priority_of_its_features() -> None:
    """For one step, weights · features handed over as priorities task the same objects."""
    game, batch = CoverageGame(make_arena(6, access=0.8)), 16
    weights = doctrine(age=0.7, contested=0.4, deny=0.5, threat=0.6, protect=0.4, exposure=0.9)
    weights[[FEATURES.index(name) for name in ("quality", "slew")]] = (
        0.1,
        -0.1,
    )  # the tie-breaks that priorities have anyway
    one, other = (game.start(some_seeds(batch)) for _ in range(2))
    rest = idle(batch, game.sensors)
    game.advance(one, doctrine_command(np.tile(weights, (batch, 1))), rest, steps=1)
    priorities = game.view(other, 0).features @ weights
    game.advance(other, priority_command(priorities), rest, steps=1)
    np.testing.assert_array_equal(one.sensors, other.sensors)
    assert (one.sensor.target[:, 0] >= 0).any()


def test_orders_of_all_modes_play_in_one_batch() -> None:
    game = CoverageGame(make_arena(7))
    command = random_command(game, np.random.default_rng(7), 30)
    assert set(command.mode.tolist()) == {DOCTRINE, PRIORITY, ASSIGNMENT}
    state = game.start(some_seeds(30))
    game.advance(state, command, command)
    for mode in (DOCTRINE, PRIORITY, ASSIGNMENT):
        assert (state.sensor.done_step[command.mode == mode] > 0).any()
