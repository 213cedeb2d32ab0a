"""What no response can exceed: an upper bound on the payoff against a fixed opponent.

Exploitability as measured is a lower bound: a stronger response may exist. This bounds it from the
other side, on given episodes, by a relaxation of the game of which every play of every policy is a
feasible point. A responder may, in the relaxation,

1. know all chance of its own in advance: the luck of every look, every manoeuvre;
2. turn its sensors without delay: a look takes settling, exposure and rest, and nothing else;
3. hit as if all looks that could have hit before had been taken and had hit. A covariance is then
   the least possible in the order of matrices, because noise, motion and looks (Kalman updates)
   all keep that order; so are the error across the line of sight, which decides whether the object
   is in the field of view, and the variance of its position ever after. What manoeuvres add when a
   look shows them is left out, and of several sensors that could look at one step the best error
   on all three axes is taken;
4. mix plans: what sensors do and what a contest pays are met on average only (Lagrange's
   relaxation), so prices of sensor time and of held steps part the objects from each other.

After 3, a hit at step e is worth custody until a known step L(e) at most, until the next hit, so
one object's best looks at given prices are a shortest path over its hits. At any prices the sum of
the objects' optima, of the contests' and of the prices of all sensor time is at least the optimum
(weak duality): no tolerance of a solver enters, and more rounds only make it tighter.

The opponent's chance is not all known. Where nobody can deny, a responder sees nothing of the
opponent, so its plan is the same whatever the ages of the opponent's last looks were at the start
and whoever of a mixture plays. These are drawn several times, and one plan has to be best on
average over the draws: what it earns on average over them never exceeds the bound.

Where denial is allowed, the opponent's play depends on ours, and only the bound is given that
leaves the opponent out: own sensors are never denied, and the opponent never has custody.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

import numpy as np

from ssa_psro.arrays import Flags, Floats, Integers
from ssa_psro.compiled import compiled, entry_point
from ssa_psro.game import CoverageGame, chance
from ssa_psro.game.columns import FEATURES, OBJECT, SIDE, TRACK, WINDOW
from ssa_psro.game.command import doctrine_command
from ssa_psro.game.motion import (
    across_variance,
    add_noise,
    carry,
    drift_h2,
    line_of_sight_in_hill,
    look,
    noise_variance,
    position_variance,
)
from ssa_psro.game.scoring import contest_credit
from ssa_psro.game.sensing import FULL, exposure_ends
from ssa_psro.game.state import State
from ssa_psro.game.uncertainty import MIDDLE, impulse_size
from ssa_psro.game.world import World
from ssa_psro.policies import Policy
from ssa_psro.randomness import derive_seed

ROUNDING: Final = 1e-9
"""Relative slack by which rounding may not turn a bound into less than one."""


class Opposition(NamedTuple):
    """What an opponent has done, by draw of its chance, object and step.

    Attributes:
        custody: ``[K, N, T]``.
        seen_h: ``[K, N, T]`` hour of its last successful look.
    """

    custody: Flags
    seen_h: Floats


def opposition(game: CoverageGame, policy: Policy, side: int, seed: int, draws: int) -> Opposition:
    """What ``policy`` does against ``side`` in an episode: first as it is, then by other chance.

    Args:
        game: where nobody can deny.
        policy: of the opponent.
        side: 0 if Blue responds.
        seed: of the episode.
        draws: K.
    """
    state, other, rules = redrawn(game, side, seed, draws), 1 - side, game.world.rules
    idle = doctrine_command(np.zeros((draws, len(FEATURES))))
    shape = (draws, game.objects, rules.steps)
    custody, seen_h = np.zeros(shape, np.bool_), np.zeros(shape)
    every = game.arena.scenario.window.steps_per_decision
    own = np.array([derive_seed(int(seed), "ceiling", k) for k in range(draws)], np.uint64)
    for t in range(rules.steps):
        if t % every == 0:
            view = game.view(state, other)
            seeds = np.where(np.arange(draws) == 0, view.seed, own)
            orders = policy.act(replace(view, seed=seeds))
        game.advance(state, *((idle, orders) if side == 0 else (orders, idle)), steps=1)
        limit_km = game.world.objects[:, OBJECT.custody_km]
        custody[:, :, t] = state.track.sigma_km[:, other] <= limit_km
        seen_h[:, :, t] = state.track.seen_h[:, other]
    return Opposition(custody, seen_h)


def redrawn(game: CoverageGame, side: int, seed: int, draws: int) -> State:
    """An episode ``draws`` times; from the second on the opponent's last looks are of other ages."""
    state, other, rules = game.start(np.full(draws, seed, np.uint64)), 1 - side, game.world.rules
    for k in range(1, draws):
        for n in range(game.objects):
            luck = chance.uniforms(state.seed[:1], chance.AGE, other, n, k)[0]
            state.tracks[k, other, n, TRACK.seen_h] = -luck * rules.initial_age_h
            state.tracks[k, other, n, TRACK.seen_step] = -luck * rules.initial_age_h / rules.dt_h
    return state


