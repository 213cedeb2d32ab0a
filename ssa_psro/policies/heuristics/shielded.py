"""Protect the sensors that can be denied, then observe like the information policy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ssa_psro.policies.doctrine import Heuristic


@dataclass(frozen=True)
class Shielded(Heuristic):
    """Protect the sensors that can be denied, then observe like the information policy."""

    name: ClassVar[str] = "shielded"
    protect: float = 0.3
    exposure: float = 1.0
    harassed: float = 0.5
    information: float = 1.0
    quality: float = 0.1
