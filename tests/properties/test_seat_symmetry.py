"""Blue and Red are names only: exchange the seats and the outcome is exchanged."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from arenas import make_arena
from game.driving import doctrine, play_constant, random_doctrines, some_seeds
from numpy.typing import NDArray

from ssa_psro.game import FEATURES, CoverageGame, State
from ssa_psro.geometry.arena import AccessTables, Arena

BATCH = 6
SIGMAS = 5.0
WIDE = {"field_of_view_deg": 180.0}
"""No error is too wide to find an object again."""


def seats_exchanged(arena: Arena) -> Arena:
    """The same arena with all that is Blue's given to Red, and the other way round."""
    sensors = arena.tables.quality.shape[2]
    position_km = arena.tables.position_km.copy()
    position_km[:, :sensors] = arena.tables.position_km[:, sensors : 2 * sensors]
    position_km[:, sensors : 2 * sensors] = arena.tables.position_km[:, :sensors]
    tables = AccessTables(
        quality=np.ascontiguousarray(arena.tables.quality[:, ::-1]),
        denial=np.ascontiguousarray(arena.tables.denial[:, ::-1]),
        position_km=position_km,
    )
    scenario = arena.scenario
    sides = {"blue": scenario.red, "red": scenario.blue}
    return replace(
        arena,
        tables=tables,
        scenario=scenario.model_copy(update=sides),
        sensor_count=arena.sensor_count[::-1],
    )


def without_luck(arena: Arena) -> Arena:
    """Every observation succeeds; with no initial age, no draw is left that is keyed by side."""
    arena.tables.quality[arena.tables.quality > 0] = 255
    return arena


def two_doctrines(seed: int) -> NDArray[np.float64]:
    """``[2, D]`` random doctrines that ignore noise, the only feature keyed by side."""
    doctrines = random_doctrines(np.random.default_rng(seed), 2)
    doctrines[:, FEATURES.index("noise")] = 0
    return doctrines


def assert_sides_exchanged(one: State, other: State) -> None:
    for name in ("tracks", "sensors", "covariance", "spread", "counters"):
        exchanged = getattr(other, name)[:, ::-1]
        np.testing.assert_array_equal(getattr(one, name), exchanged, name)


@pytest.mark.parametrize("seed", range(6))
def test_exchanged_seats_exchange_the_outcome(seed: int) -> None:
    """Lopsided arena, different doctrines; bit for bit, since no luck is keyed by side."""
    sensors = [(3, 3), (2, 4), (4, 1)][seed % 3]
    rules = {"initial_age_h": 0.0, "protected_sensitivity": 1.0}
    arena = without_luck(make_arena(seed, sensors=sensors, objects=8, rules=rules, sensor=WIDE))
    one, other = CoverageGame(arena), CoverageGame(seats_exchanged(arena))
    blue, red = two_doctrines(seed)
    played = play_constant(one, some_seeds(BATCH), blue, red)
    exchanged = play_constant(other, some_seeds(BATCH), red, blue)
    assert_sides_exchanged(played, exchanged)
    np.testing.assert_array_equal(one.payoffs(played), other.payoffs(exchanged)[:, ::-1])
    assert (one.payoffs(played) != 0).any()


def test_a_symmetric_arena_without_luck_is_a_draw() -> None:
    rules = {"initial_age_h": 0.0, "protected_sensitivity": 1.0}
    arena = without_luck(make_arena(9, symmetric=True, rules=rules, sensor=WIDE))
    game, (same, _) = CoverageGame(arena), two_doctrines(9)
    state = play_constant(game, some_seeds(BATCH), same, same)
    assert_sides_exchanged(state, state)
    assert (game.payoffs(state) == 0).all()
    assert state.track.hits.sum() > 0


def test_a_symmetric_arena_is_fair_on_average() -> None:
    """With all its luck: A against B in either seat has the same mean, B's being A's negative."""
    game = CoverageGame(make_arena(10, symmetric=True))
    first, second = doctrine(contested_age=0.7, uncertainty=0.4), doctrine(deny=1.0)
    seeds = some_seeds(1000)
    as_blue = game.payoffs(play_constant(game, seeds, first, second))[:, 0]
    as_red = game.payoffs(play_constant(game, seeds, second, first))[:, 1]
    mirror = game.payoffs(play_constant(game, seeds, first, first))[:, 0]
    for difference in (as_blue - as_red, mirror):
        error = difference.std() / np.sqrt(seeds.size)
        assert abs(difference.mean()) < SIGMAS * error
    assert abs(as_blue.mean()) > SIGMAS * as_blue.std() / np.sqrt(seeds.size)