@dataclass(frozen=True)
class _Hits:
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


def _hits(game: CoverageGame, state: State, side: int, n: int, out: tuple[Flags, Integers]) -> _Hits:
    can, last = out[0][n], out[1][n]
    rules, track = game.world.rules, state.tracks[0, side, n]
    steps = np.flatnonzero(last[1:] >= 0)
    latency = int(game.world.sides[side, SIDE.latency_steps])
    return _Hits(
        step=np.concatenate([[track[TRACK.seen_step]], steps]),
        known=np.concatenate([[0], steps + latency]),
        last=last[np.concatenate([[0], steps + 1])],
        hour=np.concatenate([[track[TRACK.seen_h]], steps * rules.dt_h]),
        sensors=np.ascontiguousarray(can[:, steps]),
    )


@entry_point
def _all_hits(world: World, state: State, side: int, can: Flags, last: Integers) -> None:
    """Fill ``can [N, S, T]``, who may hit at a step, and ``last [N, 1 + T]`` as in ``_Hits``."""
    steps, dt_h, slots = world.rules.steps, world.rules.dt_h, state.sensors.shape[2]
    fixed, a = world.sides[side], state.start[0]
    shortest, latency = exposure_ends(fixed, 0.0, world.rules.step_s), int(fixed[SIDE.latency_steps])
    # A side looks at an object again only when it knows what the look before has found.
    gap = shortest + latency
    best = np.zeros((steps, 6, 6))
    for n in range(world.objects.shape[0]):
        seen, start = state.tracks[0, side, n, TRACK.seen_step], state.covariance[0, side, n]
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
                    own_km = world.objects[n, OBJECT.measurement_km]
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
    motion, density = world.objects[n, OBJECT.motion_rad_h], world.objects[n, OBJECT.density_km2_h3]
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
    if world.objects[n, OBJECT.scatter_mag] > 0.0:
        return 1.0
    half, most = world.sides[side, SIDE.dwell_s] / 2.0 / world.rules.step_s, 0.0
    for k in range(math.floor(e - 1 - half), math.ceil(e - half) + 1):
        if 0 <= a + k < world.quality.shape[0]:
            most = max(most, world.quality[a + k, side, s, n] / FULL)
    return most


@compiled
def _lasts(world: World, state: State, n: int, seen: float, first: int, covariance: Floats) -> int:
    """Last step from ``first`` on at which custody is possible without another hit, or -1."""
    motion, density = world.objects[n, OBJECT.motion_rad_h], world.objects[n, OBJECT.density_km2_h3]
    most_km2, last = world.objects[n, OBJECT.custody_km] ** 2 * (1.0 + ROUNDING), -1
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
    motion, total, a = world.objects[n, OBJECT.motion_rad_h], 0.0, state.start[0]
    for w in range(int(world.objects[n, OBJECT.windows])):
        step = state.manoeuvre_step[0, n, w]
        if 0.0 <= step and a + seen <= step < a + t:
            size_km2_h2 = impulse_size(state.seed[0], n, w) ** 2
            size_km2_h2 *= world.windows[n, w, WINDOW.impulse_km2_h2]
            total += size_km2_h2 * drift_h2(motion, (a + t - step - MIDDLE) * world.rules.dt_h)
    return total


