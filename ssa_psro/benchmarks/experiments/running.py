"""Running an experiment: what is missing is run, in several processes, and summed up."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from time import perf_counter

from ssa_psro.benchmarks.experiments.cell import Cell, run_cell
from ssa_psro.benchmarks.experiments.figures import draw
from ssa_psro.benchmarks.experiments.folder import Folder, write_rows
from ssa_psro.benchmarks.experiments.plan import Plan
from ssa_psro.benchmarks.experiments.summary import Summary, summarise
from ssa_psro.oracles.parallel import oracle_pool


def run_plan(
    plan: Plan,
    folder: Folder,
    *,
    workers: int = 1,
    smoke: bool = False,
    tell: Callable[[str], None] = lambda line: None,
) -> Summary:
    """Make the runs that are missing, then tables and figures of all of them.

    Each run is one process's work from beginning to end, so that the result does not depend on
    how many there are.

    Args:
        plan: the experiment; already the small version if ``smoke``.
        folder: where it is written, or goes on.
        workers: processes.
        smoke: noted in the manifest.
        tell: hears of every run as it is done.

    Raises:
        RunFolderError: the folder holds runs of another plan.
    """
    begun = perf_counter()
    folder.open(plan)
    missing = folder.missing(plan)
    with oracle_pool(workers) as pool:
        map_cells = map if workers == 1 else pool  # one by one, so that each is told when done
        for number, told in enumerate(map_cells(partial(_make, folder), missing), 1):
            tell(f"{plan.name} {number}/{len(missing)}: {told}")
    rows, responses = folder.rows(plan), folder.responses(plan)
    summary = summarise(plan, rows)
    write_rows(folder.path / "iterations.csv", rows)
    write_rows(folder.path / "summary.csv", summary.rows())
    draw(plan, summary, rows, responses, folder.path)
    folder.finish(plan, smoke=smoke, wall_s=perf_counter() - begun)
    return summary


def _make(folder: Folder, cell: Cell) -> str:
    outcome = run_cell(cell)
    folder.write(cell, outcome)
    last = outcome.iterations[-1]
    return (
        f"{cell.arm}, seed {cell.seed}: exploitability {last['exploitability']:.4f} "
        f"after {last['wall_s']:.1f} s"
    )
