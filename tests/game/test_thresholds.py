"""Where the numbers written into the rules decide: just below and just above each of them.

The limits are written out here; none is taken from the code that it guards.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from arenas import make_arena
from game.driving import column, doctrine, idle, some_seeds
from numpy.typing import NDArray
from reference.hand_arenas import SURE, with_window
from reference.reference_motion import density_of_growth, flow, variance

from ssa_psro.game import (
    SUMMARY,
    CoverageGame,
    State,
    assignment_command,
    doctrine_command,
    priority_command,
)
from ssa_psro.game.sensing import can_complete, scene_of, start_observation
from ssa_psro.game.world import access_bits, ceil_steps, shortest_looks

STEP_S = 300


def one_sensor(**options: object) -> CoverageGame:
    """A sensor a side that sees all five objects all the time, with the highest quality."""
    arena = make_arena(3, sensors=(1, 1), objects=5, access=1.0, denial=0.0, **options)
    arena.tables.quality[arena.tables.quality > 0] = 255
    return CoverageGame(arena)


def look(game: CoverageGame, state: State, n: int) -> None:
    """Blue begins to observe object ``n``."""
    game.advance(state, assignment_command([[n]]), idle(1, 1), steps=1)
    assert state.sensor.target[0, 0, 0] == n


def test_a_forecast_rises_over_the_six_hours_before_its_window() -> None:
    arena = with_window(make_arena(1, step_s=1800, steps=60, horizon_steps=60), 30, 40)
    forecast = CoverageGame(arena).world.forecast[:, 0]
    hours_before = {6.5: 0.0, 6.0: 0.0, 5.5: 1 / 12, 3.0: 0.5, 0.5: 11 / 12, 0.0: 1.0}
    for hours, expected in hours_before.items():
        assert forecast[30 - int(2 * hours)] == pytest.approx(expected, abs=1e-12)
    assert forecast[39] == 1.0
    assert forecast[40] == 0.0


@pytest.mark.parametrize(("age_h", "expected"), [(2.0, 0.25), (6.0, 0.5), (18.0, 0.75)])
def test_half_of_the_age_feature_is_six_hours(age_h: float, expected: float) -> None:
    game = CoverageGame(make_arena(1))
    state = game.start(some_seeds(2))
    state.track.seen_h[:] = -age_h
    view = game.view(state, 0)
    np.testing.assert_allclose(view.feature("age")[:, : game.objects], expected)
    np.testing.assert_allclose(view.summary[:, SUMMARY.index("contested MEO: age")], expected)


@pytest.mark.parametrize(
    ("over", "expected"), [(0.0, 2), (0.9e-9, 2), (1.1e-9, 3), (0.5, 3), (-0.9e-9, 2), (-0.5, 2)]
)
def test_rounding_noise_of_a_billionth_adds_no_step(over: float, expected: int) -> None:
    """For durations of the rules, and for how long a look keeps a sensor busy."""
    duration_s = (2 + over) * STEP_S
    assert ceil_steps(duration_s, STEP_S) == expected
    game = one_sensor(step_s=STEP_S, sensor={"settle_s": 0.0, "dwell_s": duration_s})
    state = game.start(some_seeds(1))
    look(game, state, 0)
    assert state.sensor.done_step[0, 0, 0] == expected


def test_no_task_takes_less_than_a_step() -> None:
    game = one_sensor(sensor={"settle_s": 0.0, "dwell_s": 0.0})
    state = game.start(some_seeds(1))
    look(game, state, 0)
    assert state.sensor.done_step[0, 0, 0] == 1


@pytest.mark.parametrize(("over", "expected"), [(0.9e-9, 4), (1.1e-9, 5), (-0.5, 4)])
def test_a_billionth_of_a_step_of_latency_adds_no_step(over: float, expected: int) -> None:
    latency_s = (3 + over) * STEP_S
    game = one_sensor(sensor={"settle_s": 0.0, "dwell_s": 0.0, "latency_s": latency_s})
    state = game.start(some_seeds(1))
    look(game, state, 0)
    assert state.track.look_step[0, 0, 0] == 1
    assert state.track.known_step[0, 0, 0] == expected


@pytest.mark.parametrize(("over", "expected"), [(0.9e-9, 4), (1.1e-9, 5), (-0.5, 4)])
def test_a_sensor_rests_by_its_duty_cycle(over: float, expected: int) -> None:
    dwell_s = (1 + over / 4) * STEP_S
    game = one_sensor(sensor={"settle_s": 0.0, "dwell_s": dwell_s, "duty_cycle": 0.25})
    state = game.start(some_seeds(1))
    look(game, state, 0)
    assert state.track.look_step[0, 0, 0] == 1
    assert state.sensor.done_step[0, 0, 0] == expected


@pytest.mark.parametrize(("accessible", "taken"), [(2, -1), (3, 0), (4, 0)])
def test_access_has_to_last_until_the_exposure_is_over(accessible: int, taken: int) -> None:
    """Two steps of exposure need access at three: at its start, its end, and between."""
    game = one_sensor(horizon_steps=48, sensor={"settle_s": 300.0, "dwell_s": 300.0})
    game.world.quality[accessible:, 0, 0, 0] = 0
    game.world.quality[:, 0, 0, 1:] = 0
    enter_access(game)
    state = game.start(some_seeds(1))
    game.advance(state, assignment_command([[0]]), idle(1, 1), steps=1)
    assert state.sensor.target[0, 0, 0] == taken
    again = game.start(some_seeds(1))
    assert first_choice(game, again, {0: 1.0}) == taken


@pytest.mark.parametrize(("steps_left", "taken"), [(3, 0), (2, -1)])
def test_an_exposure_has_to_be_over_at_the_last_step_of_the_horizon(
    steps_left: int, taken: int
) -> None:
    game = one_sensor(horizon_steps=48, sensor={"settle_s": 300.0, "dwell_s": 300.0})
    state = game.start(some_seeds(1))
    game.advance(state, idle(1, 1), idle(1, 1), steps=48 - steps_left)
    game.advance(state, assignment_command([[0]]), idle(1, 1), steps=1)
    assert state.sensor.target[0, 0, 0] == taken


@pytest.mark.parametrize(
    ("middle_s", "expected"), [(0.0, 0.8), (75.0, 0.7), (300.0, 0.4), (450.0, 0.3), (600.0, 0.2)]
)
def test_detection_is_that_of_the_middle_of_the_exposure(middle_s: float, expected: float) -> None:
    """Between two steps of the table it changes evenly."""
    game = one_sensor(horizon_steps=48, sensor={"settle_s": middle_s, "dwell_s": 1e-9})
    game.world.quality[:3, 0, 0, 0] = 204, 102, 51
    game.world.quality[3:, 0, 0, 0] = 255
    state = game.start(some_seeds(1))
    look(game, state, 0)
    assert state.track.detection[0, 0, 0] == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(("last", "taken"), [((13, 12), 0), ((12, 11), 1), ((11, 12), 0)])
def test_access_of_an_hour_is_not_closing(last: tuple[int, int], taken: int) -> None:
    """Of 12 steps of five minutes: what lasts for 12 more counts like what lasts for ever."""
    game = one_sensor(horizon_steps=48, sensor={"settle_s": 0.0, "dwell_s": 30.0})
    for n, more in enumerate(last):
        game.world.quality[more + 1 :, 0, 0, n] = 0
    game.world.quality[:, 0, 0, 2:] = 0
    enter_access(game)
    state = game.start(some_seeds(1))
    weights = doctrine(observe=1e-6, closing=1.0)
    game.advance(state, doctrine_command(weights[None]), idle(1, 1), steps=1)
    assert state.sensor.target[0, 0, 0] == taken


@pytest.mark.parametrize(("quiet_h", "expected"), [(0.0, 1.0), (1.0, 0.5), (3.0, 0.25)])
def test_activity_fades_to_a_half_in_an_hour(quiet_h: float, expected: float) -> None:
    game = CoverageGame(make_arena(1))
    state = game.start(some_seeds(2))
    assert (game.view(state, 0).feature("active") == 0).all()
    state.track.active_h[:] = -quiet_h
    found = game.view(state, 0).feature("active")
    np.testing.assert_allclose(found[:, : game.objects], expected)
    assert (found[:, game.objects :] == 0).all()


@pytest.mark.parametrize(("happened", "recognised"), [(1, True), (2, False)])
def test_an_impulse_at_the_end_of_an_exposure_comes_after_it(
    happened: int, recognised: bool
) -> None:
    arena = with_window(
        make_arena(3, sensors=(1, 1), objects=5, access=1.0, horizon_steps=48), 1, 4
    )
    scenario = arena.scenario
    sensor = scenario.blue.sensor.model_copy(update={**SURE, "slew_rate_deg_s": 9.0})
    blue = scenario.blue.model_copy(update={"sensor": sensor})
    rules = scenario.rules.model_copy(update={"denial": False})
    update = {"blue": blue, "rules": rules}
    arena = replace(arena, scenario=scenario.model_copy(update=update))
    arena.tables.quality[arena.tables.quality > 0] = 255
    game = CoverageGame(arena)
    state = game.start(some_seeds(1))
    state.manoeuvre_step[:] = happened
    look(game, state, 0)
    game.advance(state, idle(1, 1), idle(1, 1), steps=3)
    assert state.track.hits[0, 0, 0] == 1
    assert state.track.active_h[0, 0, 0] == (2 / 12 if recognised else -np.inf)


@pytest.mark.parametrize(("denied_at", "attempts"), [(1, 0), (2, 1)])
def test_a_denial_at_the_end_of_an_exposure_comes_too_late(denied_at: int, attempts: int) -> None:
    arena = make_arena(3, sensors=(1, 1), objects=5, access=1.0, denial=1.0, sensor=SURE)
    game = CoverageGame(arena)
    state = game.start(some_seeds(1))
    look(game, state, 0)
    for t in range(1, 4):
        deny = assignment_command([[game.objects]]) if t == denied_at else idle(1, 1)
        game.advance(state, idle(1, 1), deny, steps=1)
    assert state.sensor.last_denied[0, 0, 0] == denied_at
    assert state.track.attempts[0, 0, 0] == attempts
    assert state.track.tasked[0, 0, 0] == 0


def test_a_look_without_dwell_reads_no_further_than_its_end() -> None:
    """Run as plain Python, which minds the ends of a table, at its last step but one."""
    game = one_sensor(step_s=300, sensor={"settle_s": 300.0, "dwell_s": 0.0})
    state = game.start(some_seeds(1))
    state.t[0] = len(game.world.quality) - 2 - state.start[0]
    scene = scene_of(game.world, state, 0, 0)
    assert can_complete(scene, 0, 0, 0.0)
    start_observation(game.world, state, 0, scene, 0, 0, 0.0)
    assert state.track.detection[0, 0, 0] == 1.0
    assert state.track.look_step[0, 0, 0] == state.t[0] + 1


def test_orbits_have_been_kept_up_from_an_old_element_set() -> None:
    """Looks that tell next to nothing leave 5 km and 18 km/h, moved on over twelve gaps."""
    arena = make_arena(1)
    blind = np.full(len(arena.objects), 1e7)
    arena = replace(arena, objects=replace(arena.objects, measurement_sigma_km=blind))
    state = CoverageGame(arena).start(some_seeds(1))
    before = np.diag([5.0**2] * 3 + [18.0**2] * 3)
    for n, motion in enumerate(arena.objects.mean_motion_rad_h):
        density = density_of_growth(motion, arena.objects.growth_km_h[n])
        expected = flow(motion, 73.2399).carry(before, density)
        np.testing.assert_allclose(
            variance(state.covariance[0, 0, n]), variance(expected), rtol=1e-3
        )


@pytest.mark.parametrize(("quality", "expected"), [(255, 1.0), (51, 0.2), (1, 1 / 255)])
def test_quality_is_in_steps_of_a_255th(quality: int, expected: float) -> None:
    game = one_sensor()
    game.world.quality[:] = quality
    state = game.start(some_seeds(1))
    look(game, state, 0)
    assert state.track.detection[0, 0, 0] == pytest.approx(expected, rel=1e-12)


def enter_access(game: CoverageGame) -> None:
    """Let the bits of access follow from the quality that a test has set."""
    again = access_bits(game.world.quality, shortest_looks(game.arena))
    game.world.accessible[:], game.world.lasting[:] = again


def first_choice(game: CoverageGame, state: State, priorities: dict[int, float]) -> int:
    """The object that Blue's sensor takes under these priorities."""
    orders = np.zeros((1, game.candidates))
    orders[0, list(priorities)] = list(priorities.values())
    game.advance(state, priority_command(orders), idle(1, 1), steps=1)
    return int(state.sensor.target[0, 0, 0])


