"""The game as an object: sizes, time, masks and chance at the start."""

from __future__ import annotations

import numpy as np
from arenas import make_arena
from game.driving import idle, random_steps, some_seeds
from scipy import stats

from ssa_psro.game import CoverageGame


def test_sizes_count_both_sides_sensors() -> None:
    game = CoverageGame(make_arena(0, sensors=(2, 4), objects=7, steps=40, decision_steps=8))
    assert (game.objects, game.sensors, game.candidates) == (7, 4, 7 + 2 * 4)
    assert game.decisions == 5


def test_time_stops_at_the_end() -> None:
    game = CoverageGame(make_arena(0, steps=10, decision_steps=4))
    state, orders = game.start(some_seeds(3)), idle(3, 3)
    hours = []
    while not game.done(state):
        hours.append(game.view(state, 0).hour[0])
        game.advance(state, orders, orders)
    np.testing.assert_allclose(hours, [0, 4 / 12, 8 / 12])
    scores = game.scores(state)
    game.advance(state, orders, orders)
    assert state.t.tolist() == [10] * 3
    np.testing.assert_array_equal(game.scores(state), scores)


def test_a_finished_game_still_has_a_view() -> None:
    """Learners look once more after the last step, at the very end of the horizon too."""
    game = CoverageGame(make_arena(0, steps=12, horizon_steps=12))
    state, orders = game.start(some_seeds(3)), idle(3, 3)
    game.advance(state, orders, orders, steps=12)
    for side in (0, 1):
        view = game.view(state, side)
        assert np.isfinite(view.summary).all()
        assert (view.features == 0).all()
        assert not view.feasible(4)[:, :, : game.objects + game.sensors].any()


def test_an_episode_starts_anywhere_inside_the_horizon() -> None:
    game = CoverageGame(make_arena(0, steps=20, horizon_steps=60))
    start = game.start(some_seeds(4000)).start
    assert start.min() == 0
    assert start.max() == 40
    assert stats.chisquare(np.bincount(start, minlength=41)).pvalue > 1e-3


def test_both_sides_start_with_knowledge_of_random_age() -> None:
    game = CoverageGame(make_arena(0, rules={"initial_age_h": 5.0}))
    state = game.start(some_seeds(500))
    age_h = -state.track.seen_h
    assert stats.kstest(age_h.ravel() / 5.0, "uniform").pvalue > 1e-3
    np.testing.assert_allclose(state.track.seen_step, -12 * age_h)


def test_feasible_now_is_what_the_kernel_may_take() -> None:
    """Every sensor that a step puts to work took something that the mask allowed."""
    game, rng = CoverageGame(make_arena(2)), np.random.default_rng(2)
    state = game.start(some_seeds(6))
    masks = [game.view(state, side).feasible() for side in (0, 1)]
    for before, after in random_steps(game, state, rng):
        started = (after.sensor.target >= 0) & (before.sensor.done_step <= before.t[0])
        for b, side, s in zip(*np.nonzero(started), strict=True):
            assert masks[side][b, s, int(after.sensor.target[b, side, s])]
        met = after.sensor.last_denied == before.t[0]
        for b, side, s in zip(*np.nonzero(met), strict=True):
            assert masks[1 - side][b, :, game.objects + s].any()
        masks = [game.view(after, side).feasible() for side in (0, 1)]


def test_a_longer_look_ahead_allows_more() -> None:
    game = CoverageGame(make_arena(4))
    view = game.view(game.start(some_seeds(8)), 0)
    now, soon = view.feasible(1), view.feasible(6)
    assert (soon | ~now).all()
    assert soon.sum() > now.sum()


def test_no_sensor_may_protect_another() -> None:
    game = CoverageGame(make_arena(4))
    mask = game.view(game.start(some_seeds(8)), 1).feasible()[..., game.objects + game.sensors :]
    np.testing.assert_array_equal(mask, np.tile(np.eye(game.sensors, dtype=bool), (8, 1, 1)))
