"""Uniform random tasking: the baseline every other policy must beat."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ssa_psro.policies.doctrine import Heuristic


@dataclass(frozen=True)
class Random(Heuristic):
    """Uniform random tasking: the baseline every other policy must beat.

    Observations, denials and protections are all equally likely."""

    name: ClassVar[str] = "random"
    noise: float = 1.0
