"""The state of one episode as readable objects, its chance, and its opening position.

Sides: 0 is Blue, 1 is Red. ``t`` counts the steps of the episode and ``a = start + t`` those of
the arena's tables; ``*_until`` and ``*_step`` are on the ``t`` axis unless they say otherwise.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from statistics import NormalDist
from typing import Literal, NamedTuple

import numpy as np
from reference.reference_motion import Matrix, density_of_growth, kept_up

from ssa_psro.geometry.arena import Arena
from ssa_psro.geometry.sky import sun_position_km
from ssa_psro.scenario.schema import REGIMES
from ssa_psro.scenario.standards import CALIBRATIONS

MASK = (1 << 64) - 1
GOLDEN = 0x9E3779B97F4A7C15
START, AGE, DETECT, NOISE, HAPPENS, WHEN = 1, 2, 3, 4, 5, 6
SIZE, BRIGHTNESS = 9, 10
ARCSEC_RAD = math.pi / (180 * 3600)

Vector = tuple[float, float, float]
NORMAL = NormalDist()


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


class ManoeuvreWindow(NamedTuple):
    """A window in horizon steps, ``closes`` exclusive; ``announced`` if it was forecast."""

    opens: int
    closes: int
    probability: float
    delta_v_km_h: float
    announced: bool


@dataclass
class SensorState:
    """One sensor."""

    done_step: int = 0
    pointing: Vector | None = None
    denied_until: int = 0
    protected_until: int = 0
    recharge_until: int = 0
    last_denied: int | None = None


@dataclass(frozen=True)
class Look:
    """A look whose result is not known yet.

    Attributes: ``sensor`` that looks; ``look_step`` at which the exposure is over; ``known_step``
    at which the side learns of it; ``detection`` probability of what is in the field of view.
    """

    sensor: int
    look_step: int
    known_step: int
    detection: float


@dataclass
class Custody:
    """What one side has of one object.

    ``covariance [6, 6]`` is that of the end of the last successful look, at ``seen_step``, which
    is negative and no whole number before the episode. ``active_step`` is that of the last look
    that showed an impulse. ``sigma_km``, ``expected_km``, ``suspected`` and ``quiet [6, 6]`` are
    assessed anew every step. ``held_steps`` counts the steps held a contest period.
    """

    covariance: Matrix
    seen_step: float
    held_steps: list[float]
    active_step: int | None = None
    look: Look | None = None
    quiet: Matrix = field(default_factory=lambda: np.zeros((6, 6)))
    sigma_km: float = 0.0
    expected_km: float = 0.0
    suspected: float = 0.0
    hits: int = 0
    attempts: int = 0
    missed: bool = False
    custody_steps: int = 0
    max_gap_h: float = 0.0

    @property
    def tasked(self) -> bool:
        """Whether the side waits for the result of a look."""
        return self.look is not None


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
    Blue's and Red's state; ``manoeuvre_step[n][w]`` horizon step of the impulse or None and
    ``impulse_km_h[n][w]`` its size; ``fainter_mag[n]`` how much fainter than tabulated an object
    is; ``density[n]`` of the noise of its motion [km²/h³].
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
        self.motion = [float(n_rad_h) for n_rad_h in arena.objects.mean_motion_rad_h]
        self.density = [
            density_of_growth(n_rad_h, float(growth))
            for n_rad_h, growth in zip(self.motion, arena.objects.growth_km_h, strict=True)
        ]
        self.manoeuvre_step = [self._draw_manoeuvres(n) for n in range(self.n_objects)]
        self.impulse_km_h = [self._draw_sizes(n) for n in range(self.n_objects)]
        self.fainter_mag = [self._draw_brightness(n) for n in range(self.n_objects)]
        self.sides = [self._opening(side) for side in (0, 1)]

    def _draw_manoeuvres(self, n: int) -> list[int | None]:
        """When the impulse of each window of an object happens, None if it does not."""
        steps: list[int | None] = [None] * self.n_windows
        for w, window in self._windows(n):
            if uniform(self.seed, HAPPENS, n, w, 0) < window.probability:
                length = window.closes - window.opens
                steps[w] = math.floor(window.opens + uniform(self.seed, WHEN, n, w, 0) * length)
        return steps

    def _draw_sizes(self, n: int) -> list[float]:
        """Along-track impulses of an object [km/h], of the mean square of their windows."""
        sizes = [0.0] * self.n_windows
        for w, window in self._windows(n):
            u = 2 * uniform(self.seed, SIZE, n, w, 0) - 1
            sizes[w] = math.sqrt(3) * u * window.delta_v_km_h
        return sizes

    def _draw_brightness(self, n: int) -> float:
        """Magnitudes by which an object is fainter than tabulated in this episode."""
        length = math.sqrt(-2 * math.log(1 - uniform(self.seed, BRIGHTNESS, n, 0, 0)))
        turn = 2 * math.pi * uniform(self.seed, BRIGHTNESS, n, 0, 1)
        scatter_mag = float(self.arena.objects.brightness_scatter_mag[n])
        return scatter_mag * length * math.cos(turn)

    @cached_property
    def sun_km(self) -> Matrix:
        """``[T, 3]`` where the Sun is at the steps of the horizon."""
        times_s = np.arange(len(self.arena.tables.position_km)) * float(self.step_s)
        return sun_position_km(self.arena.scenario.window.epoch, times_s)

    def _opening(self, side: int) -> SideState:
        return SideState(
            sensors=[SensorState() for _ in range(self.n_sensors)],
            custody=[self._first_custody(side, n) for n in range(self.n_objects)],
            attempted_until=[0] * self.n_sensors,
        )

    def _first_custody(self, side: int, n: int) -> Custody:
        """An orbit that has been kept up, and was last seen a random time ago."""
        age_h = uniform(self.seed, AGE, side, n, 0) * self.rules.initial_age_h
        regime = REGIMES[self.arena.objects.regime[n]]
        noise_km2 = self._measurement_km(side, n, CALIBRATIONS[regime].range_km) ** 2
        return Custody(
            covariance=kept_up(self.motion[n], self.density[n], noise_km2),
            seen_step=-age_h / self.step_h,
            held_steps=[0.0] * math.ceil(self.steps / self.period_steps),
        )

    def _measurement_km(self, side: int, n: int, range_km: float) -> float:
        """Sigma of a look across its line of sight: stated for the object, or the sensor's."""
        stated_km = float(self.arena.objects.measurement_sigma_km[n])
        sensor = self.arena.scenario.sides[side].sensor
        return stated_km or sensor.angular_sigma_arcsec * ARCSEC_RAD * range_km

    def _windows(self, n: int) -> Iterator[tuple[int, ManoeuvreWindow]]:
        """The numbered manoeuvre windows of an object, without the padding."""
        table = self.arena.windows
        for w in range(self.n_windows):
            if table.probability[n, w] > 0:
                yield (
                    w,
                    ManoeuvreWindow(
                        int(table.start_step[n, w]),
                        int(table.end_step[n, w]),
                        float(table.probability[n, w]),
                        float(table.delta_v_km_h[n, w]),
                        bool(table.announced[n, w]),
                    ),
                )

    @property
    def a(self) -> int:
        """The horizon step: row of the arena's tables."""
        return self.start + self.t

    # where things are

    def _body(self, side: int, c: int) -> int:
        """The row of the position table that holds an object or an opposing sensor."""
        if c < self.n_objects:
            return 2 * self.n_sensors + c
        return (1 - side) * self.n_sensors + c - self.n_objects

    def _position_km(self, a: int, body: int) -> Matrix:
        return self.arena.tables.position_km[a, body].astype(np.float64)

    def _ray_km(self, side: int, s: int, c: int, a: int) -> Matrix:
        """From a sensor to a candidate at a horizon step."""
        here = self._position_km(a, side * self.n_sensors + s)
        return self._position_km(a, self._body(side, c)) - here

    def _sight(self, side: int, s: int, n: int, a: int) -> tuple[Matrix, float]:
        """Direction from a sensor to an object in the object's Hill frame, and the range [km]."""
        ray = self._ray_km(side, s, n, a)
        range_km = float(np.linalg.norm(ray))
        return self._hill_frame(n, a) @ ray / range_km, range_km

    def _hill_frame(self, n: int, a: int) -> Matrix:
        """Rows: the radial, along-track and cross-track directions of an object."""
        body = self._body(0, n)
        first = min(a, len(self.arena.tables.position_km) - 2)
        normal = np.cross(self._position_km(first, body), self._position_km(first + 1, body))
        radial, cross = self._position_km(a, body), normal
        radial, cross = radial / np.linalg.norm(radial), cross / np.linalg.norm(cross)
        return np.array([radial, np.cross(cross, radial), cross])
