"""Orbit ephemeris messages: CCSDS 502.0-B-2, keyword = value notation, one file a body.

Its version 2.0 is what most readers know; those of 502.0-B-3 read it too. A message holds one
object (section 5.1), so an export is a folder of them. Times are UTC, states GCRF, in km and km/s.
Nothing of the game is in them: orbits are nominal, since what objects do in an episode shows in how
well they are known, not in where the tables have them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import numpy as np

from ssa_psro.exports.ephemeris import Body, Ephemeris
from ssa_psro.inputs.files import write_bytes

DEGREE = 7
"""Of Hermite's polynomial that readers are advised to use: four states, two on each side."""


def write_oem(ephemeris: Ephemeris, folder: Path, created: datetime) -> list[Path]:
    """Write one message a body, ``folder/blue-1.oem`` and so on."""
    written = []
    for number, body in enumerate(ephemeris.bodies):
        path = folder / f"{body.key}.oem"
        lines = _lines(ephemeris, number, body, created)
        write_bytes(path, "".join(f"{line}\n" for line in lines).encode())
        written.append(path)
    return written


def _lines(ephemeris: Ephemeris, number: int, body: Body, created: datetime) -> Iterator[str]:
    times = [_text(ephemeris.utc(one)) for one in ephemeris.times_s]
    yield "CCSDS_OEM_VERS = 2.0"
    yield f"CREATION_DATE = {_text(created)}"
    yield "ORIGINATOR = SSA_PSRO"
    yield "META_START"
    yield f"COMMENT Scenario {ephemeris.scenario.name}, nominal orbit without manoeuvres"
    yield f"OBJECT_NAME = {_plain(body.name)}"
    yield f"OBJECT_ID = {_plain(body.designator or body.catalog_id) or body.key.upper()}"
    yield "CENTER_NAME = EARTH"
    yield "REF_FRAME = GCRF"
    yield "TIME_SYSTEM = UTC"
    yield f"START_TIME = {times[0]}"
    yield f"STOP_TIME = {times[-1]}"
    if len(times) > DEGREE // 2:
        yield "INTERPOLATION = HERMITE"
        yield f"INTERPOLATION_DEGREE = {DEGREE}"
    yield "META_STOP"
    states = np.concatenate(
        (ephemeris.position_km[:, number], ephemeris.velocity_km_s[:, number]), axis=1
    )
    for time, state in zip(times, states, strict=True):
        place, speed = state[:3], state[3:]
        numbers = [*(f"{one:.6f}" for one in place), *(f"{one:.9f}" for one in speed)]
        yield f"{time} {' '.join(numbers)}"


def _text(time: datetime) -> str:
    """An instant as the standard writes it, to the millisecond, or finer where need be."""
    precision = "microseconds" if time.microsecond % 1000 else "milliseconds"
    return time.replace(tzinfo=None).isoformat(timespec=precision)


def _plain(text: str) -> str:
    """Text in the printable ASCII characters that a message may hold."""
    return text.encode("ascii", "replace").decode()
