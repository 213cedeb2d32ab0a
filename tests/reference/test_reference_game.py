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
from reference.reference_motion import density_of_growth, flow, kept_up, seen, variance
from reference.reference_state import Look, Orders, uniform
from scipy.integrate import quad

from ssa_psro.geometry.arena import Arena


def looking(episode: ReferenceEpisode, side: int) -> list[int | None]:
    """The object under each sensor's exposure."""
    found: list[int | None] = [None] * episode.n_sensors
    for n, custody in enumerate(episode.sides[side].custody):
        if custody.look is not None and custody.look.look_step >= episode.t:
            found[custody.look.sensor] = n
    return found


# ---------------------------------------------------------------------- opening


def test_the_start_stays_inside_the_horizon() -> None:
    arena = make_arena(3, steps=20, horizon_steps=24)
    starts = {ReferenceEpisode(arena, seed).start for seed in range(60)}
    assert starts == {0, 1, 2, 3, 4}


@pytest.mark.parametrize(("initial_age_h", "unseen"), [(0.0, False), (8000.0, True)])
def test_an_impulse_before_the_start_is_unseen_if_the_last_look_was_before_it(
    initial_age_h: float, unseen: bool
) -> None:
    rules = {"initial_age_h": initial_age_h}
    arena = with_window(sure_arena(steps=20, horizon_steps=60, rules=rules), 2, 3)
    for seed in range(20):
        episode = ReferenceEpisode(arena, seed)
        custody = episode.sides[0].custody[0]
        if episode.start <= 2 or (unseen and custody.seen_step > -60):
            continue
        assert episode.manoeuvre_step[0] == [2]
        episode.assess(0)
        assert (custody.suspected > 0.9) == unseen
        moved_km2 = custody.sigma_km**2 - variance(custody.quiet)
        assert (moved_km2 > 1e-6) == unseen


def test_an_orbit_starts_as_twelve_looks_have_left_it() -> None:
    """By angle and typical range where no measurement error is stated."""
    arena = make_arena(2, objects=6, sensor={"angular_sigma_arcsec": 10.0})
    objects, ranges_km = arena.objects, {0: 3300.0, 1: 25_000.0, 2: 40_000.0}
    episode = ReferenceEpisode(arena, 1)
    for n, custody in enumerate(episode.sides[1].custody):
        stated_km = float(objects.measurement_sigma_km[n])
        sigma_km = stated_km or 10.0 * math.pi / 648_000 * ranges_km[int(objects.regime[n])]
        motion = float(objects.mean_motion_rad_h[n])
        density = density_of_growth(motion, float(objects.growth_km_h[n]))
        assert np.array_equal(custody.covariance, kept_up(motion, density, sigma_km**2))


# ---------------------------------------------------------------------- observing


def test_an_observation_takes_its_time_and_improves_the_orbit() -> None:
    episode = ReferenceEpisode(sure_arena(), 1)
    custody, sensor = episode.sides[0].custody[1], episode.sides[0].sensors[0]
    episode.step(assign(1, -1), IDLE)
    assert (custody.look, sensor.done_step) == (Look(0, 2, 2, 1.0), 2)
    episode.step(IDLE, IDLE)
    assert (custody.hits, custody.tasked) == (0, True)
    first = custody.seen_step
    sight, _ = episode._sight(0, 0, 1, episode.start + 2)
    expected = seen(episode._quiet(0, 1, 2), sight, 1.0)
    episode.step(IDLE, IDLE)
    assert (custody.hits, custody.attempts, custody.tasked, custody.seen_step) == (1, 1, False, 2)
    assert first < 0
    np.testing.assert_allclose(custody.covariance, expected)
    assert custody.sigma_km == pytest.approx(math.sqrt(variance(expected)))
    assert custody.expected_km == custody.sigma_km
    assert custody.max_gap_h == pytest.approx(2 * 300 / 3600)


def test_the_frame_of_an_object_follows_its_orbit() -> None:
    arena = sure_arena(objects=1)
    turn = np.arange(len(arena.tables.position_km)) * 0.02
    circle = np.stack([np.cos(turn), np.sin(turn), 0 * turn], axis=1)
    arena.tables.position_km[:, 4] = 8000 * circle
    arena.tables.position_km[:, 0] = 7000 * circle
    arena.tables.position_km[:, 1] = 8000 * circle - (0, 0, 500)
    episode = ReferenceEpisode(arena, 1)
    for a in (0, 30, len(turn) - 1):
        (below, _), (south, range_km) = (episode._sight(0, s, 0, a) for s in (0, 1))
        assert below == pytest.approx([1, 0, 0], abs=1e-6)
        assert south == pytest.approx([0, 0, 1], abs=1e-6)
        assert range_km == pytest.approx(500, rel=1e-6)
        ahead = episode._hill_frame(0, a)[1]
        assert ahead == pytest.approx([-np.sin(turn[a]), np.cos(turn[a]), 0], abs=1e-6)


