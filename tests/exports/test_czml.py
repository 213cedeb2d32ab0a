"""CZML, as the package ``czml3`` reads it: who is where, who holds what, who looks at whom."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import numpy as np
import pytest
from czml3 import Document, Packet

from ssa_psro.exports.czml import BLUE, BOTH, MISSED, NOBODY, RED, czml_text, runs
from ssa_psro.exports.ephemeris import Ephemeris
from ssa_psro.scenario.schema import SIDES
from ssa_psro.trace import Result, Trace

HALF_A_DIGIT_M = 0.051


@pytest.fixture(scope="module", name="packets")
def _packets(ephemeris: Ephemeris, trace: Trace) -> Mapping[str, Packet]:
    """All of the document, checked by the other package."""
    rows = json.loads(czml_text(ephemeris, trace))
    document = Document(packets=[Packet.model_validate(row) for row in rows])
    found = {one.id: one for one in document.packets}
    assert len(found) == len(rows)
    return found


def at(ephemeris: Ephemeris, intervals: Any, time_s: float) -> Any:
    """What holds at an instant: the last of the intervals that hold it."""
    when = ephemeris.utc(time_s)
    return [
        one.value
        for one in intervals
        if datetime.fromisoformat(one.start) <= when < datetime.fromisoformat(one.end)
    ][-1]


def test_positions_come_back(ephemeris: Ephemeris, packets: Mapping[str, Packet]) -> None:
    for number, body in enumerate(ephemeris.bodies):
        packet = packets[body.key]
        assert packet.name == body.name
        place = packet.position
        assert place.referenceFrame == "INERTIAL"
        assert datetime.fromisoformat(str(place.epoch)) == ephemeris.epoch
        rows = np.array(place.cartesian.values).reshape(-1, 4)
        np.testing.assert_array_equal(rows[:, 0], ephemeris.times_s)
        error_m = np.abs(rows[:, 1:] - 1000.0 * ephemeris.position_km[:, number]).max()
        assert error_m < HALF_A_DIGIT_M


def test_colour_of_an_object_is_who_has_custody(
    ephemeris: Ephemeris, trace: Trace, packets: Mapping[str, Packet]
) -> None:
    colours = {(False, False): NOBODY, (True, False): BLUE, (False, True): RED, (True, True): BOTH}
    seen = set()
    for n in range(trace.custody.shape[2]):
        intervals = packets[f"object-{n + 1}"].point.color.values
        for step in range(trace.steps):
            holds = tuple(bool(one) for one in trace.custody[:, step, n])
            found = at(ephemeris, intervals, (step + 0.5) * trace.step_s)
            assert found == {"rgba": [*colours[holds], 255]}
            seen.add(holds)
    assert len(seen) >= 3


def test_a_line_is_there_while_a_look_is_exposed(
    ephemeris: Ephemeris, trace: Trace, packets: Mapping[str, Packet]
) -> None:
    looks, shown = trace.looks, {}
    for one in range(looks.side.size):
        first = float(looks.exposure_start_s[one])
        dwell_s = ephemeris.scenario.sides[looks.side[one]].sensor.dwell_s
        last = min(
            first + dwell_s, float(looks.end_step[one] * trace.step_s), ephemeris.times_s[-1]
        )
        if first >= last:  # broken off while it slewed, or the episode was over
            continue
        sensor = f"{SIDES[looks.side[one]]}-{looks.sensor[one] + 1}"
        key = f"look-{sensor}-object-{looks.object[one] + 1}"
        line = packets[key].polyline
        assert line.positions.references.values == [
            *(f"{sensor}#position", f"object-{looks.object[one] + 1}#position"),
        ]
        middle = (first + last) / 2.0
        assert at(ephemeris, line.show.values, middle) is True
        colour = at(ephemeris, line.material.solidColor.color.values, middle)
        whole = looks.result[one] in (Result.HIT, Result.UNFINISHED)
        assert colour["rgba"][3] == (255 if whole else MISSED)
        shown.setdefault(key, []).append((first, last))
    for key, spans in shown.items():
        for time_s in np.arange(0.0, ephemeris.times_s[-1], 60.0):
            exposed = any(first <= time_s < last for first, last in spans)
            assert at(ephemeris, packets[key].polyline.show.values, time_s) is exposed
    assert {key for key in packets if key.startswith("look")} == set(shown)


def test_without_an_episode_bodies_have_one_colour(ephemeris: Ephemeris) -> None:
    rows = json.loads(czml_text(ephemeris))
    assert len(rows) == 1 + len(ephemeris.bodies)
    assert rows[-1]["point"]["color"] == {"rgba": [*NOBODY, 255]}
    assert rows[0]["clock"]["interval"] == rows[1]["availability"]


def test_runs_are_found() -> None:
    assert list(runs(np.array([0, 0, 1, 1, 1, 0]))) == [(0, 2), (2, 5), (5, 6)]
    assert list(runs(np.array([3]))) == [(0, 1)]
