"""A trace is the episode of a match, and counts what the rules count."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from math import ceil
from typing import Any

import numpy as np
from arenas import make_arena
from game.driving import random_doctrines, some_seeds
from game.strategies import arena_options
from hypothesis import given, settings
from hypothesis import strategies as st
from policies.members import some_mixture, some_network

from ssa_psro.game import CoverageGame, State
from ssa_psro.policies import ConstantDoctrine, make_policy, play
from ssa_psro.policies.match import play_out
from ssa_psro.trace import NEVER, Activity, Result, Trace, record

EPISODES = 3


def some_policies(luck: int) -> tuple[ConstantDoctrine, ConstantDoctrine]:
    blue, red = random_doctrines(np.random.default_rng(luck), 2)
    return ConstantDoctrine("blue", tuple(blue)), ConstantDoctrine("red", tuple(red))


def played(game: CoverageGame, luck: int) -> tuple[State, list[Trace]]:
    """The final state of a match, and the traces of the same episodes."""
    sides, seeds = some_policies(luck), some_seeds(EPISODES, luck)
    return play_out(game, *sides, game.start(seeds)), record(game, *sides, seeds)


@settings(max_examples=40)
@given(options=arena_options(), luck=st.integers(0, 2**32))
def test_it_counts_what_the_rules_count(options: dict[str, Any], luck: int) -> None:
    game = CoverageGame(make_arena(**options))
    state, traces = played(game, luck)
    for b, trace in enumerate(traces):
        assert trace.start_step == state.start[b]
        assert trace.seed == state.seed[b]
        custody = trace.custody.sum(axis=1)
        np.testing.assert_array_equal(custody, state.track.custody_steps[b])
        np.testing.assert_array_equal(trace.seen_h[:, -1], state.track.seen_h[b].astype(np.float32))
        looks, counts = trace.looks, np.zeros((2, 2, game.objects))
        hit = looks.result == Result.HIT
        ended = hit | (looks.result <= Result.OUT_OF_FIELD)
        np.add.at(counts[0], (looks.side[hit], looks.object[hit]), 1)
        np.add.at(counts[1], (looks.side[ended], looks.object[ended]), 1)
        np.testing.assert_array_equal(counts[0], state.track.hits[b])
        np.testing.assert_array_equal(counts[1], state.track.attempts[b])
        assert (looks.known_step[ended] < trace.steps).all()
        assert not np.isnan(looks.found[ended]).any()
        for side in (0, 1):
            mine = trace.denials.side == side
            assert mine.sum() == state.counter.denials[b, side]
            assert trace.denials.blocked[mine].sum() == state.counter.denials_blocked[b, side]
            assert (trace.protections.side == side).sum() == state.counter.protections[b, side]
        assert (trace.denials.target != NEVER).all()


def test_looks_fail_as_often_as_they_should() -> None:
    """Of each result there are as many as its probability says, within four standard errors."""
    game = CoverageGame(make_arena(1, steps=60, sensor={"field_of_view_deg": 0.1}))
    looks = [trace.looks for trace in record(game, *some_policies(5), some_seeds(100))]
    ended = [one.result <= Result.OUT_OF_FIELD for one in looks]
    result, detection, found = (
        np.concatenate([getattr(one, name)[done] for one, done in zip(looks, ended, strict=True)])
        for name in ("result", "detection", "found")
    )
    assert result.size > 3000
    chances = detection * found, 1.0 - detection, detection * (1.0 - found)
    for kind, chance in zip(Result, chances, strict=False):
        deviation = np.sqrt((chance * (1.0 - chance)).sum())
        assert deviation > 5.0
        assert abs((result == kind).sum() - chance.sum()) < 4.0 * deviation


@settings(max_examples=20)
@given(options=arena_options(), luck=st.integers(0, 2**32))
def test_the_time_a_look_takes(options: dict[str, Any], luck: int) -> None:
    game = CoverageGame(make_arena(**options))
    _, traces = played(game, luck)
    for trace in traces:
        looks = trace.looks
        for side in (0, 1):
            sensor = game.arena.scenario.sides[side].sensor
            whole = (looks.side == side) & (looks.result != Result.BROKEN_OFF)
            begins_s = looks.exposure_start_s[whole]
            tasked_s = looks.start_step[whole] * trace.step_s
            turn_s = np.degrees(looks.slew_rad[whole]) / sensor.slew_rate_deg_s
            np.testing.assert_allclose(begins_s - tasked_s, turn_s + sensor.settle_s, atol=1e-6)
            ends = np.ceil((begins_s + sensor.dwell_s) / trace.step_s - 1e-6)
            expected = np.maximum(ends, looks.start_step[whole] + 1)
            np.testing.assert_array_equal(looks.end_step[whole], expected)
            late = np.ceil(sensor.latency_s / trace.step_s)
            np.testing.assert_array_equal(looks.known_step[whole], expected + late)
        broken = looks.result == Result.BROKEN_OFF
        for side, s, step in zip(
            looks.side[broken], looks.sensor[broken], looks.end_step[broken], strict=True
        ):
            denials = trace.denials
            here = (denials.side != side) & (denials.target == s) & (denials.step == step)
            assert (~denials.blocked[here]).sum() == 1


@settings(max_examples=20)
@given(options=arena_options(), luck=st.integers(0, 2**32))
def test_what_sensors_do(options: dict[str, Any], luck: int) -> None:
    """A sensor observes during looks, denies and protects where it did, and does one at a time."""
    game = CoverageGame(make_arena(**options))
    _, traces = played(game, luck)
    for trace in traces:
        columns = (trace.looks[k] for k in (0, 1, 3, 5, 6))
        for side, s, start, begins_s, end in zip(*columns, strict=True):
            during = trace.activity[side, start:end, s].tolist()
            turning = min(int(begins_s // trace.step_s) - start, len(during))
            observing = [Activity.OBSERVING] * (len(during) - turning)
            assert during == [Activity.SLEWING] * turning + observing
        denials, protections = trace.denials, trace.protections
        at = trace.activity[denials.side, denials.step, denials.sensor]
        assert (at == Activity.DENYING).all()
        at = trace.activity[protections.side, protections.step, protections.sensor]
        assert (at == Activity.PROTECTING).all()
        denied, protected = np.zeros((2, *trace.denied.shape), np.bool_)
        steps = ceil(game.arena.scenario.rules.denial_s / trace.step_s - 1e-9)
        for side, _, target, step, blocked in zip(*denials, strict=True):
            assert trace.protected[1 - side, step, target] == blocked
            if not blocked:
                denied[1 - side, step : step + steps, target] = True
        for side, s, step, until in zip(*protections, strict=True):
            protected[side, step:until, s] = True
        np.testing.assert_array_equal(trace.denied, denied)
        np.testing.assert_array_equal(trace.protected, protected)


def test_manoeuvres_are_noticed_by_the_first_hit_after() -> None:
    game = CoverageGame(make_arena(4, steps=60, windows=3))
    noticed = unnoticed = 0
    for trace in record(game, *some_policies(2), some_seeds(20)):
        moved, looks = trace.manoeuvres, trace.looks
        for n, step, known in zip(moved.object, moved.step, moved.noticed_step, strict=True):
            for side in (0, 1):
                hits = (looks.side == side) & (looks.object == n) & (looks.result == Result.HIT)
                after = np.sort(looks.known_step[hits & (looks.end_step > step)])
                before = trace.seen_h[side, 0, n] * 3600 / trace.step_s > step
                expected = 0 if before else after[0] if after.size else NEVER
                assert known[side] == expected
                noticed += expected > 0
                unnoticed += expected == NEVER
    assert min(noticed, unnoticed) > 10


def test_holders_have_the_fresher_custody() -> None:
    game = CoverageGame(make_arena(6, steps=60))
    found = set()
    for trace in record(game, *some_policies(1), some_seeds(10)):
        for t, n in np.ndindex(trace.holder.shape):
            mine, other = trace.custody[:, t, n]
            fresher = trace.seen_h[0, t, n] - trace.seen_h[1, t, n]
            if mine and other:
                expected = 2 if fresher == 0 else int(fresher < 0)
            else:
                expected = 0 if mine else 1 if other else -1
            assert trace.holder[t, n] == expected
            found.add(expected)
    assert found == {-1, 0, 1, 2}


def test_utc_begins_with_the_episode() -> None:
    game = CoverageGame(make_arena(0))
    for trace in record(game, *some_policies(0), some_seeds(5)):
        window = game.arena.scenario.window
        began = window.epoch + timedelta(seconds=trace.start_step * window.step_s)
        assert trace.utc(0) == began
        assert trace.utc(2.5) - began == timedelta(seconds=2.5 * window.step_s)
        assert trace.utc(0).utcoffset() == timedelta(0)


def test_mixtures_draw_as_in_a_match() -> None:
    game, seeds = CoverageGame(make_arena(6, steps=40)), some_seeds(40)  # two batches
    blue, red = some_mixture(), some_network()
    match = play(game, blue, red, seeds)
    custody = [trace.custody.mean(axis=(1, 2)) for trace in record(game, blue, red, seeds)]
    np.testing.assert_allclose(custody, match.statistics["custody"], rtol=1e-12)


def test_sensors_in_one_place_are_denied_one_each() -> None:
    """Where a sensor points does not tell them apart; that nobody is denied twice a step does."""
    arena = make_arena(2, sensors=(4, 4), steps=40, denial=1.0)
    position_km = arena.tables.position_km.copy()
    position_km[:, 4:8] = position_km[:, 4:5]
    tables = arena.tables._replace(position_km=position_km)
    game, together = CoverageGame(replace(arena, tables=tables)), 0
    pair = make_policy("blinding"), make_policy("information")
    for trace in record(game, *pair, some_seeds(5)):
        denied = list(zip(trace.denials.step.tolist(), trace.denials.target.tolist(), strict=True))
        assert len(denied) == len(set(denied))
        together += len(denied) - len(set(trace.denials.step.tolist()))
    assert together > 10
