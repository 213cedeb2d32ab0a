"""Hashes depend on the game alone: not on layout, order, spelling or the labels of a file."""

from __future__ import annotations

import json
import subprocess
import sys
from random import Random
from typing import Any

import pytest
from documents import SHIPPED, VALID, Path_, changed, document
from hypothesis import given
from hypothesis import strategies as st

import ssa_psro
from ssa_psro.scenario import (
    Scenario,
    content_hash,
    dump_scenario,
    geometry_hash,
    identity,
    is_symmetric,
    load_scenario,
    parse_scenario,
    parse_scenario_json,
)


def scenario_of(content: dict[str, Any]) -> Scenario:
    """The scenario in a document."""
    return parse_scenario_json(json.dumps(content, default=str), "test")


def shuffled(content: Any, random: Random) -> Any:
    """The same tables with their keys in another order."""
    if isinstance(content, dict):
        keys = list(content)
        random.shuffle(keys)
        return {key: shuffled(content[key], random) for key in keys}
    return [shuffled(item, random) for item in content] if isinstance(content, list) else content


SAME = {
    "comments": VALID.replace("\n\n", "\n# a comment\n\n"),
    "int for float": VALID.replace("800.0", "800").replace("duration_h = 24", "duration_h = 24.0"),
    "other number format": VALID.replace("800.0", "8e2"),
    "negative zero": VALID.replace("[0.0, 10.0]", "[-0.0, 10.0]"),
    "default written out": VALID.replace("[window]", "[window]\nstep_s = 300"),
    "other time zone": VALID.replace("2026-03-20T00:00:00Z", "2026-03-20T02:00:00+02:00"),
    "epoch as text": VALID.replace("2026-03-20T00:00:00Z", '"2026-03-20T00:00:00Z"'),
    "labels": VALID.replace('"small"', '"other"\ndescription = "Another label"'),
}


@pytest.mark.parametrize("text", SAME.values(), ids=SAME.keys())
def test_same_game_spelt_otherwise_has_the_same_hashes(text: str) -> None:
    assert text != VALID
    first, second = parse_scenario(VALID, "a"), parse_scenario(text, "b")
    assert content_hash(first) == content_hash(second)
    assert geometry_hash(first) == geometry_hash(second)


@given(st.randoms(use_true_random=False))
def test_order_of_keys_does_not_count(random: Random) -> None:
    first, second = scenario_of(document()), scenario_of(shuffled(document(), random))
    assert content_hash(first) == content_hash(second)


CHANGES: list[tuple[Path_, Any, bool]] = [
    (("rules", "denial"), False, False),
    (("window", "step_s"), 600, True),
    (("blue", "sensor", "dwell_s"), 601.0, True),
    (("catalog", "seed"), 2, True),
    (("red", "constellation", "satellites", 0, "raan_deg"), 1.0, True),
]


@pytest.mark.parametrize(("path", "value", "geometric"), CHANGES, ids=str)
def test_another_game_has_another_hash(path: Path_, value: Any, geometric: bool) -> None:
    first, second = scenario_of(document()), scenario_of(changed((path, value)))
    assert content_hash(first) != content_hash(second)
    assert (geometry_hash(first) != geometry_hash(second)) == geometric


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("seed",), 2),
        (("oracle", "decisions"), 7),
        (("solver", "iterations"), 7),
        (("populations", "blue"), ["reactive", "aggressive"]),
    ],
    ids=str,
)
def test_how_a_game_is_studied_is_no_part_of_it(path: Path_, value: Any) -> None:
    first, second = scenario_of(document()), scenario_of(changed((path, value)))
    assert first == second
    assert content_hash(first) == content_hash(second)


def test_played_by_other_rules_it_is_another_game(monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = scenario_of(document())
    before = content_hash(scenario), geometry_hash(scenario)
    monkeypatch.setattr(identity, "RULES_VERSION", identity.RULES_VERSION + 1)
    assert content_hash(scenario) != before[0]
    assert geometry_hash(scenario) == before[1]


def test_rules_are_played_since_a_version_that_is_not_later_than_this_one() -> None:
    def numbers(version: str) -> list[int]:
        return [int(part) for part in version.split(".")[:2]]

    assert numbers(identity.RULES_SINCE) <= numbers(ssa_psro.__version__)


def test_hash_is_the_same_in_another_process() -> None:
    program = (
        "import sys; from ssa_psro.scenario import content_hash, load_scenario;"
        "print(content_hash(load_scenario(sys.argv[1])))"
    )
    path = SHIPPED / "quickstart.toml"
    arguments = [sys.executable, "-c", program, str(path)]
    result = subprocess.run(arguments, capture_output=True, text=True, check=True)
    assert result.stdout.strip() == content_hash(load_scenario(path))


@given(
    duration=st.integers(1, 48),
    altitude=st.floats(200, 60000),
    radius=st.floats(1e-3, 1.9),
    description=st.text(),
)
def test_json_round_trip_keeps_everything(
    duration: int, altitude: float, radius: float, description: str
) -> None:
    content = changed(
        (("window", "duration_h"), duration),
        (("rules", "contest_period_h"), duration),
        (("blue", "sensor", "dwell_s"), 300),
        (("rules", "protection_s"), 300),
        (("blue", "constellation", "altitude_km"), altitude),
        (("catalog", "regimes", 0, "radius_m"), [radius, 1.9]),
        (("description",), description),
    )
    scenario = scenario_of(content)
    again = parse_scenario_json(dump_scenario(scenario), "run folder")
    assert again == scenario
    assert content_hash(again) == content_hash(scenario)


@pytest.mark.parametrize(
    ("side", "path", "value", "symmetric"),
    [
        ("red", ("constellation", "raan_deg"), 99.0, True),
        ("red", ("constellation", "anomaly_deg"), 9.0, True),
        ("blue", ("constellation", "altitude_km"), 801.0, False),
        ("red", ("constellation", "kind"), "walker-star", False),
        ("blue", ("sensor", "dwell_s"), 601.0, False),
    ],
)
def test_symmetric_means_equal_apart_from_orientation(
    side: str, path: tuple[str, str], value: Any, symmetric: bool
) -> None:
    content = document()
    content["red"] = {"constellation": content["blue"]["constellation"] | {"raan_deg": 35.0}}
    assert is_symmetric(scenario_of(content))
    content[side].setdefault(path[0], {})[path[1]] = value
    assert is_symmetric(scenario_of(content)) == symmetric
