"""Specialise in low orbits; look higher with what capacity is left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ssa_psro.policies.doctrine import Heuristic


@dataclass(frozen=True)
class LowOrbitFirst(Heuristic):
    """Specialise in low orbits; look higher with what capacity is left."""

    name: ClassVar[str] = "low-orbit-first"
    low_orbit: float = 0.2
    contested_age: float = 0.5
    uncertainty: float = 0.4
