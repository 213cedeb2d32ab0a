"""Best responses: what an oracle is asked and answers, the exact one, and start weights."""

from __future__ import annotations

from ssa_psro.oracles.exact import MatrixGame
from ssa_psro.oracles.protocol import Member, Oracle, OracleRequest, OracleResult
from ssa_psro.oracles.start_weights import (
    START_WEIGHTS,
    Layout,
    Start,
    StartContext,
    StartSchedule,
    make_start,
)

__all__ = [
    "START_WEIGHTS",
    "Layout",
    "MatrixGame",
    "Member",
    "Oracle",
    "OracleRequest",
    "OracleResult",
    "Start",
    "StartContext",
    "StartSchedule",
    "make_start",
]
