"""The state of a batch of episodes.

Axis letters: B episodes, 2 sides (Blue, Red), S sensors, N objects, W windows. Times are episode
steps unless their name says otherwise; a negative one means never. The last axis of an array holds
the columns of ``columns.py``.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ssa_psro.arrays import Flags, Floats, Integers, Seeds
from ssa_psro.compiled import borrowed, compiled, entry_point
from ssa_psro.game import chance
from ssa_psro.game.columns import (
    COUNTER,
    OBJECT,
    SENSOR,
    SPREAD,
    TRACK,
    WINDOW,
    CounterColumns,
    SensorColumns,
    TrackColumns,
)
from ssa_psro.game.motion import spread_of
from ssa_psro.game.world import World

NEVER: Final = -1.0
NO_TARGET: Final = -1


class State(NamedTuple):
    """All that changes during an episode.

    Attributes:
        seed: ``[B]`` the root of the episode's chance.
        t: ``[B]`` step of the episode.
        start: ``[B]`` horizon step at which it began.
        tracks: ``[B, 2, TrackColumns, N]`` each object as it stands with each side.
        sensors: ``[B, 2, S, SensorColumns]``.
        covariance: ``[B, 2, N, 6, 6]`` of each object's orbit right after the side's last look, in
            km and km/h in Hill's frame; see ``motion``.
        spread: ``[B, 2, SpreadColumns, N]`` what follows from the covariance for the size of the
            position error since then.
        manoeuvre_step: ``[B, N, W]`` horizon step of the manoeuvre, or NEVER. Hidden.
        counters: ``[B, 2, CounterColumns]``.
    """

    seed: Seeds
    t: Integers
    start: Integers
    tracks: Floats
    sensors: Floats
    covariance: Floats
    spread: Floats
    manoeuvre_step: Floats
    counters: Floats

    def select(self, episodes: Flags | NDArray[np.integer]) -> State:
        """A copy of some episodes, by mask ``[B]`` or indices."""
        return State._make(array[episodes] for array in self)

    @property
    def track(self) -> TrackColumns[Floats]:
        """Views ``[B, 2, N]`` of the columns of ``tracks``, by name."""
        return TrackColumns(*np.moveaxis(self.tracks, 2, 0))

    @property
    def sensor(self) -> SensorColumns[Floats]:
        """Views ``[B, 2, S]`` of the columns of ``sensors``, by name."""
        return SensorColumns(*np.moveaxis(self.sensors, -1, 0))

    @property
    def counter(self) -> CounterColumns[Floats]:
        """Views ``[B, 2]`` of the columns of ``counters``, by name."""
        return CounterColumns(*np.moveaxis(self.counters, -1, 0))


def new_state(world: World, seeds: Seeds) -> State:
    """A batch of episodes at step 0, one a seed."""
    batch, sensors = seeds.size, world.threat.shape[2]
    objects, windows = world.windows.shape[:2]
    state = State(
        seed=np.ascontiguousarray(seeds, dtype=np.uint64),
        t=np.zeros(batch, np.int64),
        start=np.zeros(batch, np.int64),
        tracks=np.zeros((batch, 2, len(TRACK), objects)),
        sensors=np.zeros((batch, 2, sensors, len(SENSOR))),
        covariance=np.tile(world.kept_up, (batch, 1, 1, 1, 1)),
        spread=np.zeros((batch, 2, len(SPREAD), objects)),
        manoeuvre_step=np.full((batch, objects, windows), NEVER),
        counters=np.zeros((batch, 2, len(COUNTER))),
    )
    state.sensors[..., SENSOR.target] = NO_TARGET
    state.sensors[..., SENSOR.last_denied] = NEVER
    _draw(world, state)
    return state


@entry_point
def _draw(world: World, state: State) -> None:
    """Draw what chance decides before the first step."""
    world, state = borrowed(world), borrowed(state)
    for b in range(state.seed.size):
        seed = state.seed[b]
        start = int(chance.uniform(seed, chance.START, 0, 0, 0) * world.rules.start_epochs)
        state.start[b] = start
        _draw_manoeuvres(world.windows, seed, state.manoeuvre_step[b])
        for side in range(2):
            _draw_tracks(world, state, b, side)


@compiled
def _draw_tracks(world: World, state: State, b: int, side: int) -> None:
    """Let a side's last look at each object lie a random time back.

    Without it all objects would be known equally well at step 0, and the first hours of every
    episode would show the transient of that start rather than tasking.
    """
    tracks = state.tracks[b, side]
    for n in range(world.objects.shape[1]):
        age_h = chance.uniform(state.seed[b], chance.AGE, side, n, 0) * world.rules.initial_age_h
        tracks[TRACK.seen_step, n] = -age_h / world.rules.dt_h
        tracks[TRACK.seen_h, n] = -age_h
        tracks[TRACK.active_h, n] = -math.inf
        tracks[TRACK.known_step, n] = NEVER
        close_windows(world, tracks, n, state.start[b] + tracks[TRACK.seen_step, n])
        remember(world, state, b, side, n)


@compiled
def close_windows(world: World, tracks: Floats, n: int, seen: float) -> None:
    """Pass over the windows that a look leaves nothing to suspect of, up to the first other one.

    Args:
        world: of the game.
        tracks: ``[TrackColumns, N]`` of the side.
        n: the object.
        seen: horizon step of the look.
    """
    windows, w = world.windows[n], int(tracks[TRACK.first_window, n])
    while w < windows.shape[0] and windows[w, WINDOW.closes] <= seen:
        w += 1
    tracks[TRACK.first_window, n] = w
    count = int(world.objects[OBJECT.windows, n])
    tracks[TRACK.open_step, n] = windows[w, WINDOW.opens] if w < count else math.inf
    tracks[TRACK.suspected, n] = 0.0


@compiled
def remember(world: World, state: State, b: int, side: int, n: int) -> None:
    """Work out ``spread`` anew, after covariance or time of the last look have changed."""
    motion, density = world.objects[OBJECT.motion_rad_h, n], world.objects[OBJECT.density_km2_h3, n]
    seen_h = (state.start[b] + state.tracks[b, side, TRACK.seen_step, n]) * world.rules.dt_h
    coefficients = spread_of(state.covariance[b, side, n], density, motion, motion * seen_h)
    for k in range(len(coefficients)):
        state.spread[b, side, k, n] = coefficients[k]


@compiled
def _draw_manoeuvres(windows: Floats, seed: int, manoeuvre_step: Floats) -> None:
    """Draw whether and when each manoeuvre happens, ``[N, W]``, for the whole horizon.

    Drawn once and before play, so that nature does not depend on what the sides do.
    """
    for n in range(windows.shape[0]):
        for w in range(windows.shape[1]):
            if chance.uniform(seed, chance.HAPPENS, n, w, 0) < windows[n, w, WINDOW.probability]:
                length = windows[n, w, WINDOW.closes] - windows[n, w, WINDOW.opens]
                # A uniform draw is below 1, so the step lies in [opens, closes).
                offset = np.floor(chance.uniform(seed, chance.WHEN, n, w, 0) * length)
                manoeuvre_step[n, w] = windows[n, w, WINDOW.opens] + offset


@compiled
def elapsed_share(opens: float, closes: float, horizon_step: float) -> float:
    """Share of a window that lies before a horizon step, in [0, 1]."""
    if horizon_step <= opens:
        return 0.0
    if horizon_step >= closes:  # an empty window, which only pads, never divides by zero
        return 1.0
    return (horizon_step - opens) / (closes - opens)
