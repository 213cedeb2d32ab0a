"""What a trace holds: events of four kinds, and how things stood at every step. Arrays only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ssa_psro.arrays import Flags, Floats, Singles

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
    """Busy after a look, because of the duty cycle."""
    DENYING = 4
    """Turning and resting included."""
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


class ManoeuvreEvents(NamedTuple):
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


EVENT_TYPES: Final = {
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
"""Of the columns of events; the others are steps, in int32."""


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
    manoeuvres: ManoeuvreEvents
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
