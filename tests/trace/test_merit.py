"""Figures of an episode: worked by hand, against the rules' own counts, and a look taken back."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from arenas import make_arena
from game.driving import random_doctrines, some_seeds
from game.strategies import arena_options
from hypothesis import given, settings
from hypothesis import strategies as st
from reference.hand_arenas import sure_arena, with_window

from ssa_psro.game import Command, CoverageGame, View, assignment_command
from ssa_psro.game.command import IDLE
from ssa_psro.geometry.arena import Arena
from ssa_psro.policies import ConstantDoctrine, play
from ssa_psro.trace import Result, Trace, record
from ssa_psro.trace.merit import USES, Merit, merit_of, use_of
from ssa_psro.trace.redundancy import COMPLETED, redundant_of

STEP_H = 300 / 3600


class Scripted:
    """Orders by step: a candidate for each of two sensors."""

    name, constant = "scripted", False

    def __init__(self, orders: Mapping[int, tuple[int, int]]) -> None:
        self.orders = orders

    def act(self, view: View) -> Command:
        step = round(view.hour[0] / STEP_H)
        return assignment_command([self.orders.get(step, (IDLE, IDLE))] * view.batch)


def told(
    arena: Arena,
    blue: Mapping[int, tuple[int, int]],
    red: Mapping[int, tuple[int, int]] | None = None,
) -> tuple[Trace, Merit]:
    """One episode of scripted orders."""
    game = CoverageGame(arena)
    (trace,) = record(game, Scripted(blue), Scripted(red or {}), np.array([3], np.uint64))
    return trace, merit_of(trace, arena)


def hand_arena(**options: Any) -> Arena:
    """50 steps of 5 min, decisions at each; two sensors a side see everything at all times."""
    return sure_arena(decision_steps=1, horizon_steps=50, **options)


def test_looks_at_three_objects() -> None:
    """Blue sees object 0 at steps 12 and 33, object 1 at step 27, object 2 never; 50 steps.

    A look takes two steps, and one more where the sensor has to turn first.
    Gaps: 12, 21 and 17 steps; 27 and 23; 50.
    """
    trace, merit = told(hand_arena(), {10: (0, IDLE), 25: (IDLE, 1), 30: (0, IDLE)})
    assert trace.looks.end_step.tolist() == [12, 27, 33]
    assert trace.looks.result.tolist() == [Result.HIT] * 3
    objects, side = merit.objects, {name: found[0, 0] for name, found in merit.sides.items()}
    assert objects["looks"][0].tolist() == [2, 1, 0]
    assert objects["revisit_mean_h"][0] == pytest.approx(np.array([50 / 3, 25, 50]) * STEP_H)
    assert objects["revisit_longest_h"][0] == pytest.approx(np.array([21, 27, 50]) * STEP_H)
    squares = np.array([144 + 441 + 289, 729 + 529, 2500])
    assert objects["time_average_gap_h"][0] == pytest.approx(squares / 50 * STEP_H)
    assert objects["response_h"][0] == pytest.approx(squares / 100 * STEP_H)
    # six gaps: 12, 17, 21, 23, 27, 50
    assert side["revisit_mean_h"] == pytest.approx(150 / 6 * STEP_H)
    assert side["revisit_median_h"] == pytest.approx(22 * STEP_H)
    assert side["time_average_gap_h"] == pytest.approx(squares.sum() / 150 * STEP_H)
    assert side["unseen"] == pytest.approx(1 / 3)
    assert (side["looks"], side["hit_rate"]) == (3, 1)
    assert merit.sensors["looks"][0].tolist() == [2, 1]
    assert merit.sides["unseen"][1, 0] == 1


def test_time_of_a_sensor() -> None:
    """Looks of 2 and 3 steps: the first sensor observes 5 of 50 steps, the second 2.

    The second protects itself at step 40, for ``protection_s``; the rest is idle.
    """
    arena = hand_arena(rules={"protection_s": 1500.0})
    protect = len(arena.objects) + 2 + 1
    trace, _ = told(arena, {10: (0, IDLE), 25: (IDLE, 1), 30: (0, IDLE), 40: (IDLE, protect)})
    use = use_of(trace, 0)
    assert use["observing"].tolist() == [5 / 50, 2 / 50]
    assert use["protected"].tolist() == [0, 5 / 50]
    assert use["idle"].tolist() == [45 / 50, 43 / 50]


def test_access_is_that_of_the_tables() -> None:
    """One sensor sees object 0 from step 5 to 15, the other from 10 to 20; it is blind else."""
    arena = hand_arena()
    quality = arena.tables.quality
    quality[:] = 0
    quality[5:15, 0, 0, 0] = quality[10:20, 0, 1, 0] = 255
    _, merit = told(arena, {})
    found = {name: numbers[0, 0] for name, numbers in merit.objects.items()}
    assert (found["accesses"], found["access"], found["access_2"]) == (1, 15 / 50, 5 / 50)
    assert found["access_3"] == 0
    assert found["assets"] == 20 / 50
    assert found["blind_mean_h"] == pytest.approx((5 + 30) / 2 * STEP_H)
    assert found["time_average_blind_h"] == pytest.approx((25 + 900) / 50 * STEP_H)
    assert merit.sides["access"][0, 0] == pytest.approx(15 / 150)
    assert merit.objects["blind_longest_h"][0, 1] == pytest.approx(50 * STEP_H)


def test_a_manoeuvre_is_noticed_by_the_look_that_shows_it() -> None:
    """All three manoeuvre at step 10. A look begun at 12 ends at 14; Red never looks."""
    arena = with_window(hand_arena(), 10, 11)
    _, merit = told(arena, {12: (0, IDLE)})
    assert merit.objects["noticed"][0].tolist() == [1, 0, 0]
    assert merit.objects["notice_h"][0, 0] == pytest.approx(4 * STEP_H)
    assert np.isnan(merit.objects["notice_h"][0, 1])
    assert merit.sides["noticed"][:, 0].tolist() == [1 / 3, 0]
    assert merit.sides["manoeuvres"][:, 0].tolist() == [3, 3]


def test_without_its_last_success_a_side_has_what_it_had_without_that_look() -> None:
    """Four looks, a manoeuvre between the second and the third: the first and third are needed."""
    arena = with_window(hand_arena(), 25, 26, delta_v_km_h=10.0)
    arena.objects.custody_sigma_km[:] = 20.0
    arena.objects.growth_km_h[:] = 4.0
    looks = {5: (0, IDLE), 20: (0, IDLE), 30: (0, IDLE), 40: (0, IDLE)}
    trace, _ = told(arena, looks)
    assert trace.looks.result.tolist() == [Result.HIT] * 4
    known = [*trace.looks.known_step.tolist(), trace.steps]
    for number, (step, nxt) in enumerate(zip(list(looks), known[1:], strict=True)):
        fewer = {at: orders for at, orders in looks.items() if at < step}
        without = told(arena, fewer)[0]
        rows = slice(known[number], nxt)
        np.testing.assert_array_equal(
            trace.custody_without[0, rows, 0], without.custody[0, rows, 0]
        )
    needed = [not trace.custody_without[0, a:b, 0].all() for a, b in pairwise(known)]
    assert needed == [True, False, True, False]
    assert redundant_of(trace, arena.objects.contested).tolist() == [not one for one in needed]


def test_no_look_is_needed_where_custody_lasts() -> None:
    arena = hand_arena()
    trace, merit = told(arena, {10: (0, IDLE), 12: (IDLE, 0)})
    assert redundant_of(trace, arena.objects.contested).tolist() == [True, True]
    assert merit.sides["redundant"][0, 0] == 1


def test_a_look_that_makes_fresher_is_not_redundant() -> None:
    """Both sides keep custody throughout; a contested object goes to who saw it last."""
    arena = hand_arena(contested=3)
    trace, merit = told(arena, {10: (0, IDLE), 30: (0, IDLE)}, {20: (0, IDLE)})
    assert trace.custody[:, :, 0].all()
    before = bool(trace.seen_h[0, 0, 0] > trace.seen_h[1, 0, 0])
    # Blue's first look is needed unless Blue was the fresher all along
    assert redundant_of(trace, arena.objects.contested).tolist() == [before, False, False]
    held = (12 * before + 10 + 17) / 50  # Blue from 12 to 22 and from 33 on
    assert merit.objects["held"][0, 0] == pytest.approx(held)
    assert merit.objects["held"][:, 0].sum() == pytest.approx(1)


def slowly_redundant(trace: Trace, contested: np.ndarray[Any, Any]) -> list[bool]:
    """Look by look and step by step, as the definition reads."""
    looks, found = trace.looks, []
    for one in range(looks.side.size):
        side, n = int(looks.side[one]), int(looks.object[one])
        known = int(looks.known_step[one])
        mine = (looks.side == side) & (looks.object == n) & (looks.result == Result.HIT)
        later = [int(step) for step in looks.known_step[mine] if step > known]
        before = [int(step) for step in looks.end_step[mine] if step < looks.end_step[one]]
        ok = looks.result[one] in COMPLETED
        for t in range(int(looks.end_step[one]), min([*later, trace.steps])) if ok else ():
            failed = t < known or looks.result[one] != Result.HIT
            has = trace.custody[side, t, n] if failed else trace.custody_without[side, t, n]
            ok = ok and bool(has)
            if contested[n] and has and not failed:
                first = trace.seen_h[side, 0, n]
                own_h = np.float32(max(before) * trace.step_s / 3600) if before else first
                other_h = trace.seen_h[1 - side, t, n]
                holder = side if not trace.custody[1 - side, t, n] or own_h > other_h else 1 - side
                holder = 2 if trace.custody[1 - side, t, n] and own_h == other_h else holder
                ok = ok and holder == trace.holder[t, n]
        found.append(bool(ok))
    return found


@settings(max_examples=25)
@given(options=arena_options(), luck=st.integers(0, 2**32))
def test_figures_are_those_of_the_rules(options: dict[str, Any], luck: int) -> None:
    arena = make_arena(**options)
    game, seeds = CoverageGame(arena), some_seeds(2, luck)
    doctrines = random_doctrines(np.random.default_rng(luck), 2)
    sides = [ConstantDoctrine("random", tuple(weights)) for weights in doctrines]
    match, traces = play(game, *sides, seeds), record(game, *sides, seeds)
    window_h = game.world.rules.steps * game.world.rules.dt_h
    for e, trace in enumerate(traces):
        merit = merit_of(trace, arena)
        side = {name: found[:, 0] for name, found in merit.sides.items()}
        for name, theirs in (
            ("custody", "custody"),
            ("looks", "observations"),
            ("revisit_longest_h", "max_gap_h"),
            ("denials", "denials"),
            ("denials_blocked", "denials_blocked"),
            ("protections", "protections"),
        ):
            assert side[name] == pytest.approx(match.statistics[theirs][e], rel=1e-6), name
        hits = np.nan_to_num(side["hit_rate"] * side["looks"])
        # no two looks at an object end together, so every success parts a gap in two
        gaps = game.objects + hits
        assert side["revisit_mean_h"] == pytest.approx(window_h * game.objects / gaps)
        for name in ("looks", "broken_off"):
            assert np.nansum(merit.sensors[name], axis=1) == pytest.approx(side[name])
            assert merit.objects[name].sum(axis=1) == pytest.approx(side[name])
            assert merit.regimes[name].sum(axis=1) == pytest.approx(side[name])
        for number in (0, 1):
            use = use_of(trace, number)
            assert list(use) == list(USES)
            assert sum(use.values()) == pytest.approx(1)
        assert merit.custody.mean(axis=1) == pytest.approx(side["custody"])
        assert merit.custody_weighted.mean(axis=1) == pytest.approx(side["custody_weighted"])
        if arena.objects.contested.any():
            assert merit.held.mean(axis=1) == pytest.approx(side["held"])
        found = redundant_of(trace, arena.objects.contested)
        assert found.tolist() == slowly_redundant(trace, arena.objects.contested)
