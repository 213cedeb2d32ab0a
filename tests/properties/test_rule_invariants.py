"""What must hold after every step of every episode, whatever the orders."""

from __future__ import annotations

from typing import Any

import numpy as np
from arenas import make_arena
from game.driving import column, random_steps, some_seeds
from game.strategies import arena_options
from hypothesis import given, settings
from hypothesis import strategies as st

from ssa_psro.game import CoverageGame, State

BATCH = 4


def check_access(game: CoverageGame, before: State, after: State) -> None:
    """A sensor starts to observe only what it sees to the end, when it is free and not denied."""
    t = before.t[0]
    started = (after.sensor.target >= 0) & (before.sensor.done_step <= t)
    for b, side, s in zip(*np.nonzero(started), strict=True):
        n = int(after.sensor.target[b, side, s])
        a, look_step = before.start[b] + t, int(after.track.look_step[b, side, n])
        quality = game.arena.tables.quality[a : before.start[b] + look_step + 1, side, s, n]
        assert quality.size == look_step - t + 1 >= 2
        assert (quality > 0).all()
        assert after.track.known_step[b, side, n] >= look_step
        assert 0 <= after.track.detection[b, side, n] <= 1
        assert before.sensor.denied_until[b, side, s] <= t
        assert after.sensor.done_step[b, side, s] > t


def check_observations(before: State, after: State) -> None:
    """A denied sensor exposes nothing; a side waits for one look at an object at most."""
    t = before.t[0]
    assert (after.sensor.target[after.sensor.denied_until > t] < 0).all()
    for state in (before, after):
        exposing = np.zeros(state.track.tasked.shape)
        for b, side, s in zip(*np.nonzero(state.sensor.target >= 0), strict=True):
            n = int(state.sensor.target[b, side, s])
            exposing[b, side, n] += 1
            assert state.track.look_sensor[b, side, n] == s
            assert state.sensor.done_step[b, side, s] >= state.track.look_step[b, side, n]
        assert (exposing <= state.track.tasked).all()
        waiting = (state.track.tasked > 0) & (state.track.look_step > state.t[0] - 1)
        assert (waiting <= (exposing > 0)).all()
    ended = (before.track.tasked > 0) & (after.track.attempts > before.track.attempts)
    assert (before.track.known_step[ended] == t).all()
    np.testing.assert_array_equal(
        after.track.attempts - before.track.attempts, ended.astype(np.float64)
    )


def check_protection(before: State, after: State) -> None:
    """A protected sensor, protected in this very step even, is never denied."""
    t = before.t[0]
    protected = after.sensor.protected_until > t
    assert (after.sensor.last_denied[protected] != t).all()
    np.testing.assert_array_equal(
        after.sensor.denied_until[protected], before.sensor.denied_until[protected]
    )


def check_denials(game: CoverageGame, before: State, after: State) -> None:
    """Deniers are free, charged and in reach; each denial meets its target or is blocked."""
    t, steps = before.t[0], game.world.rules.denial_steps
    tried = (after.counter.denials - before.counter.denials).astype(int)
    blocked = (after.counter.denials_blocked - before.counter.denials_blocked).astype(int)
    met = (after.sensor.last_denied == t).sum(axis=2)
    np.testing.assert_array_equal(tried - blocked, met[:, ::-1])
    denier = after.sensor.recharge_until == t + game.world.rules.recharge_steps
    np.testing.assert_array_equal(denier.sum(axis=2), tried)
    assert (before.sensor.recharge_until[denier] <= t).all()
    assert (before.sensor.done_step[denier] <= t).all()
    target = (before.sensor.attempted_until <= t) & (after.sensor.attempted_until == t + steps)
    np.testing.assert_array_equal(target.sum(axis=2), tried)
    for b, side, s in zip(*np.nonzero(denier), strict=True):
        reach = game.arena.tables.denial[before.start[b] + t, side, s] > 0
        assert (reach & target[b, side]).any()


def check_missing_sensors(game: CoverageGame, after: State) -> None:
    """The rows that pad the smaller side never act nor suffer."""
    for side, count in enumerate(game.arena.sensor_count):
        for name in ("done_step", "denied_until", "protected_until", "recharge_until"):
            assert (column(after, name)[:, side, count:] == 0).all()
        assert (after.sensor.target[:, side, count:] < 0).all()


def check_counters(before: State, after: State) -> None:
    """Successes are attempts; counters only rise; errors stay positive."""
    assert (after.track.hits <= after.track.attempts).all()
    for name in ("hits", "attempts", "custody_steps", "denials", "protections", "max_gap_h"):
        assert (column(after, name) >= column(before, name)).all()
    assert (after.track.expected_km > 0).all()
    assert (after.track.sigma_km > 0).all()
    assert (after.track.seen_h >= before.track.seen_h).all()
    assert (after.track.active_h <= after.track.seen_h).all()
    size = np.sqrt(np.diagonal(after.covariance, axis1=-2, axis2=-1))
    shares = after.covariance / (size[..., None] * size[..., None, :])
    assert np.linalg.eigvalsh(shares).min() > -1e-9


@settings(max_examples=30)
@given(options=arena_options(), luck=st.integers(0, 2**32))
def test_every_step_keeps_the_rules(options: dict[str, Any], luck: int) -> None:
    game, rng = CoverageGame(make_arena(**options)), np.random.default_rng(luck)
    for before, after in random_steps(game, game.start(some_seeds(BATCH, luck)), rng):
        check_access(game, before, after)
        check_observations(before, after)
        check_protection(before, after)
        check_denials(game, before, after)
        check_missing_sensors(game, after)
        check_counters(before, after)
        if not options["rules"]["denial"]:
            assert (after.counters == 0).all()


def test_the_situations_do_arise() -> None:
    """The checks above look at something: in a small arena everything happens that can."""
    game, rng = CoverageGame(make_arena(1, denial=0.8)), np.random.default_rng(1)
    state = game.start(some_seeds(16))
    for _ in random_steps(game, state, rng):
        pass
    assert (state.counter.denials > state.counter.denials_blocked).all()
    for name in ("denials_blocked", "protections", "attempts", "hits"):
        assert column(state, name).sum() > 0
    assert (state.track.attempts > state.track.hits).any()
