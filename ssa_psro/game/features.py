"""What a side knows as numbers in [0, 1]: the features of candidates, and the summary of it all.

A doctrine is one weight a feature; a candidate's priority is weights · features. The summary is
what a doctrine network sees. Every number comes from the side's own information, the public
geometry or the forecast. All are bounded by construction, so that weights mean the same in every
scenario and a learner needs no running normalisation.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from ssa_psro.arrays import Floats, Singles
from ssa_psro.compiled import column_sum, compiled, entry_point
from ssa_psro.game import chance
from ssa_psro.game.columns import (
    FEATURE,
    GROUP,
    GROUP_REGIMES,
    OBJECT,
    SENSOR,
    SIDE,
    SITUATION,
    TRACK,
)
from ssa_psro.game.state import State
from ssa_psro.game.uncertainty import assess
from ssa_psro.game.world import World
from ssa_psro.scenario.schema import REGIMES

HALF_AGE_H: Final = 6.0
"""Age at which the age feature reaches one half."""

_GROUP_COUNT: Final = 2 * len(GROUP_REGIMES)
_GROUP_OF_REGIME: Final = tuple(
    GROUP_REGIMES.index(regime if regime in GROUP_REGIMES else "MEO") for regime in REGIMES
)
"""Highly eccentric orbits count as MEO: neither low nor high, and networks keep their width."""


@compiled
def fill_objects(world: World, state: State, b: int, side: int, x: Floats) -> None:
    """Write the features of every object as seen by ``side`` into ``x[:N]``."""
    t, hour = state.t[b], state.t[b] * world.rules.dt_h
    forecast = world.forecast[state.start[b] + t]
    objects, tracks = world.objects, state.tracks[b, side]
    for n in range(objects.shape[0]):
        age_h = hour - tracks[n, TRACK.seen_h]
        ratio = tracks[n, TRACK.expected_km] / objects[n, OBJECT.custody_km]
        x[n, FEATURE.observe] = 1.0
        x[n, FEATURE.contested] = objects[n, OBJECT.contested]
        x[n, FEATURE.value] = objects[n, OBJECT.value]
        # r / (1 + r) keeps the order of what has no upper bound, and is one half at its scale.
        x[n, FEATURE.age] = age_h / (age_h + HALF_AGE_H)
        x[n, FEATURE.uncertainty] = ratio / (1.0 + ratio)
        x[n, FEATURE.lost] = 1.0 if ratio > 1.0 else 0.0
        x[n, FEATURE.information] = x[n, FEATURE.value] * x[n, FEATURE.uncertainty]
        x[n, FEATURE.contested_age] = x[n, FEATURE.contested] * x[n, FEATURE.age]
        x[n, FEATURE.forecast] = forecast[n]
        x[n, FEATURE.suspected] = tracks[n, TRACK.suspected]
        x[n, FEATURE.low_orbit] = objects[n, OBJECT.low_orbit]
        x[n, FEATURE.high_orbit] = objects[n, OBJECT.high_orbit]
        x[n, FEATURE.missed] = tracks[n, TRACK.missed]
        x[n, FEATURE.active] = 1.0 / (1.0 + hour - tracks[n, TRACK.active_h])


@compiled
def fill_sensors(world: World, state: State, b: int, side: int, x: Floats) -> None:
    """Write the features of opposing (``x[N:N+S]``) and own sensors (``x[N+S:]``)."""
    t = state.t[b]
    threat = world.threat[state.start[b] + t, 1 - side]
    exposure = world.exposure[state.start[b] + t, side]
    sensors = state.sensors[b, side]
    first_opposing = world.objects.shape[0]
    first_own = first_opposing + sensors.shape[0]
    for s in range(sensors.shape[0]):
        o, c = first_opposing + s, first_own + s
        x[o, FEATURE.deny] = 1.0
        x[o, FEATURE.threat] = threat[s]
        x[c, FEATURE.protect] = 1.0
        x[c, FEATURE.exposure] = exposure[s]
        x[c, FEATURE.harassed] = harassment(sensors[s, SENSOR.last_denied], t, world.rules.dt_h)


@compiled
def fill_noise(state: State, b: int, side: int, x: Floats) -> None:
    """Write the noise feature of every candidate: another number each step."""
    for c in range(x.shape[0]):
        x[c, FEATURE.noise] = chance.uniform(state.seed[b], chance.NOISE, side, c, state.t[b])


@compiled
def harassment(last_denied: float, t: int, dt_h: float) -> float:
    """1 when the sensor was denied just now, falling with the hours since; 0 if it never was."""
    return 0.0 if last_denied < 0 else 1.0 / (1.0 + (t - last_denied) * dt_h)


@entry_point
def summarise(world: World, state: State, side: int, out: Singles) -> None:
    """Write the summary of every episode into ``out[B, K]``."""
    out[:] = 0.0
    for b in range(state.t.size):
        assess(world, state, b, side)
        _summarise_objects(world, state, b, side, out[b])
        _summarise_time(world, state, b, side, out[b])
        _summarise_own_sensors(world, state, b, side, out[b])
        _summarise_opposing_sensors(world, state, b, side, out[b])


@compiled
def _summarise_objects(world: World, state: State, b: int, side: int, row: Singles) -> None:
    """Means over each group: a network's input must not grow with the number of objects."""
    objects, tracks = world.objects, state.tracks[b, side]
    hour = state.t[b] * world.rules.dt_h
    members = np.zeros(_GROUP_COUNT)
    for n in range(objects.shape[0]):
        group = _GROUP_OF_REGIME[int(objects[n, OBJECT.regime])]
        group += len(GROUP_REGIMES) if objects[n, OBJECT.contested] > 0.0 else 0
        ratio = tracks[n, TRACK.expected_km] / objects[n, OBJECT.custody_km]
        age_h = hour - tracks[n, TRACK.seen_h]
        first = group * len(GROUP)
        members[group] += 1.0
        row[first + GROUP.uncertainty] += ratio / (1.0 + ratio)
        row[first + GROUP.lost] += 1.0 if ratio > 1.0 else 0.0
        row[first + GROUP.age] += age_h / (age_h + HALF_AGE_H)
    for group in range(members.size):
        for quantity in range(len(GROUP)):
            row[group * len(GROUP) + quantity] /= max(members[group], 1.0)


