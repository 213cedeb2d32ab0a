"""What a side knows of an orbit, expects of it, and makes of a look: by statistics and at limits.

The numbers themselves are compared with the reference, see ``test_replay``.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from arenas import make_arena
from game.driving import doctrine, idle, play_constant, some_seeds
from numpy.typing import NDArray
from reference.hand_arenas import SURE, with_window

from ssa_psro.game import CoverageGame, State, assignment_command, doctrine_command
from ssa_psro.game.motion import noise_variance, position_variance
from ssa_psro.game.state import remember
from ssa_psro.geometry.arena import Arena

EPISODES = 4000
GEO = 2
"""Of three objects the last is in GEO, where an orbit hardly turns within ten minutes."""
SIGMAS = 5.0  # how many standard errors a Monte Carlo mean may be off


def always_found(**options: Any) -> Arena:
    """No error is too wide for the field of view, so no look tells of impulses by failing."""
    sensor = {"field_of_view_deg": 180.0, "dwell_s": 200.0}
    return make_arena(11, objects=6, steps=30, access=1.0, sensor=sensor, **options)


def forecast_game(**options: Any) -> CoverageGame:
    """One window an object, many starts inside the horizon."""
    return CoverageGame(always_found(windows=1, horizon_steps=60, **options))


def unseen(game: CoverageGame, state: State) -> NDArray[np.bool_]:
    """``[B, N, W]`` the impulses that have happened and that Blue has not seen."""
    step, seen = state.manoeuvre_step, state.start[:, None] + state.track.seen_step[:, 0]
    now = (state.start + state.t)[:, None, None]
    return np.asarray((step >= 0) & (step >= seen[..., None]) & (step < now))


def assert_calibrated(chance: NDArray[np.float64], happened: NDArray[np.bool_]) -> None:
    """Of the events given chance p, a share p happens, in every tenth of p."""
    for low in np.arange(0.0, 1.0, 0.1):
        among = (chance > low) & (chance <= low + 0.1)
        if among.sum() >= 200:
            p = chance[among]
            error = np.sqrt((p * (1 - p)).mean() / among.sum())
            assert abs(happened[among].mean() - p.mean()) < SIGMAS * error + 1e-12, f"near {low}"


def suspicion(game: CoverageGame, state: State) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Blue's suspicion of each object, and whether it has an unseen impulse; flat arrays."""
    suspected = game.view(state, 0).feature("suspected")[:, : game.objects]
    return suspected.ravel(), unseen(game, state).any(axis=2).ravel()


def test_suspicion_without_a_look_is_calibrated() -> None:
    game = forecast_game()
    state, orders = game.start(some_seeds(EPISODES)), idle(EPISODES, game.sensors)
    for _ in range(2):
        game.advance(state, orders, orders, steps=14)
        assert_calibrated(*suspicion(game, state))


def test_suspicion_between_looks_is_calibrated() -> None:
    """Announced or not: by the rate alone a side knows what to expect."""
    arena = always_found(windows=0, horizon_steps=60, unforecast_per_day=1.0, step_s=1800)
    for game in (forecast_game(), CoverageGame(arena)):
        state = game.start(some_seeds(EPISODES))
        orders = doctrine_command(np.tile(doctrine(observe=1.0, noise=1.0), (EPISODES, 1)))
        for _ in range(5):
            game.advance(state, orders, orders, steps=5)
            assert_calibrated(*suspicion(game, state))
        assert state.track.hits.sum() > EPISODES


def test_the_expected_error_is_the_mean_of_the_true_one() -> None:
    """In squares, over many episodes in which nobody looks, inside and after the window.

    In short steps: an impulse is expected at any time of a step, and happens as the step begins.
    """
    arena = make_arena(11, objects=3, steps=400, step_s=60, horizon_steps=400)
    game, batch = CoverageGame(with_window(arena, 20, 300, probability=0.6)), 1000
    state, orders = game.start(some_seeds(batch)), idle(batch, game.sensors)
    for _ in range(2):
        game.advance(state, orders, orders, steps=200)
        gap = state.track.sigma_km[:, 0] ** 2 - state.track.expected_km[:, 0] ** 2
        error = gap.std(axis=0) / np.sqrt(batch)
        assert (error > 0).all()
        assert (np.abs(gap.mean(axis=0)) <= SIGMAS * error).all()


def test_nothing_is_suspected_without_windows() -> None:
    game = CoverageGame(make_arena(2, windows=0))
    state = play_constant(game, some_seeds(8), doctrine(noise=1.0), doctrine(noise=1.0))
    assert (game.view(state, 0).feature("suspected") == 0).all()
    np.testing.assert_array_equal(state.track.sigma_km, state.track.expected_km)
    assert (state.track.active_h == -np.inf).all()


def test_a_manoeuvre_happens_inside_its_window_as_often_as_forecast() -> None:
    game = CoverageGame(always_found(windows=1, horizon_steps=60, unforecast_per_day=0.4))
    step = game.start(some_seeds(EPISODES)).manoeuvre_step
    windows = game.arena.windows
    assert (windows.announced != (windows.probability > 0)).any()
    error = np.sqrt(windows.probability * (1 - windows.probability) / EPISODES)
    assert (np.abs((step >= 0).mean(axis=0) - windows.probability) <= SIGMAS * error).all()
    for index in np.ndindex(windows.probability.shape):
        steps = step[(slice(None), *index)]
        steps = steps[steps >= 0]
        if steps.size:
            assert steps.min() >= windows.start_step[index]
            assert steps.max() < windows.end_step[index]


