"""Rules that span several keys: each is broken once, and the fault names what would be right."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

import pytest
from documents import Path_, changed, document, faults_of
from study.small_runs import SMALL

from ssa_psro.errors import ScenarioError
from ssa_psro.inputs.reading import read_fields
from ssa_psro.inputs.sections import broken_rules
from ssa_psro.scenario import parse_scenario_json
from ssa_psro.scenario.loading import resolve
from ssa_psro.scenario.orbits import divisors
from ssa_psro.scenario.schema import is_multiple
from ssa_psro.study import parse_study
from ssa_psro.study.study import StudyInFile, dump_study, parse_study_json, unknown_names

LEO = ("catalog", "regimes", 0)
GEO = ("catalog", "regimes", 1)
WINDOW = ("catalog", "windows", 1)
RED_SATELLITE = ("red", "constellation", "satellites", 1)

BROKEN: list[tuple[Path_, Any, str, str]] = [
    (("window", "decision_interval_s"), 1000, "decision_interval_s", "Use 900 or 1200."),
    (("window", "decision_interval_s"), 18000, "window.duration_h", "Use 20 or 25 h."),
    (("window", "horizon_days"), 0.5, "window.horizon_days", "Use at least 1 days."),
    (("blue", "constellation", "phasing"), 6, "constellation.phasing", "Use 0 to 5."),
    ((*RED_SATELLITE, "eccentricity"), 0.2, "satellites[1].eccentricity", "Lower it"),
    ((*LEO, "altitude_km"), [1600, 900], "altitude_km", "altitude_km = [900.0, 1600.0]"),
    ((*LEO, "inclination_deg"), [9, 1], "inclination_deg", "inclination_deg = [1.0, 9.0]"),
    ((*LEO, "radius_m"), [2, 1], "radius_m", "radius_m = [1.0, 2.0]"),
    ((*LEO, "eccentricity"), [0.001, 0.0], "eccentricity", "eccentricity = [0.0, 0.001]"),
    ((*LEO, "eccentricity"), [0.0, 0.5], "eccentricity", "At 900 km, use at most 0.1030."),
    ((*LEO, "altitude_km"), [900, 2500], "altitude_km", "Stay within 150 to 2000 km"),
    ((*GEO, "altitude_km"), [35000, 35900], "altitude_km", "Stay within 35500 to 36100 km"),
    ((*LEO, "contested"), 11, "regimes[0].contested", "Use 0 to 10."),
    ((*LEO, "manoeuvres"), {"window_h": 49}, "manoeuvres.window_h", "Use at most 48."),
    ((*WINDOW, "object"), "LEO-011", "windows[1].object", "LEO-001 to LEO-010, GEO-001 to GEO-004"),
    ((*WINDOW, "end_h"), 6.0, "windows[1].end_h", "Use more than start_h = 6."),
    ((*WINDOW, "end_h"), 49.0, "windows[1].end_h", "Use at most 48 h"),
    ((*WINDOW, "start_h"), 2.0, "catalog.windows[0]", "Start it at 9 h or later"),
    (("rules", "contest_period_h"), 9, "rules.contest_period_h", "24 or less"),
    (("rules", "denial_s"), 86401, "rules.denial_s", "Use at most 86400 s."),
    (("rules", "denial_recharge_s"), 86401, "rules.denial_recharge_s", "Use at most 86400 s."),
    (("rules", "protection_s"), 86401, "rules.protection_s", "Use at most 86400 s."),
    (("blue", "sensor", "dwell_s"), 86400, "blue.sensor.dwell_s", "Keep their sum within 86400"),
    (("blue", "sensor", "latency_s"), 85741, "blue.sensor.latency_s", "Use at most 85740 s."),
    (
        (*LEO, "unforecast_per_day"),
        0.1,
        "regimes[0].unforecast_delta_v_m_s",
        "Use more than 0, or unforecast_per_day = 0.",
    ),
    (("populations", "blue"), ["a", "b", "a"], "populations.blue[2]", "Remove one"),
]


@pytest.mark.parametrize(
    ("rivalry", "solver", "told"),
    [
        (0.5, 'meta_solver = "nash-lp"', {"solver.meta_solver": "is for zero-sum games"}),
        (0.5, 'meta_solver = "nash-maxent"', {"solver.meta_solver": "is for zero-sum games"}),
        (0.5, 'target = "anytime"', {"solver.target": "is for zero-sum games"}),
        (1.0, 'target = "anytime"\nexploration = 0.1', {"solver.exploration": "do not shift"}),
        (1.0, 'target = "anytime"\nresponses = 2', {"solver.responses": "takes one response"}),
    ],
)
def test_solvers_that_do_not_suit_the_game_are_refused_before_it_is_played(
    rivalry: float, solver: str, told: dict[str, str]
) -> None:
    text = SMALL.replace("[rules]", f"[rules]\nrivalry = {rivalry}")
    parse_study(text, "small.toml")
    with pytest.raises(ScenarioError) as caught:
        parse_study(text.replace("[solver]", f"[solver]\n{solver}"), "small.toml")
    assert {one.key for one in caught.value.faults} == set(told)
    assert all(told[one.key] in one.problem for one in caught.value.faults)


def test_runs_that_were_made_with_what_is_refused_now_are_read() -> None:
    document = json.loads(dump_study(parse_study(SMALL, "small.toml")))
    document["solver"] |= {"target": "anytime", "exploration": 0.1}
    assert parse_study_json(json.dumps(document), "run").solver.exploration == 0.1


@pytest.mark.parametrize(("path", "value", "key", "cure"), BROKEN, ids=str)
def test_broken_rule_is_reported_once(path: Path_, value: Any, key: str, cure: str) -> None:
    (fault,) = faults_of(changed(((*LEO, "unforecast_delta_v_m_s"), 0), (path, value)))
    assert fault.key.endswith(key)
    assert cure in fault.cure


def test_a_latency_that_ends_with_the_episode_is_soon_enough() -> None:
    content = changed((("blue", "sensor", "latency_s"), 85740))  # a look takes 660 s of a day
    assert parse_scenario_json(json.dumps(content, default=str), "test").blue.sensor.latency_s


def test_contest_period_is_whole_steps() -> None:
    content = changed(
        (("window", "step_s"), 1800),
        (("rules", "contest_period_h"), 0.75),
    )
    (fault,) = faults_of(content)
    assert "multiple of step_s = 1800" in fault.problem
    assert "1800 or 3600" in fault.cure


def test_denial_times_do_not_matter_without_denial() -> None:
    content = changed((("rules", "denial"), False), (("rules", "denial_s"), 86401))
    assert parse_scenario_json(json.dumps(content, default=str), "test").rules.denial_s == 86401


def test_coinciding_constellations_are_refused() -> None:
    content = document()
    content["red"] = deepcopy(content["blue"])
    (fault,) = faults_of(content)
    assert fault.key == "red.constellation"
    assert "raan_deg" in fault.cure


@pytest.mark.parametrize("empty", ["no regime", "no object"])
def test_empty_catalogue_is_refused(empty: str) -> None:
    content = document()
    del content["catalog"]["windows"]
    regimes = content["catalog"]["regimes"]
    content["catalog"]["regimes"] = (
        []
        if empty == "no regime"
        else [regime | {"count": 0, "contested": 0} for regime in regimes]
    )
    (fault,) = faults_of(content)
    assert (fault.key, fault.problem) == ("catalog.regimes", "the catalogue is empty")


def test_weightless_catalogue_is_refused() -> None:
    weightless = {"weight": 0.0, "contested_weight": 0.0}
    content = document()
    for regime in content["catalog"]["regimes"]:
        regime |= weightless
    (fault,) = faults_of(content)
    assert "weigh nothing" in fault.problem


def test_game_beyond_memory_is_refused() -> None:
    content = changed(((*LEO, "count"), 100_000), (("window", "horizon_days"), 366))
    (fault,) = faults_of(content)
    assert "GB" in fault.problem
    assert fault.key == "window.horizon_days"


def test_memory_is_refused_beyond_four_gigabytes() -> None:
    """A byte and two bits a pair, 20 bytes a position, in 1728 steps; the program takes 0.23 GB."""

    def content(objects: int) -> dict[str, Any]:
        return changed(((*LEO, "count"), objects - 4), (("window", "horizon_days"), 6))

    game = parse_study_json(json.dumps(content(12_000), default=str), "test").scenario
    object_bytes = 1e4 + 1728 * (2 * 12 * 1.25 + 20)
    assert game.memory_bytes == pytest.approx(2.3e8 + 12_000 * object_bytes, rel=0.01)
    most = 12_000 + int((4e9 - game.memory_bytes) / object_bytes)
    parse_study_json(json.dumps(content(most), default=str), "test")
    (fault,) = faults_of(content(most + 1))
    assert "4.0 GB" in fault.problem


def test_unknown_names_of_every_kind_are_reported() -> None:
    content = changed(
        (("populations", "blue"), ["random", "agressive"]),
        (("oracle", "kind"), "pppo"),
        (("oracle", "start"), "fussion"),
        (("solver", "meta_solver"), "nashh"),
        (("solver", "target"), "vanila"),
        (("solver", "sampler"), "adaptve"),
    )
    reading = read_fields(StudyInFile, content)
    assert not reading.faults
    found = {fault.key: fault.cure for fault in unknown_names(reading.section)}
    assert found == {
        "populations.blue[1]": "Did you mean 'aggressive'?",
        "oracle.kind": "Did you mean 'ppo'?",
        "oracle.start": "Did you mean 'fusion'?",
        "solver.meta_solver": "Did you mean 'nash'?",
        "solver.target": "Did you mean 'vanilla'?",
        "solver.sampler": "Did you mean 'adaptive'?",
    }
    assert parse_study_json(json.dumps(content, default=str), "test").oracle.kind == "pppo"


def test_rules_hold_their_tongue_where_their_keys_are_at_fault() -> None:
    content = changed(
        (("blue", "constellation", "satellites"), "12"),
        (("blue", "constellation", "planes"), 5),
        (("window", "duration_h"), "24"),
        (("window", "decision_interval_s"), 1000),
    )
    keys = {fault.key for fault in faults_of(content)}
    assert keys == {
        "blue.constellation.satellites",
        "window.duration_h",
        "window.decision_interval_s",
    }


def test_own_mistakes_in_rules_are_not_swallowed() -> None:
    scenario = resolve(read_fields(StudyInFile, document()).section, None).scenario
    object.__delattr__(scenario.window, "step_s")
    assert not broken_rules(scenario)
    object.__setattr__(scenario, "window", None)
    with pytest.raises(AttributeError, match="NoneType"):
        broken_rules(scenario)


def test_arithmetic_of_rules() -> None:
    assert divisors(12) == [1, 2, 3, 4, 6, 12]
    assert divisors(1) == [1]
    assert is_multiple(0.3, 0.1)
    assert is_multiple(72.0, 72.0)
    assert not is_multiple(71.9, 1.0)
    assert not is_multiple(1e-12, 1.0)