@pytest.mark.parametrize(("last", "possible"), [(1, False), (2, True)])
def test_access_has_to_last_to_the_end_of_the_exposure(last: int, possible: bool) -> None:
    """Two steps of 300 s for 600 s, so access is needed at steps 0, 1 and 2."""
    arena = sure_arena(steps=20, horizon_steps=20)
    arena.tables.quality[last + 1 :, 0, 0, 0] = 0
    episode = ReferenceEpisode(arena, 1)
    assert episode.feasible(0, 0, 0) == possible
    arena.tables.quality[1, 0, 0, 0] = 0
    assert not episode.feasible(0, 0, 0)


def test_no_exposure_ends_after_the_tables() -> None:
    episode = ReferenceEpisode(sure_arena(steps=20, horizon_steps=20), 1)
    while not episode.done:
        assert episode.feasible(0, 0, 0) == (episode.t + 2 <= 19)
        episode.step(IDLE, IDLE)


def test_detection_is_that_of_the_middle_of_the_exposure() -> None:
    """100 s of settling and 700 s of exposure: the middle, 450 s, is half-way between two rows."""
    arena = sure_arena(horizon_steps=50, sensor={**SURE, "settle_s": 100.0, "dwell_s": 700.0})
    arena.tables.quality[:, 0, 0, 0] = 255
    arena.tables.quality[1, 0, 0, 0], arena.tables.quality[2, 0, 0, 0] = 100, 50
    episode = ReferenceEpisode(arena, 1)
    episode.step(assign(0, -1), IDLE)
    assert episode.sides[0].custody[0].look == Look(0, 3, 3, pytest.approx(75 / 255))
    assert episode.sides[0].sensors[0].done_step == 3


def test_a_result_is_known_later_and_counts_from_when_the_look_was() -> None:
    arena = sure_arena(sensor={**SURE, "latency_s": 900.0}, horizon_steps=50)
    episode = ReferenceEpisode(arena, 1)
    custody, sensor = episode.sides[0].custody[0], episode.sides[0].sensors[0]
    episode.step(assign(0, -1), IDLE)
    assert (custody.look, sensor.done_step) == (Look(0, 2, 5, 1.0), 2)
    for t in range(1, 5):
        assert not episode.feasible(0, 1, 0)
        episode.step(assign(1, 0), IDLE)
        assert (custody.hits, episode.sides[0].custody[1].tasked) == (0, t >= 2)
    episode.step(IDLE, IDLE)
    assert (custody.hits, custody.seen_step, custody.tasked) == (1, 2, False)
    late = ReferenceEpisode(sure_arena(sensor={**SURE, "latency_s": 1e5}), 1)
    while not late.done:
        late.step(assign(0, 1), IDLE)
    assert sum(custody.attempts for custody in late.sides[0].custody) == 0


def test_a_sensor_rests_by_its_duty_cycle() -> None:
    """600 s of work are a quarter of 2400 s: eight steps, of which the look takes two."""
    arena = sure_arena(sensor={**SURE, "duty_cycle": 0.25})
    episode = ReferenceEpisode(arena, 1)
    episode.step(assign(0, -1), assign(-1, 4))
    assert episode.sides[0].custody[0].look == Look(0, 2, 2, 1.0)
    assert [side.sensors[s].done_step for s, side in enumerate(episode.sides)] == [8, 8]


def test_slew_costs_time() -> None:
    """The first task needs no slew; a turn by 90° at 0.11 °/s takes three more steps."""
    arena = sure_arena(sensor={**SURE, "slew_rate_deg_s": 0.11}, horizon_steps=50)
    moved_km = np.arange(50) * 0.1
    arena.tables.position_km[:, 0] = 0
    arena.tables.position_km[:, 4] = (0, 20000, 0)
    arena.tables.position_km[:, 5] = (0, 0, 7000)
    arena.tables.position_km[:, 4, 2] = arena.tables.position_km[:, 5, 0] = moved_km
    episode = ReferenceEpisode(arena, 1)
    sensor = episode.sides[0].sensors[0]
    episode.step(assign(0, -1), IDLE)
    assert (sensor.done_step, sensor.pointing) == (2, (0.0, 1.0, 0.0))
    assert episode.pair_features(0, 0, 1)["slew"] == pytest.approx(0.5)
    episode.step(IDLE, IDLE)
    episode.step(assign(1, -1), IDLE)
    assert sensor.done_step == 2 + 5
    assert sensor.pointing == pytest.approx((0.0, 0.0, 1.0), abs=1e-3)
    assert episode.sides[0].custody[1].look == Look(0, 7, 7, 1.0)


