"""Intervals of access to the millisecond, decided by the functions that fill the access tables.

Tables hold one state a step, the game's resolution. Here the same functions are asked at any time:
at samples first, then by bisection between two samples whose states differ.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline

from ssa_psro.arrays import Floats, Integers
from ssa_psro.compiled import entry_point
from ssa_psro.geometry.access import fill_tables
from ssa_psro.geometry.occultation import line_of_sight
from ssa_psro.geometry.optics import Optics
from ssa_psro.geometry.vectors import dot, minus, row

TOLERANCE_S = 1e-3

Holds: TypeAlias = Callable[[Floats, Floats, Floats], NDArray[np.bool_]]
"""From times ``[M]`` and positions in km of sensors ``[M, S, 3]`` and targets ``[M, N, 3]``:
which sensor has access to which target, ``[M, S, N]``."""


class Tracks:
    """Positions of ``K`` bodies at any time, by cubic splines through evenly spaced samples.

    Samples 30 s apart place a satellite in LEO within 0.2 m, see the test; halving them in number
    costs 16 times that.

    Args:
        samples_s: ``[T]``.
        positions_km: ``[T, K, 3]``.
    """

    def __init__(self, samples_s: Floats, positions_km: Floats) -> None:
        self.samples_s, self.positions_km = samples_s, positions_km
        self._pieces = CubicSpline(samples_s, positions_km).c

    def halved(self) -> tuple[Floats, Floats]:
        """Samples and positions twice as close: those there are, and the spline between them."""
        cubic, square, slope, start = self._pieces
        half_s = (self.samples_s[1] - self.samples_s[0]) / 2.0
        between_km = ((cubic * half_s + square) * half_s + slope) * half_s + start
        positions_km = np.empty((2 * len(self.samples_s) - 1, *start.shape[1:]))
        positions_km[::2], positions_km[1::2] = self.positions_km, between_km
        return self.samples_s[0] + half_s * np.arange(len(positions_km)), positions_km

    def piece(self, step: Integers, body: Integers) -> Callable[[Floats], Floats]:
        """Positions ``[M, 3]`` of bodies ``[M]`` at times ``[M]`` after the samples ``step``."""
        cubic, square, slope, start = self._pieces[:, step, body]
        begin_s = self.samples_s[step]

        def at(times_s: Floats) -> Floats:
            after_s = (times_s - begin_s)[:, None]
            return np.asarray(((cubic * after_s + square) * after_s + slope) * after_s + start)

        return at

    def at(self, times_s: Floats, body: int) -> Floats:
        """Positions ``[M, 3]`` of one body."""
        step_s = self.samples_s[1] - self.samples_s[0]
        step = ((times_s - self.samples_s[0]) / step_s).astype(np.int64)
        step = np.clip(step, 0, len(self.samples_s) - 2)
        return self.piece(step, np.full_like(step, body))(times_s)


@dataclass(frozen=True)
class Intervals:
    """Intervals of ``P`` accesses, in order of sensor, target and start.

    Attributes:
        sensor: ``[P]`` index of the sensor.
        target: ``[P]`` index of the target.
        start_s: ``[P]``.
        end_s: ``[P]``.
    """

    sensor: Integers
    target: Integers
    start_s: Floats
    end_s: Floats

    def __len__(self) -> int:
        return len(self.start_s)


def find_intervals(
    tracks: Tracks, sensors: int, holds: Holds, looks: tuple[Floats, Floats] | None = None
) -> Intervals:
    """When the first ``sensors`` bodies of ``tracks`` have access to each of the other bodies.

    Intervals that begin and end between two looks are missed. Those that the ends of ``tracks``
    cut off begin or end there.

    Args:
        tracks: where the bodies are.
        sensors: how many of them look.
        holds: whether there is access.
        looks: times ``[T]`` and positions ``[T, K, 3]`` at which it is asked first, from the first
            sample of ``tracks`` to the last; its samples unless they are given.
    """
    samples_s, positions_km = looks or (tracks.samples_s, tracks.positions_km)
    seen = holds(samples_s, positions_km[:, :sensors], positions_km[:, sensors:])
    nothing = np.zeros((1, *seen.shape[1:]), dtype=np.bool_)
    states = np.concatenate((nothing, seen, nothing)).transpose(1, 2, 0)
    sensor, target, step = np.nonzero(states[..., :-1] != states[..., 1:])
    looks_a_piece = (len(samples_s) - 1) // (len(tracks.samples_s) - 1)
    piece = np.clip(step - 1, 0, len(samples_s) - 2) // looks_a_piece
    edges_s = _bisect(
        holds,
        (tracks.piece(piece, sensor), tracks.piece(piece, sensors + target)),
        states[sensor, target, step],
        np.concatenate((samples_s[:1], samples_s))[step],
        np.concatenate((samples_s, samples_s[-1:]))[step],
    )
    return Intervals(sensor[::2], target[::2], edges_s[::2], edges_s[1::2])


def _bisect(
    holds: Holds,
    pair: tuple[Callable[[Floats], Floats], Callable[[Floats], Floats]],
    before: NDArray[np.bool_],
    low_s: Floats,
    high_s: Floats,
) -> Floats:
    """Times at which access changes from ``before``, each between its ``low_s`` and ``high_s``."""
    while len(low_s) and np.max(high_s - low_s) > TOLERANCE_S:
        middle_s = (low_s + high_s) / 2.0
        sensor_km, target_km = (body(middle_s)[:, None] for body in pair)
        same = holds(middle_s, sensor_km, target_km)[:, 0, 0] == before
        low_s, high_s = np.where(same, middle_s, low_s), np.where(same, high_s, middle_s)
    return (low_s + high_s) / 2.0


def in_sight(largest_range_km: float) -> Holds:
    """Range and line of sight alone."""

    def holds(times_s: Floats, sensors_km: Floats, targets_km: Floats) -> NDArray[np.bool_]:
        return _sighted(sensors_km, targets_km, largest_range_km)

    return holds


@entry_point
def _sighted(sensors_km: Floats, targets_km: Floats, largest_range_km: float) -> NDArray[np.bool_]:
    moments, sensors, targets = len(sensors_km), sensors_km.shape[1], targets_km.shape[1]
    sighted = np.empty((moments, sensors, targets), dtype=np.bool_)
    for t in range(moments):
        for s in range(sensors):
            sensor = row(sensors_km[t], s)
            for n in range(targets):
                target = row(targets_km[t], n)
                ray = minus(target, sensor)
                near = dot(ray, ray) <= largest_range_km**2
                sighted[t, s, n] = near and line_of_sight(sensor, target)
    return sighted


def observable(optics: Optics, sky: Tracks) -> Holds:
    """Every constraint of a sensor, decided by the kernel that fills the tables of observations.

    Args:
        optics: of Blue's sensors, and of as many objects as there are targets.
        sky: Sun and Moon.
    """

    def holds(times_s: Floats, sensors_km: Floats, targets_km: Floats) -> NDArray[np.bool_]:
        moments, sensors, targets = len(times_s), sensors_km.shape[1], targets_km.shape[1]
        quality = np.zeros((moments, 2, sensors, targets), dtype=np.uint8)
        fill_tables(
            np.concatenate((sensors_km, sensors_km, targets_km), axis=1, dtype=np.float32),
            sky.at(times_s, 0),
            sky.at(times_s, 1),
            optics._replace(sensors=np.array([sensors, 0])),
            quality,
            np.zeros((moments, 2, sensors, sensors), dtype=np.uint8),
        )
        return quality[:, 0] > 0

    return holds