@entry_point
def _best_looks(
    step: Floats,
    known: Integers,
    last: Integers,
    hour: Floats,
    sensors: Flags,
    spent: Floats,
    times: tuple[int, int, int],
    prices: Floats,
    theirs: Opposition,
    n: int,
    period: int,
    idle: Floats,
    held: Floats,
) -> float:
    """The best looks at one object at given prices: their worth, and in place what they take.

    Args:
        step, known, last, hour, sensors: see ``_Hits``.
        spent: ``[S, 1 + T]`` price of a sensor's time up to a step.
        times: steps that a look takes before its end, and after it, and least steps between two.
        prices: ``[K, P, 2]`` of a step held in a period without and with custody of the opponent.
        theirs: the opponent.
        n: the object.
        period: steps of a contest period.
        idle: ``[S, T]`` sensor time left; what the looks take is taken off.
        held: ``[K, P, 2]`` steps held, as priced.
    """
    m, steps, draws = step.size, spent.shape[1] - 1, prices.shape[0]
    before, after, gap = times
    cost, who = np.zeros(m), np.zeros(m, np.int64)
    for i in range(1, m):
        cost[i], e = math.inf, int(step[i])
        for s in range(sensors.shape[0]):
            price = spent[s, min(e + after, steps)] - spent[s, e - before]
            if sensors[s, i - 1] and price < cost[i]:
                cost[i], who[i] = price, s
    value, chosen, earned = np.zeros(m), np.full(m, -1), np.zeros(steps + 1)
    # of hits from i on: the best to have next, if that is after all custody from the present one
    onward, onward_j = np.zeros(m + 1), np.full(m + 1, -1)
    for i in range(m - 1, -1, -1):
        first, end = known[i], max(last[i] + 1, known[i])
        earned[first] = 0.0
        for t in range(first, end):
            earned[t + 1] = earned[t]
            for k in range(draws):
                share = _share(theirs, k, n, t, hour[i])
                kind = 1 if theirs.custody[k, n, t] else 0
                earned[t + 1] += share * prices[k, t // period, kind]
        j = i + 1
        while j < m and i > 0 and step[j] < step[i] + gap:
            j += 1
        value[i] = -math.inf
        while j < m and known[j] < end:
            worth = earned[max(known[j], first)] + value[j] - cost[j]
            if worth > value[i]:
                value[i], chosen[i] = worth, j
            j += 1
        if earned[end] + onward[j] >= value[i]:
            value[i], chosen[i] = earned[end] + onward[j], onward_j[j]
        onward[i], onward_j[i] = onward[i + 1], onward_j[i + 1]
        if value[i] - cost[i] > onward[i]:
            onward[i], onward_j[i] = value[i] - cost[i], i
    i = 0
    while i >= 0:
        if i > 0:
            e = int(step[i])
            for t in range(e - before, min(e + after, steps)):
                idle[who[i], t] -= 1.0
        end = last[i] + 1 if chosen[i] < 0 else min(last[i] + 1, known[chosen[i]])
        for t in range(known[i], end):
            for k in range(draws):
                kind = 1 if theirs.custody[k, n, t] else 0
                held[k, t // period, kind] += _share(theirs, k, n, t, hour[i])
        i = chosen[i]
    return value[0]


@compiled
def _share(theirs: Opposition, k: int, n: int, t: int, hour: float) -> float:
    """Share of a step that custody from a look at that hour holds."""
    if not theirs.custody[k, n, t] or hour > theirs.seen_h[k, n, t]:
        return 1.0
    return 0.5 if hour == theirs.seen_h[k, n, t] else 0.0


@entry_point
def _best_holding(
    alone: int, both: int, sharpness: float, rivalry: float, worth: float, price: Floats, held: Floats
) -> float:
    """The best payoff of a contest less the price of what is held, and in place what that is.

    Args:
        alone: steps of the period without custody of the opponent.
        both: steps with it.
        sharpness: of the contest.
        rivalry: see ``GameRules``.
        worth: of the whole credit.
        price: ``[2]`` of a step held, without and with custody of the opponent.
        held: ``[2]``.
    """
    best = -math.inf
    for i in range(alone + 1):
        for half in range(2 * both + 1):
            mine = i + 0.5 * half
            other = both - 0.5 * half
            paid = contest_credit(mine, other, sharpness)
            paid -= rivalry * contest_credit(other, mine, sharpness)
            net = worth * paid - price[0] * i - price[1] * 0.5 * half
            if net > best:
                best, held[0], held[1] = net, i, 0.5 * half
    return best
