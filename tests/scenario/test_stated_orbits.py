"""Element sets that a scenario states itself have to last, as those of files do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sky_files import low, write_sky

from ssa_psro.errors import ScenarioError
from ssa_psro.scenario import dump_scenario, parse_scenario_json
from ssa_psro.scenario.orbits import from_record
from ssa_psro.study import load_study

GONE = {
    "name": "GONE",
    "epoch": "2026-02-27T02:58:39Z",
    "mean_motion_rev_day": 15.92146194,
    "eccentricity": 0.0014449,
    "inclination_deg": 98.5849,
    "bstar": 0.044853,
}
"""It has come down three weeks before the window; there SGP4 places it somewhere, without error."""
DIVING = {"mean_motion_rev_day": 16.3, "bstar": 0.02}
"""In range, and gone within hours."""


@pytest.fixture
def document(tmp_path: Path) -> dict[str, Any]:
    """A scenario with everything stated: two objects, and Red of an element set of its own."""
    loaded = load_study(write_sky(tmp_path, [low(), low("OTHER", "102", mean_anomaly_deg=77.0)]))
    found: dict[str, Any] = json.loads(dump_scenario(loaded.scenario))
    satellite = json.loads(from_record(low("RED", mean_anomaly_deg=200.0)).model_dump_json())
    found["red"]["constellation"] = {"kind": "element-sets", "satellites": [satellite]}
    return found


def faults(document: dict[str, Any]) -> list[tuple[str, object, str]]:
    with pytest.raises(ScenarioError) as told:
        parse_scenario_json(json.dumps(document), "stated")
    return [(one.key, one.value, one.problem.split(":")[0]) for one in told.value.faults]


def test_sound_orbits_stand(document: dict[str, Any]) -> None:
    assert parse_scenario_json(json.dumps(document), "stated").catalog.count == 2


def test_what_came_down_before_the_window_is_named(document: dict[str, Any]) -> None:
    document["catalog"]["objects"][1]["orbit"] |= GONE
    assert faults(document) == [("catalog.objects[1].orbit", "GONE", "decayed")]
    document["red"]["constellation"]["satellites"][0] |= GONE
    assert [one[0] for one in faults(document)] == [
        "red.constellation.satellites[0]",
        "catalog.objects[1].orbit",
    ]


def test_what_comes_down_within_the_horizon_is_named(document: dict[str, Any]) -> None:
    document["red"]["constellation"]["satellites"][0] |= DIVING
    assert faults(document) == [("red.constellation.satellites[0]", "RED", "decayed")]


def test_an_epoch_a_century_away_takes_no_time(document: dict[str, Any]) -> None:
    document["catalog"]["objects"][0]["orbit"] |= {"epoch": "1972-01-01T00:00:00Z", "bstar": 0.0}
    parse_scenario_json(json.dumps(document), "stated")
