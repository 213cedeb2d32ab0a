"""The compiled game against the slow reference, state by state after every step."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from arenas import make_arena
from game.driving import column
from numpy.typing import NDArray
from reference.reference_features import FEATURES as REFERENCE_FEATURES
from reference.reference_game import Orders, ReferenceEpisode

from ssa_psro.game import (
    FEATURES,
    Command,
    CoverageGame,
    State,
    assignment_command,
    doctrine_command,
    priority_command,
)
from ssa_psro.game.columns import TRACK
from ssa_psro.game.command import stack

EPISODES = 5
LOOK = (TRACK.look_sensor, TRACK.look_step, TRACK.known_step, TRACK.detection)
MODES = ("doctrine", "priority", "assignment")
TIGHT = {"rtol": 1e-11, "atol": 1e-12}
NUMERICAL = {"rtol": 1e-7, "atol": 1e-9}
"""Of closed forms against matrices that were exponentiated and multiplied."""

ARENAS: dict[str, dict[str, Any]] = {
    "usual": {},
    "lopsided": {"sensors": (2, 4), "objects": 9},
    "crowded": {"sensors": (4, 4), "objects": 2, "access": 0.9},
    "all-in-sight": {"access": 1.0, "denial": 1.0, "objects": 4},
    "duel": {"sensors": (1, 1), "objects": 1, "contested": 1},
    "no-denial": {"rules": {"denial": False}},
    "no-windows": {"windows": 0, "symmetric": True},
    "many-windows": {"windows": 5, "steps": 60, "horizon_steps": 60, "access": 0.7},
    "never-contested": {"contested": 0},
    "proportional": {"rules": {"contest_sharpness": 1.0, "payoff": "general-sum"}, "contested": 6},
    "sharp": {"rules": {"contest_sharpness": 64.0, "contest_period_h": 0.75}, "contested": 6},
    "odd-durations": {
        "step_s": 170,
        "steps": 50,
        "rules": {
            "denial_s": 1000.0,
            "denial_recharge_s": 700.0,
            "protection_s": 2500.0,
            "protected_sensitivity": 0.3,
            "initial_age_h": 0.0,
        },
    },
    "restless": {
        "denial": 0.9,
        "rules": {"denial_s": 450.0, "denial_recharge_s": 100.0, "protection_s": 600.0},
        "sensor": {"settle_s": 0.0, "dwell_s": 30.0, "slew_rate_deg_s": 3.0},
    },
    "sluggish": {"sensor": {"settle_s": 300.0, "dwell_s": 600.0, "slew_rate_deg_s": 0.05}},
    "late-and-lazy": {"sensor": {"latency_s": 1000.0, "duty_cycle": 0.4, "dwell_s": 200.0}},
    "narrow": {"sensor": {"field_of_view_deg": 0.1, "dwell_s": 200.0}, "access": 0.8},
    "scattered": {"scatter_mag": 1.5, "sensor": {"dwell_s": 400.0, "brightest_magnitude": 9.0}},
    "unforecast": {
        "windows": 3,
        "unforecast_per_day": 0.9,
        "step_s": 1800,
        "access": 0.8,
        "sensor": {"dwell_s": 200.0},
    },
    "half-rival": {"rules": {"rivalry": 0.4}, "contested": 4},
}


def draw_doctrine(rng: np.random.Generator) -> NDArray[np.float64]:
    """Weights that make all three tasks frequent; half of the time coarse, for the sake of ties."""
    if rng.random() < 0.5:
        weights = rng.integers(-1, 2, size=len(FEATURES)).astype(np.float64)
    else:
        weights = rng.normal(size=len(FEATURES))
    weights[FEATURES.index("observe")] = rng.choice([0.0, 1.0, 3.0])
    return weights


def draw_assignment(rng: np.random.Generator, episode: ReferenceEpisode, side: int) -> list[int]:
    """A candidate a sensor: mostly one that it could take, sometimes any or none at all."""
    chosen = []
    for s in range(episode.n_sensors):
        takes = [c for c in range(episode.n_candidates) if episode.feasible(side, s, c)]
        free = takes if takes and rng.random() < 0.8 else range(-1, episode.n_candidates)
        chosen.append(int(rng.choice(list(free))))
    return chosen


def draw_orders(rng: np.random.Generator, episode: ReferenceEpisode, side: int) -> Orders:
    mode = MODES[rng.integers(len(MODES))]
    if mode == "doctrine":
        return Orders(mode, draw_doctrine(rng))
    if mode == "priority":
        return Orders(mode, rng.normal(size=episode.n_candidates).round(1))
    return Orders(mode, draw_assignment(rng, episode, side))


def as_command(orders: list[Orders]) -> Command:
    """The orders of a batch of episodes, whatever the mode of each."""
    builders = (doctrine_command, priority_command, assignment_command)
    parts = []
    for mode, build in zip(MODES, builders, strict=True):
        mask = np.array([order.mode == mode for order in orders])
        if mask.any():
            parts.append((mask, build(np.array([o.numbers for o in orders if o.mode == mode]))))
    return stack(parts)


def of_objects(episodes: list[ReferenceEpisode], name: str) -> NDArray[np.float64]:
    """``[B, 2, N]`` one field of the reference's custody."""
    return np.array(
        [[[getattr(c, name) for c in side.custody] for side in e.sides] for e in episodes], float
    )