def test_an_object_may_be_outside_the_field_of_view() -> None:
    """Error as wide as the field's radius on both axes together: found with 1 - 1/e."""
    narrow = {**SURE, "field_of_view_deg": 0.2}
    arena = sure_arena(objects=1, horizon_steps=50, sensor=narrow, rules={"initial_age_h": 0.0})
    episode = ReferenceEpisode(arena, 1)
    sight, range_km = episode._sight(0, 0, 0, 2)
    episode.density[0] = 0.0
    before = np.zeros((6, 6))
    before[:3, :3] = (np.eye(3) - np.outer(sight, sight)) * (math.radians(0.1) * range_km) ** 2 / 2
    carried = flow(episode.motion[0], 2 * 300 / 3600).transition
    episode.sides[0].custody[0].covariance = np.linalg.solve(
        carried, np.linalg.solve(carried, before).T
    )
    assert episode._found(0, 0, Look(0, 2, 2, 1.0)) == pytest.approx(1 - 1 / math.e)
    wide = ReferenceEpisode(sure_arena(objects=1), 1)
    assert wide._found(0, 0, Look(0, 2, 2, 1.0)) == 1.0


def test_hits_are_as_frequent_as_detection_and_field_say() -> None:
    narrow = {**SURE, "field_of_view_deg": 0.02}
    arena = sure_arena(objects=1, sensor=narrow, horizon_steps=50)
    arena.tables.quality[arena.tables.quality > 0] = 204
    chances, hits = [], 0
    for seed in range(400):
        episode = ReferenceEpisode(arena, seed)
        custody = episode.sides[0].custody[0]
        chances.append(0.8 * episode._found(0, 0, Look(0, 2, 2, 0.8)))
        for _ in range(3):
            episode.step(assign(0, -1), IDLE)
        hits += custody.hits
        assert (custody.attempts, custody.missed) == (1, custody.hits == 0)
    chance = np.mean(chances)
    assert 0.1 < chance < 0.7
    assert hits / 400 == pytest.approx(chance, abs=4 * math.sqrt(chance * (1 - chance) / 400))


def test_brightness_scatters_from_episode_to_episode() -> None:
    """A magnitude fainter is a flux smaller by 10^0.4, and detection follows its signal."""
    arena = sure_arena(objects=1, scatter_mag=0.5, horizon_steps=50)
    sensor, found = arena.scenario.sides[0].sensor, []
    for seed in range(50):
        episode = ReferenceEpisode(arena, seed)
        found.append(episode.fainter_mag[0])
        usual = episode._magnitude(0, 0, 0, 0)
        flux = 10 ** (0.4 * (sensor.limiting_magnitude - usual - found[-1]))
        expected = 0.5 * math.erfc(-sensor.detection_snr * (flux - 1) / math.sqrt(2))
        assert episode._sighting(0, 0, 0, 0) == pytest.approx(expected, abs=1e-12)
    assert np.std(found) == pytest.approx(0.5, abs=0.2)
    assert ReferenceEpisode(sure_arena(), 1)._sighting(0, 0, 0, 0) == 1.0


def test_two_sensors_do_not_observe_the_same_object_and_turns_rotate() -> None:
    episode = ReferenceEpisode(sure_arena(), 1)
    episode.step(assign(0, 0), IDLE)
    assert looking(episode, 0) == [0, None]
    episode.step(IDLE, IDLE)
    episode.step(IDLE, IDLE)
    episode.step(assign(0, 0), IDLE)
    assert looking(episode, 0) == [None, 0]


def test_ties_go_to_the_lowest_index_and_nothing_positive_means_idle() -> None:
    episode = ReferenceEpisode(sure_arena(), 1)
    episode.step(doctrine(observe=1.0), doctrine(observe=-1.0))
    assert looking(episode, 0) == [0, 1]
    assert looking(episode, 1) == [None, None]


