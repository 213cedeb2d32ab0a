"""Orbit ephemeris messages, as the package ``oem`` reads them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from astropy.time import Time
from oem import OrbitEphemerisMessage

from ssa_psro.exports.ephemeris import Ephemeris, ephemeris_of
from ssa_psro.exports.oem import write_oem

CREATED = datetime(2026, 3, 21, 12, 30, 15, 250_999, tzinfo=UTC)
HALF_A_DIGIT_KM, HALF_A_DIGIT_KM_S = 0.51e-6, 0.51e-9


@pytest.fixture(scope="module", name="messages")
def _messages(
    ephemeris: Ephemeris, tmp_path_factory: pytest.TempPathFactory
) -> list[OrbitEphemerisMessage]:
    """One a body, read back."""
    paths = write_oem(ephemeris, tmp_path_factory.mktemp("oem"), CREATED)
    return [OrbitEphemerisMessage.open(path) for path in paths]


def test_head_says_what_the_states_are(
    ephemeris: Ephemeris, messages: list[OrbitEphemerisMessage]
) -> None:
    assert len(messages) == len(ephemeris.bodies)
    for one in messages:
        (segment,) = one.segments
        said = segment.metadata
        assert (said["CENTER_NAME"], said["REF_FRAME"], said["TIME_SYSTEM"]) == (
            *("EARTH", "GCRF", "UTC"),
        )
        assert one.header["CREATION_DATE"] == Time("2026-03-21T12:30:15.250999")
        assert said["START_TIME"] == Time(ephemeris.epoch)
    heads = [one.segments[0].metadata for one in messages]
    named = {one["OBJECT_NAME"]: one["OBJECT_ID"] for one in heads}
    assert (named["LOW"], named["H?he 2"]) == ("1998-067A", "A0000")
    assert named["Blue satellite 1 (plane 1)"] == "BLUE-1"


def test_labels_are_as_fine_as_the_epoch(ephemeris: Ephemeris, tmp_path: Path) -> None:
    late = replace(ephemeris, epoch=ephemeris.epoch + timedelta(microseconds=999))
    path = write_oem(late, tmp_path, CREATED)[0]
    assert "START_TIME = 2026-03-20T" in path.read_text("ascii")
    assert ".000999\n" in path.read_text("ascii")


def test_states_come_back(ephemeris: Ephemeris, messages: list[OrbitEphemerisMessage]) -> None:
    for number, one in enumerate(messages):
        states = list(one.segments[0])
        assert len(states) == len(ephemeris.times_s)
        place = np.array([state.position for state in states])
        speed = np.array([state.velocity for state in states])
        assert np.abs(place - ephemeris.position_km[:, number]).max() < HALF_A_DIGIT_KM
        assert np.abs(speed - ephemeris.velocity_km_s[:, number]).max() < HALF_A_DIGIT_KM_S
        late_s = (states[-1].epoch - Time(ephemeris.epoch)).to_value("s")
        assert late_s == pytest.approx(ephemeris.times_s[-1], abs=1e-6)


def test_a_reader_interpolates_to_metres(
    ephemeris: Ephemeris, messages: list[OrbitEphemerisMessage]
) -> None:
    """As the message advises; states are 600 s apart, twice as far as in most scenarios.

    Errors grow with the eighth power of that, and of how fast a body goes round: at a perigee of
    1,600 km and 8.9 km/s they are a hundred times those of circular orbits of that height.
    """
    window = ephemeris.scenario.window
    half = window.model_copy(update={"step_s": window.step_s // 2})
    start = round((ephemeris.epoch - window.epoch).total_seconds() / half.step_s)
    scenario = ephemeris.scenario.model_copy(update={"window": half})
    finer = ephemeris_of(scenario, start, 2 * (len(ephemeris.times_s) - 1))
    for number, one in enumerate(messages):
        steps = range(3, len(finer.times_s) - 3, 2)  # the first and last have fewer neighbours
        found = [one(Time(finer.utc(finer.times_s[step]))).position for step in steps]
        error_km = np.abs(np.array(found) - finer.position_km[steps, number]).max()
        assert error_km < (0.2 if ephemeris.bodies[number].name == "LONG" else 0.003)


def test_a_single_step_is_not_interpolated(ephemeris: Ephemeris, tmp_path: Path) -> None:
    short = ephemeris_of(ephemeris.scenario, 0, 1)
    text = write_oem(short, tmp_path, CREATED)[0].read_text("ascii")
    assert "INTERPOLATION" not in text
