"""Audits: how much better trained, independent best responses do against a run's outcome.

Reading one needs no learning library and no game. What makes one is imported from where it
stands: :mod:`ssa_psro.study.audit.execution`.
"""

from __future__ import annotations

from ssa_psro.study.audit.document import read_audit
from ssa_psro.study.audit.findings import (
    Audit,
    AuditSettings,
    CurvePoint,
    Findings,
    ResponseFindings,
    SelfPlayFindings,
    settings_of,
)

__all__ = [
    "Audit",
    "AuditSettings",
    "CurvePoint",
    "Findings",
    "ResponseFindings",
    "SelfPlayFindings",
    "read_audit",
    "settings_of",
]