def test_priorities_are_corrected_by_quality_and_slew() -> None:
    arena = sure_arena()
    arena.tables.quality[:, 0, 0, :] = (25, 255, 25)
    episode = ReferenceEpisode(arena, 1)
    episode.step(Orders("priority", [1.0, 0.95, 0.5] + [0.0] * 4), IDLE)
    assert looking(episode, 0)[0] == 1


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
    assert (target.done_step, target.denied_until) == (2, 7)
    assert not episode.sides[0].custody[0].tasked
    assert (denier.done_step, denier.recharge_until) == (3, 7)
    assert episode.sides[1].attempted_until == [7, 0]
    for _ in range(5):
        episode.step(assign(0, -1), IDLE)
        assert looking(episode, 0) == [None, None]
    episode.step(assign(0, -1), IDLE)
    assert looking(episode, 0) == [0, None]
    assert episode.sides[0].custody[0].attempts == 0


@pytest.mark.parametrize(("denied_at", "lost"), [(1, True), (2, False), (4, False)])
def test_a_denial_after_the_exposure_loses_nothing(denied_at: int, lost: bool) -> None:
    arena = sure_arena(horizon_steps=50, sensor={**SURE, "latency_s": 1200.0, "duty_cycle": 0.5})
    episode = ReferenceEpisode(arena, 1)
    custody, target = episode.sides[0].custody[0], episode.sides[0].sensors[0]
    for t in range(7):
        episode.step(assign(0, -1) if t == 0 else IDLE, assign(3, -1) if t == denied_at else IDLE)
        assert custody.tasked == (t < 6 and not (lost and t >= denied_at))
    assert (custody.attempts, custody.hits) == ((0, 0) if lost else (1, 1))
    assert target.last_denied == denied_at
    assert target.done_step == (denied_at + 1 if lost else 4)


def test_an_observation_begun_in_the_same_step_is_aborted_too() -> None:
    episode = ReferenceEpisode(sure_arena(), 1)
    episode.step(assign(0, 1), assign(3, 3))
    assert looking(episode, 0) == [None, 1]
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
    assert episode.sides[0].custody[0].look == Look(0, 3, 3, 0.5)
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
        for side in (0, 1):
            for s, n in enumerate(looking(episode, side)):
                assert n is None or episode.sides[side].sensors[s].denied_until < episode.t
    assert sum(side.denials_blocked for side in episode.sides) > 0
    assert sum(side.denials - side.denials_blocked for side in episode.sides) > 0


# ---------------------------------------------------------------------- sigma


def perfect(arena: Arena, seed: int = 1) -> ReferenceEpisode:
    """An episode in which every orbit is known perfectly at its first step."""
    rules = arena.scenario.rules.model_copy(update={"initial_age_h": 0.0})
    scenario = arena.scenario.model_copy(update={"rules": rules})
    episode = ReferenceEpisode(replace(arena, scenario=scenario), seed)
    for side in episode.sides:
        for custody in side.custody:
            custody.covariance = np.zeros((6, 6))
    return episode


def without_growth(arena: Arena) -> Arena:
    still = np.full(len(arena.objects), 1e-12)
    return replace(arena, objects=replace(arena.objects, growth_km_h=still))


def drift_h2(n_rad_h: float, hours: float) -> float:
    """Square of how far an along-track impulse of 1 km/h has led (Vallado, section 6.8)."""
    x = n_rad_h * hours
    radial, along = 2 * (1 - math.cos(x)) / n_rad_h, (4 * math.sin(x) - 3 * x) / n_rad_h
    return radial**2 + along**2


def test_custody_is_lost_when_the_error_reaches_its_limit() -> None:
    arena = sure_arena(objects=1, steps=290, horizon_steps=290, access=0.0)
    arena = replace(arena, objects=replace(arena.objects, custody_sigma_km=np.full(1, 8.0)))
    episode, errors_km = perfect(arena), []
    while not episode.done:
        episode.step(doctrine(observe=1), doctrine(observe=1))
        errors_km.append(episode.sides[0].custody[0].sigma_km)
    assert errors_km[0] == 0.0
    assert errors_km == sorted(errors_km)
    assert errors_km[288] == pytest.approx(24 * 0.5)  # a day, at 0.5 km/h
    kept = sum(km <= 8.0 for km in errors_km)
    assert 100 < episode.sides[0].custody[0].custody_steps == kept < 288


