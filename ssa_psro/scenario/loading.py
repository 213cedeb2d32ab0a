"""Reading scenario files."""

from __future__ import annotations

import tomllib
from pathlib import Path

from ssa_psro.scenario.schema import Scenario


def load_scenario(path: str | Path) -> Scenario:
    """The scenario in the TOML file at ``path``."""
    return Scenario.model_validate(tomllib.loads(Path(path).read_text("utf-8")))
