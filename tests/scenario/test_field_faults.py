"""Faults of single keys: types, ranges, names, and where a stray key belongs."""

from __future__ import annotations

from typing import Any

import pytest
from documents import Path_, changed, document, faults_of

from ssa_psro.errors import ScenarioError
from ssa_psro.scenario import parse_scenario, parse_scenario_json
from ssa_psro.study.study import OracleSettings

CONSTELLATION = ("blue", "constellation")

SINGLE: list[tuple[Path_, Any, str, str]] = [
    ((*CONSTELLATION, "altitude_km"), "800", "must be a number without quotes", "altitude_km ="),
    ((*CONSTELLATION, "altitude_km"), True, "must be a number", "altitude_km = 800.0"),
    ((*CONSTELLATION, "satellites"), 12.0, "must be a whole number", "satellites = 12"),
    ((*CONSTELLATION, "satellites"), True, "must be a whole number", "satellites = 12"),
    ((*CONSTELLATION, "inclination_deg"), 181, "must be at most 180", "inclination_deg = 60.0"),
    ((*CONSTELLATION, "phasing"), -1, "must be at least 0", "phasing = 1"),
    (("blue", "sensor", "limb_background"), 1, "must be true or false", "= true"),
    (("blue", "sensor", "slew_rate_deg_s"), 0, "must be greater than 0", "= 1.0"),
    (("blue", "sensor", "max_range_km"), "far", "must be a number", "max_range_km = 45000.0"),
    (("rules", "payoff"), "zerosum", "must be 'zero-sum' or 'general-sum'", '"zero-sum"'),
    (("rules", "contest_sharpness"), float("inf"), "must be a finite number", "= 8.0"),
    (("name",), "a b", "may hold letters", 'name = "my-game"'),
    (("name",), 7, "must be a text in quotes", 'name = "my-game"'),
    (("name",), "x" * 101, "must have at most 100 characters", "my-game"),
    (("seed",), -1, "must be at least 0", "seed = 0"),
    (("window", "epoch"), "soon", "is not a date-time", "2026-03-20T00:00:00Z"),
    (("window", "epoch"), "2026-03-20T00:00:00", "lacks a time zone", "2026-03-20T00:00:00Z"),
    (("window", "epoch"), "1066-10-14T00:00:00Z", "between 1972 and 2100", "2026-03-20"),
    (("window", "epoch"), 20260320, "must be a date-time", "2026-03-20T00:00:00Z"),
    (("oracle", "hidden"), 64, "must be a list", "hidden = [64, 64]"),
    (("populations", "blue"), "random", "must be a list", 'blue = ["aggressive", "reactive"]'),
    (("catalog", "regimes", 0, "altitude_km"), [900], "too few", "altitude_km = [900.0, 1600.0]"),
    (("catalog", "regimes", 0, "altitude_km"), [1, 2, 3], "too many", "[900.0, 1600.0]"),
    (("catalog", "regimes", 0, "regime"), "VLEO", "must be 'LEO', 'MEO', 'GEO' or 'HEO'", '"LEO"'),
    (("red", "constellation", "satellites"), [], "has too few entries", "semi_major_axis_km"),
    (("blue",), 3, "must be a section (a table)", "constellation, sensor"),
    (("catalog", "regimes"), {"regime": "LEO"}, "must be a list", "[[catalog.regimes]]"),
    (("catalog", "regimes", 0), "LEO", "must be a section", "regime, count"),
]


@pytest.mark.parametrize(("path", "value", "problem", "cure"), SINGLE, ids=str)
def test_fault_of_one_key(path: Path_, value: Any, problem: str, cure: str) -> None:
    (fault,) = faults_of(changed((path, value)))
    key = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    assert fault.key == key.removeprefix(".")
    assert problem in fault.problem
    assert cure in fault.cure


def test_fault_inside_a_list_names_its_index() -> None:
    faults = faults_of(changed((("oracle", "hidden"), [64, "64", 0])))
    assert [fault.key for fault in faults] == ["oracle.hidden[1]", "oracle.hidden[2]"]


STRAY: list[tuple[Path_, str]] = [
    (("duration_h",), "It belongs in [window]."),
    (("rules", "altitude_km"), "It belongs in [blue.constellation]"),
    (("blue", "sensor", "dwell_time"), "Did you mean 'dwell_s'?"),
    (("solver", "xyz"), "Known: confirmation, episodes_per_cell, exploration"),
]


@pytest.mark.parametrize(("path", "cure"), STRAY, ids=str)
def test_stray_key_is_sent_home(path: Path_, cure: str) -> None:
    (fault,) = faults_of(changed((path, 1)))
    assert fault.problem == "unknown key"
    assert fault.cure.startswith(cure)


@pytest.mark.parametrize("key", OracleSettings.model_fields)
@pytest.mark.parametrize("section", ["", "solver", "populations", "window", "rules", "blue"])
def test_an_oracle_key_elsewhere_is_sent_home(section: str, key: str) -> None:
    path: Path_ = (section, key) if section else (key,)
    (fault,) = faults_of(changed((path, 1)))
    assert fault.key == ".".join(map(str, path))
    assert "unknown key" in fault.problem
    assert "[oracle]" in fault.cure or "Did you mean" in fault.cure


def test_strange_keys_are_quoted() -> None:
    (fault,) = faults_of(changed((("window", "a.b\x1b"), 1)))
    assert fault.key == 'window."a.b\\u001b"'


def test_faults_in_a_misspelt_section_are_found_too() -> None:
    content = document()
    content["windw"] = content.pop("window") | {"step_s": "300", "horizon_days": 0.5}
    faults = faults_of(content)
    keys = {fault.key for fault in faults}
    assert {"windw", "windw.step_s", "window.horizon_days"} <= keys


@pytest.mark.parametrize("kind", [None, "walker_delta", 3])
def test_constellation_of_unknown_kind_is_read_as_what_it_resembles(kind: Any) -> None:
    content = changed(((*CONSTELLATION, "planes"), 5))
    content["blue"]["constellation"].pop("kind")
    if kind is not None:
        content["blue"]["constellation"]["kind"] = kind
    by_key = {fault.key: fault for fault in faults_of(content)}
    assert set(by_key) == {"blue.constellation.kind", "blue.constellation.planes"}
    assert "walker-delta" in by_key["blue.constellation.kind"].cure


MISSING = {
    "window": "[window] with epoch = 2026-03-20T00:00:00Z",
    "blue": '[blue.constellation] with kind = "walker-delta", altitude_km = 800.0',
    "catalog": '[[catalog.regimes]] with regime = "LEO", count = 20',
    "name": 'name = "my-game"',
}


@pytest.mark.parametrize(("key", "cure"), MISSING.items())
def test_missing_part_comes_with_an_example(key: str, cure: str) -> None:
    content = document()
    del content[key]
    (fault,) = faults_of(content)
    assert fault.key == key
    assert "is missing" in fault.problem
    assert cure in fault.cure


def test_empty_file_misses_all_required_parts() -> None:
    with pytest.raises(ScenarioError) as caught:
        parse_scenario("", "empty.toml")
    keys = [fault.key for fault in caught.value.faults]
    assert keys == ["name", "window", "blue", "red", "catalog"]


@pytest.mark.parametrize("text", ["[1, 2]", "null", "{", "[" * 100_000, '{"name": 1, "name": 2}'])
def test_json_that_is_no_scenario_is_a_fault(text: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        parse_scenario_json(text, "scenario.json")
    assert len(caught.value.faults) == 1
