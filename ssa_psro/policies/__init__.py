"""Who plays: heuristics, doctrine networks and mixtures of them."""

from ssa_psro.policies.doctrine import ConstantDoctrine, DoctrineNetwork
from ssa_psro.policies.heuristics import HEURISTICS, Heuristic, make_policy
from ssa_psro.policies.match import Match, play
from ssa_psro.policies.protocol import Mixture, Policy

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
