"""Concentrate on the objects that have been dark for longest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ssa_psro.policies.doctrine import Heuristic


@dataclass(frozen=True)
class Reactive(Heuristic):
    """Concentrate on the objects that have been dark for longest."""

    name: ClassVar[str] = "reactive"
    age: float = 1.0
    lost: float = 0.2
