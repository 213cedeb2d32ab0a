"""All that a run has to say, as tables, before anything is written or drawn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ssa_psro.errors import Fault, RunFolderError, to_paste
from ssa_psro.findings.audit import attack_table, audit_table
from ssa_psro.findings.coverage import contested_table, custody_table, score_table
from ssa_psro.findings.iterations import (
    exploitability_table,
    gains_table,
    training_table,
    values_table,
)
from ssa_psro.findings.metagame import final_mixture_table, mixture_table, payoff_table
from ssa_psro.findings.rivalry import price_table, seat_difference_table
from ssa_psro.findings.scenario import object_table
from ssa_psro.findings.standings import standing_table
from ssa_psro.findings.table import Table
from ssa_psro.metagame.intervals import Interval
from ssa_psro.psro.records import IterationRecord, best_record
from ssa_psro.psro.review import table_gains
from ssa_psro.study import Run
from ssa_psro.study.audit import Audit, read_audit
from ssa_psro.study.outcome import equilibrium_intervals, solved_table


@dataclass(frozen=True)
class FinalEquilibrium:
    """Equilibrium of the last payoff table, with bootstrap intervals over its episodes.

    Attributes:
        mixtures: probability of each of Blue's and of each of Red's policies.
        values: Blue's and Red's payoff.
        cyclic_share: of Blue's payoffs.
        method: the meta-solver.
    """

    mixtures: tuple[tuple[Interval, ...], tuple[Interval, ...]]
    values: tuple[Interval, Interval]
    cyclic_share: Interval
    method: str


@dataclass(frozen=True, eq=False)
class Content:
    """What a report is made of.

    Attributes:
        run: the run folder it is about.
        best: record of the iterate to use, so far; ``None`` before the first iteration.
        final: equilibrium of the last payoff table.
        members: what the strongest of all members there are now gain over each iterate's mixtures
            in the payoff table, mean of both sides, ``[iterations]``.
        tables: all tables there is something to fill with, by name.
        audit: of the run; ``None`` where nobody asked for one.
    """

    run: Run
    best: IterationRecord | None
    final: FinalEquilibrium
    members: tuple[float, ...]
    tables: dict[str, Table]
    audit: Audit | None = None

    @property
    def rivalry(self) -> float:
        """Share of the other side's score that is taken off a side's own; 1 is zero-sum."""
        return self.run.scenario.rules.rivalry


def content_of(run: Run) -> Content:
    """The tables of a run, finished or not.

    Raises:
        RunFolderError: nothing has been played yet, or the audit in the folder is damaged.
        SolverError: the meta-solver could not certify an answer for an unfinished run.
    """
    final, best = final_equilibrium(run), best_record(run.records)
    audit, members = read_audit(run.folder), _members(run)
    found = _tables(run, best, final, members, audit)
    tables = {table.name: table for table in found if table.rows}
    return Content(run, best, final, members, tables, audit)


def _members(run: Run) -> tuple[float, ...]:
    if not run.records:
        return ()
    table = solved_table(run.study, run.table)
    gains = (table_gains(record, table) for record in run.records)
    return tuple(float(np.mean([max(0.0, *side) for side in sides])) for sides in gains)


def _tables(
    run: Run,
    best: IterationRecord | None,
    final: FinalEquilibrium,
    members: tuple[float, ...],
    audit: Audit | None,
) -> Iterator[Table]:
    yield payoff_table(run.table, final.mixtures)
    shared = run.study.shared
    yield final_mixture_table(best, run.table, final.mixtures, shared=shared)
    if best is not None:
        yield mixture_table(run.records, best, run.table, final.mixtures, shared=shared)
        yield exploitability_table(run.records, best, run.study.solver.tolerance, members)
        yield gains_table(run.records)
        yield values_table(run.records)
        yield training_table(run.records)
    if run.coverage is not None:
        yield custody_table(run.coverage)
        yield contested_table(run.coverage)
        yield score_table(run.coverage)
    if run.solution is not None and run.solution.best_price is not None:
        yield price_table(run.solution.best_price).flat()
    if run.solution is not None and run.solution.standings is not None:
        yield standing_table(run.solution.standings, shared=shared).flat()
    if run.solution is not None and run.solution.seats is not None:
        yield seat_difference_table(run.solution.seats, run.study.solver.tolerance).flat()
    if audit is not None:
        yield attack_table(audit, run.study.solver.tolerance)
        yield audit_table(audit)
    yield object_table(run.scenario)


def final_equilibrium(run: Run) -> FinalEquilibrium:
    """The run's solution; of an unfinished one, that of the payoffs played so far.

    Raises:
        RunFolderError: nothing has been played yet.
        SolverError: the solver could not certify an answer.
    """
    if run.solution is not None:
        blue, red = run.solution.sides
        return FinalEquilibrium(
            mixtures=(blue.mixture, red.mixture),
            values=(blue.value, red.value),
            cyclic_share=run.solution.cyclic_share,
            method=run.solution.method,
        )
    if not run.table.count.any():
        cure = f"Continue the run first: {to_paste('resume', run.folder)}"
        fault = Fault("payoffs.npz", None, "nothing has been played yet", cure)
        raise RunFolderError(str(run.folder), [fault])
    return _solve_now(run)


def _solve_now(run: Run) -> FinalEquilibrium:
    solver = run.study.solver.meta_solver
    found = equilibrium_intervals(run.study, run.table, "report")
    return FinalEquilibrium((found.row, found.column), found.value, found.cyclic_share, solver)
