"""The reference itself, on cases worked out by hand."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from arenas import make_arena
from reference.hand_arenas import (
    IDLE,
    SURE,
    assign,
    doctrine,
    random_doctrine,
    sure_arena,
    with_window,
)
from reference.reference_game import ReferenceEpisode
from reference.reference_state import Orders, uniform

# ---------------------------------------------------------------------- opening


def test_the_start_stays_inside_the_horizon() -> None:
    arena = make_arena(3, steps=20, horizon_steps=24)
    starts = {ReferenceEpisode(arena, seed).start for seed in range(60)}
    assert starts == {0, 1, 2, 3, 4}


def test_manoeuvres_before_the_start_are_known() -> None:
    arena = with_window(sure_arena(steps=20, horizon_steps=60), 2, 3)
    for seed in range(20):
        episode = ReferenceEpisode(arena, seed)
        assert episode.manoeuvre_step[0] == [2]
        assert episode.sides[0].custody[0].known == [episode.start > 2]
        assert episode.sides[0].custody[0].drift_km_h == 0


# ---------------------------------------------------------------------- observing


def test_an_observation_takes_its_time_and_resets_sigma() -> None:
    episode = ReferenceEpisode(sure_arena(), 1)
    custody, sensor = episode.sides[0].custody[1], episode.sides[0].sensors[0]
    episode.step(assign(1, -1), IDLE)
    assert (sensor.observing, sensor.done_step, custody.tasked) == (1, 2, True)
    episode.step(IDLE, IDLE)
    assert custody.hits == 0
    before = custody.sigma_km
    episode.step(IDLE, IDLE)
    assert (custody.hits, custody.attempts, custody.tasked) == (1, 1, False)
    assert custody.seen_h == pytest.approx(2 * 300 / 3600)
    after = math.sqrt(1 / (1 / before**2 + 1))
    assert custody.sigma_km == pytest.approx(after + 6.0 * 300 / 3600)
    assert custody.expected_km == custody.sigma_km


def test_slew_costs_time() -> None:
    """The first task needs no slew; a turn by 90° at 0.1 °/s takes three more steps."""
    arena = sure_arena(sensor={**SURE, "slew_rate_deg_s": 0.1})
    arena.tables.position_km[:, 0] = 0
    arena.tables.position_km[:, 4] = (0, 20000, 0)
    arena.tables.position_km[:, 5] = (0, 0, 7000)
    episode = ReferenceEpisode(arena, 1)
    sensor = episode.sides[0].sensors[0]
    episode.step(assign(0, -1), IDLE)
    assert (sensor.done_step, sensor.pointing) == (2, (0.0, 1.0, 0.0))
    assert episode.pair_features(0, 0, 1)[1] == pytest.approx(0.5)
    episode.step(IDLE, IDLE)
    episode.step(assign(1, -1), IDLE)
    assert (sensor.done_step, sensor.pointing) == (2 + 5, (0.0, 0.0, 1.0))


def test_a_wide_sigma_lowers_the_chance() -> None:
    """At sigma = 4 x custody a quality of 1 finds one object in four."""
    arena = sure_arena(objects=1, rules={"initial_age_h": 1e-9})
    objects = replace(arena.objects, measurement_sigma_km=np.full(1, 400.0))
    arena = replace(arena, objects=replace(objects, growth_km_h=np.full(1, 1e-9)))
    hits = 0
    for seed in range(400):
        episode = ReferenceEpisode(arena, seed)
        for _ in range(3):
            episode.step(assign(0, -1), IDLE)
        hits += episode.sides[0].custody[0].hits
        assert episode.sides[0].custody[0].missed == (episode.sides[0].custody[0].hits == 0)
    assert hits / 400 == pytest.approx(0.25, abs=4 * math.sqrt(0.25 * 0.75 / 400))


def test_two_sensors_do_not_observe_the_same_object_and_turns_rotate() -> None:
    episode = ReferenceEpisode(sure_arena(), 1)
    episode.step(assign(0, 0), IDLE)
    assert [sensor.observing for sensor in episode.sides[0].sensors] == [0, None]
    episode.step(IDLE, IDLE)
    episode.step(IDLE, IDLE)
    episode.step(assign(0, 0), IDLE)
    assert [sensor.observing for sensor in episode.sides[0].sensors] == [None, 0]


def test_ties_go_to_the_lowest_index_and_nothing_positive_means_idle() -> None:
    episode = ReferenceEpisode(sure_arena(), 1)
    episode.step(doctrine(observe=1.0), doctrine(observe=-1.0))
    assert [sensor.observing for sensor in episode.sides[0].sensors] == [0, 1]
    assert [sensor.observing for sensor in episode.sides[1].sensors] == [None, None]


def test_priorities_are_corrected_by_quality_and_slew() -> None:
    arena = sure_arena()
    arena.tables.quality[:, 0, 0, :] = (25, 255, 25)
    episode = ReferenceEpisode(arena, 1)
    episode.step(Orders("priority", [1.0, 0.95, 0.5] + [0.0] * 4), IDLE)
    assert episode.sides[0].sensors[0].observing == 1


def test_padding_sensors_do_nothing() -> None:
    arena = make_arena(4, sensors=(1, 3))
    arena.tables.quality[:, 0] = 255
    episode = ReferenceEpisode(arena, 2)
    everything = doctrine(observe=1, protect=2, deny=1)
    while not episode.done:
        episode.step(everything, everything)
        for sensor in episode.sides[0].sensors[1:]:
            assert (sensor.done_step, sensor.pointing, sensor.protected_until) == (0, None, 0)


# ---------------------------------------------------------------------- denial and protection


def test_a_denial_aborts_the_running_observation() -> None:
    arena = sure_arena()
    episode = ReferenceEpisode(arena, 1)
    episode.step(assign(0, -1), IDLE)
    episode.step(IDLE, assign(3, -1))
    target, denier = episode.sides[0].sensors[0], episode.sides[1].sensors[0]
    assert (target.observing, target.done_step, target.denied_until) == (None, 2, 7)
    assert not episode.sides[0].custody[0].tasked
    assert (denier.done_step, denier.recharge_until) == (3, 7)
    assert episode.sides[1].attempted_until == [7, 0]
    for _ in range(5):
        episode.step(assign(0, -1), IDLE)
        assert target.observing is None
    episode.step(assign(0, -1), IDLE)
    assert target.observing == 0
    assert episode.sides[0].custody[0].attempts == 0


def test_an_observation_begun_in_the_same_step_is_aborted_too() -> None:
    episode = ReferenceEpisode(sure_arena(), 1)
    episode.step(assign(0, 1), assign(3, 3))
    assert [sensor.observing for sensor in episode.sides[0].sensors] == [None, 1]
    assert episode.sides[1].denials == 1  # the second denier found the attempt in force


def test_protection_chosen_in_the_same_step_blocks() -> None:
    arena = sure_arena(rules={"protected_sensitivity": 0.5})
    episode = ReferenceEpisode(arena, 1)
    episode.step(assign(5, -1), assign(3, -1))
    target = episode.sides[0].sensors[0]
    assert (target.done_step, target.protected_until) == (1, 12)
    assert (target.denied_until, target.last_denied) == (0, None)
    assert episode.sides[1].denials_blocked == 1
    episode.step(assign(0, -1), IDLE)
    assert target.detection == 0.5
    assert not episode.feasible(0, 0, 5)
    assert not episode.feasible(0, 1, 5)


def test_denial_can_be_switched_off() -> None:
    episode = ReferenceEpisode(sure_arena(rules={"denial": False}), 1)
    assert not any(episode.feasible(0, 0, c) for c in range(3, 7))
    assert all(episode.feasible(0, 0, c) for c in range(3))


@pytest.mark.parametrize("seed", range(6))
def test_nobody_denies_a_protected_sensor(seed: int) -> None:
    arena = make_arena(seed, denial=0.8, steps=60)
    rng = np.random.default_rng(seed)
    orders = [random_doctrine(rng, deny=2.0, protect=2.0) for _ in range(2)]
    episode = ReferenceEpisode(arena, seed)
    while not episode.done:
        before = [[s.denied_until for s in side.sensors] for side in episode.sides]
        episode.step(*orders)
        for side, denied in zip(episode.sides, before, strict=True):
            for sensor, until in zip(side.sensors, denied, strict=True):
                newly = sensor.denied_until != until
                assert not (newly and sensor.protected_until >= episode.t)
                assert not (sensor.observing is not None and sensor.denied_until >= episode.t)
    assert sum(side.denials_blocked for side in episode.sides) > 0
    assert sum(side.denials - side.denials_blocked for side in episode.sides) > 0


# ---------------------------------------------------------------------- sigma


def test_custody_decays() -> None:
    arena = sure_arena(steps=50, access=0.0)
    arena = replace(arena, objects=replace(arena.objects, custody_sigma_km=np.full(3, 8.0)))
    episode = ReferenceEpisode(arena, 5)
    opening = episode.sides[0].custody[0].sigma_km
    while not episode.done:
        episode.step(doctrine(observe=1), doctrine(observe=1))
    custody = episode.sides[0].custody[0]
    assert custody.sigma_km == pytest.approx(opening + 6.0 * 50 * 300 / 3600)
    assert custody.custody_steps == max(0, math.floor((8.0 - opening) / 0.5) + 1)


def test_a_manoeuvre_adds_exactly_its_drift() -> None:
    arena = with_window(sure_arena(horizon_steps=50), 10, 11)
    episode = ReferenceEpisode(arena, 1)
    custody = episode.sides[0].custody[0]
    growth = []
    while not episode.done:
        before = custody.sigma_km
        episode.step(IDLE, IDLE)
        growth.append(custody.sigma_km - before)
    assert growth[:10] == pytest.approx([6.0 / 12] * 10)
    assert growth[10:] == pytest.approx([(6.0 + 12.0) / 12] * 40)


def test_success_after_the_manoeuvre_ends_the_drift() -> None:
    arena = with_window(sure_arena(horizon_steps=50), 10, 11)
    episode = ReferenceEpisode(arena, 1)
    own, other = (episode.sides[side].custody[0] for side in (0, 1))
    for _ in range(14):
        episode.step(assign(0, -1) if episode.t == 11 else IDLE, IDLE)
    assert (own.hits, own.known, own.drift_km_h) == (1, [True], 0.0)
    assert (other.hits, other.known, other.drift_km_h) == (0, [False], 12.0)


def test_the_expected_sigma_follows_the_forecast() -> None:
    """Window [10, 30), p 0.5; seen at 20 without a manoeuvre: P = p (F - F0) / (1 - p F0)."""
    arena = with_window(sure_arena(horizon_steps=50), 10, 30, probability=0.5)
    seed = next(
        seed for seed in range(99) if ReferenceEpisode(arena, seed).manoeuvre_step[0] == [None]
    )
    episode = ReferenceEpisode(arena, seed)
    custody = episode.sides[0].custody[0]
    drifts = []
    while not episode.done:
        before = custody.expected_km
        episode.step(assign(0, -1) if episode.t == 18 else IDLE, IDLE)
        drifts.append((custody.expected_km - before) * 12 - 6.0)
    assert custody.hits == 1
    assert drifts[:11] == pytest.approx([0.0] * 11, abs=1e-9)
    assert drifts[15] == pytest.approx(12.0 * 0.5 * 5 / 20)
    assert drifts[25] == pytest.approx(12.0 * 0.5 * (0.75 - 0.5) / (1 - 0.25))
    assert drifts[45] == pytest.approx(12.0 * 0.5 * (1.0 - 0.5) / (1 - 0.25))


# ---------------------------------------------------------------------- features


def test_features_of_an_object_by_hand() -> None:
    arena = with_window(sure_arena(horizon_steps=50), 24, 30, probability=0.5)
    contested = np.array([True, False, False])
    weight = np.array([2.0, 1.0, 4.0])
    arena = replace(arena, objects=replace(arena.objects, contested=contested, weight=weight))
    episode = ReferenceEpisode(arena, 1)
    custody = episode.sides[0].custody[0]
    custody.seen_h, custody.expected_km, custody.missed = -3.0, 300.0, True
    features = episode.features(0, 0)
    assert features.pop("noise") == uniform(1, 4, 0, 0, 0)
    assert features == pytest.approx(
        {
            "observe": 1,
            "contested": 1,
            "value": 0.5,
            "age": 3 / 9,
            "uncertainty": 0.75,
            "lost": 1,
            "information": 0.375,
            "contested_age": 3 / 9,
            "forecast": 1 - 2 / 6,
            "suspected": 0,
            "low_orbit": 1,
            "high_orbit": 0,
            "missed": 1,
        }
    )
    assert episode.features(0, 2)["high_orbit"] == 1
    assert episode.features(0, 1)["contested_age"] == 0
    forecasts = []
    while not episode.done:
        forecasts.append(episode.features(0, 0)["forecast"])
        episode.step(IDLE, IDLE)
    assert forecasts[24:30] == [1.0] * 6
    assert forecasts[30:] == [0.0] * 20
    assert forecasts[12] == pytest.approx(5 / 6)


def test_features_of_sensors_by_hand() -> None:
    arena = sure_arena(sensors=(2, 1), contested=3)
    weight = np.array([1.0, 2.0, 5.0])
    arena = replace(arena, objects=replace(arena.objects, weight=weight))
    arena.tables.quality[:, 1, 0, 1] = 0
    episode = ReferenceEpisode(arena, 1)
    assert episode.features(0, 3)["deny"] == 1
    assert episode.features(0, 3)["threat"] == pytest.approx(6 / 8)
    assert episode.features(0, 4)["threat"] == 0
    assert episode.features(0, 5)["exposure"] == 0.5
    assert episode.features(0, 5)["harassed"] == 0
    episode.step(assign(-1, -1), assign(3, -1))
    assert episode.features(0, 5)["harassed"] == pytest.approx(1 / (1 + 1 / 12))
    assert episode.features(0, 6)["harassed"] == 0


# ---------------------------------------------------------------------- scores


def test_the_worth_of_holding_is_worked_out_by_hand() -> None:
    """Two periods of 20 steps; nobody observes; all is in custody until Blue's sigma runs out.

    The fresher side, Blue, holds the object for its first eight steps, Red from then on.
    """
    rules = {"contest_period_h": 20 / 12, "contest_sharpness": 2}
    arena = sure_arena(objects=1, contested=1, steps=40, rules=rules)
    episode = ReferenceEpisode(arena, 1)
    blue, red = (episode.sides[side].custody[0] for side in (0, 1))
    blue.seen_h, red.seen_h = -0.5, -1.0
    blue.sigma_km, red.sigma_km = 96.25, 1.0
    while not episode.done:
        episode.step(IDLE, IDLE)
    assert (blue.held_steps, red.held_steps) == ([8, 0], [12, 20])
    assert episode.score(0) == pytest.approx(0.5 * 64 / (64 + 144))
    assert episode.score(1) == pytest.approx(0.5 * 144 / (64 + 144) + 0.5)
    assert episode.payoff[0] == pytest.approx(0.5 * 64 / 208 - 0.5 * 144 / 208 - 0.5)


def test_equally_fresh_custody_is_shared() -> None:
    episode = ReferenceEpisode(sure_arena(objects=1, contested=1), 1)
    for side in episode.sides:
        side.custody[0].seen_h = -1.0
    episode.step(IDLE, IDLE)
    assert [side.custody[0].held_steps[0] for side in episode.sides] == [0.5, 0.5]
    assert episode.score(0) == pytest.approx(0.5 / 50)


def test_uncontested_objects_pay_each_side_its_own_custody() -> None:
    arena = sure_arena(rules={"payoff": "general-sum"})
    episode = ReferenceEpisode(arena, 1)
    episode.sides[0].custody[2].sigma_km = 1000.0
    while not episode.done:
        episode.step(IDLE, IDLE)
    assert episode.payoff == pytest.approx((2 / 3, 1.0))


@pytest.mark.parametrize("seed", range(4))
def test_zero_sum_bounded_and_telescoping(seed: int) -> None:
    rng = np.random.default_rng(seed)
    episode = ReferenceEpisode(make_arena(seed, sensors=(2, 3)), seed)
    rewards, last = 0.0, 0.0
    while not episode.done:
        episode.step(random_doctrine(rng, observe=3.0), random_doctrine(rng, observe=3.0))
        blue, red = episode.payoff
        assert blue + red == 0
        assert min(episode.score(0), episode.score(1)) >= 0
        assert max(episode.score(0), episode.score(1)) <= episode.t / episode.steps + 1e-12
        rewards, last = rewards + (blue - last), blue
    assert rewards == pytest.approx(episode.payoff[0], abs=1e-12)
    assert all(sum(custody.hits for custody in side.custody) > 0 for side in episode.sides)
    with pytest.raises(ValueError, match="over"):
        episode.step(IDLE, IDLE)


def test_credit_does_not_overflow() -> None:
    episode = ReferenceEpisode(make_arena(0, rules={"contest_sharpness": 64}), 1)
    assert episode.credit(25920, 25920) == 0.5
    assert episode.credit(1e6, 0) == 1.0
    assert episode.credit(0, 0) == 0.0
