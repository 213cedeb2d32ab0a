"""A scenario with other values for some of its keys."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ssa_psro.scenario import KnownNames, Scenario, dump_scenario, parse_scenario_json
from ssa_psro.study.folder import Override


def overridden(
    scenario: Scenario, values: Mapping[str, Override], *, known: KnownNames | None = None
) -> Scenario:
    """``scenario`` with ``values`` by key, such as ``{"oracle.start": "scratch"}``, checked anew.

    Args:
        scenario: stays as it is.
        values: by dotted path of an existing key.
        known: names to check against.

    Raises:
        ScenarioError: with every fault that the values make.
    """
    document = json.loads(dump_scenario(scenario))
    for key, value in values.items():
        *sections, field = key.split(".")
        section: dict[str, Any] = document
        for name in sections:
            section = section[name]
        section[field] = value
    return parse_scenario_json(json.dumps(document), "command line", known=known)
