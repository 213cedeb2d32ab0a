"""Deny the opposing sensors that threaten contested objects; observe in between."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ssa_psro.policies.doctrine import Heuristic


@dataclass(frozen=True)
class Blinding(Heuristic):
    """Deny the opposing sensors that threaten contested objects; observe in between."""

    name: ClassVar[str] = "blinding"
    deny: float = 0.3
    threat: float = 1.0
    contested_age: float = 0.5
    uncertainty: float = 0.3
    observe: float = 0.05
