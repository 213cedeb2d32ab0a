"""The features of candidates and the summary: named, bounded, and of what they say."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from arenas import make_arena
from game.driving import doctrine, idle, play_constant, random_steps, some_seeds
from game.strategies import arena_options
from hypothesis import given, settings
from hypothesis import strategies as st

from ssa_psro.game import SUMMARY, CoverageGame


def test_the_summary_names_are_unique() -> None:
    assert len(set(SUMMARY)) == len(SUMMARY)


@settings(max_examples=15)
@given(options=arena_options(), luck=st.integers(0, 2**32))
def test_everything_a_side_sees_is_bounded(options: dict[str, Any], luck: int) -> None:
    game, rng = CoverageGame(make_arena(**options)), np.random.default_rng(luck)
    state = game.start(some_seeds(3, luck))
    for _, after in random_steps(game, state, rng):
        for side in (0, 1):
            view = game.view(after, side)
            for numbers in (view.features, view.summary):
                assert np.isfinite(numbers).all()
                assert numbers.min() >= 0
                assert numbers.max() <= 1 + 1e-6


def test_each_kind_of_candidate_has_features_of_its_own() -> None:
    game = CoverageGame(make_arena(1))
    state = play_constant(game, some_seeds(4), doctrine(noise=1.0), doctrine(noise=1.0))
    view = game.view(game.start(some_seeds(4)), 0)
    n, s = game.objects, game.sensors
    kinds = {"observe": slice(0, n), "deny": slice(n, n + s), "protect": slice(n + s, None)}
    for name, kind in kinds.items():
        marked = np.zeros(game.candidates)
        marked[kind] = 1
        np.testing.assert_array_equal(view.feature(name), np.tile(marked, (4, 1)))
    for name in ("quality", "slew", "closing", "across"):
        assert (view.feature(name) == 0).all()
    assert game.done(state)


def test_an_unknown_feature_is_refused() -> None:
    game = CoverageGame(make_arena(1))
    with pytest.raises(ValueError, match="not in tuple"):
        game.view(game.start(some_seeds(1)), 0).feature("luck")


def test_age_counts_from_the_last_success() -> None:
    game = CoverageGame(make_arena(5, rules={"initial_age_h": 4.0}))
    state = play_constant(game, some_seeds(4), doctrine(age=1.0), doctrine(age=1.0))
    state.t[:] -= 1  # the last step that still has features
    view = game.view(state, 1)
    age_h = view.hour[:, None] - state.track.seen_h[:, 1]
    half_h = 6.0
    np.testing.assert_allclose(view.feature("age")[:, : game.objects], age_h / (age_h + half_h))
    assert state.track.hits[:, 1].sum() > 0


def test_a_denied_sensor_is_harassed_and_the_memory_fades() -> None:
    game = CoverageGame(make_arena(1, denial=1.0, steps=30))
    state = play_constant(game, some_seeds(4), doctrine(deny=1.0), doctrine())
    denied = state.sensor.last_denied[:, 1]
    assert (denied >= 0).any()
    state.t[:] = 29
    since_h = (29 - denied) * game.world.rules.dt_h
    expected = np.where(denied >= 0, 1 / (1 + since_h), 0)
    own = game.view(state, 1).feature("harassed")[:, game.objects + game.sensors :]
    np.testing.assert_allclose(own, expected)


def test_noise_is_fresh_for_every_candidate_step_side_and_episode() -> None:
    game = CoverageGame(make_arena(1))
    state, orders = game.start(some_seeds(5)), idle(5, game.sensors)
    seen: list[float] = []
    for _ in range(6):
        for side in (0, 1):
            seen += game.view(state, side).feature("noise").ravel().tolist()
        game.advance(state, orders, orders, steps=1)
    assert len(set(seen)) == len(seen) == 6 * 2 * 5 * game.candidates


def test_looking_at_the_features_changes_nothing() -> None:
    """A side may look or not: summary, features and the episode to come are the same."""
    game, rng = CoverageGame(make_arena(7, windows=4)), np.random.default_rng(7)
    state = game.start(some_seeds(6))
    for _, after in random_steps(game, state, rng):
        before_features = game.view(after, 0).summary
        _ = game.view(after, 0).features
        np.testing.assert_array_equal(game.view(after, 0).summary, before_features)


def test_the_summary_counts_what_the_features_show() -> None:
    game, rng = CoverageGame(make_arena(8, objects=9)), np.random.default_rng(8)
    state = game.start(some_seeds(5))
    contested, regime = game.arena.objects.contested, game.arena.objects.regime
    for _, after in random_steps(game, state, rng):
        if game.done(after):
            break
        view = game.view(after, 1)
        for index, group in enumerate(("LEO", "MEO", "GEO")):
            for kind in (False, True):
                members = np.flatnonzero((regime == index) & (contested == kind))
                for name in ("uncertainty", "lost", "age"):
                    key = f"{'contested' if kind else 'uncontested'} {group}: {name}"
                    values = view.feature(name)[:, members]
                    expected = values.mean(axis=1) if members.size else np.zeros(5)
                    column = view.summary[:, SUMMARY.index(key)]
                    np.testing.assert_allclose(column, expected, atol=1e-6, err_msg=key)
