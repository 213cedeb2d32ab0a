"""Take the observation that is expected to remove most weighted uncertainty."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ssa_psro.policies.doctrine import Heuristic


@dataclass(frozen=True)
class Information(Heuristic):
    """Take the observation that is expected to remove most weighted uncertainty."""

    name: ClassVar[str] = "information"
    information: float = 1.0
    quality: float = 0.1
    slew: float = -0.1
