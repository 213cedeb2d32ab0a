"""What a game is: scenario files read, checked and told apart."""

from ssa_psro.scenario.checks import KnownNames
from ssa_psro.scenario.files import FileReport
from ssa_psro.scenario.hashing import content_hash, geometry_hash, is_symmetric
from ssa_psro.scenario.loading import (
    Loaded,
    dump_scenario,
    load_scenario,
    load_with_report,
    parse_scenario,
    parse_scenario_json,
)
from ssa_psro.scenario.schema import Scenario

__all__ = [
    "FileReport",
    "KnownNames",
    "Loaded",
    "Scenario",
    "content_hash",
    "dump_scenario",
    "geometry_hash",
    "is_symmetric",
    "load_scenario",
    "load_with_report",
    "parse_scenario",
    "parse_scenario_json",
]
