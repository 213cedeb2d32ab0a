"""How well a side knows where an object is: growth, manoeuvres, observation.

Position uncertainty is one sigma [km] a side and object. It grows linearly in time; an impulse
not yet observed adds an along-track drift of 3·Δv (Clohessy & Wiltshire 1960, secular term).
An observation is a scalar Kalman update.

Two sigmas are carried side by side. The true one decides custody and the search for an object, and
grows at once when a manoeuvre happens. The expected one is all that a side can know: it grows by
the drift of each manoeuvre times the probability that it has happened unseen.
"""

from __future__ import annotations

import math

from ssa_psro.arrays import Floats
from ssa_psro.compiled import compiled
from ssa_psro.game import chance
from ssa_psro.game.columns import KNOWLEDGE, OBJECT, SENSOR, TRACK, WINDOW
from ssa_psro.game.state import NO_TARGET, State, elapsed_share, learn
from ssa_psro.game.world import World


@compiled
def suspect(world: World, state: State, b: int, side: int) -> None:
    """Refresh what the side expects of manoeuvres it has not seen, by Bayes' rule.

    Let p be the prior that the manoeuvre of a window happens, at a time uniform in the window, F
    the share of the window that is over, and F0 that share when the side last looked and found
    the orbit unchanged. Before that look, P(happened in (F0, F]) = p (F - F0), and P(not seen by
    F0) = 1 - p F0. Given the latter, the manoeuvre has happened unseen with probability
    p (F - F0) / (1 - p F0).
    """
    now = state.start[b] + state.t[b]
    windows, knowledge = world.windows, state.knowledge[b, side]
    tracks = state.tracks[b, side]
    for n in range(windows.shape[0]):
        if world.objects[n, OBJECT.windows] == 0.0:
            continue
        likeliest, drift_km_h = 0.0, 0.0
        for w in range(int(world.objects[n, OBJECT.windows])):
            opens, closes = windows[n, w, WINDOW.opens], windows[n, w, WINDOW.closes]
            if opens >= now:
                break  # windows are in time order
            if knowledge[n, w, KNOWLEDGE.settled] > 0.0:
                continue  # seen: there is nothing left to suspect
            prior, elapsed = windows[n, w, WINDOW.probability], knowledge[n, w, KNOWLEDGE.elapsed]
            gained = elapsed_share(opens, closes, now) - elapsed
            # Without a gain there is no chance of it, and p = F0 = 1 would divide 0 by 0.
            if gained > 0.0:
                unseen = prior * gained / (1.0 - prior * elapsed)
                # The likeliest window alone makes the suspicion, so that it stays a probability;
                # the drifts add up, as the expectation of a sum is the sum of expectations.
                likeliest = max(likeliest, unseen)
                drift_km_h += unseen * windows[n, w, WINDOW.drift_km_h]
        tracks[n, TRACK.suspected] = likeliest
        tracks[n, TRACK.expected_drift_km_h] = drift_km_h


@compiled
def manoeuvre(world: World, state: State, b: int) -> None:
    """Let the manoeuvres of this step happen; neither side has seen them yet."""
    now = state.start[b] + state.t[b]
    steps, tracks = state.manoeuvre_step[b], state.tracks[b]
    for n in range(steps.shape[0]):
        for w in range(int(world.objects[n, OBJECT.windows])):
            if world.windows[n, w, WINDOW.opens] > now:
                break  # windows are in time order
            if steps[n, w] == now:
                for side in range(2):
                    drift_km_h = world.windows[n, w, WINDOW.drift_km_h]
                    tracks[side, n, TRACK.unseen_drift_km_h] += drift_km_h


@compiled
def grow(world: World, state: State, b: int) -> None:
    """Let both the true and the expected sigma of both sides grow over one step.

    Step by step rather than by a closed form, because what is expected of manoeuvres changes with
    every step that a window is open.
    """
    dt_h, tracks = world.rules.dt_h, state.tracks[b]
    for side in range(2):
        for n in range(tracks.shape[1]):
            growth, track = world.objects[n, OBJECT.growth_km_h], tracks[side, n]
            track[TRACK.sigma_km] += (growth + track[TRACK.unseen_drift_km_h]) * dt_h
            track[TRACK.expected_km] += (growth + track[TRACK.expected_drift_km_h]) * dt_h


@compiled
def resolve(world: World, state: State, b: int, side: int) -> None:
    """Decide the observations that end at this step."""
    t, sensors = state.t[b], state.sensors[b, side]
    for s in range(sensors.shape[0]):
        if sensors[s, SENSOR.done_step] == t and sensors[s, SENSOR.target] != NO_TARGET:
            _conclude(world, state, b, side, s)


@compiled
def _conclude(world: World, state: State, b: int, side: int, s: int) -> None:
    """Decide the observation of sensor ``s``, which ends now."""
    t, sensors, tracks = state.t[b], state.sensors[b, side], state.tracks[b, side]
    n = int(sensors[s, SENSOR.target])
    sensors[s, SENSOR.target] = NO_TARGET
    tracks[n, TRACK.tasked] = 0.0
    tracks[n, TRACK.attempts] += 1.0
    # Where custody is lost, the object is somewhere in a region wider than the sensor was meant to
    # search: the chance to come upon it falls as the width of that region grows.
    search = min(1.0, world.objects[n, OBJECT.custody_km] / tracks[n, TRACK.sigma_km])
    # The luck is keyed by side, object and step, not by sensor or by a running number: an equal
    # look has equal luck under every policy, so differences between policies have less variance.
    luck = chance.uniform(state.seed[b], chance.DETECT, side, n, t)
    hit = luck < sensors[s, SENSOR.detection] * search
    tracks[n, TRACK.missed] = 0.0 if hit else 1.0
    if hit:
        noise_km = world.objects[n, OBJECT.measurement_km]
        observe(tracks[n], noise_km, t * world.rules.dt_h)
        now, knowledge = state.start[b] + t, state.knowledge[b, side, n]
        learn(world.windows[n], state.manoeuvre_step[b, n], now, knowledge)


@compiled
def observe(track: Floats, noise_km: float, hour: float) -> None:
    """Take a successful observation of one object into account; ``track`` is its state row."""
    track[TRACK.sigma_km] = updated_sigma(track[TRACK.sigma_km], noise_km)
    track[TRACK.expected_km] = updated_sigma(track[TRACK.expected_km], noise_km)
    # The time before the window is not played, so no gap counts from there.
    gap_h = hour - max(track[TRACK.seen_h], 0.0)
    track[TRACK.max_gap_h] = max(track[TRACK.max_gap_h], gap_h)
    track[TRACK.seen_h] = hour
    # A look shows the orbit as it is now, with all that has happened to it.
    track[TRACK.unseen_drift_km_h] = 0.0
    track[TRACK.hits] += 1.0


@compiled
def updated_sigma(sigma_km: float, noise_km: float) -> float:
    """Sigma after a scalar Kalman update with measurement sigma ``noise_km``.

    The update of the variance, P R / (P + R), in its information form: inverse variances add. The
    result is below both sigmas, and no difference of near numbers is taken.
    """
    return math.sqrt(1.0 / (1.0 / sigma_km**2 + 1.0 / noise_km**2))
