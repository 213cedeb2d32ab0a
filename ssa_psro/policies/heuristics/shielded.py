"""Protect the sensors that can be denied, then observe like the aggressive policy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ssa_psro.policies.doctrine import Heuristic


@dataclass(frozen=True)
class Shielded(Heuristic):
    """Protect the sensors that can be denied, then observe like the aggressive policy."""

    name: ClassVar[str] = "shielded"
    protect: float = 0.3
    exposure: float = 1.0
    harassed: float = 0.5
    contested_age: float = 0.5
    uncertainty: float = 0.3
    observe: float = 0.05