def test_an_impulse_drifts_from_the_middle_of_its_step_on() -> None:
    episode = perfect(with_window(without_growth(sure_arena(horizon_steps=50)), 10, 11))
    for custody in episode.sides[0].custody:
        custody.seen_step = 0
    size_km_h = abs(episode.impulse_km_h[0][0])
    assert 0 < size_km_h < 4.0 * math.sqrt(3)
    while not episode.done:
        episode.step(IDLE, IDLE)
        hours = max(0, episode.t - 1 - 10 - 0.5) / 12
        expected = size_km_h * math.sqrt(drift_h2(episode.motion[0], hours))
        assert episode.sides[0].custody[0].sigma_km == pytest.approx(expected, abs=1e-9)


def test_the_mean_square_of_impulses_is_that_of_their_window() -> None:
    arena = with_window(sure_arena(), 10, 11, delta_v_km_h=4.0)
    sizes = [ReferenceEpisode(arena, seed).impulse_km_h[0][0] for seed in range(800)]
    assert np.mean(np.square(sizes)) == pytest.approx(16.0, abs=4 * 16 * math.sqrt(0.8 / 800))
    assert max(np.abs(sizes)) == pytest.approx(4.0 * math.sqrt(3), rel=0.02)
    assert abs(np.mean(sizes)) < 4 * 4.0 / math.sqrt(800)


def test_a_look_recognises_an_impulse_but_not_when_it_was_nor_its_size() -> None:
    """Window [10, 13) and a look that ends at 12: white noise over the two steps 10 to 12."""
    arena = with_window(without_growth(sure_arena(horizon_steps=50)), 10, 13)
    seed = next(s for s in range(99) if ReferenceEpisode(arena, s).manoeuvre_step[0] == [11])
    episode = perfect(arena, seed)
    own, other = (episode.sides[side].custody[0] for side in (0, 1))
    for _ in range(13):
        episode.step(assign(0, -1) if episode.t == 10 else IDLE, IDLE)
    sight, _ = episode._sight(0, 0, 0, 12)
    unknown = flow(episode.motion[0], 2 / 12).along_noise * 4.0**2 / (2 / 12)
    np.testing.assert_allclose(own.covariance, seen(unknown, sight, 1.0), atol=1e-9)
    assert (own.hits, own.active_step, own.suspected) == (1, 12, 0.0)
    assert (other.active_step, other.seen_step) == (None, 0.0)
    assert other.suspected == pytest.approx(2 / 3)  # of step 12; the window is certain


@pytest.mark.parametrize(("looked", "recognised"), [(10, False), (12, True)])
def test_an_impulse_at_the_end_of_a_look_comes_after_it(looked: int, recognised: bool) -> None:
    arena = with_window(sure_arena(horizon_steps=50), 10, 11)
    episode = perfect(arena)
    custody = episode.sides[0].custody[0]
    for _ in range(looked + 1):
        episode.step(assign(0, -1) if episode.t == looked - 2 else IDLE, IDLE)
    assert custody.seen_step == looked
    assert (custody.active_step is not None) == recognised
    episode.step(IDLE, IDLE)
    assert custody.suspected == (0.0 if recognised else 1.0)


def test_the_expected_error_follows_the_forecast() -> None:
    """Window [10, 30), p 0.5; seen at 20 without an impulse: P = p (F - F0) / (1 - p F0)."""
    arena = with_window(without_growth(sure_arena(horizon_steps=50)), 10, 30, probability=0.5)
    seed = next(s for s in range(99) if ReferenceEpisode(arena, s).manoeuvre_step[0] == [None])
    episode = perfect(arena, seed)
    custody, motion = episode.sides[0].custody[0], episode.motion[0]

    def unknown_km2(chance: float, first: int, last: int, now: int) -> float:
        """An impulse of 4 km/h rms at a step of [first, last), where it happened."""
        since_h = ((now - last) / 12, (now - first) / 12)
        total, _ = quad(lambda tau: drift_h2(motion, tau), *since_h)
        return chance * 16.0 * total / (since_h[1] - since_h[0])

    def guessed_km2() -> float:
        return custody.expected_km**2 - variance(custody.quiet)

    while not episode.done:
        now = episode.t
        episode.step(assign(0, -1) if now == 18 else IDLE, IDLE)
        if now <= 10:
            assert guessed_km2() == pytest.approx(0.0, abs=1e-9)
        elif now < 20:
            chance = 0.5 * (now - 10) / 20
            assert custody.suspected == pytest.approx(chance)
            assert guessed_km2() == pytest.approx(unknown_km2(chance, 10, now, now))
        elif now > 20:
            last = min(now, 30)
            chance = 0.5 * (last - 20) / 20 / (1 - 0.5 * 0.5)
            assert custody.suspected == pytest.approx(chance)
            assert guessed_km2() == pytest.approx(unknown_km2(chance, 20, last, now), rel=1e-6)
    assert custody.hits == 1


