"""High revisit on contested objects; gaps elsewhere are accepted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ssa_psro.policies.doctrine import Heuristic


@dataclass(frozen=True)
class Aggressive(Heuristic):
    """High revisit on contested objects; gaps elsewhere are accepted."""

    name: ClassVar[str] = "aggressive"
    observe: float = 0.05
    contested: float = 0.4
    contested_age: float = 0.6
    uncertainty: float = 0.2