def steps_left(episodes: list[ReferenceEpisode], name: str) -> NDArray[np.float64]:
    """``[B, 2, S]`` how long from now one of the sensors' deadlines holds."""
    until = [[[getattr(s, name) for s in side.sensors] for side in e.sides] for e in episodes]
    return np.maximum(0, np.array(until) - episodes[0].t)


def of_sides(episodes: list[ReferenceEpisode], name: str) -> NDArray[np.float64]:
    """``[B, 2]`` one counter of the reference."""
    return np.array([[getattr(side, name) for side in e.sides] for e in episodes], float)


def assert_same_state(
    game: CoverageGame, state: State, episodes: list[ReferenceEpisode], where: str
) -> None:
    for name in ("hits", "attempts", "missed", "tasked"):
        expected = of_objects(episodes, name)
        np.testing.assert_array_equal(column(state, name), expected, f"{name} {where}")
    for name in ("denials", "denials_blocked", "protections"):
        expected = of_sides(episodes, name)
        np.testing.assert_array_equal(column(state, name), expected, f"{name} {where}")
    for name in ("denied_until", "protected_until", "recharge_until", "done_step"):
        left = np.maximum(0, column(state, name) - episodes[0].t)
        np.testing.assert_array_equal(left, steps_left(episodes, name), f"{name} {where}")
    attempts = of_sides(episodes, "attempted_until") - episodes[0].t
    left = np.maximum(0, state.sensor.attempted_until - episodes[0].t)
    np.testing.assert_array_equal(left, np.maximum(0, attempts), f"attempted_until {where}")
    for name in ("sigma_km", "expected_km", "suspected", "seen_step", "custody_steps", "max_gap_h"):
        expected = of_objects(episodes, name)
        np.testing.assert_allclose(
            column(state, name), expected, err_msg=f"{name} {where}", **NUMERICAL
        )
    assert_same_covariances(game, state, episodes, where)
    assert_same_looks(state, episodes, where)
    scores = [[episode.score(side) for side in (0, 1)] for episode in episodes]
    np.testing.assert_allclose(game.scores(state), scores, err_msg=f"scores {where}", **TIGHT)
    payoffs = [episode.payoff for episode in episodes]
    np.testing.assert_allclose(game.payoffs(state), payoffs, err_msg=f"payoffs {where}", **TIGHT)


