"""What no response can exceed: an upper bound on the payoff against a fixed opponent.

Exploitability as measured is a lower bound: a stronger response may exist. This bounds it from the
other side, on given episodes, by a relaxation of the game of which every play of every policy is a
feasible point. A responder may, in the relaxation,

1. know all chance of its own in advance: the luck of every look, every manoeuvre;
2. turn its sensors without delay: a look takes settling, exposure and rest, and nothing else;
3. hit, and keep custody after a hit, as if all possible looks before had hit (``hits``);
4. mix plans: what sensors do and what a contest pays are met on average only (Lagrange's
   relaxation), so prices of sensor time and of held steps part the objects from each other.

After 3, a hit is worth custody until a known step at most, or until the next hit, so
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
from dataclasses import replace
from typing import Final, NamedTuple

import numpy as np

from ssa_psro.arrays import Flags, Floats, Integers
from ssa_psro.compiled import compiled, entry_point
from ssa_psro.game import CoverageGame, chance
from ssa_psro.game.columns import FEATURES, OBJECT, SIDE, TRACK
from ssa_psro.game.command import doctrine_command
from ssa_psro.game.sensing import exposure_ends
from ssa_psro.game.state import State, remember
from ssa_psro.game.world import World
from ssa_psro.games.coverage.hits import ROUNDING, possible_hits
from ssa_psro.policies import Policy

ROUNDS: Final = 200
"""Of prices; four times as many lower the bounds of quickstart by 0.0005."""
HALVINGS: Final = 6
"""So often the steps of prices are halved over the rounds."""
MOMENTUM: Final = 0.7
"""Share of the last step in the next one."""
DRAWS: Final = 8
"""Of the opponent's chance; 32 lower the bound by 0.02 at most, where looks are scarce."""


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
    for t in range(rules.steps):
        if t % every == 0:
            view = game.view(state, other)
            # another member of a mixture may play in every draw
            seeds = view.seed + np.arange(draws).astype(np.uint64)
            orders = policy.act(replace(view, seed=seeds))
        game.advance(state, *((idle, orders) if side == 0 else (orders, idle)), steps=1)
        limit_km = game.world.objects[OBJECT.custody_km]
        custody[:, :, t] = state.track.sigma_km[:, other] <= limit_km
        seen_h[:, :, t] = state.track.seen_h[:, other]
    return Opposition(custody, seen_h)


def unopposed(game: CoverageGame) -> Opposition:
    """An opponent that never has custody: no play of any other pays us more."""
    shape = (1, game.objects, game.world.rules.steps)
    return Opposition(np.zeros(shape, np.bool_), np.full(shape, -np.inf))


def redrawn(game: CoverageGame, side: int, seed: int, draws: int) -> State:
    """An episode ``draws`` times, the opponent's last looks of other ages from the second on.

    All other chance is keyed by the seed and stays.
    """
    state = game.start(np.full(draws, seed, np.uint64))
    _redraw(game.world, state, 1 - side)
    return state


@entry_point
def _redraw(world: World, state: State, other: int) -> None:
    tracks, rules = state.tracks, world.rules
    for k in range(1, state.t.size):
        for n in range(world.objects.shape[1]):
            luck = chance.uniform(state.seed[k], chance.AGE, other, n, k)
            tracks[k, other, TRACK.seen_h, n] = -luck * rules.initial_age_h
            tracks[k, other, TRACK.seen_step, n] = -luck * rules.initial_age_h / rules.dt_h
            remember(world, state, k, other, n)


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
        step, known, last, hour, sensors: see ``Hits``.
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
    return float(value[0])


@compiled
def _share(theirs: Opposition, k: int, n: int, t: int, hour: float) -> float:
    """Share of a step that custody from a look at that hour holds."""
    if not theirs.custody[k, n, t] or hour > theirs.seen_h[k, n, t]:
        return 1.0
    return 0.5 if hour == theirs.seen_h[k, n, t] else 0.0


