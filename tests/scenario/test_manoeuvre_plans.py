"""Manoeuvre plans in scenario files: stated by numbers, or by the class of the objects."""

from __future__ import annotations

import json
from typing import Any, get_args

import pytest
from documents import changed, faults_of

from ssa_psro.scenario import Scenario, content_hash, dump_scenario, parse_scenario_json
from ssa_psro.scenario.schema import ManoeuvreClass, ManoeuvreKind, ManoeuvrePlan, Manoeuvres

PLAN = ("catalog", "regimes", 0, "manoeuvres")


def scenario_with(plan: dict[str, Any]) -> Scenario:
    """The valid scenario with a plan for its first regime."""
    return parse_scenario_json(json.dumps(changed((PLAN, plan)), default=str), "test")


def plan_of(scenario: Scenario) -> ManoeuvrePlan:
    """The plan of the first regime."""
    (regime, *_) = scenario.catalog.regimes
    return regime.manoeuvres


def test_numbers_without_a_kind_are_a_stated_regular_plan() -> None:
    plan = plan_of(scenario_with({"interval_h": 20, "window_h": 2}))
    assert plan == Manoeuvres(kind="stated", interval_h=20.0, spread=0.0, window_h=2.0)


@pytest.mark.parametrize("kind", get_args(ManoeuvreKind))
def test_class_is_read_and_written_back(kind: ManoeuvreKind) -> None:
    scenario = scenario_with({"kind": kind})
    assert plan_of(scenario) == ManoeuvreClass(kind=kind)
    again = parse_scenario_json(dump_scenario(scenario), "again")
    assert again == scenario
    assert content_hash(again) == content_hash(scenario)


def test_class_and_spread_make_another_game() -> None:
    plans: list[dict[str, Any]] = [{}, {"spread": 0.2}, {"kind": "none"}, {"kind": "geo-east-west"}]
    assert len({content_hash(scenario_with(plan)) for plan in plans}) == len(plans)


@pytest.mark.parametrize(
    ("plan", "key", "cure"),
    [
        ({"kind": "geo-stationkeeping"}, "kind", "Did you mean 'geo-station-keeping'?"),
        (
            {"kind": "geo-east-west", "window_h": 3},
            "window_h",
            'It belongs in [catalog.regimes.manoeuvres] with kind = "stated"',
        ),
        ({"spread": 1.5}, "spread", "For example: spread = 0.0."),
        ({"spread": 0.2, "interval_h": 5, "window_h": 6}, "window_h", "Use at most 5."),
    ],
    ids=str,
)
def test_broken_plan_is_reported_once(plan: dict[str, Any], key: str, cure: str) -> None:
    (fault,) = faults_of(changed((PLAN, plan)))
    assert fault.key == f"catalog.regimes[0].manoeuvres.{key}"
    assert cure in fault.cure