@compiled
def _summarise_time(world: World, state: State, b: int, side: int, row: Singles) -> None:
    t, period, tracks = state.t[b], world.rules.period_steps, state.tracks[b, side]
    forecast = world.forecast[_horizon_step(world, state, b)]
    contested = max(1.0, column_sum(world.objects, OBJECT.contested))
    attempts, hits = column_sum(tracks, TRACK.attempts), column_sum(tracks, TRACK.hits)
    row[SITUATION.time] = t / world.rules.steps
    row[SITUATION.contest_period] = (t % period) / period
    for n in range(tracks.shape[0]):
        if world.objects[n, OBJECT.contested] > 0.0:
            row[SITUATION.suspected] += tracks[n, TRACK.suspected] / contested
            row[SITUATION.forecast] += forecast[n] / contested
    row[SITUATION.hit_rate] = hits / attempts if attempts > 0.0 else 0.0


@compiled
def _summarise_own_sensors(world: World, state: State, b: int, side: int, row: Singles) -> None:
    """Shares of the real sensors; rows that pad the smaller side are left out."""
    t, now, dt_h = state.t[b], _horizon_step(world, state, b), world.rules.dt_h
    sensors, quality = state.sensors[b, side], world.quality[now, side]
    count, objects = int(world.sides[side, SIDE.sensors]), quality.shape[1]
    for s in range(count):
        row[SITUATION.free] += (sensors[s, SENSOR.done_step] <= t) / count
        row[SITUATION.denied] += (sensors[s, SENSOR.denied_until] > t) / count
        row[SITUATION.protected] += (sensors[s, SENSOR.protected_until] > t) / count
        row[SITUATION.recharging] += (sensors[s, SENSOR.recharge_until] > t) / count
        row[SITUATION.harassed] += harassment(sensors[s, SENSOR.last_denied], t, dt_h) / count
        row[SITUATION.exposure] += world.exposure[now, side, s] / count
        accessible = 0
        for n in range(objects):
            accessible += quality[s, n] > 0
        row[SITUATION.access] += accessible / (count * objects)


@compiled
def _summarise_opposing_sensors(
    world: World, state: State, b: int, side: int, row: Singles
) -> None:
    """What geometry tells of them, and what this side did to them; never their own state."""
    t, now, sensors = state.t[b], _horizon_step(world, state, b), state.sensors[b, side]
    count = int(world.sides[1 - side, SIDE.sensors])
    for o in range(count):
        row[SITUATION.threat] += world.threat[now, 1 - side, o] / count
        row[SITUATION.denial_in_force] += (sensors[o, SENSOR.attempted_until] > t) / count


@compiled
def _horizon_step(world: World, state: State, b: int) -> int:
    """The current horizon step; after the last step of the horizon, that one.

    A learner looks once more when the episode is over, and its end may be the horizon's.
    """
    return int(min(state.start[b] + state.t[b], world.forecast.shape[0] - 1))
