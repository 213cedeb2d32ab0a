"""Spread observations evenly over all objects, with little slewing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ssa_psro.policies.doctrine import Heuristic


@dataclass(frozen=True)
class Distributed(Heuristic):
    """Spread observations evenly over all objects, with little slewing."""

    name: ClassVar[str] = "distributed"
    observe: float = 0.3
    age: float = 0.5
    slew: float = -0.3
