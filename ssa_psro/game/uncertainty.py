"""How well a side knows where an object is: between looks, and after one.

A side holds the covariance of each object's orbit as its last successful look left it. What it is
later follows in closed form (``motion``), in two versions. The true one decides custody and how an
object is found again; a manoeuvre moves the object at once. The expected one is all that a side can
know: what a manoeuvre would do, times the probability that one has happened unseen.

A successful look measures a direction, so it tells nothing of the distance along its line of
sight. It shows whether the orbit is still the one that was known. If it is not, the time and the
size of the manoeuvre remain unknown, and several looks are needed until the orbit is known again.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np

from ssa_psro.arrays import Floats
from ssa_psro.compiled import borrowed, compiled, entry_point
from ssa_psro.game import chance
from ssa_psro.game.columns import OBJECT, SENSOR, SIDE, SPREAD, TRACK, WINDOW
from ssa_psro.game.motion import add_drift, add_noise, along_variance, drift_h2, grow
from ssa_psro.game.sight import across_variance, line_of_sight_in_hill, look
from ssa_psro.game.state import NO_TARGET, State, close_windows, elapsed_share, remember
from ssa_psro.game.world import STRIDE, World
from ssa_psro.geometry.vectors import Vector

MIDDLE: Final = 0.5
"""Where in its step a manoeuvre happens. At the beginning, the second moments of what is drawn
would exceed those of the uniform times that are expected: by 3 / (2 K), K steps into a window."""


@compiled
def assess(world: World, state: State, b: int, side: int, around: Floats) -> None:
    """Work out the true and the expected position error of every object at this step.

    Without manoeuvres both are what the last look left, grown since: a sum of functions of the
    phase times what ``spread`` holds, for all objects at once.

    Args:
        world: of the game.
        state: of the episodes.
        b: the episode.
        side: 0 or 1.
        around: ``[5, N]`` what ``turn_round`` has made of this step, and a row of scratch space.
    """
    tracks, spread = state.tracks[b, side], state.spread[b, side]
    variance_km2, x = around[4], tracks[TRACK.sigma_km]
    motion_rad_h, seen_step = world.objects[OBJECT.motion_rad_h], tracks[TRACK.seen_step]
    t, dt_h = state.t[b], world.rules.dt_h
    # in several passes: one of all terms would read more arrays than the compiler proves apart, and
    # would be worked out one object at a time
    for n in range(x.size):
        x[n] = motion_rad_h[n] * ((t - seen_step[n]) * dt_h)
    _polynomial(spread, x, variance_km2)
    _swinging(spread[SPREAD.cos], spread[SPREAD.x_cos], x, around[0], variance_km2)
    _swinging(spread[SPREAD.sin], spread[SPREAD.x_sin], x, around[1], variance_km2)
    cos2, sin2, twice_cos, twice_sin = (
        spread[SPREAD.cos2],
        spread[SPREAD.sin2],
        around[2],
        around[3],
    )
    for n in range(x.size):
        variance_km2[n] += cos2[n] * twice_cos[n] + sin2[n] * twice_sin[n]
    sigma_km, expected_km = x, tracks[TRACK.expected_km]
    for n in range(x.size):
        # below 0 by rounding alone, where an orbit is known perfectly
        sigma_km[n] = math.sqrt(max(0.0, variance_km2[n]))
    for n in range(x.size):
        expected_km[n] = sigma_km[n]
    now = state.start[b] + t
    for place in range(world.manoeuvring.size):
        n = world.manoeuvring[place]
        if tracks[TRACK.open_step, n] < now:
            quiet_km2 = max(0.0, variance_km2[n])
            hidden_km2, guessed_km2, likeliest = _manoeuvres(world, state, b, side, n)
            tracks[TRACK.suspected, n] = likeliest
            sigma_km[n] = math.sqrt(quiet_km2 + hidden_km2)
            expected_km[n] = math.sqrt(quiet_km2 + guessed_km2)


@compiled
def take_stock(world: World, state: State, b: int, side: int) -> None:
    """``assess``, for a side that looks at other times than the rules do."""
    around = np.empty((5, world.objects.shape[1]))
    turn_round(world, state, b, around)
    assess(world, state, b, side, around)


@compiled
def turn_round(world: World, state: State, b: int, around: Floats) -> None:
    """Cosine and sine of the objects' phases at this step, and of twice the phases: ``[4+, N]``."""
    now = state.start[b] + state.t[b]
    coarse, fine = world.coarse[now // STRIDE], world.fine[now % STRIDE]
    cos, sin, twice_cos, twice_sin = around[0], around[1], around[2], around[3]
    for n in range(cos.size):
        cos[n] = coarse[0, n] * fine[0, n] - coarse[1, n] * fine[1, n]
    for n in range(cos.size):
        sin[n] = coarse[1, n] * fine[0, n] + coarse[0, n] * fine[1, n]
    for n in range(cos.size):
        twice_cos[n] = (cos[n] - sin[n]) * (cos[n] + sin[n])
    for n in range(cos.size):
        twice_sin[n] = 2.0 * sin[n] * cos[n]


@compiled
def _polynomial(spread: Floats, x: Floats, out: Floats) -> None:
    constant, first = spread[SPREAD.constant], spread[SPREAD.x]
    second, third = spread[SPREAD.x2], spread[SPREAD.x3]
    for n in range(x.size):
        out[n] = constant[n] + x[n] * (first[n] + x[n] * (second[n] + x[n] * third[n]))


@compiled
def _swinging(fixed: Floats, growing: Floats, x: Floats, turned: Floats, out: Floats) -> None:
    for n in range(x.size):
        out[n] += (fixed[n] + x[n] * growing[n]) * turned[n]


@compiled
def _manoeuvres(
    world: World, state: State, b: int, side: int, n: int
) -> tuple[float, float, float]:
    """What manoeuvres since the last look add to the variance of an object, truly and expected.

    A side expects this. Let p be the prior that the manoeuvre of a window happens, at a time
    uniform in the window, F the share of the window that is over, and F0 that share when the side
    last looked and found the orbit unchanged. Before that look, P(happened in (F0, F]) =
    p (F - F0), and P(not seen by F0) = 1 - p F0. Given the latter, the manoeuvre has happened
    unseen with probability p (F - F0) / (1 - p F0).

    Returns:
        both variances in km², and the probability that there was one, the likeliest window's.
    """
    now, dt_h = state.start[b] + state.t[b], world.rules.dt_h
    windows, happened = world.windows[n], state.manoeuvre_step[b, n]
    motion = world.objects[OBJECT.motion_rad_h, n]
    # as a horizon step, like those of the windows
    seen = state.start[b] + state.tracks[b, side, TRACK.seen_step, n]
    hidden, guessed, likeliest = 0.0, 0.0, 0.0
    first = int(state.tracks[b, side, TRACK.first_window, n])
    for w in range(first, int(world.objects[OBJECT.windows, n])):
        opens, closes = windows[w, WINDOW.opens], windows[w, WINDOW.closes]
        if opens >= now:
            break  # windows are in order of their openings
        step = happened[w]
        if closes <= seen or 0.0 <= step < seen:
            continue  # over, or seen: there is nothing left to suspect
        impulse = windows[w, WINDOW.impulse_km2_h2]
        if 0.0 <= step < now:
            size = impulse_size(state.seed[b], n, w)
            hidden += size**2 * impulse * drift_h2(motion, (now - step - MIDDLE) * dt_h)
        prior = windows[w, WINDOW.probability]
        elapsed = elapsed_share(opens, closes, seen)
        gained = elapsed_share(opens, closes, now) - elapsed
        # Without a gain there is no chance of it, and p = F0 = 1 would divide 0 by 0.
        if gained > 0.0:
            unseen = prior * gained / (1.0 - prior * elapsed)
            # The likeliest window alone makes the suspicion, so that it stays a probability;
            # the variances add up, as the expectation of a sum is the sum of expectations.
            likeliest = max(likeliest, unseen)
            first_h = (now - max(opens, seen)) * dt_h
            last_h = (now - min(closes, now)) * dt_h
            spread = along_variance(motion, first_h)
            if last_h > 0.0:  # else the window is still open
                spread -= along_variance(motion, last_h)
            guessed += unseen * impulse * spread / (first_h - last_h)
    return hidden, guessed, likeliest


@compiled
def impulse_size(seed: int, n: int, w: int) -> float:
    """Size and sign of a manoeuvre, in units of the root mean square that is known of it."""
    # uniform, and scaled so that the mean of its square is 1
    return math.sqrt(3.0) * (2.0 * chance.uniform(seed, chance.SIZE, n, w, 0) - 1.0)


@compiled
def resolve(world: World, state: State, b: int, side: int, orbits: Floats) -> None:
    """End the exposures that end at this step, and decide the looks whose result is known now.

    ``orbits [2, 6, 6]`` is scratch space.
    """
    t, sensors, tracks = state.t[b], state.sensors[b, side], state.tracks[b, side]
    for s in range(sensors.shape[0]):
        target = int(sensors[s, SENSOR.target])
        if target != NO_TARGET and tracks[TRACK.look_step, target] <= t:
            sensors[s, SENSOR.target] = NO_TARGET
    for n in range(tracks.shape[1]):
        if tracks[TRACK.known_step, n] == t and tracks[TRACK.tasked, n] > 0.0:
            _conclude(world, state, b, side, n, orbits)


@compiled
def _conclude(world: World, state: State, b: int, side: int, n: int, orbits: Floats) -> None:
    """Decide the look at object ``n``, with the state of things at the end of its exposure."""
    tracks, dt_h = state.tracks[b, side], world.rules.dt_h
    tracks[TRACK.tasked, n] = 0.0
    tracks[TRACK.attempts, n] += 1.0
    prospect = _prospect(world, state, b, side, n, orbits)
    prior, step, ended = orbits[0], tracks[TRACK.look_step, n], prospect.ended
    motion, seen = world.objects[OBJECT.motion_rad_h, n], prospect.seen
    windows, happened = world.windows[n], state.manoeuvre_step[b, n]
    hit = prospect.luck < tracks[TRACK.detection, n] * prospect.found
    tracks[TRACK.missed, n] = 0.0 if hit else 1.0
    if hit:
        if prospect.manoeuvred:
            _recognise(prior, motion, windows, happened, seen, ended, dt_h)
            tracks[TRACK.active_h, n] = step * dt_h
        error_km = world.objects[OBJECT.measurement_km, n]
        if error_km == 0.0:
            error_km = world.sides[side, SIDE.angular_sigma_rad] * prospect.range_km
        look(prior, prospect.sight, error_km**2)
        _copy(prior, state.covariance[b, side, n])
        _observe(tracks, n, step, dt_h)
        close_windows(world, tracks, n, ended)
        remember(world, state, b, side, n)


class Prospect(NamedTuple):
    """What decides a look, at the end of its exposure.

    Attributes:
        ended: horizon step of that end.
        seen: horizon step of the side's last successful look before.
        sight: unit vector from the sensor to the object, in the object's Hill frame.
        range_km: how far it is.
        manoeuvred: whether the object has manoeuvred since ``seen``.
        found: probability that the object is in the field of view.
        luck: in [0, 1); below the probability of detection times ``found`` the look succeeds.
    """

    ended: int
    seen: float
    sight: Vector
    range_km: float
    manoeuvred: bool
    found: float
    luck: float


@compiled
def _prospect(world: World, state: State, b: int, side: int, n: int, orbits: Floats) -> Prospect:
    """Of the look at object ``n``; ``orbits[0]`` receives what the side knows of the orbit then."""
    tracks, dt_h = state.tracks[b, side], world.rules.dt_h
    step = tracks[TRACK.look_step, n]
    ended = int(state.start[b] + step)
    seen = state.start[b] + tracks[TRACK.seen_step, n]
    motion = world.objects[OBJECT.motion_rad_h, n]
    since_h = (ended - seen) * dt_h
    density = world.objects[OBJECT.density_km2_h3, n]
    prior, true = orbits[0], orbits[0]
    _copy(state.covariance[b, side, n], prior)
    grow(prior, density, motion, since_h)
    sensor, slots = int(tracks[TRACK.look_sensor, n]), state.sensors.shape[2]
    sight, range_km = line_of_sight_in_hill(world.position_km, ended, side, sensor, n, slots)
    windows, happened = world.windows[n], state.manoeuvre_step[b, n]
    first, count = int(tracks[TRACK.first_window, n]), int(world.objects[OBJECT.windows, n])
    manoeuvred = _happened_since(happened, first, count, seen, ended)
    if manoeuvred:
        true = orbits[1]
        _copy(prior, true)
        _displace(true, motion, windows, happened, state.seed[b], n, seen, ended, dt_h)
    # Where the error is wider than the field of view, the object may not be in it: a Gaussian of
    # that variance, half of it on each axis, within a circle (Rayleigh's distribution).
    reach_km = world.sides[side, SIDE.half_field_rad] * range_km
    found = 1.0 - math.exp(-(reach_km**2) / across_variance(true, sight))
    # The luck is keyed by side, object and step, not by sensor or by a running number: an equal
    # look has equal luck under every policy, so differences between policies have less variance.
    luck = chance.uniform(state.seed[b], chance.DETECT, side, n, int(step))
    return Prospect(ended, seen, sight, range_km, manoeuvred, found, luck)


@entry_point
def foresee(world: World, state: State, found: Floats, luck: Floats) -> None:
    """Write what will decide the looks whose result is known at this step, before it is played.

    Args:
        world: of the game.
        state: of the episodes, which stays as it is.
        found: ``[B, 2, N]``, written in place for those looks alone; see ``Prospect``.
        luck: ``[B, 2, N]`` likewise.
    """
    world, state = borrowed(world), borrowed(state)
    orbits = np.empty((2, 6, 6))
    for b in range(state.t.size):
        for side in range(2):
            tracks = state.tracks[b, side]
            for n in range(tracks.shape[1]):
                if tracks[TRACK.known_step, n] == state.t[b] and tracks[TRACK.tasked, n] > 0.0:
                    prospect = _prospect(world, state, b, side, n, orbits)
                    found[b, side, n], luck[b, side, n] = prospect.found, prospect.luck


@compiled
def _copy(covariance: Floats, out: Floats) -> None:
    # element by element: an assignment of slices would compile a copy with its error message
    for i in range(6):
        for j in range(6):
            out[i, j] = covariance[i, j]


@compiled
def _happened_since(happened: Floats, first: int, count: int, seen: float, ended: int) -> bool:
    """Whether any of an object's manoeuvres, at steps ``happened [W]``, is news to a look.

    Those before window ``first`` are over, and from ``count`` on there are none.
    """
    news = False
    for w in range(first, count):
        news = news or (happened[w] >= 0.0 and seen <= happened[w] < ended)
    return news


@entry_point
def _displace(
    covariance: Floats,
    motion: float,
    windows: Floats,
    happened: Floats,
    seed: int,
    n: int,
    seen: float,
    ended: int,
    dt_h: float,
) -> None:
    """Add the second moments of the manoeuvres since the last look, as they were, in place."""
    for w in range(happened.size):
        if seen <= happened[w] < ended and happened[w] >= 0.0:
            variance = impulse_size(seed, n, w) ** 2 * windows[w, WINDOW.impulse_km2_h2]
            add_drift(covariance, variance, motion, (ended - happened[w] - MIDDLE) * dt_h)


@entry_point
def _recognise(
    covariance: Floats,
    motion: float,
    windows: Floats,
    happened: Floats,
    seen: float,
    ended: int,
    dt_h: float,
) -> None:
    """Add what the manoeuvres that a look shows may have done, in place.

    That they have happened is seen, but neither when, inside their windows, nor how large they
    were: white noise over that time.
    """
    for w in range(happened.size):
        if seen <= happened[w] < ended and happened[w] >= 0.0:
            first_h = (ended - max(windows[w, WINDOW.opens], seen)) * dt_h
            last_h = (ended - min(windows[w, WINDOW.closes], ended)) * dt_h
            density = windows[w, WINDOW.impulse_km2_h2] / (first_h - last_h)
            add_noise(covariance, 0.0, density, 0.0, motion, first_h)
            add_noise(covariance, 0.0, -density, 0.0, motion, last_h)


@compiled
def _observe(tracks: Floats, n: int, step: float, dt_h: float) -> None:
    """Enter a successful look at object ``n`` that ended at ``step``."""
    hour = step * dt_h
    # The time before the window is not played, so no gap counts from there.
    gap_h = hour - max(tracks[TRACK.seen_h, n], 0.0)
    tracks[TRACK.max_gap_h, n] = max(tracks[TRACK.max_gap_h, n], gap_h)
    tracks[TRACK.seen_step, n] = step
    tracks[TRACK.seen_h, n] = hour
    tracks[TRACK.hits, n] += 1.0
