"""The heuristics, one a file: each is a constant doctrine."""

from ssa_psro.policies.heuristics.aggressive import Aggressive
from ssa_psro.policies.heuristics.blinding import Blinding
from ssa_psro.policies.heuristics.distributed import Distributed
from ssa_psro.policies.heuristics.high_orbit_first import HighOrbitFirst
from ssa_psro.policies.heuristics.information import Information
from ssa_psro.policies.heuristics.low_orbit_first import LowOrbitFirst
from ssa_psro.policies.heuristics.predictive import Predictive
from ssa_psro.policies.heuristics.random import Random
from ssa_psro.policies.heuristics.reactive import Reactive
from ssa_psro.policies.heuristics.shielded import Shielded

__all__ = [
    "Aggressive",
    "Blinding",
    "Distributed",
    "HighOrbitFirst",
    "Information",
    "LowOrbitFirst",
    "Predictive",
    "Random",
    "Reactive",
    "Shielded",
]
