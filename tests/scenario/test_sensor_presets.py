"""Sensors of scenario files: presets, what stands beside them, and keys that contradict."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from documents import changed, faults_of
from pydantic import ValidationError

from ssa_psro.scenario import Scenario, content_hash, dump_scenario, parse_scenario_json
from ssa_psro.scenario.schema import Sensor
from ssa_psro.scenario.sensors import PRESETS

PAGE = Path(__file__).parents[2] / "docs" / "sensors.md"


def scenario_with(sensor: dict[str, Any]) -> Scenario:
    """The small scenario with that sensor for Blue."""
    return parse_scenario_json(
        json.dumps(changed((("blue", "sensor"), sensor)), default=str), "test"
    )


@pytest.mark.parametrize("name", list(PRESETS))
def test_preset_stands_for_its_keys(name: str) -> None:
    keys = PRESETS[name].keys
    sensor = scenario_with({"preset": name}).blue.sensor
    assert sensor == Sensor(**keys) == Sensor(preset=name)
    assert {key: getattr(sensor, key) for key in keys} == keys
    assert sensor.preset is None


def test_keys_beside_a_preset_win_over_it() -> None:
    sensor = scenario_with({"limiting_magnitude": 14.5, "preset": "sapphire-like"}).blue.sensor
    assert sensor.limiting_magnitude == 14.5
    assert sensor.brightest_magnitude == 6.0


def test_two_spellings_of_one_sensor_are_one_scenario() -> None:
    named = scenario_with({"preset": "neossat-like"})
    spelt = scenario_with(dict(PRESETS["neossat-like"].keys))
    assert content_hash(named) == content_hash(spelt)
    assert dump_scenario(named) == dump_scenario(spelt)
    assert parse_scenario_json(dump_scenario(named), "again") == named


def test_unknown_preset_is_told_the_nearest() -> None:
    (fault,) = faults_of(changed((("blue", "sensor", "preset"), "saphire-like")))
    assert fault.key == "blue.sensor.preset"
    assert fault.value == "saphire-like"
    assert fault.cure == "Did you mean 'sapphire-like'?"


def test_preset_must_be_a_name() -> None:
    (fault,) = faults_of(changed((("blue", "sensor", "preset"), 7)))
    assert fault.key == "blue.sensor.preset"
    assert fault.problem == "must be a text in quotes"


def test_faults_beside_a_preset_are_found() -> None:
    sensor = {
        "preset": "sapphire-like",
        "settle_s": -1.0,
        "brightest_magnitude": 15.0,
        "dwel_s": 1.0,
    }
    faults = {fault.key: fault for fault in faults_of(changed((("red", "sensor"), sensor)))}
    assert set(faults) == {
        "red.sensor.settle_s",
        "red.sensor.brightest_magnitude",
        "red.sensor.dwel_s",
    }
    assert "dwell_s" in faults["red.sensor.dwel_s"].cure


def test_rules_see_the_keys_of_the_preset() -> None:
    """A preset's times count when an observation has to fit into the episode."""
    short = [(("window", "duration_h"), 1 / 12), (("window", "decision_interval_s"), 300)]
    rules = (("rules",), {"contest_period_h": 1 / 12, "denial": False})
    keep = changed(*short, rules, (("blue", "sensor"), {"preset": "sbss-like"}))
    keep["red"]["sensor"] = {"preset": "sapphire-like"}
    parse_scenario_json(json.dumps(keep, default=str), "test")
    keep["red"]["sensor"] = {}
    assert {fault.key for fault in faults_of(keep)} == {"red.sensor.dwell_s"}


@pytest.mark.parametrize(
    ("sensor", "key", "cure"),
    [
        ({"brightest_magnitude": 16.0}, "brightest_magnitude", "Use less than 16"),
        (
            {"limb_exclusion_deg": 5.0, "limb_background": False},
            "limb_exclusion_deg",
            "Use 0, or limb_background = true.",
        ),
        ({"detection_snr": 0.0}, "detection_snr", "For example: detection_snr = 6.0."),
        ({"moon_exclusion_deg": 91.0}, "moon_exclusion_deg", "moon_exclusion_deg = 10.0"),
    ],
)
def test_sensors_that_cannot_be(sensor: dict[str, Any], key: str, cure: str) -> None:
    (fault,) = faults_of(changed((("blue", "sensor"), sensor)))
    assert fault.key == f"blue.sensor.{key}"
    assert cure in fault.cure


def test_unknown_preset_of_a_sensor_made_in_python_is_kept_for_the_rules() -> None:
    assert Sensor(preset="no-such").preset == "no-such"
    with pytest.raises(ValidationError):
        Sensor(preset="sapphire-like", limiting_magnitude=99.0)


def test_page_on_sensors_names_every_preset_as_it_is() -> None:
    page = PAGE.read_text("utf-8")
    sections = {part.split("\n")[0]: part for part in page.split("\n### ")[1:]}
    assert list(sections) == list(PRESETS)
    for name, preset in PRESETS.items():
        published, assumed = sections[name].split("- assumed:")
        for keys, text in ((preset.published, published), (preset.assumed, assumed)):
            assert text.split("- published:")[-1].count(" = ") == len(keys)
            assert all(f"`{key} = {value:g}`" in text for key, value in keys.items())