@pytest.mark.parametrize(("margin", "taken"), [(-1e-6, 1), (1e-6, 0)])
def test_full_quality_is_worth_a_tenth_of_a_priority(margin: float, taken: int) -> None:
    """Qualities 55 and 255 differ by 200 / 255, so a lead of 0.1 of that is made good."""
    game = one_sensor()
    game.world.quality[..., 0] = 55
    lead = 0.1 * 200 / 255 + margin
    state = game.start(some_seeds(1))
    assert first_choice(game, state, {0: 1.0 + lead, 1: 1.0}) == taken


@pytest.mark.parametrize(("margin", "nearer"), [(-1e-6, True), (1e-6, False)])
def test_half_a_turn_costs_a_tenth_of_a_priority(margin: float, nearer: bool) -> None:
    game = one_sensor(horizon_steps=48, sensor={"settle_s": 0.0, "dwell_s": 30.0})
    state = game.start(some_seeds(1))
    look(game, state, 0)
    while state.sensor.done_step[0, 0, 0] > state.t[0]:
        game.advance(state, idle(1, 1), idle(1, 1), steps=1)
    angles = [angle(sight(game, 0, 0), sight(game, int(state.t[0]), n)) for n in (1, 2)]
    near, far = (1, 2) if angles[0] < angles[1] else (2, 1)
    lead = 0.1 * abs(angles[0] - angles[1]) / np.pi + margin
    assert lead > 1e-3
    taken = first_choice(game, state, {far: 1.0 + lead, near: 1.0})
    assert taken == (near if nearer else far)


