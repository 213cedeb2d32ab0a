"""Scenario files that tests bend and break."""

from __future__ import annotations

import json
import tomllib
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from ssa_psro.errors import Fault, ScenarioError
from ssa_psro.study.study import parse_study_json

SHIPPED = Path(__file__).parents[2] / "scenarios"

VALID = """\
name = "small"

[window]
epoch = 2026-03-20T00:00:00Z
duration_h = 24
horizon_days = 2

[blue.constellation]
kind = "walker-delta"
altitude_km = 800.0
inclination_deg = 60.0
satellites = 12
planes = 6

[red.constellation]
kind = "elements"
satellites = [
    { semi_major_axis_km = 7178.0, inclination_deg = 65.0 },
    { semi_major_axis_km = 7178.0, inclination_deg = 65.0, mean_anomaly_deg = 180.0 },
]

[[catalog.regimes]]
regime = "LEO"
count = 10
contested = 4
altitude_km = [900.0, 1600.0]
inclination_deg = [45.0, 100.0]

[[catalog.regimes]]
regime = "GEO"
count = 4
altitude_km = [35700.0, 35900.0]
inclination_deg = [0.0, 10.0]

[[catalog.windows]]
object = "LEO-001"
start_h = 3.0
end_h = 6.0

[[catalog.windows]]
object = "LEO-001"
start_h = 6.0
end_h = 9.0

[populations]
blue = ["aggressive", "reactive"]
red = ["aggressive"]
"""

Path_ = tuple[str | int, ...]


def document() -> dict[str, Any]:
    """The valid document as nested tables, free to be changed."""
    return tomllib.loads(VALID)


def changed(*changes: tuple[Path_, Any]) -> dict[str, Any]:
    """The valid document with the values at some paths replaced or added."""
    result = document()
    for path, value in changes:
        table: Any = result
        for step in path[:-1]:
            if isinstance(step, str):
                table.setdefault(step, {})
            table = table[step]
        table[path[-1]] = deepcopy(value)
    return result


def faults_of(content: dict[str, Any]) -> list[Fault]:
    """What reading this document reports."""
    with pytest.raises(ScenarioError) as caught:
        parse_study_json(json.dumps(content, default=str), "test")
    return list(caught.value.faults)
