"""What a game is: scenario files, read and checked."""

from ssa_psro.scenario.loading import load_scenario
from ssa_psro.scenario.schema import Scenario

__all__ = ["Scenario", "load_scenario"]
