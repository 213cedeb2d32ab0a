"""The state of one episode as readable objects, its chance, and its opening position.

Sides: 0 is Blue, 1 is Red. ``t`` counts the steps of the episode and ``a = start + t`` those of
the arena's tables; ``*_until`` and ``done_step`` are on the ``t`` axis.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from ssa_psro.geometry.arena import Arena

MASK = (1 << 64) - 1
GOLDEN = 0x9E3779B97F4A7C15
START, AGE, DETECT, NOISE, HAPPENS, WHEN = 1, 2, 3, 4, 5, 6

Vector = tuple[float, float, float]
ManoeuvreWindow = tuple[int, int, float, float]  # begin, end (exclusive), probability, drift


def mix(z: int) -> int:
    """The output function of splitmix64."""
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


def uniform(seed: int, stream: int, i: int, j: int, k: int) -> float:
    """A number in [0, 1) that is a pure function of its arguments."""
    h = mix((seed + GOLDEN) & MASK)
    for key in (stream, i, j, k):
        h = mix(((h ^ key) + GOLDEN) & MASK)
    return (h >> 11) * 2.0**-53


def whole_steps(duration_s: float, step_s: float) -> int:
    """Steps that a duration takes, rounded up but not by rounding errors."""
    return math.ceil(duration_s / step_s - 1e-9)


@dataclass(frozen=True)
class Orders:
    """How a side's sensors score candidates in one step.

    ``numbers``: ``[D]`` weights of the features (doctrine), ``[C]`` priorities of the candidates
    (priority), or ``[S]`` candidates, -1 for none (assignment).
    """

    mode: Literal["doctrine", "priority", "assignment"]
    numbers: Sequence[float]


@dataclass
class SensorState:
    """One sensor. ``observing`` is the object of the running observation, if there is one."""

    done_step: int = 0
    observing: int | None = None
    detection: float = 0.0
    pointing: Vector | None = None
    denied_until: int = 0
    protected_until: int = 0
    recharge_until: int = 0
    last_denied: int | None = None


@dataclass
class Custody:
    """What one side has of one object.

    ``drift_km_h`` is of the manoeuvres that happened unseen. A window's ``absorbed`` is the
    fraction of it that had elapsed when the side last saw the object, ``known`` whether the side
    has seen that its manoeuvre happened. ``held_steps`` counts the steps held a contest period.
    """

    sigma_km: float
    expected_km: float
    seen_h: float
    absorbed: list[float]
    known: list[bool]
    held_steps: list[float]
    drift_km_h: float = 0.0
    hits: int = 0
    attempts: int = 0
    missed: bool = False
    tasked: bool = False
    custody_steps: int = 0


@dataclass
class SideState:
    """One operator. ``attempted_until[o]``: its denial of opposing sensor ``o`` is in force."""

    sensors: list[SensorState]
    custody: list[Custody]
    attempted_until: list[int]
    denials: int = 0
    denials_blocked: int = 0
    protections: int = 0


@dataclass
class Choices:
    """The denials ``(sensor, opposing sensor)`` and protections that a side has just chosen."""

    denials: list[tuple[int, int]] = field(default_factory=list)
    protections: list[int] = field(default_factory=list)


class ReferenceState:
    """One episode as it stands.

    Attributes: ``t`` steps played; ``start`` horizon step of the episode's first step; ``sides``
    Blue's and Red's state; ``manoeuvre_step[n][w]`` horizon step of the manoeuvre or None.
    """

    def __init__(self, arena: Arena, seed: int) -> None:
        window, rules = arena.scenario.window, arena.scenario.rules
        self.arena, self.seed, self.rules = arena, int(seed), rules
        self.step_s = window.step_s
        self.step_h = window.step_s / 3600
        self.steps = window.steps
        self.period_steps = max(1, round(rules.contest_period_h * 3600 / window.step_s))
        self.n_objects = len(arena.objects)
        self.n_sensors = arena.tables.quality.shape[2]
        self.n_windows = arena.windows.probability.shape[1]
        self.n_candidates = self.n_objects + 2 * self.n_sensors
        self.t = 0
        self.start = math.floor(uniform(self.seed, START, 0, 0, 0) * window.start_epochs)
        self.manoeuvre_step = [self._draw_manoeuvres(n) for n in range(self.n_objects)]
        self.sides = [self._opening(side) for side in (0, 1)]

    def _draw_manoeuvres(self, n: int) -> list[int | None]:
        """When the manoeuvre of each window of an object happens, None if it does not."""
        steps: list[int | None] = [None] * self.n_windows
        for w, (begin, end, probability, _) in self._windows(n):
            if uniform(self.seed, HAPPENS, n, w, 0) < probability:
                steps[w] = math.floor(begin + uniform(self.seed, WHEN, n, w, 0) * (end - begin))
        return steps

    def _opening(self, side: int) -> SideState:
        return SideState(
            sensors=[SensorState() for _ in range(self.n_sensors)],
            custody=[self._first_custody(side, n) for n in range(self.n_objects)],
            attempted_until=[0] * self.n_sensors,
        )

    def _first_custody(self, side: int, n: int) -> Custody:
        objects = self.arena.objects
        age_h = uniform(self.seed, AGE, side, n, 0) * self.rules.initial_age_h
        sigma_km = float(objects.measurement_sigma_km[n]) + float(objects.growth_km_h[n]) * age_h
        absorbed = [0.0] * self.n_windows
        for w, (begin, end, _, _) in self._windows(n):
            absorbed[w] = self._elapsed(begin, end)
        return Custody(
            sigma_km=sigma_km,
            expected_km=sigma_km,
            seen_h=-age_h,
            absorbed=absorbed,
            known=[step is not None and step < self.start for step in self.manoeuvre_step[n]],
            held_steps=[0.0] * math.ceil(self.steps / self.period_steps),
        )

    def _window(self, n: int, w: int) -> ManoeuvreWindow:
        """One row of the table of forecast windows."""
        windows = self.arena.windows
        return (
            int(windows.start_step[n, w]),
            int(windows.end_step[n, w]),
            float(windows.probability[n, w]),
            float(windows.drift_km_h[n, w]),
        )

    def _windows(self, n: int) -> Iterator[tuple[int, ManoeuvreWindow]]:
        """The numbered manoeuvre windows of an object, without the padding."""
        for w in range(self.n_windows):
            if self.arena.windows.probability[n, w] > 0:
                yield w, self._window(n, w)

    @property
    def a(self) -> int:
        """The horizon step: row of the arena's tables."""
        return self.start + self.t

    def _elapsed(self, begin: int, end: int) -> float:
        """The fraction of a window that is over at the start of the current step."""
        return min(1.0, max(0.0, (self.a - begin) / (end - begin)))