@entry_point
def _best_holdings(paid: Floats, shapes: Integers, prices: Floats, held: Floats) -> float:
    """The best payoffs of contests less the prices of what is held, and in place what that is.

    Whole steps without custody of the opponent and half steps with it are all that can be held.

    Args:
        paid: tables of all contests one after the other, see ``_contest``.
        shapes: ``[c, 2]`` of them.
        prices, held: ``[c, 2]`` of steps held, without and with custody of the opponent.
    """
    total, at = 0.0, 0
    for c in range(shapes.shape[0]):
        best = -math.inf
        for i in range(shapes[c, 0]):
            for j in range(shapes[c, 1]):
                net = paid[at + j] - prices[c, 0] * i - prices[c, 1] * 0.5 * j
                if net > best:
                    best, held[c, 0], held[c, 1] = net, i, 0.5 * j
            at += shapes[c, 1]
        total += best
    return total


def _contest(alone: int, both: int, sharpness: float, rivalry: float) -> Floats:
    """``[alone + 1, 2 both + 1]`` payoff of a contest, by steps and half steps held.

    Args:
        alone: steps of the period without custody of the opponent.
        both: steps with it, which it holds as far as we do not.
        sharpness, rivalry: see ``GameRules``.
    """
    half = 0.5 * np.arange(2 * both + 1)
    own, other = np.arange(alone + 1.0)[:, None] + half, np.tile(both - half, (alone + 1, 1))
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        won = np.where(own == 0.0, 0.0, 1.0 / (1.0 + (other / own) ** sharpness))
        lost = np.where(other == 0.0, 0.0, 1.0 / (1.0 + (own / other) ** sharpness))
    return np.asarray(won - rivalry * lost)


