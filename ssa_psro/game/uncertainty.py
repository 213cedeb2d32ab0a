"""How well a side knows where an object is: growth, manoeuvres, observation.

Position uncertainty is one sigma [km] a side and object. It grows linearly in time; an impulse
not yet observed adds an along-track drift of 3·Δv (Clohessy & Wiltshire 1960, secular term).
An observation is a scalar Kalman update.
"""

from __future__ import annotations

import math

from ssa_psro.arrays import Floats
from ssa_psro.compiled import compiled
from ssa_psro.game import chance
from ssa_psro.game.state import (
    ATTEMPTS,
    DETECTION,
    DONE,
    EXPECTED,
    EXPECTED_DRIFT,
    HITS,
    KNOWN_FRACTION,
    MAX_GAP,
    MISSED,
    NO_TARGET,
    SEEN,
    SETTLED,
    SIGMA,
    SUSPECTED,
    TARGET,
    TASKED,
    UNSEEN_DRIFT,
    State,
    elapsed_fraction,
    learn,
)
from ssa_psro.game.world import (
    CLOSES,
    CUSTODY,
    DRIFT,
    GROWTH,
    MEASUREMENT,
    OPENS,
    PROBABILITY,
    WINDOWS,
    World,
)


@compiled
def suspect(world: World, state: State, b: int, side: int) -> None:
    """Refresh what the side expects of manoeuvres it has not seen, by Bayes' rule.

    With prior p and a uniform time in the window, a manoeuvre not seen when a share F0 had
    elapsed has happened by F with probability p (F - F0) / (1 - p F0).
    """
    now = state.start[b] + state.t[b]
    windows, known, objects = world.windows, state.windows[b, side], state.objects[b, side]
    for n in range(windows.shape[0]):
        if world.objects[n, WINDOWS] == 0.0:
            continue
        likeliest, drift = 0.0, 0.0
        for w in range(int(world.objects[n, WINDOWS])):
            if windows[n, w, OPENS] >= now:
                break  # windows are in time order
            if known[n, w, SETTLED] > 0.0:
                continue
            prior = windows[n, w, PROBABILITY]
            fraction = known[n, w, KNOWN_FRACTION]
            opens, closes = windows[n, w, OPENS], windows[n, w, CLOSES]
            gained = elapsed_fraction(opens, closes, now) - fraction
            if gained > 0.0:
                unseen = prior * gained / (1.0 - prior * fraction)
                likeliest = max(likeliest, unseen)
                drift += unseen * windows[n, w, DRIFT]
        objects[n, SUSPECTED] = likeliest
        objects[n, EXPECTED_DRIFT] = drift


@compiled
def manoeuvre(world: World, state: State, b: int) -> None:
    """Let the manoeuvres of this step happen; neither side has seen them yet."""
    now = state.start[b] + state.t[b]
    steps, objects = state.manoeuvre_step[b], state.objects[b]
    for n in range(steps.shape[0]):
        for w in range(int(world.objects[n, WINDOWS])):
            if world.windows[n, w, OPENS] > now:
                break  # windows are in time order
            if steps[n, w] == now:
                for side in range(2):
                    objects[side, n, UNSEEN_DRIFT] += world.windows[n, w, DRIFT]


@compiled
def grow(world: World, state: State, b: int) -> None:
    """Let both the true and the expected sigma of both sides grow over one step."""
    dt_h, objects = world.rules.dt_h, state.objects[b]
    for side in range(2):
        for n in range(objects.shape[1]):
            growth = world.objects[n, GROWTH]
            objects[side, n, SIGMA] += (growth + objects[side, n, UNSEEN_DRIFT]) * dt_h
            objects[side, n, EXPECTED] += (growth + objects[side, n, EXPECTED_DRIFT]) * dt_h


@compiled
def resolve(world: World, state: State, b: int, side: int) -> None:
    """Decide the observations that end at this step."""
    t, sensors = state.t[b], state.sensors[b, side]
    for s in range(sensors.shape[0]):
        if sensors[s, DONE] == t and sensors[s, TARGET] != NO_TARGET:
            _conclude(world, state, b, side, s)


@compiled
def _conclude(world: World, state: State, b: int, side: int, s: int) -> None:
    """Decide the observation of sensor ``s``, which ends now."""
    t, sensors, objects = state.t[b], state.sensors[b, side], state.objects[b, side]
    n = int(sensors[s, TARGET])
    sensors[s, TARGET] = NO_TARGET
    objects[n, TASKED] = 0.0
    objects[n, ATTEMPTS] += 1.0
    search = min(1.0, world.objects[n, CUSTODY] / objects[n, SIGMA])
    luck = chance.uniform(state.seed[b], chance.DETECT, side, n, t)
    hit = luck < sensors[s, DETECTION] * search
    objects[n, MISSED] = 0.0 if hit else 1.0
    if hit:
        observe(objects[n], world.objects[n, MEASUREMENT], t * world.rules.dt_h)
        now = state.start[b] + t
        learn(world.windows[n], state.manoeuvre_step[b, n], now, state.windows[b, side, n])


@compiled
def observe(known: Floats, noise_km: float, hour: float) -> None:
    """Take a successful observation of one object into account; ``known`` is its state row."""
    known[SIGMA] = updated_sigma(known[SIGMA], noise_km)
    known[EXPECTED] = updated_sigma(known[EXPECTED], noise_km)
    known[MAX_GAP] = max(known[MAX_GAP], hour - max(known[SEEN], 0.0))
    known[SEEN] = hour
    known[UNSEEN_DRIFT] = 0.0
    known[HITS] += 1.0


@compiled
def updated_sigma(sigma_km: float, noise_km: float) -> float:
    """Sigma after a scalar Kalman update with measurement sigma ``noise_km``."""
    return math.sqrt(1.0 / (1.0 / sigma_km**2 + 1.0 / noise_km**2))
