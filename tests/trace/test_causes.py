"""Every object has one cause for every step without custody, as a plain second reading finds it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil
from pathlib import Path
from typing import Any

import numpy as np
from arenas import make_arena
from game.driving import random_command, random_doctrines, some_seeds
from game.strategies import arena_options
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from study.small_runs import SMALL, small_study

from ssa_psro.game import Command, CoverageGame, View
from ssa_psro.geometry import build_arena
from ssa_psro.geometry.access import access_reasons
from ssa_psro.policies import ConstantDoctrine, Policy, make_policy, play
from ssa_psro.trace import Activity, Denials, Looks, Result, Trace, record
from ssa_psro.trace.causes import (
    CAUSES,
    Cause,
    WithoutDenial,
    attribute,
    cause_steps,
    causes_of,
    lapses_of,
    recovered_steps,
)

LUCK = st.integers(0, 2**32)


@dataclass(frozen=True)
class AnyOrders:
    """Orders of every mode, drawn anew at every decision but alike in equal episodes."""

    game: CoverageGame
    luck: int
    name: str = "any orders"
    constant: bool = False

    def act(self, view: View) -> Command:
        random = np.random.default_rng([self.luck, int(view.hour[0] * 3600)])
        return random_command(self.game, random, view.batch)


def some_policies(luck: int) -> tuple[Policy, Policy]:
    blue, red = random_doctrines(np.random.default_rng(luck), 2)
    return ConstantDoctrine("blue", tuple(blue)), ConstantDoctrine("red", tuple(red))


def rows(events: Looks | Denials) -> list[dict[str, Any]]:
    """One event a row, its columns by name."""
    return [dict(zip(events._fields, row, strict=True)) for row in zip(*events, strict=True)]


def plain_cause(
    game: CoverageGame, trace: Trace, reasons: NDArray[np.uint8], side: int, t: int, n: int
) -> Cause:
    """The page about causes, read again."""
    if trace.custody[side, t, n]:
        return Cause.CUSTODY
    looks = rows(trace.looks)
    for look in looks:
        mine = look["side"] == side and look["object"] == n
        if mine and look["start_step"] <= t < look["known_step"]:
            if look["result"] in (Result.HIT, Result.UNFINISHED):
                return Cause.UNDER_WAY if t < look["end_step"] else Cause.NOT_DOWN
            names = {Result.BROKEN_OFF: Cause.DENIED, Result.NOT_DETECTED: Cause.NOT_DETECTED}
            return names.get(look["result"], Cause.OUT_OF_FIELD)
    threshold_km = game.arena.objects.custody_sigma_km[n]
    if trace.expected_km[side, t, n] <= threshold_km and (
        trace.expected_km[side, t, n] < trace.sigma_km[side, t, n]
    ):
        return Cause.MANOEUVRE
    answers = []
    for s in range(game.arena.sensor_count[side]):
        if reasons[t, s, n] > 0:
            answers.append(Cause(reasons[t, s, n]))
        elif not can_complete(game, trace, looks, side, s, t, n):
            answers.append(Cause.TOO_SHORT)
        elif trace.denied[side, t, s]:
            answers.append(Cause.DENIED)
        elif trace.activity[side, t, s] in (Activity.DENYING, Activity.PROTECTING):
            answers.append(Cause.INTERFERING)
        elif trace.activity[side, t, s] == Activity.IDLE:
            answers.append(Cause.IDLE)
        else:
            begins = [
                look["side"] == side and look["sensor"] == s and look["start_step"] == t
                for look in looks
            ]
            answers.append(Cause.ELSEWHERE if any(begins) else Cause.BUSY)
    return max(answers)


def can_complete(
    game: CoverageGame, trace: Trace, looks: list[dict[str, Any]], side: int, s: int, t: int, n: int
) -> bool:
    """Whether access lasts until an exposure that would begin now, from where the sensor points."""
    sensor = game.arena.scenario.sides[side].sensor
    slots, tables = game.sensors, game.arena.tables

    def toward(step: int, place: int) -> NDArray[np.float64]:
        places = tables.position_km[trace.start_step + step].astype(np.float64)
        ray = places[place] - places[side * slots + s]
        return ray / np.linalg.norm(ray)

    turns = [
        (one["start_step"], 2 * slots + one["object"])
        for one in looks
        if one["side"] == side and one["sensor"] == s and one["start_step"] < t
    ]
    turns += [
        (one["step"], (1 - side) * slots + one["target"])
        for one in rows(trace.denials)
        if one["side"] == side and one["sensor"] == s and one["step"] < t
    ]
    slew_deg = 0.0
    if turns:
        cosine = toward(*max(turns)) @ toward(t, 2 * slots + n)
        slew_deg = np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0)))
    needs_s = slew_deg / sensor.slew_rate_deg_s + sensor.settle_s + sensor.dwell_s
    steps = max(1, ceil(needs_s / trace.step_s - 1e-9))
    ahead = tables.quality[trace.start_step + t :, side, s, n][: steps + 1]
    return len(ahead) == steps + 1 and bool((ahead > 0).all())


def made_up_reasons(game: CoverageGame, trace: Trace, luck: int) -> list[NDArray[np.uint8]]:
    """Any constraint where the tables have no access: these arenas have no geometry."""
    steps = slice(trace.start_step, trace.start_step + trace.steps)
    quality = game.arena.tables.quality[steps]
    drawn = np.random.default_rng(luck).integers(1, 9, quality.shape)
    reasons = np.where(quality > 0, 0, drawn).astype(np.uint8)
    return [reasons[:, 0], reasons[:, 1]]


@settings(max_examples=30)
@given(options=arena_options(), luck=LUCK)
def test_every_step_has_the_cause_of_a_plain_reading(options: dict[str, Any], luck: int) -> None:
    game = CoverageGame(make_arena(**options))
    (trace,) = record(game, *some_policies(luck), some_seeds(1, luck))
    reasons = made_up_reasons(game, trace, luck)
    causes = attribute(game, trace, reasons)
    expected = [
        [
            [plain_cause(game, trace, reasons[side], side, t, n) for n in range(game.objects)]
            for t in range(trace.steps)
        ]
        for side in (0, 1)
    ]
    np.testing.assert_array_equal(causes, expected)


@settings(max_examples=30)
@given(options=arena_options(), luck=LUCK)
def test_causes_add_up_for_every_object(options: dict[str, Any], luck: int) -> None:
    game = CoverageGame(make_arena(**options))
    (trace,) = record(game, *some_policies(luck), some_seeds(1, luck))
    causes = attribute(game, trace, made_up_reasons(game, trace, luck))
    steps = cause_steps(causes)
    assert steps.shape == (2, game.objects, len(Cause))
    np.testing.assert_array_equal(steps[..., Cause.CUSTODY], trace.custody.sum(axis=1))
    without = (~trace.custody).sum(axis=1)
    np.testing.assert_array_equal(steps[..., list(CAUSES)].sum(axis=2), without)
    lapses = lapses_of(causes)
    lost = np.zeros((2, game.objects))
    np.add.at(lost, (lapses.side, lapses.object), lapses.end_step - lapses.first_step)
    np.testing.assert_array_equal(lost, without)
    for side, n, first, end, cause in zip(*lapses, strict=True):
        spell = causes[side, first:end, n]
        assert (spell == cause).sum() == max((spell == one).sum() for one in CAUSES)
        assert first == 0 or trace.custody[side, first - 1, n]
        assert end == trace.steps or trace.custody[side, end, n]


def test_a_look_that_began_could_be_completed() -> None:
    """By the same judgement: pointing, slew and access are those of the rules."""
    game, begun = CoverageGame(make_arena(5, steps=60)), 0
    for trace in record(game, *some_policies(4), some_seeds(5)):
        looks = rows(trace.looks)
        begun += len(looks)
        for one in looks:
            place = one["side"], one["sensor"], one["start_step"], one["object"]
            assert can_complete(game, trace, looks, *place)
    assert begun > 100


def test_geometry_is_that_of_the_access_tables() -> None:
    game = CoverageGame(build_arena(small_study(SMALL).scenario))
    pair = make_policy("aggressive"), make_policy("blinding")
    seen = set()
    for trace in record(game, *pair, some_seeds(4)):
        causes = causes_of(game, trace)
        assert ((causes == Cause.CUSTODY) == trace.custody).all()
        steps = slice(trace.start_step, trace.start_step + trace.steps)
        for side, count in enumerate(game.arena.sensor_count):
            blind = (game.arena.tables.quality[steps, side, :count] == 0).all(axis=1)
            seen |= set(causes[side][blind].tolist())
            geometry = causes[side] <= Cause.FAINT
            assert blind[geometry & ~trace.custody[side]].all()
            furthest = access_reasons(game.arena, side, steps)[:, :count].max(axis=1)
            asked = geometry & ~trace.custody[side]
            np.testing.assert_array_equal(causes[side][asked], furthest[asked])
    assert Cause.SHADOW in seen


def test_a_manoeuvre_that_nobody_noticed() -> None:
    """A side takes its custody for kept: that has a cause of its own, until it begins to doubt."""
    game = CoverageGame(make_arena(2, steps=60, windows=2, access=0.2))
    seen = 0
    for trace in record(game, *some_policies(3), some_seeds(20)):
        causes = attribute(game, trace, made_up_reasons(game, trace, 0))
        moved = trace.manoeuvres
        for side, t, n in np.argwhere(causes == Cause.MANOEUVRE):
            mine = moved.object == n
            noticed = moved.noticed_step[mine, side]
            assert ((moved.step[mine] < t) & ((noticed == -1) | (noticed > t))).any()
            seen += 1
    assert seen > 0


def test_an_error_that_is_expected_hides_no_manoeuvre() -> None:
    """Even where the rounded error does not exceed a limit that the error itself does."""
    game = CoverageGame(make_arena(2, steps=60, windows=2, access=0.2))
    (trace,) = record(game, *some_policies(3), some_seeds(1))
    nobody = np.zeros_like(trace.custody)
    known = replace(trace, expected_km=trace.sigma_km, custody=nobody)
    assert (known.expected_km <= game.arena.objects.custody_sigma_km).any()
    causes = attribute(game, known, made_up_reasons(game, known, 0))
    assert not (causes == Cause.MANOEUVRE).any()


def test_a_look_that_denial_breaks_off_was_denied() -> None:
    long = {"dwell_s": 900.0, "slew_rate_deg_s": 2.0}
    game = CoverageGame(make_arena(6, steps=60, access=0.9, denial=0.2, sensor=long))
    pair, broken = (make_policy("information"), make_policy("blinding")), 0
    for trace in record(game, *pair, some_seeds(20)):
        causes = attribute(game, trace, made_up_reasons(game, trace, 0))
        for one in rows(trace.looks):
            if one["result"] == Result.BROKEN_OFF:
                during = causes[one["side"], one["start_step"] : one["end_step"], one["object"]]
                assert set(during.tolist()) <= {Cause.CUSTODY, Cause.DENIED}
                broken += (during == Cause.DENIED).sum()
    assert broken > 20


@settings(max_examples=20)
@given(options=arena_options(denial=1.0), luck=LUCK)
def test_struck_denials_are_not_made(options: dict[str, Any], luck: int) -> None:
    game = CoverageGame(make_arena(**options))
    red = WithoutDenial(AnyOrders(game, luck), game.objects, game.sensors)
    (trace,) = record(game, AnyOrders(game, luck + 1), red, some_seeds(1, luck))
    assert not (trace.denials.side == 1).any()
    assert not (trace.looks.result[trace.looks.side == 0] == Result.BROKEN_OFF).any()


@settings(max_examples=20)
@given(options=arena_options(denial=0.0), luck=LUCK)
def test_all_other_orders_hold(options: dict[str, Any], luck: int) -> None:
    """Where nobody is in reach to be denied, there is nothing to strike."""
    game = CoverageGame(make_arena(**options))
    orders, seeds = AnyOrders(game, luck), some_seeds(3, luck)
    struck = WithoutDenial(orders, game.objects, game.sensors)
    one, other = (record(game, orders, red, seeds) for red in (orders, struck))
    for a, b in zip(one, other, strict=True):
        np.testing.assert_array_equal(a.sigma_km, b.sigma_km)
        for mine, theirs in zip(a.looks, b.looks, strict=True):
            np.testing.assert_array_equal(mine, theirs)


def test_what_is_recovered_is_a_replay() -> None:
    game, seeds = CoverageGame(make_arena(6, steps=60, denial=0.8)), some_seeds(40)
    blue, red = make_policy("information"), make_policy("blinding")
    gained = recovered_steps(game, blue, red, seeds)
    struck = WithoutDenial(red, game.objects, game.sensors)
    custody = [play(game, blue, one, seeds).statistics["custody"][:, 0] for one in (struck, red)]
    shares = gained[:, 0].mean(axis=1) / game.world.rules.steps
    np.testing.assert_allclose(shares, custody[0] - custody[1], atol=1e-12)
    assert shares.mean() > 0.1
    np.testing.assert_array_equal(gained[:, 1], 0.0)  # information never denies
    gained = recovered_steps(game, red, blue, seeds)
    custody = [play(game, one, blue, seeds).statistics["custody"][:, 1] for one in (struck, red)]
    shares = gained[:, 1].mean(axis=1) / game.world.rules.steps
    np.testing.assert_allclose(shares, custody[0] - custody[1], atol=1e-12)
    assert shares.mean() > 0.1
    np.testing.assert_array_equal(gained[:, 0], 0.0)


def test_the_page_lists_every_cause() -> None:
    page = (Path(__file__).parents[2] / "docs" / "causes.md").read_text("utf-8")
    tables = " ".join(line.split("|")[1] for line in page.splitlines() if line.startswith("| "))
    assert list(CAUSES) == list(Cause)[1:]
    for words in CAUSES.values():
        assert words in tables