def test_what_is_not_announced_is_suspected_but_not_forecast() -> None:
    arena = with_window(sure_arena(horizon_steps=50), 10, 30, probability=0.5, announced=False)
    episode = perfect(arena)
    for _ in range(20):
        episode.step(IDLE, IDLE)
        assert episode.features(0, 0)["forecast"] == 0.0
    assert episode.features(0, 0)["suspected"] > 0.2


# ---------------------------------------------------------------------- features


def test_features_of_an_object_by_hand() -> None:
    arena = with_window(sure_arena(horizon_steps=50), 24, 30, probability=0.5)
    contested = np.array([True, False, False])
    weight = np.array([2.0, 1.0, 4.0])
    arena = replace(arena, objects=replace(arena.objects, contested=contested, weight=weight))
    episode = ReferenceEpisode(arena, 1)
    custody = episode.sides[0].custody[0]
    custody.seen_step, custody.expected_km, custody.missed = -36.0, 300.0, True
    custody.active_step = -6
    features = episode.features(0, 0)
    assert features.pop("noise") == uniform(1, 4, 0, 0, 0)
    alone = {name: value for name, value in features.items() if "*" not in name}
    assert features["value*age"] == alone["value"] * alone["age"] > 0
    assert features["uncertainty*uncertainty"] == alone["uncertainty"] ** 2 > 0
    assert "late*deny" not in features
    assert alone.pop("late") == 0
    assert alone == pytest.approx(
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
            "active": 1 / (1 + 0.5),
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


def test_features_of_a_sensors_candidate_by_hand() -> None:
    arena = sure_arena(horizon_steps=50)
    arena.tables.quality[:, 0, 0, 0] = 51
    arena.tables.quality[4:, 0, 0, 0] = 0
    episode = perfect(arena)
    sight, _ = episode._sight(0, 0, 0, 0)
    custody = episode.sides[0].custody[0]
    custody.covariance = np.diag([1.0, 4.0, 9.0, 0.0, 0.0, 0.0])
    episode.assess(0)
    across_share = 1 - sight @ np.diag([1.0, 4.0, 9.0]) @ sight / 14
    assert episode.pair_features(0, 0, 0) == pytest.approx(
        {"slew": 0, "quality": 0.2, "closing": 1 - 3 / 12, "across": across_share}
    )
    assert episode.pair_features(0, 1, 0)["closing"] == 0.0
    assert episode.pair_features(0, 0, 3) == {"slew": 0}


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
    blue.seen_step, red.seen_step = -6.0, -12.0
    limits_km = episode.arena.objects.custody_sigma_km
    while not episode.done:
        if episode.t == 8:  # Blue's error, which nobody improves, is above the limit from here on
            blue.covariance = np.diag([4 * limits_km[0] ** 2] * 3 + [0.0] * 3)
        episode.step(IDLE, IDLE)
    assert (blue.held_steps, red.held_steps) == ([8, 0], [12, 20])
    assert episode.score(0) == pytest.approx(0.5 * 64 / (64 + 144))
    assert episode.score(1) == pytest.approx(0.5 * 144 / (64 + 144) + 0.5)
    assert episode.payoff[0] == pytest.approx(0.5 * 64 / 208 - 0.5 * 144 / 208 - 0.5)


def test_equally_fresh_custody_is_shared() -> None:
    episode = ReferenceEpisode(sure_arena(objects=1, contested=1), 1)
    for side in episode.sides:
        side.custody[0].seen_step = -12.0
    episode.step(IDLE, IDLE)
    assert [side.custody[0].held_steps[0] for side in episode.sides] == [0.5, 0.5]
    assert episode.score(0) == pytest.approx(0.5 / 50)


def test_uncontested_objects_pay_each_side_its_own_custody() -> None:
    arena = sure_arena(rules={"rivalry": 0.25})
    episode = ReferenceEpisode(arena, 1)
    episode.sides[0].custody[2].covariance = np.diag([1e6] * 3 + [0.0] * 3)
    while not episode.done:
        episode.step(IDLE, IDLE)
    assert (episode.score(0), episode.score(1)) == pytest.approx((2 / 3, 1.0))
    assert episode.payoff == pytest.approx((2 / 3 - 0.25, 1.0 - 0.25 * 2 / 3))


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
