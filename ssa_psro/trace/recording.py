"""Play two policies a step at a time and keep all that happens.

What a step did shows in the states before and after it: a look that begins has taken its object,
one that is concluded counts as an attempt, a denial recharges its sensor. Nothing is asked of the
rules but what decides a look, so that a look that failed can tell why.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from ssa_psro.arrays import Flags, Floats, Integers, Seeds
from ssa_psro.compiled import borrowed, entry_point
from ssa_psro.game import Command, CoverageGame, State
from ssa_psro.game.columns import OBJECT, SENSOR, SIDE, TRACK
from ssa_psro.game.uncertainty import foresee, take_stock
from ssa_psro.game.world import World
from ssa_psro.policies import Policy
from ssa_psro.policies.match import batches
from ssa_psro.trace.episode import (
    EVENT_TYPES,
    NEVER,
    Activity,
    Denials,
    Looks,
    ManoeuvreEvents,
    Protections,
    Result,
    Trace,
)


def record(game: CoverageGame, blue: Policy, red: Policy, seeds: Seeds) -> list[Trace]:
    """Play one episode a seed, the same as ``policies.play`` does, and keep a trace of each.

    A trace takes 29 bytes an object and step.

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
    return recorder.traces()


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
        for column in (TRACK.seen_step, TRACK.first_window, TRACK.open_step):
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
        slewed = np.floor(begins_s / step_s).astype(np.int64)
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
        self.task[:, b, side, s] = Activity.DENYING

    def _targets(
        self, t: int, before: Floats, b: Integers, side: Integers, s: Integers
    ) -> Integers:
        """``[D]`` whom each denying sensor denies: of those that its side has denied at this step,
        the one it points to. A side never denies one sensor twice in a step."""
        now, slots = self.state.sensors, self.game.sensors
        tried = now[..., SENSOR.attempted_until] > before[..., SENSOR.attempted_until]
        places = self.world.position_km[self.state.start + t, : 2 * slots].astype(np.float64)
        places = places.reshape(-1, 2, slots, 3)
        rays = places[b, 1 - side] - places[b, side, s][:, None]
        norms = np.maximum(np.linalg.norm(rays, axis=2), np.finfo(np.float64).tiny)
        cosines = (rays @ self._pointing(now)[b, side, s][:, :, None])[..., 0] / norms
        targets = np.full(b.size, NEVER)
        for one in np.unique(s):  # in turns: two targets may stand in one place
            rows = s == one
            who = b[rows], side[rows]
            targets[rows] = np.argmax(np.where(tried[who], cosines[rows], -np.inf), axis=1)
            tried[*who, targets[rows]] = False
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
        phase = np.where(t < end, activity, Activity.RESTING)
        phase = np.where(t < slewed, Activity.SLEWING, phase)
        activity = np.where(activity == Activity.OBSERVING, phase, activity)
        self.activity[:, :, t] = np.where(sensor.done_step > t, activity, Activity.IDLE)
        self.denied[:, :, t] = sensor.denied_until > t
        self.protected[:, :, t] = sensor.protected_until > t

    def traces(self) -> list[Trace]:
        """A trace an episode; they have to be over."""
        looks, denials, protections = (
            self._all_looks(),
            *map(_joined, (self.denials, self.protections)),
        )
        return [
            self._trace(
                b,
                _rows(Looks, looks, b),
                _rows(Denials, denials, b),
                _rows(Protections, protections, b),
            )
            for b in range(self.state.t.size)
        ]

    def _trace(self, b: int, looks: Looks, denials: Denials, protections: Protections) -> Trace:
        window, start = self.game.arena.scenario.window, int(self.state.start[b])
        return Trace(
            step_s=window.step_s,
            steps=window.steps,
            start_step=start,
            epoch=window.epoch + timedelta(seconds=start * window.step_s),
            seed=int(self.state.seed[b]),
            looks=looks,
            denials=denials,
            protections=protections,
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

    def _all_looks(self) -> dict[str, NDArray[Any]]:
        """The looks of all episodes; what became of them was entered apart, when it was known."""
        began, ends = _joined(self.looks), _joined(self.ends)
        began["found"] = np.full(self.begun, np.nan)
        began["result"] = np.full(self.begun, Result.UNFINISHED)
        for name in ("found", "result"):
            began[name][ends["look"]] = ends[name]
        broken = ends["step"] != NEVER
        for name in ("end_step", "known_step"):
            began[name][ends["look"][broken]] = ends["step"][broken]
        return began

    def _manoeuvres(self, b: int) -> ManoeuvreEvents:
        """Of one episode, in the order in which they happened."""
        happened, first_seen = self.state.manoeuvre_step[b], self.first_seen[b]
        steps = happened - self.state.start[b]
        news = (happened >= 0) & (steps >= first_seen.min(axis=0)[:, None])
        n, w = np.nonzero(news & (steps < self.world.rules.steps))
        order = np.argsort(steps[n, w], kind="stable")
        n, w = n[order], w[order]
        noticed = np.where(steps[n, w] < first_seen[:, n], 0, self.noticed[b][:, n, w])
        columns = {"object": n, "window": w, "step": steps[n, w], "noticed_step": noticed.T}
        return _typed(ManoeuvreEvents, columns, np.ones(n.size, np.bool_))


@entry_point
def _take_stock(world: World, state: State) -> None:
    world, state = borrowed(world), borrowed(state)
    for b in range(state.t.size):
        for side in range(2):
            take_stock(world, state, b, side)


_Events = TypeVar("_Events", Looks, Denials, Protections, ManoeuvreEvents)


def _joined(parts: list[dict[str, NDArray[Any]]]) -> dict[str, NDArray[Any]]:
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _typed(kind: type[_Events], columns: dict[str, NDArray[Any]], rows: Flags) -> _Events:
    names = kind._fields
    return kind(*(columns[name][rows].astype(EVENT_TYPES.get(name, np.int32)) for name in names))


def _rows(kind: type[_Events], columns: dict[str, NDArray[Any]], b: int) -> _Events:
    """The events of one episode."""
    return _typed(kind, columns, columns["episode"] == b)
