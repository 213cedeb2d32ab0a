"""What a side knows as numbers in [0, 1]: the features of candidates, and the summary of it all.

A doctrine is one weight a feature; a candidate's priority is weights · features. The summary is
what a doctrine network sees. Every number comes from the side's own information, the public
geometry or the forecast. All are bounded by construction, so that weights mean the same in every
scenario and a learner needs no running normalisation.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from ssa_psro.arrays import Flags, Floats, Singles
from ssa_psro.compiled import borrowed, compiled, entry_point, total_of
from ssa_psro.game import chance
from ssa_psro.game.columns import (
    FEATURE,
    FEATURES,
    GROUP,
    GROUP_REGIMES,
    OBJECT,
    PRODUCTS,
    SENSOR,
    SIDE,
    SITUATION,
    TRACK,
)
from ssa_psro.game.state import State
from ssa_psro.game.uncertainty import take_stock
from ssa_psro.game.world import World
from ssa_psro.scenario.schema import REGIMES

HALF_AGE_H: Final = 6.0
"""Age at which the age feature reaches one half."""

FACTORS: Final = np.array([[FEATURES.index(name) for name in pair] for pair in PRODUCTS])
"""Columns of the factors of each product, ``[K, 2]``."""

_GROUP_COUNT: Final = 2 * len(GROUP_REGIMES)
_GROUP_OF_REGIME: Final = tuple(
    GROUP_REGIMES.index(regime if regime in GROUP_REGIMES else "MEO") for regime in REGIMES
)
"""Highly eccentric orbits count as MEO: neither low nor high, and networks keep their width."""


@compiled
def want(weights: Floats, wanted: Flags) -> None:
    """Tell the features that a doctrine ``[D]`` needs, of itself or as factors: ``[F]``."""
    for f in range(wanted.size):
        wanted[f] = weights[f] != 0.0
    for k in range(len(FACTORS)):
        if weights[wanted.size + k] != 0.0:
            wanted[FACTORS[k, 0]] = True
            wanted[FACTORS[k, 1]] = True
    wanted[FEATURE.age] |= wanted[FEATURE.contested_age]
    wanted[FEATURE.uncertainty] |= wanted[FEATURE.information]


@compiled
def fill_fixed(world: World, x: Floats) -> None:
    """Write the features that stay the same into ``x[F, C]``, which was zeros."""
    objects = world.objects.shape[1]
    sensors = (x.shape[1] - objects) // 2
    for n in range(objects):
        x[FEATURE.observe, n] = 1.0
        x[FEATURE.contested, n] = world.objects[OBJECT.contested, n]
        x[FEATURE.value, n] = world.objects[OBJECT.value, n]
        x[FEATURE.low_orbit, n] = world.objects[OBJECT.low_orbit, n]
        x[FEATURE.high_orbit, n] = world.objects[OBJECT.high_orbit, n]
    for s in range(sensors):
        x[FEATURE.deny, objects + s] = 1.0
        x[FEATURE.protect, objects + sensors + s] = 1.0


@compiled
def fill(world: World, state: State, b: int, side: int, wanted: Flags, x: Floats) -> None:
    """Write those of the wanted features that change into ``x[F, C]``, as seen by ``side``."""
    _fill_objects(world, state, b, side, wanted, x)
    if wanted[FEATURE.threat] or wanted[FEATURE.exposure] or wanted[FEATURE.harassed]:
        _fill_sensors(world, state, b, side, x)
    # a draw a candidate and step is dear, and few doctrines weigh it
    if wanted[FEATURE.noise]:
        for c in range(x.shape[1]):
            x[FEATURE.noise, c] = chance.uniform(state.seed[b], chance.NOISE, side, c, state.t[b])
    if wanted[FEATURE.late]:
        period = world.rules.period_steps
        for c in range(x.shape[1]):
            x[FEATURE.late, c] = (state.t[b] % period) / period


@compiled
def _fill_objects(world: World, state: State, b: int, side: int, wanted: Flags, x: Floats) -> None:
    # loops of one kind each: the compiler works out several objects at a time
    t, hour = state.t[b], state.t[b] * world.rules.dt_h
    tracks, count = state.tracks[b, side], world.objects.shape[1]
    if wanted[FEATURE.age]:
        seen_h, age = tracks[TRACK.seen_h], x[FEATURE.age]
        for n in range(count):
            age[n] = (hour - seen_h[n]) / ((hour - seen_h[n]) + HALF_AGE_H)
    if wanted[FEATURE.uncertainty] or wanted[FEATURE.lost]:
        expected_km, custody_km = tracks[TRACK.expected_km], world.objects[OBJECT.custody_km]
        uncertainty, lost = x[FEATURE.uncertainty], x[FEATURE.lost]
        for n in range(count):
            uncertainty[n] = expected_km[n] / custody_km[n]
        for n in range(count):
            lost[n] = 1.0 if uncertainty[n] > 1.0 else 0.0
        for n in range(count):
            # r / (1 + r) keeps the order of what has no upper bound, and is one half at its scale.
            uncertainty[n] = uncertainty[n] / (1.0 + uncertainty[n])
    if wanted[FEATURE.information]:
        multiply(x[FEATURE.value], x[FEATURE.uncertainty], x[FEATURE.information], count)
    if wanted[FEATURE.contested_age]:
        multiply(x[FEATURE.contested], x[FEATURE.age], x[FEATURE.contested_age], count)
    if wanted[FEATURE.forecast]:
        copy(world.forecast[state.start[b] + t], x[FEATURE.forecast], count)
    if wanted[FEATURE.suspected]:
        copy(tracks[TRACK.suspected], x[FEATURE.suspected], count)
    if wanted[FEATURE.missed]:
        copy(tracks[TRACK.missed], x[FEATURE.missed], count)
    if wanted[FEATURE.active]:
        active_h, active = tracks[TRACK.active_h], x[FEATURE.active]
        for n in range(count):
            active[n] = 1.0 / (1.0 + hour - active_h[n])


@compiled
def multiply(a: Floats, b: Floats, out: Floats, count: int) -> None:
    """Write the products of the first numbers of two rows."""
    for n in range(count):
        out[n] = a[n] * b[n]


@compiled
def copy(row: Floats, out: Floats, count: int) -> None:
    """Write the first numbers of a row."""
    for n in range(count):
        out[n] = row[n]


@compiled
def _fill_sensors(world: World, state: State, b: int, side: int, x: Floats) -> None:
    """The features of opposing (``x[:, N:N+S]``) and own sensors (``x[:, N+S:]``)."""
    t = state.t[b]
    threat = world.threat[state.start[b] + t, 1 - side]
    exposure = world.exposure[state.start[b] + t, side]
    sensors = state.sensors[b, side]
    first_opposing = world.objects.shape[1]
    first_own = first_opposing + sensors.shape[0]
    for s in range(sensors.shape[0]):
        x[FEATURE.threat, first_opposing + s] = threat[s]
        x[FEATURE.exposure, first_own + s] = exposure[s]
        last_denied = sensors[s, SENSOR.last_denied]
        x[FEATURE.harassed, first_own + s] = harassment(last_denied, t, world.rules.dt_h)


@compiled
def extent(f: int, objects: int, candidates: int) -> tuple[int, int]:
    """First and last candidate (exclusive) that have feature ``f``."""
    if FEATURE.noise == f or FEATURE.late == f:
        return 0, candidates
    return (0, objects) if f < FEATURE.noise else (objects, candidates)


@compiled
def fill_products(x: Floats) -> None:
    """Write the products of the other rows into the last rows of ``x[D, C]``."""
    first = x.shape[0] - len(FACTORS)
    for k in range(len(FACTORS)):
        a, b = FACTORS[k]
        if not is_pair(a):
            for c in range(x.shape[1]):
                x[first + k, c] = x[a, c] * x[b, c]


@compiled
def is_pair(f: int) -> bool:
    """Whether a feature depends on the sensor as well."""
    return bool(FEATURE.quality <= f <= FEATURE.across)


@compiled
def harassment(last_denied: float, t: int, dt_h: float) -> float:
    """1 when the sensor was denied just now, falling with the hours since; 0 if it never was."""
    return 0.0 if last_denied < 0 else 1.0 / (1.0 + (t - last_denied) * dt_h)


@entry_point
def summarise(world: World, state: State, side: int, out: Singles) -> None:
    """Write the summary of every episode into ``out[B, K]``."""
    world, state = borrowed(world), borrowed(state)
    out[:] = 0.0
    for b in range(state.t.size):
        take_stock(world, state, b, side)
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
    for n in range(objects.shape[1]):
        group = _GROUP_OF_REGIME[int(objects[OBJECT.regime, n])]
        group += len(GROUP_REGIMES) if objects[OBJECT.contested, n] > 0.0 else 0
        ratio = tracks[TRACK.expected_km, n] / objects[OBJECT.custody_km, n]
        age_h = hour - tracks[TRACK.seen_h, n]
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
    contested = max(1.0, total_of(world.objects[OBJECT.contested]))
    attempts, hits = total_of(tracks[TRACK.attempts]), total_of(tracks[TRACK.hits])
    row[SITUATION.time] = t / world.rules.steps
    row[SITUATION.contest_period] = (t % period) / period
    for n in world.contested:
        row[SITUATION.suspected] += tracks[TRACK.suspected, n] / contested
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
