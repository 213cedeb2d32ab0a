"""The summary of a side's situation that a doctrine network sees: every number in [0, 1]."""

from __future__ import annotations

from typing import Final

import numpy as np

from ssa_psro.arrays import Singles
from ssa_psro.compiled import column_sum, compiled, entry_point
from ssa_psro.game.features import HALF_AGE_H, harassment
from ssa_psro.game.state import (
    ATTEMPTED_UNTIL,
    ATTEMPTS,
    DENIED_UNTIL,
    DONE,
    EXPECTED,
    HITS,
    LAST_DENIED,
    PROTECTED_UNTIL,
    RECHARGE_UNTIL,
    SEEN,
    SUSPECTED,
    State,
)
from ssa_psro.game.uncertainty import suspect
from ssa_psro.game.world import CONTESTED, CUSTODY, REGIME, SENSORS, World
from ssa_psro.scenario.schema import REGIMES, RegimeName

_REGIMES: Final[tuple[RegimeName, ...]] = ("LEO", "MEO", "GEO")
_GROUPS: Final = tuple(
    f"{kind} {regime}" for kind in ("uncontested", "contested") for regime in _REGIMES
)
_PER_GROUP: Final = ("uncertainty", "lost", "age")
_SITUATION: Final = (
    "time",
    "contest period",
    "suspected",
    "forecast",
    "hit rate",
    "free",
    "denied",
    "protected",
    "recharging",
    "harassed",
    "exposure",
    "access",
    "threat",
    "denial in force",
)
SUMMARY: Final = (
    *(f"{group}: {quantity}" for group in _GROUPS for quantity in _PER_GROUP),
    *_SITUATION,
)
"""Names of the numbers, in order: means over each group of objects, then the situation."""

_REGIME_COUNT: Final = len(_REGIMES)
_GROUP_OF_REGIME: Final = tuple(
    _REGIMES.index(regime if regime in _REGIMES else "MEO") for regime in REGIMES
)
"""Highly eccentric orbits count as MEO: neither low nor high, and networks keep their width."""
_WIDTH: Final = len(_PER_GROUP)
_FIRST: Final = len(_GROUPS) * _WIDTH


@entry_point
def summarise(world: World, state: State, side: int, out: Singles) -> None:
    """Write the summary of every episode into ``out[B, K]``."""
    out[:] = 0.0
    for b in range(state.t.size):
        suspect(world, state, b, side)
        _objects(world, state, b, side, out[b])
        _clock(world, state, b, side, out[b])
        _own_sensors(world, state, b, side, out[b])
        _opposing_sensors(world, state, b, side, out[b])


@compiled
def _objects(world: World, state: State, b: int, side: int, row: Singles) -> None:
    objects, known = world.objects, state.objects[b, side]
    hour = state.t[b] * world.rules.dt_h
    members = np.zeros(_FIRST // _WIDTH)
    for n in range(objects.shape[0]):
        group = _GROUP_OF_REGIME[int(objects[n, REGIME])]
        group += _REGIME_COUNT if objects[n, CONTESTED] > 0.0 else 0
        ratio = known[n, EXPECTED] / objects[n, CUSTODY]
        age_h = hour - known[n, SEEN]
        members[group] += 1.0
        row[group * _WIDTH] += ratio / (1.0 + ratio)
        row[group * _WIDTH + 1] += 1.0 if ratio > 1.0 else 0.0
        row[group * _WIDTH + 2] += age_h / (age_h + HALF_AGE_H)
    for group in range(members.size):
        for quantity in range(_WIDTH):
            row[group * _WIDTH + quantity] /= max(members[group], 1.0)


@compiled
def _clock(world: World, state: State, b: int, side: int, row: Singles) -> None:
    t, period, known = state.t[b], world.rules.period_steps, state.objects[b, side]
    forecast = world.forecast[_horizon_step(world, state, b)]
    contested = max(1.0, column_sum(world.objects, CONTESTED))
    attempts, hits = column_sum(known, ATTEMPTS), column_sum(known, HITS)
    row[_FIRST] = t / world.rules.steps
    row[_FIRST + 1] = (t % period) / period
    for n in range(known.shape[0]):
        if world.objects[n, CONTESTED] > 0.0:
            row[_FIRST + 2] += known[n, SUSPECTED] / contested
            row[_FIRST + 3] += forecast[n] / contested
    row[_FIRST + 4] = hits / attempts if attempts > 0.0 else 0.0


@compiled
def _own_sensors(world: World, state: State, b: int, side: int, row: Singles) -> None:
    t, now = state.t[b], _horizon_step(world, state, b)
    sensors, quality = state.sensors[b, side], world.quality[now, side]
    count, objects = int(world.sides[side, SENSORS]), quality.shape[1]
    for s in range(count):
        row[_FIRST + 5] += (sensors[s, DONE] <= t) / count
        row[_FIRST + 6] += (sensors[s, DENIED_UNTIL] > t) / count
        row[_FIRST + 7] += (sensors[s, PROTECTED_UNTIL] > t) / count
        row[_FIRST + 8] += (sensors[s, RECHARGE_UNTIL] > t) / count
        row[_FIRST + 9] += harassment(sensors[s, LAST_DENIED], t, world.rules.dt_h) / count
        row[_FIRST + 10] += world.exposure[now, side, s] / count
        accessible = 0
        for n in range(objects):
            accessible += quality[s, n] > 0
        row[_FIRST + 11] += accessible / (count * objects)


@compiled
def _opposing_sensors(world: World, state: State, b: int, side: int, row: Singles) -> None:
    t, now = state.t[b], _horizon_step(world, state, b)
    count = int(world.sides[1 - side, SENSORS])
    for o in range(count):
        row[_FIRST + 12] += world.threat[now, 1 - side, o] / count
        row[_FIRST + 13] += (state.sensors[b, side, o, ATTEMPTED_UNTIL] > t) / count


@compiled
def _horizon_step(world: World, state: State, b: int) -> int:
    """The current horizon step; after the last step of the horizon, that one."""
    return int(min(state.start[b] + state.t[b], world.forecast.shape[0] - 1))