class Relaxed:
    """The relaxed problem of an episode, and its bound at prices.

    Attributes:
        sensor_price: ``[S, T]`` of each sensor's time, in the unit ``sensor_unit``.
        held_price: ``[c, 2]`` of steps held in each contest, by object, draw and period, without
            and with custody of the opponent, in the units ``held_unit``: what a step's credit pays.
    """

    def __init__(self, game: CoverageGame, seed: int, side: int, theirs: Opposition) -> None:
        rules, fixed, objects = game.world.rules, game.world.sides[side], game.world.objects
        self.rules, self.theirs = rules, theirs
        self.hits = possible_hits(game, game.start(np.array([seed], np.uint64)), side)
        shortest = exposure_ends(fixed, 0.0, rules.step_s)
        busy = (fixed[SIDE.settle_s] + fixed[SIDE.dwell_s]) / rules.step_s
        # Both ends are rounded up to steps, so that between them may be a part of a step less.
        rest = max(0, math.floor(busy / fixed[SIDE.duty_cycle] - busy - ROUNDING))
        self.times = shortest, rest, shortest + int(fixed[SIDE.latency_steps])
        self.rivalry = game.arena.scenario.rules.rivalry
        self.contested = objects[OBJECT.contested] > 0
        self.worth = objects[OBJECT.weight] / objects[OBJECT.weight].sum() / rules.steps
        self.periods = math.ceil(rules.steps / rules.period_steps)
        self.paid, self.shapes, self.held_unit = self._contests()
        own = np.arange(game.sensors)[:, None] < fixed[SIDE.sensors]
        self.sensor_time = np.tile(own, rules.steps).astype(np.float64)
        self.sensor_unit = (1.0 + self.rivalry) / self.sensor_time.sum()
        self.sensor_price = 0.1 * self.sensor_time
        self.held_price = np.ones_like(self.held_unit)

    def _contests(self) -> tuple[Floats, Integers, Floats]:
        """Their tables in a row, the shapes of these, and the units of prices."""
        rules, draws, tables, units = self.rules, len(self.theirs.custody), [np.zeros((0, 0))], []
        for n in np.flatnonzero(self.contested):
            for custody in self.theirs.custody[:, n]:
                for first in range(0, rules.steps, rules.period_steps):
                    period = custody[first : first + rules.period_steps]
                    both, worth = int(period.sum()), self.worth[n] / draws
                    table = _contest(period.size - both, both, rules.sharpness, self.rivalry)
                    tables.append(worth * period.size * table)
                    units.append(2 * [(1.0 + self.rivalry) * worth])
        shapes = np.array([table.shape for table in tables[1:]], np.int64).reshape(-1, 2)
        return np.concatenate([t.ravel() for t in tables]), shapes, np.array(units).reshape(-1, 2)

    def bound(self) -> tuple[float, Floats, Floats]:
        """The bound at these prices; sensor time left over; steps held less those paid for."""
        price, paid_for = self.sensor_price * self.sensor_unit, np.zeros_like(self.held_price)
        value = float((price * self.sensor_time).sum())
        value += _best_holdings(self.paid, self.shapes, self._held_price, paid_for)
        spent = np.zeros((len(price), 1 + self.rules.steps))
        np.cumsum(price, axis=1, out=spent[:, 1:])
        idle, held = self.sensor_time.copy(), np.zeros((len(self.hits), *self._by_draw))
        for n in range(len(self.hits)):
            value += self.looks(n, spent, idle, held[n])
        return value, idle, held[self.contested].reshape(-1, 2) - paid_for

    def looks(self, n: int, spent: Floats, idle: Floats, held: Floats) -> float:
        """What the best looks at one object are worth, and in place what they take.

        Args:
            n: the object.
            spent, idle, held: see ``_best_looks``.
        """
        custody, value, theirs = self.theirs.custody, 0.0, self.theirs
        if self.contested[n]:
            c = held.shape[0] * held.shape[1] * int(self.contested[:n].sum())
            worth = self._held_price[c : c + held.size // 2].reshape(held.shape)
        else:
            # Its custody is worth the same whatever the opponent does, whose own is lost to us.
            value = -self.rivalry * self.worth[n] * float(custody[:, n].sum()) / len(custody)
            theirs = Opposition(np.zeros_like(custody[:1]), theirs.seen_h[:1])
            worth, held = np.full((1, *held.shape[1:]), self.worth[n]), held[:1]
        period = self.rules.period_steps
        looks = _best_looks(*self.hits[n], spent, self.times, worth, theirs, n, period, idle, held)
        return value + looks

    @property
    def _by_draw(self) -> tuple[int, int, int]:
        return len(self.theirs.custody), self.periods, 2

    @property
    def _held_price(self) -> Floats:
        return self.held_price * self.held_unit


def ceiling(
    game: CoverageGame, seed: int, side: int, theirs: Opposition, rounds: int = ROUNDS
) -> float:
    """What ``side`` can at most be paid in an episode, on average over the draws of ``theirs``.

    Args:
        game: whose rules hold.
        seed: of the episode.
        side: 0 if Blue responds.
        theirs: what the opponent does, see ``opposition`` and ``unopposed``.
        rounds: of prices.
    """
    return lowered(Relaxed(game, seed, side, theirs), rounds)


def lowered(problem: Relaxed, rounds: int = ROUNDS) -> float:
    """The least bound over rounds of prices, which are left as they are at the end.

    Prices move against what is left over and towards what is asked for too much (a subgradient,
    with momentum), by steps that shrink.
    """
    least = math.inf
    time_step, held_step = np.zeros_like(problem.sensor_price), np.zeros_like(problem.held_price)
    for number in range(rounds):
        value, idle, held = problem.bound()
        least, size = min(least, value), 0.5 ** (HALVINGS * number / rounds)
        time_step = MOMENTUM * time_step + (1.0 - MOMENTUM) * idle
        held_step = MOMENTUM * held_step + (1.0 - MOMENTUM) * held
        problem.sensor_price -= 0.02 * size * _of_size_one(time_step)
        problem.held_price -= 0.5 * size * _of_size_one(held_step)
        # What there is not too little of has no price, and a negative one would be no bound.
        np.maximum(problem.sensor_price, 0.0, out=problem.sensor_price)
        np.maximum(problem.held_price, 0.0, out=problem.held_price)
    return float(least)


def _of_size_one(step: Floats) -> Floats:
    size = math.sqrt((step**2).mean()) if step.size else 0.0
    return np.asarray(step / size if size > 0.0 else step)
