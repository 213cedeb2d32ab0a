"""Observe objects before and during their predicted manoeuvre windows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ssa_psro.policies.doctrine import Heuristic


@dataclass(frozen=True)
class Predictive(Heuristic):
    """Observe objects before and during their predicted manoeuvre windows."""

    name: ClassVar[str] = "predictive"
    age: float = 0.5
    forecast: float = 0.4
    suspected: float = 0.8
