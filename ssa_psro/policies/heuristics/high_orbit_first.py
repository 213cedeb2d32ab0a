"""Specialise in high orbits; look lower with what capacity is left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ssa_psro.policies.doctrine import Heuristic


@dataclass(frozen=True)
class HighOrbitFirst(Heuristic):
    """Specialise in high orbits; look lower with what capacity is left."""

    name: ClassVar[str] = "high-orbit-first"
    high_orbit: float = 0.2
    contested_age: float = 0.5
    uncertainty: float = 0.4
