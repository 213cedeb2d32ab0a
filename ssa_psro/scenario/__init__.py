"""What a game is: scenario files read, checked and told apart."""

from ssa_psro.scenario.element_set_files import FileReport
from ssa_psro.scenario.identity import content_hash, geometry_hash, is_symmetric
from ssa_psro.scenario.loading import (
    dump_scenario,
    load_scenario,
    parse_scenario,
    parse_scenario_json,
)
from ssa_psro.scenario.schema import Scenario

__all__ = [
    "FileReport",
    "Scenario",
    "content_hash",
    "dump_scenario",
    "geometry_hash",
    "is_symmetric",
    "load_scenario",
    "parse_scenario",
    "parse_scenario_json",
]
