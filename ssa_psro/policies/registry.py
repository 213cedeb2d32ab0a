"""Policies by name."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from ssa_psro.errors import Fault, UsageError, did_you_mean
from ssa_psro.policies import heuristics
from ssa_psro.policies.doctrine import Heuristic

HEURISTICS: Mapping[str, type[Heuristic]] = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            heuristics.Random,
            heuristics.Distributed,
            heuristics.Aggressive,
            heuristics.Reactive,
            heuristics.Predictive,
            heuristics.Information,
            heuristics.LowOrbitFirst,
            heuristics.HighOrbitFirst,
            heuristics.Blinding,
            heuristics.Shielded,
        )
    }
)
"""The shipped heuristics by name; their defaults are meant for the shipped scenarios."""


def make_policy(name: str) -> Heuristic:
    """The heuristic of that name, with its default weights.

    Raises:
        UsageError: there is none; the nearest name is suggested.
    """
    if name not in HEURISTICS:
        cure = did_you_mean(name, HEURISTICS)
        raise UsageError("policy", [Fault("policy", name, "is not a known policy", cure)])
    return HEURISTICS[name]()
