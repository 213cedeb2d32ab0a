"""Tables of an episode and of orbits, against the trace and the geometry that they are of."""

from __future__ import annotations

import math

import numpy as np
import pytest
from arenas import make_arena
from policies.members import some_mixture

from ssa_psro.findings.episode import HOLDERS, activity_table, age_table, spells
from ssa_psro.findings.orbits import TRACK_H, assets_table, orbit_table, track_table
from ssa_psro.game import CoverageGame
from ssa_psro.geometry import build_arena
from ssa_psro.geometry.constants import EARTH_RADIUS_KM
from ssa_psro.policies import make_policy
from ssa_psro.randomness import episode_seeds
from ssa_psro.report.episode import replayed
from ssa_psro.scenario import load_scenario
from ssa_psro.trace import Activity, Trace, record


@pytest.fixture(scope="module")
def game() -> CoverageGame:
    """A random one, with twice the steps that fit the table of ages."""
    return CoverageGame(make_arena(3, steps=290, decision_steps=5))


@pytest.fixture(scope="module")
def trace(game: CoverageGame) -> Trace:
    """Of one episode, in which sensors deny and protect themselves."""
    pair = make_policy("blinding"), make_policy("shielded")
    return record(game, *pair, episode_seeds(1, "tables", count=1))[0]


def test_ages_are_sampled_evenly(game: CoverageGame, trace: Trace) -> None:
    table = age_table(trace, game.arena.scenario)
    hours = np.array(table.unique("hour"))
    assert hours.size == 145
    np.testing.assert_allclose(hours, np.arange(0, 290, 2) * trace.step_s / 3600)
    shape = (game.objects, hours.size)
    ages = table.numbers("red_age_h").reshape(shape)
    np.testing.assert_allclose(ages, (hours[:, None] - trace.seen_h[1, ::2]).T, atol=1e-5)
    held = np.array(table.values("blue_custody")).reshape(shape)
    np.testing.assert_array_equal(held, trace.custody[0, ::2].T)
    holder = np.array(table.values("holder")).reshape(shape)
    assert holder[2, 7] == HOLDERS[int(trace.holder[14, 2])]


def test_activity_adds_up_to_what_was_traced(game: CoverageGame, trace: Trace) -> None:
    table = activity_table(trace, game.arena.scenario)
    lasted = table.numbers("end_h") - table.numbers("start_h")
    states, sides = np.array(table.values("state")), np.array(table.values("side"))
    for side, name in enumerate(("blue", "red")):
        for kind in Activity:
            hours = lasted[(states == kind.name.lower()) & (sides == name)].sum()
            steps = 0 if kind == Activity.IDLE else (trace.activity[side] == kind).sum()
            assert hours == pytest.approx(steps * trace.step_s / 3600)
        for state, when in (("denied", trace.denied), ("protected", trace.protected)):
            hours = lasted[(states == state) & (sides == name)].sum()
            assert hours == pytest.approx(when[side].sum() * trace.step_s / 3600)
    assert (states == "denying").any()
    assert (states == "protected").any()


def test_spells_are_runs() -> None:
    found = spells(np.array([True, True, False, True, False, False, True]))
    assert found.tolist() == [[0, 2], [3, 4], [6, 7]]
    assert spells(np.zeros(4, np.bool_)).shape == (0, 2)


def test_assets_count_sensors_with_access_at_once(game: CoverageGame) -> None:
    table = assets_table(game.arena)
    counts = (game.arena.tables.quality > 0).sum(axis=2)
    for number, side in enumerate(("blue", "red")):
        own = table.where("side", side)
        for least in (1, 2, 3):
            wanted = (counts[:, number] >= least).mean(axis=0)
            np.testing.assert_allclose(own.numbers(f"assets_{least}"), wanted)


def test_orbits_of_the_shipped_game_are_where_its_file_says() -> None:
    arena = build_arena(load_scenario("scenarios/quickstart.toml"))
    table = orbit_table(arena)
    low, high = table.numbers("perigee_km"), table.numbers("apogee_km")
    period_s = 60 * table.numbers("period_min")
    # Kepler's third law, with the mean of both heights for the semi-major axis
    axis_km = EARTH_RADIUS_KM + (low + high) / 2
    kepler_s = 2 * math.pi * np.sqrt(axis_km**3 / 398600.4418)
    np.testing.assert_allclose(period_s, kepler_s, rtol=4e-3)
    regimes = np.array(table.values("regime"))
    assert (high[regimes == "LEO"] < 2000).all()
    assert (np.abs(low[regimes == "GEO"] - 35786) < 200).all()
    tracks = track_table(arena)
    radius = np.linalg.norm([tracks.numbers(f"{axis}_km") for axis in "xyz"], axis=0)
    np.testing.assert_allclose(radius, EARTH_RADIUS_KM + 800, atol=2.0)
    assert np.abs(tracks.numbers("latitude_deg")).max() == pytest.approx(60.0, abs=0.5)
    assert max(tracks.values("minute")) == 60 * TRACK_H


def test_the_median_episode_is_shown_and_its_members_named(game: CoverageGame) -> None:
    mixture, red = some_mixture(), make_policy("random")
    seeds = episode_seeds(2, "median", count=5)
    payoffs = np.array([[0.3, 0], [0.1, 0], [0.2, 0], [0.5, 0], [0.4, 0]])
    replay = replayed(game, mixture, red, seeds, payoffs)
    assert replay.shown.seed == seeds[0]
    assert "+0.300" in replay.words
    assert "of its mixture" in replay.names[0]
    assert replay.names[1] == "random"
    assert sorted(replay.seeds.tolist()) == sorted(seeds.tolist())
    assert replay.cause_steps.shape[:3] == (5, 2, game.objects)
    np.testing.assert_array_equal(replay.cause_steps.sum(axis=3), replay.shown.steps)
