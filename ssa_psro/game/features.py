"""The features of a candidate task.

A doctrine is one weight a feature; a candidate's priority is weights · features. Every feature
lies in [0, 1] and comes from the side's own information, the public geometry or the forecast.
"""

from __future__ import annotations

from typing import Final

from ssa_psro.arrays import Floats
from ssa_psro.compiled import compiled
from ssa_psro.game import chance
from ssa_psro.game import state as own
from ssa_psro.game import world as thing
from ssa_psro.game.state import State
from ssa_psro.game.world import World

FEATURES: Final = (
    "observe",
    "contested",
    "value",
    "age",
    "uncertainty",
    "lost",
    "information",
    "contested_age",
    "forecast",
    "suspected",
    "low_orbit",
    "high_orbit",
    "missed",
    "noise",
    "deny",
    "threat",
    "protect",
    "exposure",
    "harassed",
    "quality",
    "slew",
)
"""Doctrine weights, in order. The last two depend on the sensor too and are filled in by the
tasking kernel; in a view they are zero."""

OBSERVE, CONTESTED, VALUE, AGE, UNCERTAINTY, LOST, INFORMATION = range(7)
CONTESTED_AGE, FORECAST, SUSPECTED, LOW_ORBIT, HIGH_ORBIT, MISSED = range(7, 13)
NOISE, DENY, THREAT, PROTECT, EXPOSURE, HARASSED, QUALITY, SLEW = range(13, 21)

HALF_AGE_H: Final = 6.0
"""Age at which the age feature reaches one half."""


@compiled
def fill_objects(world: World, state: State, b: int, side: int, x: Floats) -> None:
    """Write the features of every object as seen by ``side`` into ``x[:N]``."""
    t, hour = state.t[b], state.t[b] * world.rules.dt_h
    forecast = world.forecast[state.start[b] + t]
    objects, known = world.objects, state.objects[b, side]
    for n in range(objects.shape[0]):
        age_h = hour - known[n, own.SEEN]
        ratio = known[n, own.EXPECTED] / objects[n, thing.CUSTODY]
        x[n, OBSERVE] = 1.0
        x[n, CONTESTED] = objects[n, thing.CONTESTED]
        x[n, VALUE] = objects[n, thing.VALUE]
        x[n, AGE] = age_h / (age_h + HALF_AGE_H)
        x[n, UNCERTAINTY] = ratio / (1.0 + ratio)
        x[n, LOST] = 1.0 if ratio > 1.0 else 0.0
        x[n, INFORMATION] = x[n, VALUE] * x[n, UNCERTAINTY]
        x[n, CONTESTED_AGE] = x[n, CONTESTED] * x[n, AGE]
        x[n, FORECAST] = forecast[n]
        x[n, SUSPECTED] = known[n, own.SUSPECTED]
        x[n, LOW_ORBIT] = objects[n, thing.LOW]
        x[n, HIGH_ORBIT] = objects[n, thing.HIGH]
        x[n, MISSED] = known[n, own.MISSED]


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
        x[o, DENY] = 1.0
        x[o, THREAT] = threat[s]
        x[c, PROTECT] = 1.0
        x[c, EXPOSURE] = exposure[s]
        x[c, HARASSED] = harassment(sensors[s, own.LAST_DENIED], t, world.rules.dt_h)


@compiled
def fill_noise(state: State, b: int, side: int, x: Floats) -> None:
    """Write the noise feature of every candidate: another number each step."""
    for c in range(x.shape[0]):
        x[c, NOISE] = chance.uniform(state.seed[b], chance.NOISE, side, c, state.t[b])


@compiled
def harassment(last_denied: float, t: int, dt_h: float) -> float:
    """1 when the sensor was denied just now, falling with the hours since; 0 if it never was."""
    return 0.0 if last_denied < 0 else 1.0 / (1.0 + (t - last_denied) * dt_h)