def test_growth_is_the_error_after_a_day_over_its_hours() -> None:
    """An orbit known perfectly, and nobody looks."""
    arena = make_arena(1, windows=0, access=0.0, steps=49, step_s=1800, horizon_steps=49)
    game = CoverageGame(arena)
    state = game.start(some_seeds(3))
    state.covariance[:] = 0.0
    state.track.seen_step[:], state.track.seen_h[:] = 0.0, 0.0
    remember_all(game, state)
    game.advance(state, idle(3, 3), idle(3, 3), steps=49)
    expected = np.broadcast_to(24.0 * arena.objects.growth_km_h, state.track.sigma_km.shape)
    np.testing.assert_allclose(state.track.sigma_km, expected)


def test_before_the_episode_orbits_have_been_kept_up() -> None:
    """Both the first covariance and how old it is decide the error of the first step."""
    game = CoverageGame(make_arena(0, windows=0, rules={"initial_age_h": 5.0}))
    state = game.start(some_seeds(50))
    age_h = -state.track.seen_h
    game.view(state, 0).features  # noqa: B018 a look assesses
    for b, n in np.ndindex(50, game.objects):
        motion = game.arena.objects.mean_motion_rad_h[n]
        unit = noise_variance(motion, 24.0)
        density = (24.0 * game.arena.objects.growth_km_h[n]) ** 2 / unit
        covariance, hours = state.covariance[b, 0, n], age_h[b, 0, n]
        expected = position_variance(covariance, density, motion, hours)
        assert state.track.sigma_km[b, 0, n] == pytest.approx(np.sqrt(expected))
    assert (state.covariance[0] == state.covariance).all()


def remember_all(game: CoverageGame, state: State) -> None:
    """Let the state follow from covariances and times that a test has set."""
    for b, side, n in np.ndindex(state.covariance.shape[:3]):
        remember(game.world, state, b, side, n)


def looks_again(arena: Arena, step: int, looks: int, seed: int) -> tuple[CoverageGame, State]:
    """Blue's only sensor looks so often at object 0, from a step on, one look after the other."""
    game = CoverageGame(arena)
    state = game.start(np.array([seed], np.uint64))
    game.advance(state, idle(1, 1), idle(1, 1), steps=step)
    for _ in range(looks):
        game.advance(state, assignment_command([[0]]), idle(1, 1), steps=1)
        while state.track.tasked[0, 0, 0] > 0:
            game.advance(state, idle(1, 1), idle(1, 1), steps=1)
    return game, state


def one_sensor(**options: Any) -> Arena:
    """A sensor a side that sees everything, finds it, and measures well; orbits hardly wander."""
    options = {"sensors": (1, 1), "objects": 3, "access": 1.0, "denial": 0.0, **options}
    arena = make_arena(4, windows=0, horizon_steps=100, steps=100, sensor=SURE, **options)
    arena.tables.quality[arena.tables.quality > 0] = 255
    count = len(arena.objects)
    objects = replace(
        arena.objects, growth_km_h=np.full(count, 1e-3), measurement_sigma_km=np.full(count, 0.3)
    )
    return replace(arena, objects=objects)


def test_several_looks_re_establish_an_orbit_after_an_impulse() -> None:
    """One look shows that there was an impulse; its size is known only after several."""
    quiet, moved = one_sensor(), with_window(one_sensor(), 2, 6, delta_v_km_h=10.0)
    errors_km = []
    later_h, motion = 3.0, moved.objects.mean_motion_rad_h[0]
    for looks in (1, 2, 5):
        _, state = looks_again(moved, 20, looks, seed=5)
        assert state.track.active_h[0, 0, 0] == pytest.approx(22 / 12)
        assert state.track.hits[0, 0, 0] == looks
        later_h = 3.0
        motion = moved.objects.mean_motion_rad_h[0]
        errors_km.append(
            np.sqrt(position_variance(state.covariance[0, 0, 0], 0.0, motion, later_h))
        )
    _, never_moved = looks_again(quiet, 20, 1, seed=5)
    usual_km = np.sqrt(position_variance(never_moved.covariance[0, 0, 0], 0.0, motion, later_h))
    assert errors_km[0] > 5 * usual_km
    assert errors_km[0] > errors_km[1] > errors_km[2]
    assert errors_km[2] < 0.5 * errors_km[0]


def test_it_matters_from_where_a_look_is_taken() -> None:
    """Two looks from one direction leave the range open; from two directions it is known."""
    arena = one_sensor(sensors=(2, 2))
    hill = arena.tables.position_km[:, 4 + GEO].astype(float)
    radial = hill / np.linalg.norm(hill, axis=1, keepdims=True)
    cross = np.cross(hill[:-1], hill[1:])
    cross = np.vstack([cross, cross[-1:]]) / np.linalg.norm(cross[0])
    arena.tables.position_km[:, 0] = hill - 500 * radial
    arena.tables.position_km[:, 1] = hill - 500 * cross
    game = CoverageGame(arena)
    states = []
    for second in (0, 1):
        state = game.start(some_seeds(1))
        state.covariance[:] = np.diag([100.0] * 3 + [1e-6] * 3)
        state.track.seen_step[:], state.track.seen_h[:] = 0.0, 0.0
        remember_all(game, state)
        for s in (0, second):
            orders = [[GEO, -1]] if s == 0 else [[-1, GEO]]
            game.advance(state, assignment_command(orders), idle(1, 2), steps=1)
            while state.track.tasked[0, 0, GEO] > 0:
                game.advance(state, idle(1, 2), idle(1, 2), steps=1)
        assert state.track.hits[0, 0, GEO] == 2
        states.append(state)
    along_sight = [np.sqrt(state.covariance[0, 0, GEO, 0, 0]) for state in states]
    assert along_sight[0] == pytest.approx(10.0, rel=0.1)
    assert along_sight[1] == pytest.approx(0.3, rel=0.1)
