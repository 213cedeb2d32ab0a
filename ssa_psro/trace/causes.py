"""Why there was no custody: one cause for every object at every step without it.

``docs/causes.md`` says what each cause means and where one ends and the next begins.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ssa_psro.arrays import Bytes, Flags, Floats, Seeds, Singles
from ssa_psro.compiled import entry_point
from ssa_psro.game import Command, CoverageGame, View
from ssa_psro.game.columns import FEATURE, OBJECT
from ssa_psro.game.command import IDLE
from ssa_psro.game.sensing import exposure_ends
from ssa_psro.geometry.access import access_reasons
from ssa_psro.geometry.vectors import direction, dot, row
from ssa_psro.policies import Policy
from ssa_psro.policies.match import batches, play_out
from ssa_psro.trace.episode import Activity, Result, Trace


class Cause(IntEnum):
    """Why an object is not in custody; the order is that in which a look comes about.

    Each sensor of a side has one answer, the first of ``RANGE`` to ``IDLE`` that keeps it from
    beginning a look. The cause is the answer of the sensor that came furthest, unless one of the
    last five holds of the object itself.
    """

    CUSTODY = 0
    """No cause is needed."""
    RANGE = 1
    """The codes of geometry are those of ``geometry.access``."""
    EARTH = 2
    SHADOW = 3
    SUN = 4
    MOON = 5
    LIMB = 6
    BRIGHT = 7
    FAINT = 8
    TOO_SHORT = 9
    BUSY = 10
    INTERFERING = 11
    DENIED = 12
    ELSEWHERE = 13
    IDLE = 14
    MANOEUVRE = 15
    NOT_DETECTED = 16
    OUT_OF_FIELD = 17
    UNDER_WAY = 18
    NOT_DOWN = 19


CAUSES: Final = {
    Cause.RANGE: "out of range",
    Cause.EARTH: "behind the Earth",
    Cause.SHADOW: "in the Earth's shadow",
    Cause.SUN: "close to the Sun",
    Cause.MOON: "close to the Moon",
    Cause.LIMB: "against the Earth or close to its limb",
    Cause.BRIGHT: "too bright",
    Cause.FAINT: "too faint",
    Cause.TOO_SHORT: "access too short for a look",
    Cause.BUSY: "sensors busy",
    Cause.INTERFERING: "denying or protecting instead",
    Cause.DENIED: "denied by the opponent",
    Cause.ELSEWHERE: "tasked elsewhere",
    Cause.IDLE: "sensor left idle",
    Cause.MANOEUVRE: "unnoticed manoeuvre",
    Cause.NOT_DETECTED: "not detected",
    Cause.OUT_OF_FIELD: "not in the field of view",
    Cause.UNDER_WAY: "look under way",
    Cause.NOT_DOWN: "data not yet down",
}
"""Every cause in a few words, in order."""

_TOO_SHORT: Final = np.uint8(Cause.TOO_SHORT)


class Lapses(NamedTuple):
    """Spells without custody, each array ``[K]``, by side, object and time.

    Attributes:
        side: 0 for Blue, 1 for Red.
        object: number of the object.
        first_step: first step without custody; 0 may mean that there was none before either.
        end_step: first step with custody again, or the end of the episode.
        cause: the one that took most of its steps, the first of equals.
    """

    side: NDArray[np.int64]
    object: NDArray[np.int64]
    first_step: NDArray[np.int64]
    end_step: NDArray[np.int64]
    cause: NDArray[np.int64]


def causes_of(game: CoverageGame, trace: Trace) -> Bytes:
    """``[2, T, N]`` the ``Cause`` at every step of an episode of ``game``."""
    steps = slice(trace.start_step, trace.start_step + trace.steps)
    reasons = [access_reasons(game.arena, side, steps) for side in range(2)]
    return attribute(game, trace, reasons)


def attribute(game: CoverageGame, trace: Trace, reasons: list[Bytes]) -> Bytes:
    """The same where the geometry has been explained already: ``[T, S, N]`` of either side."""
    causes = np.zeros(trace.custody.shape, np.uint8)
    for side in range(2):
        count = game.arena.sensor_count[side]
        causes[side] = _looks_under_way(trace, side)
        believed = trace.expected_km[side] <= game.world.objects[OBJECT.custody_km]
        believed &= trace.expected_km[side] < trace.sigma_km[side]
        causes[side] = np.where((causes[side] == 0) & believed, Cause.MANOEUVRE, causes[side])
        asked = (causes[side] == 0) & ~trace.custody[side]
        _ask_sensors(
            game.world.quality[trace.start_step :, side, :count],
            game.world.position_km[trace.start_step :],
            _pointing(game, trace, side),
            _occupations(trace, side),
            reasons[side],
            game.world.sides[side],
            game.world.rules.step_s,
            side * game.sensors,
            2 * game.sensors,
            asked,
            causes[side],
        )
    causes[trace.custody] = Cause.CUSTODY
    return causes


def _looks_under_way(trace: Trace, side: int) -> Bytes:
    """``[T, N]`` what a look that is under way means for its object; 0 where there is none."""
    looks, found = trace.looks, np.zeros(trace.custody.shape[1:], np.uint8)
    while_under_way = {
        Result.HIT: (Cause.UNDER_WAY, Cause.NOT_DOWN),
        Result.UNFINISHED: (Cause.UNDER_WAY, Cause.NOT_DOWN),
        Result.NOT_DETECTED: (Cause.NOT_DETECTED,) * 2,
        Result.OUT_OF_FIELD: (Cause.OUT_OF_FIELD,) * 2,
        Result.BROKEN_OFF: (Cause.DENIED,) * 2,
    }
    columns = (looks.object, looks.start_step, looks.end_step, looks.known_step, looks.result)
    for n, start, end, known, result in zip(*(c[looks.side == side] for c in columns), strict=True):
        exposing, waiting = while_under_way[Result(result)]
        found[start:end, n] = exposing
        found[end:known, n] = waiting
    return found


def _occupations(trace: Trace, side: int) -> Bytes:
    """``[T, S]`` what keeps each sensor from beginning a look at an object that it has access to,
    one that it has not just taken."""
    activity, looks = trace.activity[side], trace.looks
    found = np.full(activity.shape, Cause.BUSY, np.uint8)
    begun = looks.side == side
    found[looks.start_step[begun], looks.sensor[begun]] = Cause.ELSEWHERE
    found[activity == Activity.IDLE] = Cause.IDLE
    found[activity >= Activity.DENYING] = Cause.INTERFERING
    found[trace.denied[side]] = Cause.DENIED
    return found


def _pointing(game: CoverageGame, trace: Trace, side: int) -> Floats:
    """``[T, S, 3]`` where each sensor points as a step begins; 0 as long as it never has."""
    pointing = np.zeros((trace.steps, game.arena.sensor_count[side], 3))
    looks, denials, slots = trace.looks, trace.denials, game.sensors
    events = [
        (looks.side, looks.sensor, looks.start_step, 2 * slots + looks.object),
        (denials.side, denials.sensor, denials.step, (1 - side) * slots + denials.target),
    ]
    sides, sensor, step, target = (np.concatenate(pair) for pair in zip(*events, strict=True))
    order = np.flatnonzero(sides == side)
    order = order[np.argsort(step[order], kind="stable")]
    sensor, step, target = sensor[order], step[order], target[order]
    places = game.world.position_km[trace.start_step :]
    rays = places[step, target].astype(np.float64) - places[step, side * slots + sensor]
    rays /= np.sqrt((rays * rays).sum(axis=1, keepdims=True))
    for first, s, ray in zip(step + 1, sensor, rays, strict=True):
        pointing[first:, s] = ray
    return pointing


@entry_point
def _ask_sensors(
    quality: Bytes,
    position_km: Singles,
    pointing: Floats,
    occupations: Bytes,
    reasons: Bytes,
    fixed: Floats,
    step_s: float,
    first_sensor: int,
    first_object: int,
    asked: Flags,
    causes: Bytes,
) -> None:
    """Write the answer of the sensor that came furthest, ``causes [T, N]``, where ``asked``."""
    for t in range(asked.shape[0]):
        for n in range(asked.shape[1]):
            for s in range(quality.shape[1]):
                if not asked[t, n]:
                    continue
                answer = reasons[t, s, n]
                if quality[t, s, n] > 0:
                    sensor = row(position_km[t], first_sensor + s)
                    toward = direction(sensor, row(position_km[t], first_object + n))
                    was = row(pointing[t], s)
                    slew_rad = 0.0
                    if was != (0.0, 0.0, 0.0):
                        slew_rad = np.arccos(min(1.0, max(-1.0, dot(was, toward))))
                    lasts = True
                    for k in range(1, exposure_ends(fixed, slew_rad, step_s) + 1):
                        lasts = lasts and t + k < quality.shape[0] and quality[t + k, s, n] > 0
                    answer = occupations[t, s] if lasts else _TOO_SHORT
                causes[t, n] = max(causes[t, n], answer)


def cause_steps(causes: Bytes) -> NDArray[np.int64]:
    """``[2, N, C]`` steps of each cause, in the order of ``Cause``; they add up to the episode."""
    return np.stack([(causes == cause).sum(axis=1) for cause in Cause], axis=-1)


def lapses_of(causes: Bytes) -> Lapses:
    """The spells without custody."""
    absent = np.pad(np.moveaxis(causes, 1, 2) != Cause.CUSTODY, ((0, 0), (0, 0), (1, 1)))
    edges = np.diff(absent.astype(np.int8), axis=2)
    side, n, first = np.nonzero(edges > 0)
    end = np.nonzero(edges < 0)[2]
    spells = zip(side, n, first, end, strict=True)
    main = [np.bincount(causes[i, a:b, k], minlength=len(Cause)).argmax() for i, k, a, b in spells]
    return Lapses(side, n, first, end, np.array(main, np.int64))


@dataclass(frozen=True)
class WithoutDenial:
    """Another policy whose denials are struck from its orders; all else it orders holds.

    A sensor that would have denied does what its orders rank next.

    Attributes:
        policy: the other.
        objects: N of the game.
        sensors: S of the game.
    """

    policy: Policy
    objects: int
    sensors: int

    @property
    def name(self) -> str:
        """Says so."""
        return f"{self.policy.name} without denial"

    @property
    def constant(self) -> bool:
        """As the other is."""
        return self.policy.constant

    def act(self, view: View) -> Command:
        """Its orders: a denial is worth less than nothing, and an assigned one is no task."""
        orders = self.policy.act(view)
        doctrine, priority = orders.doctrine.copy(), orders.priority.copy()
        assignment = orders.assignment.copy()
        doctrine[:, FEATURE.deny] = -np.finfo(np.float64).max
        priority[:, self.objects : self.objects + self.sensors] = -1.0
        denies = (assignment >= self.objects) & (assignment < self.objects + self.sensors)
        assignment[denies] = IDLE
        return Command(orders.mode, doctrine, priority, assignment)


def recovered_steps(game: CoverageGame, blue: Policy, red: Policy, seeds: Seeds) -> Floats:
    """``[E, 2, N]`` steps of custody that each side gains if the other's denials are struck.

    The same episodes with the same luck are played as they are, and once for each side with the
    other's policy ``WithoutDenial``. Negative where a sensor that was denied no more chose
    otherwise.
    """
    open_blue, open_red = (WithoutDenial(p, game.objects, game.sensors) for p in (blue, red))
    gained = np.empty((seeds.size, 2, game.objects))
    for some in batches(game, seeds.size):
        played, freed_blue, freed_red = (
            play_out(game, *pair, game.start(seeds[some])).track.custody_steps
            for pair in ((blue, red), (blue, open_red), (open_blue, red))
        )
        gained[some, 0] = (freed_blue - played)[:, 0]
        gained[some, 1] = (freed_red - played)[:, 1]
    return gained