def sight(game: CoverageGame, step: int, n: int) -> NDArray[np.float64]:
    """From Blue's one sensor to object ``n``."""
    position_km = game.world.position_km[step].astype(np.float64)
    return np.asarray(position_km[2 + n] - position_km[0])


def angle(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    return float(np.arccos(one @ other / np.linalg.norm(one) / np.linalg.norm(other)))


def test_what_never_happened_is_before_the_first_step() -> None:
    state = CoverageGame(make_arena(1, windows=1)).start(some_seeds(200))
    for name in ("target", "last_denied"):
        assert (column(state, name) == -1).all()
    assert state.manoeuvre_step.min() == -1


def test_highly_eccentric_orbits_count_as_middle_ones() -> None:
    """HEO, the fourth regime, is neither low nor high, and the summary has no place of its own."""
    arena = make_arena(2, objects=3, contested=0)
    moved = replace(arena.objects, regime=np.full(3, 3, np.int8))
    view = (game := CoverageGame(replace(arena, objects=moved))).view(game.start(some_seeds(2)), 0)
    for name in ("low_orbit", "high_orbit"):
        assert (view.feature(name) == 0).all()
    column_of = {name: view.summary[:, SUMMARY.index(f"uncontested {name}: age")] for name in KINDS}
    assert (column_of["LEO"] == 0).all()
    assert (column_of["GEO"] == 0).all()
    age = view.feature("age")[:, :3].mean(axis=1)
    np.testing.assert_allclose(column_of["MEO"], age, atol=1e-6)


KINDS = ("LEO", "MEO", "GEO")