def assert_same_covariances(
    game: CoverageGame, state: State, episodes: list[ReferenceEpisode], where: str
) -> None:
    """Each entry by the geometric mean of its variances, so that no axis hides another."""
    expected = np.array(
        [[[c.covariance for c in side.custody] for side in e.sides] for e in episodes]
    )
    deviation = np.sqrt(np.diagonal(expected, axis1=-2, axis2=-1))
    share = (state.covariance - expected) / (deviation[..., None] * deviation[..., None, :])
    assert np.abs(share).max() < 1e-6, f"covariance {where}"


def assert_same_looks(state: State, episodes: list[ReferenceEpisode], where: str) -> None:
    """The looks of which nobody knows the result yet, and the hours of the impulses seen."""
    for b, episode in enumerate(episodes):
        for side in (0, 1):
            for n, custody in enumerate(episode.sides[side].custody):
                track = state.tracks[b, side, :, n]
                step, active_h = custody.active_step, track[TRACK.active_h]
                expected_h = -np.inf if step is None else step * episode.step_h
                assert active_h == pytest.approx(expected_h), f"active_h {where}"
                if custody.look is not None:
                    found = [track[column] for column in LOOK]
                    assert found == pytest.approx(list(vars(custody.look).values())), where


def assert_same_features(
    game: CoverageGame, state: State, episodes: list[ReferenceEpisode], where: str
) -> None:
    for side in (0, 1):
        expected = np.zeros((len(episodes), game.candidates, len(FEATURES)))
        for b, episode in enumerate(episodes):
            episode.assess(side)
            for c in range(game.candidates):
                for name, value in episode.features(side, c).items():
                    expected[b, c, FEATURES.index(name)] = value
        np.testing.assert_allclose(
            game.view(state, side).features, expected, err_msg=f"features {where}", **NUMERICAL
        )


def test_the_features_are_the_same_in_number_and_order() -> None:
    assert FEATURES == REFERENCE_FEATURES


@pytest.mark.parametrize("name", ARENAS)
def test_the_compiled_game_replays_the_reference(name: str) -> None:
    """Every mode of command in one batch, new orders every third step, one step at a time."""
    index = list(ARENAS).index(name)
    arena, rng = make_arena(index, **ARENAS[name]), np.random.default_rng(100 + index)
    seeds = rng.integers(0, 2**64, size=EPISODES, dtype=np.uint64, endpoint=False)
    game = CoverageGame(arena)
    state, episodes = game.start(seeds), [ReferenceEpisode(arena, int(seed)) for seed in seeds]
    assert [episode.start for episode in episodes] == state.start.tolist()
    assert_same_state(game, state, episodes, "at the start")
    while not episodes[0].done:
        where = f"in arena {name!r} after step {episodes[0].t}"
        if episodes[0].t % 3 == 0:
            orders = [[draw_orders(rng, e, side) for e in episodes] for side in (0, 1)]
            assert_same_features(game, state, episodes, where)
        game.advance(state, as_command(orders[0]), as_command(orders[1]), steps=1)
        for episode, blue, red in zip(episodes, *orders, strict=True):
            episode.step(blue, red)
        assert_same_state(game, state, episodes, where)
    assert game.done(state)


@pytest.mark.parametrize("seed", range(4))
def test_whole_episodes_of_constant_doctrines_replay(seed: int) -> None:
    """Advanced to the end in a single call, without anybody looking in between."""
    arena, rng = make_arena(50 + seed, objects=8), np.random.default_rng(seed)
    game, seeds = CoverageGame(arena), np.arange(EPISODES, dtype=np.uint64)
    weights = [[draw_doctrine(rng) for _ in seeds] for _ in range(2)]
    state, episodes = game.start(seeds), [ReferenceEpisode(arena, int(key)) for key in seeds]
    blue, red = (doctrine_command(np.array(rows)) for rows in weights)
    game.advance(state, blue, red, steps=10_000)
    for b, episode in enumerate(episodes):
        while not episode.done:
            episode.step(*(Orders("doctrine", weights[side][b]) for side in (0, 1)))
    assert_same_state(game, state, episodes, "at the end")
    assert of_objects(episodes, "hits").sum() > 0
