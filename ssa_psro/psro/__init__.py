"""PSRO for any two-player game: populations grow by best responses to each other's mixtures."""

from __future__ import annotations

from ssa_psro.psro.loop import PsroResult, run_psro
from ssa_psro.psro.records import (
    IterationRecord,
    ResponseRecord,
    Review,
    SideRecord,
    best_record,
    recomputed,
    record_from_json,
    record_to_json,
)
from ssa_psro.psro.state import Population, PsroState, StopRule, initial_state

__all__ = [
    "IterationRecord",
    "Population",
    "PsroResult",
    "PsroState",
    "ResponseRecord",
    "Review",
    "SideRecord",
    "StopRule",
    "best_record",
    "initial_state",
    "recomputed",
    "record_from_json",
    "record_to_json",
    "run_psro",
]
