"""Audits: how much better trained, independent best responses do against a run's outcome.

Reading one needs no learning library and no game. What makes one is imported from where it
stands: :mod:`ssa_psro.study.audit.execution`.
"""

from __future__ import annotations

from ssa_psro.study.audit.storage import (
    Audit,
    AuditSettings,
    Findings,
    ResponseFindings,
    SelfPlayFindings,
    read_audit,
)

__all__ = [
    "Audit",
    "AuditSettings",
    "Findings",
    "ResponseFindings",
    "SelfPlayFindings",
    "read_audit",
]
