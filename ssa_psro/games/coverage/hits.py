"""The looks that may succeed in an episode, and how long custody may last after each at most.

A hit at a step is possible if it is in the best of cases: as if all looks that could have hit
before had been taken and had hit. Covariances are then the least possible in the order of matrices,
because motion, noise and looks (Kalman updates) all keep that order; so are the error across the
line of sight, which decides whether the object is in the field of view, and the variance of the
position ever after. What manoeuvres add when a look shows them is left out, and of several sensors
that could look at one step the best error on all three axes is taken.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np

from ssa_psro.arrays import Flags, Floats, Integers
from ssa_psro.compiled import compiled, entry_point
from ssa_psro.game import CoverageGame, chance
from ssa_psro.game.columns import OBJECT, SIDE, TRACK, WINDOW
from ssa_psro.game.motion import add_noise, carry, drift_h2, noise_variance, position_variance
from ssa_psro.game.sensing import FULL, exposure_ends
from ssa_psro.game.sight import across_variance, line_of_sight_in_hill, look
from ssa_psro.game.state import State
from ssa_psro.game.uncertainty import MIDDLE, impulse_size
from ssa_psro.game.world import World

ROUNDING: Final = 1e-7
"""Slack so that rounding does not turn a bound into less than one."""


class Hits(NamedTuple):
    """The hits that one object allows, in order; the first is the last look before the episode.

    Attributes:
        step: ``[m]`` at which the exposure ended.
        known: ``[m]`` first step that it is good for.
        last: ``[m]`` last step at which it may give custody, -1 for none.
        hour: ``[m]`` as freshness is compared.
        sensors: ``[S, m - 1]`` who could have it.
    """

    step: Floats
    known: Integers
    last: Integers
    hour: Floats
    sensors: Flags


def possible_hits(game: CoverageGame, state: State, side: int) -> list[Hits]:
    """The hits of every object."""
    rules, latency = game.world.rules, int(game.world.sides[side, SIDE.latency_steps])
    can = np.zeros((game.objects, game.sensors, rules.steps), np.bool_)
    last = np.full((game.objects, 1 + rules.steps), -1)
    _find_hits(game.world, state, side, can, last)
    found = []
    for n, track in enumerate(state.tracks[0, side].T):
        steps = np.flatnonzero(last[n, 1:] >= 0)
        step, hour = track[TRACK.seen_step], track[TRACK.seen_h]
        hits = Hits(
            step=np.concatenate([[step], steps]),
            known=np.concatenate([[0], steps + latency]),
            last=np.concatenate([last[n, :1], last[n, 1 + steps]]),
            hour=np.concatenate([[hour], steps * rules.dt_h]),
            sensors=np.ascontiguousarray(can[n][:, steps]),
        )
        found.append(hits)
    return found


@entry_point
def _find_hits(world: World, state: State, side: int, can: Flags, last: Integers) -> None:
    """Fill ``can [N, S, T]``, who may hit at a step, and ``last [N, 1 + T]`` as in ``Hits``."""
    steps, dt_h, slots = world.rules.steps, world.rules.dt_h, state.sensors.shape[2]
    fixed, a = world.sides[side], state.start[0]
    shortest, latency = (
        exposure_ends(fixed, 0.0, world.rules.step_s),
        int(fixed[SIDE.latency_steps]),
    )
    # A side looks at an object again only when it knows what the look before has found.
    gap = shortest + latency
    best = np.zeros((steps, 6, 6))
    for n in range(world.objects.shape[1]):
        seen, start = state.tracks[0, side, TRACK.seen_step, n], state.covariance[0, side, n]
        last[n, 0] = _lasts(world, state, n, seen, 0, start)
        for e in range(steps):
            before = start.copy()
            _later(world, n, before, (e - seen) * dt_h)
            if e >= 1:
                best[e] = best[e - 1]
                _later(world, n, best[e], dt_h)
            else:
                best[e] = before
            if e >= gap:
                before = best[e - gap].copy()
                _later(world, n, before, gap * dt_h)
            hits, error_km, sight = 0, math.inf, (0.0, 0.0, 0.0)
            for s in range(int(fixed[SIDE.sensors])):
                if e < shortest or not _sees(world, a + e, shortest, side, s, n):
                    continue
                ray, range_km = line_of_sight_in_hill(world.position_km, a + e, side, s, n, slots)
                reach_km = fixed[SIDE.half_field_rad] * range_km
                found = 1.0 - math.exp(-(reach_km**2) / across_variance(before, ray))
                luck = chance.uniform(state.seed[0], chance.DETECT, side, n, e)
                if luck < _detection(world, a, e, side, s, n) * found + ROUNDING:
                    own_km = world.objects[OBJECT.measurement_km, n]
                    if own_km == 0.0:
                        own_km = fixed[SIDE.angular_sigma_rad] * range_km
                    can[n, s, e] = True
                    hits, error_km, sight = hits + 1, min(error_km, own_km), ray
            if hits > 0:
                _look(before, hits, sight, error_km)
                _look(best[e], hits, sight, error_km)
                last[n, 1 + e] = _lasts(world, state, n, e, e + latency, before)


@compiled
def _later(world: World, n: int, covariance: Floats, since_h: float) -> None:
    """Let a covariance grow, manoeuvres apart."""
    motion, density = world.objects[OBJECT.motion_rad_h, n], world.objects[OBJECT.density_km2_h3, n]
    carry(covariance, motion, since_h)
    add_noise(covariance, density, density, density, motion, since_h)


@compiled
def _look(
    covariance: Floats, hits: int, sight: tuple[float, float, float], error_km: float
) -> None:
    """At least as good as the look of any one of several sensors."""
    if hits == 1:
        look(covariance, sight, error_km**2)
    else:
        # each axis is measured by two of these
        look(covariance, (1.0, 0.0, 0.0), 2.0 * error_km**2)
        look(covariance, (0.0, 1.0, 0.0), 2.0 * error_km**2)
        look(covariance, (0.0, 0.0, 1.0), 2.0 * error_km**2)


@compiled
def _sees(world: World, ends: int, shortest: int, side: int, s: int, n: int) -> bool:
    """Whether access lasts through the shortest look that ends at that step of the horizon."""
    for step in range(ends - shortest, ends + 1):
        if step >= world.quality.shape[0] or world.quality[step, side, s, n] == 0:
            return False
    return True


@compiled
def _detection(world: World, a: int, e: int, side: int, s: int, n: int) -> float:
    """Most that a look which ends at step ``e`` may detect with.

    The middle of the exposure lies within the step that ends half a dwell before ``e``; quality is
    taken linearly between steps. An object's brightness in this episode may be any.
    """
    if world.objects[OBJECT.scatter_mag, n] > 0.0:
        return 1.0
    half, most = world.sides[side, SIDE.dwell_s] / 2.0 / world.rules.step_s, 0.0
    for k in range(math.floor(e - 1 - half), math.ceil(e - half) + 1):
        if 0 <= a + k < world.quality.shape[0]:
            most = max(most, world.quality[a + k, side, s, n] / FULL)
    return most


@compiled
def _lasts(world: World, state: State, n: int, seen: float, first: int, covariance: Floats) -> int:
    """Last step from ``first`` on at which custody is possible without another hit, or -1."""
    motion, density = world.objects[OBJECT.motion_rad_h, n], world.objects[OBJECT.density_km2_h3, n]
    most_km2, last = world.objects[OBJECT.custody_km, n] ** 2 * (1.0 + ROUNDING), -1
    for t in range(first, world.rules.steps):
        since_h = (t - seen) * world.rules.dt_h
        # The noise alone only grows; the rest need not.
        if density * noise_variance(motion, since_h) > most_km2:
            break
        variance = position_variance(covariance, density, motion, since_h)
        if variance + _hidden(world, state, n, seen, t) <= most_km2:
            last = t
    return last


@compiled
def _hidden(world: World, state: State, n: int, seen: float, t: int) -> float:
    """Square of the distances that manoeuvres since step ``seen`` have led to, as in ``assess``."""
    motion, total, a = world.objects[OBJECT.motion_rad_h, n], 0.0, state.start[0]
    for w in range(int(world.objects[OBJECT.windows, n])):
        step = state.manoeuvre_step[0, n, w]
        if step >= 0.0 and a + seen <= step < a + t:
            size_km2_h2 = impulse_size(state.seed[0], n, w) ** 2
            size_km2_h2 *= world.windows[n, w, WINDOW.impulse_km2_h2]
            total += size_km2_h2 * drift_h2(motion, (a + t - step - MIDDLE) * world.rules.dt_h)
    return total
