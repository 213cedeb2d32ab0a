"""Who plays: heuristics, doctrine networks and mixtures of them."""

from ssa_psro.policies.doctrine import ConstantDoctrine, Heuristic
from ssa_psro.policies.match import Match, play
from ssa_psro.policies.mixture import Mixture
from ssa_psro.policies.network import DoctrineNetwork
from ssa_psro.policies.protocol import Policy
from ssa_psro.policies.registry import HEURISTICS, make_policy

__all__ = [
    "HEURISTICS",
    "ConstantDoctrine",
    "DoctrineNetwork",
    "Heuristic",
    "Match",
    "Mixture",
    "Policy",
    "make_policy",
    "play",
]
