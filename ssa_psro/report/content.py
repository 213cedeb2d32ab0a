"""All that a report says, as tables, before anything is drawn."""

from __future__ import annotations

from dataclasses import dataclass

from ssa_psro.psro.records import IterationRecord, best_record
from ssa_psro.report.equilibrium import FinalEquilibrium, final_equilibrium
from ssa_psro.report.table import Table
from ssa_psro.report.tables.audit import audit_table
from ssa_psro.report.tables.coverage import contested_table, custody_table, score_table
from ssa_psro.report.tables.metagame import final_mixture_table, mixture_table, payoff_table
from ssa_psro.report.tables.objects import object_table
from ssa_psro.report.tables.progress import (
    exploitability_table,
    gains_table,
    training_table,
    values_table,
)
from ssa_psro.study import Run
from ssa_psro.study.audit import Audit, read_audit


@dataclass(frozen=True, eq=False)
class Content:
    """What a report is made of.

    Attributes:
        run: the run folder it is about.
        best: record of the iterate to use, so far; ``None`` before the first iteration.
        final: equilibrium of the last payoff table.
        tables: all tables there is something to fill with, by name.
        audit: of the run; ``None`` where nobody asked for one.
    """

    run: Run
    best: IterationRecord | None
    final: FinalEquilibrium
    tables: dict[str, Table]
    audit: Audit | None = None


def content_of(run: Run) -> Content:
    """The tables of a run, finished or not.

    Raises:
        RunFolderError: nothing has been played yet, or the audit in the folder is damaged.
        SolverError: the meta-solver could not certify an answer for an unfinished run.
    """
    final, best = final_equilibrium(run), best_record(run.records)
    audit = read_audit(run.folder)
    found = [
        payoff_table(run.table, final.mixtures),
        final_mixture_table(best, run.table, final.mixtures),
        *_progress(run, best, final),
        *_coverage(run),
        *([audit_table(audit)] if audit else []),
        object_table(run.scenario),
    ]
    tables = {table.name: table for table in found if table.rows}
    return Content(run, best, final, tables, audit)


def _progress(run: Run, best: IterationRecord | None, final: FinalEquilibrium) -> list[Table]:
    if best is None:
        return []
    return [
        mixture_table(run.records, best, run.table, final.mixtures),
        exploitability_table(run.records, best, run.study.solver.tolerance),
        gains_table(run.records),
        values_table(run.records),
        training_table(run.records),
    ]


def _coverage(run: Run) -> list[Table]:
    if run.coverage is None:
        return []
    return [
        custody_table(run.coverage),
        contested_table(run.coverage),
        score_table(run.coverage),
    ]
