"""Play two policies a step at a time and keep all that happens.

What a step did shows in the states before and after it: a look that begins has taken its object,
one that is concluded counts as an attempt, a denial recharges its sensor. Nothing is asked of the
rules but what decides a look, so that a look that failed can tell why.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Any, Final, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from ssa_psro.arrays import Flags, Floats, Integers, Seeds, Singles
from ssa_psro.compiled import borrowed, entry_point
from ssa_psro.game import Command, CoverageGame, State
from ssa_psro.game.columns import OBJECT, SENSOR, SIDE, TRACK
from ssa_psro.game.sensing import exposure_ends
from ssa_psro.game.uncertainty import foresee, take_stock
from ssa_psro.game.world import World
from ssa_psro.policies import Policy
from ssa_psro.policies.match import batches

NEVER: Final = -1
"""In place of a step at which something has not happened."""


class Result(IntEnum):
    """What became of a look."""

    HIT = 0
    NOT_DETECTED = 1
    """It would have failed even at an object that was surely in the field of view."""
    OUT_OF_FIELD = 2
    """With the same luck it would have succeeded if the object had been in the field of view."""
    BROKEN_OFF = 3
    """The sensor was denied before the exposure ended."""
    UNFINISHED = 4
    """The episode ended before the result was known."""


class Activity(IntEnum):
    """What a sensor spends a step on."""

    IDLE = 0
    SLEWING = 1
    """Turning or settling before an exposure that begins at a later step."""
    OBSERVING = 2
    RESTING = 3
    """Busy after its work, because of the duty cycle."""
    DENYING = 4
    """Turning included."""
    PROTECTING = 5
    """The one step that it takes to protect itself; see ``Trace.protected`` for how long."""


class Looks(NamedTuple):
    """Looks in the order in which they began, L of them; each array is ``[L]``.

    Attributes:
        side: 0 for Blue, 1 for Red.
        sensor: number of the side's sensor.
        object: number of the object.
        start_step: step at which it was tasked.
        slew_rad: how far the sensor had to turn.
        exposure_start_s: seconds from the beginning of the episode, after slewing and settling.
        end_step: step at which the exposure has ended, or at which it was broken off.
        known_step: step at which the side knows the result; of a look that was broken off, at once.
        detection: probability of detection by optics, as it was fixed at the start.
        found: probability that the object is in the field of view; nan where that was never asked.
        result: see ``Result``.
    """

    side: NDArray[np.int8]
    sensor: NDArray[np.int16]
    object: NDArray[np.int32]
    start_step: NDArray[np.int32]
    slew_rad: Floats
    exposure_start_s: Floats
    end_step: NDArray[np.int32]
    known_step: NDArray[np.int32]
    detection: Floats
    found: Floats
    result: NDArray[np.int8]


class Denials(NamedTuple):
    """Denials, each array ``[D]``.

    Attributes:
        side: who denies.
        sensor: number of the denying sensor.
        target: number of the opposing sensor.
        step: when.
        blocked: whether the target was protected.
    """

    side: NDArray[np.int8]
    sensor: NDArray[np.int16]
    target: NDArray[np.int16]
    step: NDArray[np.int32]
    blocked: Flags


class Protections(NamedTuple):
    """Protections, each array ``[P]``; they last from ``step`` until before ``until_step``."""

    side: NDArray[np.int8]
    sensor: NDArray[np.int16]
    step: NDArray[np.int32]
    until_step: NDArray[np.int32]


class Manoeuvres(NamedTuple):
    """Manoeuvres within the episode, and those before it that were news to a side as it began.

    Attributes:
        object: ``[M]``.
        window: ``[M]`` number of the object's window.
        step: ``[M]`` when; negative before the episode.
        noticed_step: ``[M, 2]`` when each side knew the result of the look that showed it: 0 if it
            knew before the episode, ``NEVER`` if it never noticed.
    """

    object: NDArray[np.int32]
    window: NDArray[np.int32]
    step: NDArray[np.int32]
    noticed_step: NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Trace:
    """One episode: T steps, S sensors a side, N objects, sides in the order Blue, Red.

    Row ``t`` of what has a row a step is what the step was scored by: results that are known as it
    begins, and what both sides do in it.

    Attributes:
        step_s: length of a step.
        steps: T.
        start_step: step of the horizon at which the episode began.
        epoch: UTC time of step 0.
        seed: of the episode.
        looks: see ``Looks``, like the next three.
        denials: by both sides.
        protections: by both sides.
        manoeuvres: of all objects.
        sigma_km: ``[2, T, N]`` true RMS position error.
        expected_km: ``[2, T, N]`` the one that the side expects.
        custody: ``[2, T, N]``.
        custody_without: ``[2, T, N]`` whether the side would have it if its last success at the
            object had failed.
        seen_h: ``[2, T, N]`` hour of the last successful look; negative before the episode.
        holder: ``[T, N]`` who has the fresher custody: 0 or 1, 2 for both alike, -1 for nobody.
        activity: ``[2, T, S]`` see ``Activity``.
        denied: ``[2, T, S]`` whether the sensor cannot observe because it is denied.
        protected: ``[2, T, S]`` whether it cannot be denied.
    """

    step_s: int
    steps: int
    start_step: int
    epoch: datetime
    seed: int
    looks: Looks
    denials: Denials
    protections: Protections
    manoeuvres: Manoeuvres
    sigma_km: Singles
    expected_km: Singles
    custody: Flags
    custody_without: Flags
    seen_h: Singles
    holder: NDArray[np.int8]
    activity: NDArray[np.uint8]
    denied: Flags
    protected: Flags

    def utc(self, step: float) -> datetime:
        """UTC time at which a step of the episode begins; fractions of a step are times in it."""
        return self.epoch + timedelta(seconds=step * self.step_s)


def record(game: CoverageGame, blue: Policy, red: Policy, seeds: Seeds) -> list[Trace]:
    """Play one episode a seed, the same as ``policies.play`` does, and keep a trace of each.

    Args:
        game: what is played.
        blue: Blue's policy.
        red: Red's policy.
        seeds: of the episodes.
    """
    traces: list[Trace] = []
    for some in batches(game, seeds.size):
        traces += _record_batch(game, blue, red, seeds[some])
    return traces


def _record_batch(game: CoverageGame, blue: Policy, red: Policy, seeds: Seeds) -> list[Trace]:
    """Decisions hold for their interval, as in a match, but each step is looked at."""
    state, window = game.start(seeds), game.arena.scenario.window
    recorder = _Recorder(game, state)
    while not game.done(state):
        orders = blue.act(game.view(state, 0)), red.act(game.view(state, 1))
        for _ in range(min(window.steps_per_decision, window.steps - int(state.t[0]))):
            recorder.play(orders)
    return [recorder.trace(b) for b in range(seeds.size)]


class _Recorder:
    """Episodes side by side, B of them, as they are played; all are at the same step."""

    def __init__(self, game: CoverageGame, state: State) -> None:
        self.game, self.state, self.world = game, state, game.world
        batch, steps = state.t.size, self.world.rules.steps
        objects = batch, 2, steps, game.objects
        sensors = batch, 2, steps, game.sensors
        self.sigma_km, self.expected_km = (
            np.empty(objects, np.float32),
            np.empty(objects, np.float32),
        )
        self.seen_h, self.custody = np.empty(objects, np.float32), np.empty(objects, np.bool_)
        self.custody_without = np.empty(objects, np.bool_)
        # the same episodes, but every object is known as it was before its last success
        self.without = state._replace(
            t=state.t.copy(), tracks=state.tracks.copy(), spread=state.spread.copy()
        )
        self.holder = np.empty((batch, steps, game.objects), np.int8)
        self.activity = np.empty(sensors, np.uint8)
        self.denied, self.protected = np.empty(sensors, np.bool_), np.empty(sensors, np.bool_)
        self.looks: list[dict[str, NDArray[Any]]] = []
        self.ends: list[dict[str, NDArray[Any]]] = []
        self.denials: list[dict[str, NDArray[Any]]] = []
        self.protections: list[dict[str, NDArray[Any]]] = []
        self.begun = 0
        # the number of the look under way at each object, and what each sensor is at: the
        # activity, and the steps at which the slew and the work of a task end
        self.look = np.full((batch, 2, game.objects), NEVER)
        self.task = np.zeros((3, batch, 2, game.sensors), np.int64)
        self.first_seen = state.track.seen_step.copy()
        self.noticed = np.full((batch, 2, *state.manoeuvre_step.shape[1:]), NEVER)

    def play(self, orders: tuple[Command, Command]) -> None:
        """Play one step and keep what it did."""
        state, t = self.state, int(self.state.t[0])
        track = state.track
        known = (track.known_step == t) & (track.tasked > 0)
        # No rule reads this of an object that is not taken; so a look that begins shows in any
        # case, even if it is broken off at once and would have ended when another should have.
        track.look_step[track.tasked == 0] = NEVER
        found, luck = np.full((2, *known.shape), np.nan)
        foresee(self.world, state, found, luck)
        tracks, sensors, spread = state.tracks.copy(), state.sensors.copy(), state.spread.copy()
        self.game.advance(state, *orders, steps=1)
        self._conclude(t, known, tracks, found, luck)
        self._go_without(t, known & (track.hits > tracks[:, :, TRACK.hits]), tracks, spread)
        begun = (track.look_step > t) & (tracks[:, :, TRACK.look_step] <= t)
        self._begin(t, begun, sensors)
        taken = begun | ((tracks[:, :, TRACK.tasked] > 0) & ~known)
        self._break_off(t, taken & (track.tasked == 0))
        self._interfere(t, sensors)
        self._keep(t, tracks)

    def _conclude(self, t: int, known: Flags, before: Floats, found: Floats, luck: Floats) -> None:
        """Enter the results that became known, and the manoeuvres that hits have shown."""
        b, side, n = np.nonzero(known)
        hit = self.state.track.hits[known] > before[:, :, TRACK.hits][known]
        detectable = luck[known] < before[:, :, TRACK.detection][known]
        result = np.where(detectable, Result.OUT_OF_FIELD, Result.NOT_DETECTED)
        result = np.where(hit, Result.HIT, result)
        step = np.full(b.size, NEVER)
        self.ends.append(
            {"look": self.look[known], "result": result, "found": found[known], "step": step}
        )
        b, side, n = b[hit], side[hit], n[hit]
        step = self.state.manoeuvre_step[b, n] - self.state.start[b][:, None]
        seen = before[b, side, TRACK.seen_step, n][:, None]
        ended = before[b, side, TRACK.look_step, n][:, None]
        happened = self.state.manoeuvre_step[b, n] >= 0
        shown = happened & (seen <= step) & (step < ended)
        self.noticed[b, side, n] = np.where(shown, t, self.noticed[b, side, n])

    def _go_without(self, t: int, hit: Flags, before: Floats, spread: Floats) -> None:
        """Custody now without the last successes; at a new one, what was known before it stays."""
        b, side, n = np.nonzero(hit)
        for column in (TRACK.seen_step, TRACK.first_window):
            self.without.tracks[b, side, column, n] = before[b, side, column, n]
        self.without.spread[b, side, :, n] = spread[b, side, :, n]
        self.without.t[:] = t
        _take_stock(self.world, self.without)
        sigma_km = self.without.track.sigma_km
        self.custody_without[:, :, t] = sigma_km <= self.world.objects[OBJECT.custody_km]

    def _begin(self, t: int, begun: Flags, before: Floats) -> None:
        """Enter the looks that began."""
        b, side, n = np.nonzero(begun)
        track, step_s = self.state.track, self.world.rules.step_s
        s = track.look_sensor[begun].astype(np.int64)
        slew_rad = self._slew_rad(before, b, side, s)
        fixed = self.world.sides[side]
        begins_s = t * step_s + slew_rad / fixed[:, SIDE.slew_rate_rad_s] + fixed[:, SIDE.settle_s]
        end = track.look_step[begun].astype(np.int64)
        self.looks.append(
            {
                "episode": b,
                "side": side,
                "sensor": s,
                "object": n,
                "start_step": np.full(b.size, t),
                "slew_rad": slew_rad,
                "exposure_start_s": begins_s,
                "end_step": end,
                "known_step": track.known_step[begun].astype(np.int64),
                "detection": track.detection[begun],
            }
        )
        self.look[begun] = self.begun + np.arange(b.size)
        self.begun += b.size
        slewed = np.minimum(np.floor(begins_s / step_s).astype(np.int64), end - 1)
        self.task[:, b, side, s] = np.full(b.size, Activity.OBSERVING), slewed, end

    def _break_off(self, t: int, lost: Flags) -> None:
        """Enter the looks that were lost because their sensor was denied."""
        b, side, _ = np.nonzero(lost)
        result, found = np.full(b.size, Result.BROKEN_OFF), np.full(b.size, np.nan)
        step = np.full(b.size, t)
        self.ends.append({"look": self.look[lost], "result": result, "found": found, "step": step})
        s = self.state.track.look_sensor[lost].astype(np.int64)
        self.task[:, b, side, s] = Activity.IDLE

    def _interfere(self, t: int, before: Floats) -> None:
        """Enter the denials and protections of the step."""
        sensors, rules = self.state.sensors, self.world.rules
        protected = sensors[..., SENSOR.protected_until] > before[..., SENSOR.protected_until]
        b, side, s = np.nonzero(protected)
        step = np.full(b.size, t)
        until = step + rules.protection_steps
        self.protections.append(
            {"episode": b, "side": side, "sensor": s, "step": step, "until_step": until}
        )
        self.task[:, b, side, s] = Activity.PROTECTING
        denying = sensors[..., SENSOR.recharge_until] > before[..., SENSOR.recharge_until]
        b, side, s = np.nonzero(denying)
        target = self._targets(t, before, b, side, s)
        blocked = sensors[b, 1 - side, target, SENSOR.last_denied] < t
        step = np.full(b.size, t)
        self.denials.append(
            {"episode": b, "side": side, "sensor": s, "target": target, "step": step}
            | {"blocked": blocked}
        )
        slews_rad = self._slew_rad(before, b, side, s)
        fixed = [self.world.sides[one] for one in side]
        works = [exposure_ends(*pair, rules.step_s) for pair in zip(fixed, slews_rad, strict=True)]
        end = t + np.array(works, np.int64)
        self.task[:, b, side, s] = np.full(b.size, Activity.DENYING), step, end

    def _targets(
        self, t: int, before: Floats, b: Integers, side: Integers, s: Integers
    ) -> Integers:
        """``[D]`` whom each denying sensor denies: of those that its side has denied at this step,
        the one it points to. A side never denies one sensor twice in a step."""
        tried = (
            self.state.sensors[..., SENSOR.attempted_until] > before[..., SENSOR.attempted_until]
        )
        slots = self.game.sensors
        targets = np.full(b.size, NEVER)
        for k in range(b.size):
            places = self.world.position_km[self.state.start[b[k]] + t].astype(np.float64)
            own = places[side[k] * slots + s[k]]
            rays = places[(1 - side[k]) * slots :][:slots] - own
            norms = np.maximum(np.linalg.norm(rays, axis=1), np.finfo(np.float64).tiny)
            cosines = rays @ self._pointing(self.state.sensors)[b[k], side[k], s[k]] / norms
            targets[k] = np.argmax(np.where(tried[b[k], side[k]], cosines, -np.inf))
            tried[b[k], side[k], targets[k]] = False
        return targets

    def _slew_rad(self, before: Floats, b: Integers, side: Integers, s: Integers) -> Floats:
        """How far sensors have turned in this step; 0 for one that had never pointed."""
        was, now = (self._pointing(one)[b, side, s] for one in (before, self.state.sensors))
        cosine = was[:, 0] * now[:, 0] + was[:, 1] * now[:, 1] + was[:, 2] * now[:, 2]
        pointed = (was != 0.0).any(axis=1)
        return np.where(pointed, np.arccos(np.clip(cosine, -1.0, 1.0)), 0.0)

    @staticmethod
    def _pointing(sensors: Floats) -> Floats:
        return sensors[..., SENSOR.point_x : SENSOR.point_z + 1]

    def _keep(self, t: int, before: Floats) -> None:
        """Keep how things stand at this step."""
        track, sensor = self.state.track, self.state.sensor
        had = track.custody_steps > before[:, :, TRACK.custody_steps]
        self.sigma_km[:, :, t] = track.sigma_km
        self.expected_km[:, :, t] = track.expected_km
        self.custody[:, :, t] = had
        self.seen_h[:, :, t] = track.seen_h
        fresher = np.sign(track.seen_h[:, 1] - track.seen_h[:, 0]).astype(np.int8)
        both = np.where(fresher == 0, 2, fresher > 0)
        one = np.where(had[:, 0], 0, np.where(had[:, 1], 1, -1))
        self.holder[:, t] = np.where(had.all(axis=1), both, one)
        activity, slewed, end = self.task
        doing = np.where(t < end, activity, Activity.RESTING)
        doing = np.where((activity == Activity.OBSERVING) & (t < slewed), Activity.SLEWING, doing)
        doing = np.where(activity == Activity.PROTECTING, activity, doing)
        busy = (sensor.done_step > t) & (activity != Activity.IDLE)
        self.activity[:, :, t] = np.where(busy, doing, Activity.IDLE)
        self.denied[:, :, t] = sensor.denied_until > t
        self.protected[:, :, t] = sensor.protected_until > t

    def trace(self, b: int) -> Trace:
        """The trace of one of the episodes, which has to be over."""
        window, start = self.game.arena.scenario.window, int(self.state.start[b])
        return Trace(
            step_s=window.step_s,
            steps=window.steps,
            start_step=start,
            epoch=window.epoch + timedelta(seconds=start * window.step_s),
            seed=int(self.state.seed[b]),
            looks=self._looks(b),
            denials=_rows(Denials, self.denials, b),
            protections=_rows(Protections, self.protections, b),
            manoeuvres=self._manoeuvres(b),
            sigma_km=self.sigma_km[b],
            expected_km=self.expected_km[b],
            custody=self.custody[b],
            custody_without=self.custody_without[b],
            seen_h=self.seen_h[b],
            holder=self.holder[b],
            activity=self.activity[b],
            denied=self.denied[b],
            protected=self.protected[b],
        )

    def _looks(self, b: int) -> Looks:
        """The looks of one episode; what became of them was entered apart, when it was known."""
        began, ends = _joined(self.looks), _joined(self.ends)
        began["found"] = np.full(self.begun, np.nan)
        began["result"] = np.full(self.begun, Result.UNFINISHED)
        for name in ("found", "result"):
            began[name][ends["look"]] = ends[name]
        broken = ends["step"] != NEVER
        for name in ("end_step", "known_step"):
            began[name][ends["look"][broken]] = ends["step"][broken]
        return _typed(Looks, began, began["episode"] == b)

    def _manoeuvres(self, b: int) -> Manoeuvres:
        """Of one episode, in the order in which they happened."""
        happened, first_seen = self.state.manoeuvre_step[b], self.first_seen[b]
        steps = happened - self.state.start[b]
        news = (happened >= 0) & (steps >= first_seen.min(axis=0)[:, None])
        n, w = np.nonzero(news & (steps < self.world.rules.steps))
        order = np.argsort(steps[n, w], kind="stable")
        n, w = n[order], w[order]
        noticed = np.where(steps[n, w] < first_seen[:, n], 0, self.noticed[b][:, n, w])
        columns = {"object": n, "window": w, "step": steps[n, w], "noticed_step": noticed.T}
        return _typed(Manoeuvres, columns, np.ones(n.size, np.bool_))


@entry_point
def _take_stock(world: World, state: State) -> None:
    world, state = borrowed(world), borrowed(state)
    for b in range(state.t.size):
        for side in range(2):
            take_stock(world, state, b, side)


_Events = TypeVar("_Events", Looks, Denials, Protections, Manoeuvres)

_TYPES: Final = {
    "side": np.int8,
    "sensor": np.int16,
    "target": np.int16,
    "object": np.int32,
    "result": np.int8,
    "blocked": np.bool_,
    "slew_rad": np.float64,
    "exposure_start_s": np.float64,
    "detection": np.float64,
    "found": np.float64,
}
"""Of the columns of events; the others are steps."""


def _joined(parts: list[dict[str, NDArray[Any]]]) -> dict[str, NDArray[Any]]:
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _typed(kind: type[_Events], columns: dict[str, NDArray[Any]], rows: Flags) -> _Events:
    names = kind._fields
    return kind(*(columns[name][rows].astype(_TYPES.get(name, np.int32)) for name in names))


def _rows(kind: type[_Events], parts: list[dict[str, NDArray[Any]]], b: int) -> _Events:
    """The events of one episode."""
    columns = _joined(parts)
    return _typed(kind, columns, columns["episode"] == b)
