"""What ``run`` and ``resume`` share: bring a run folder to its end, and say how it goes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

import typer

from ssa_psro.cli.failure import INTERRUPTED
from ssa_psro.cli.opening import limit_threads
from ssa_psro.cli.output import stderr
from ssa_psro.cli.progress import progress
from ssa_psro.progress import StageProgress

if TYPE_CHECKING:
    from ssa_psro.psro import IterationRecord
    from ssa_psro.scenario import FileReport
    from ssa_psro.study import Run
    from ssa_psro.study.study import Study

STAGES = {
    "tables": "access tables",
    "solve": "meta-game",
    "train": "training both responses",
    "measure": "held-out episodes",
    "play": "payoffs",
    "equilibrium": "equilibrium with intervals",
    "coverage": "coverage of the best iterate",
}
"""The stages of a run in words."""


def carry_through(
    folder: Path, workers: int, *, as_json: bool, files: Sequence[FileReport] = ()
) -> None:
    """Execute a run folder, write its report and print the outcome.

    Args:
        folder: of the run.
        workers: threads and processes at most.
        as_json: print one document.
        files: what became of the files of element sets, for that document.

    Raises:
        RunFolderError: it is damaged, or another process works on it.
        typer.Exit: interrupted; how to go on has been said.
    """
    from ssa_psro.cli.run_output import print_run
    from ssa_psro.study import open_run

    try:
        run = open_run(folder)
        if not run.finished:
            run = _execute(run, workers)
        report = _report(run)
    except KeyboardInterrupt:
        stderr().print(
            f"Interrupted. Go on by: ssa-psro resume {folder}", soft_wrap=True, style="bold"
        )
        raise typer.Exit(INTERRUPTED) from None
    print_run(run, report, as_json=as_json, files=files)


def _execute(run: Run, workers: int) -> Run:
    from ssa_psro.study.solve import execute
    from ssa_psro.work import Workers

    limit_threads(workers)
    stderr().print(_greeting(run), soft_wrap=True)
    with progress() as tell:
        teller = _Teller(run.study, tell, done=len(run.records))
        with Workers(workers, teller.tell) as hands:
            return execute(run.folder, workers=hands, on_iteration=teller.on_iteration)


def _report(run: Run) -> Path:
    """The page of a finished run's report, written unless it is newer than the outcome."""
    from ssa_psro.report import content_of, write_content
    from ssa_psro.report.writing import FOLDER, PAGE
    from ssa_psro.study.folder import MANIFEST

    page = run.folder / FOLDER / PAGE
    if page.is_file() and page.stat().st_mtime >= (run.folder / MANIFEST).stat().st_mtime:
        return page
    with progress() as tell:
        tell("report", 0.0)
        return write_content(content_of(run), on_share=partial(tell, "report"))


class _Teller:
    """Words for what a run tells, with the number of the iteration and the time it may take."""

    def __init__(self, study: Study, tell: StageProgress, *, done: int) -> None:
        self._iterations = study.solver.iterations
        self._tell, self._begun, self._done, self._now = tell, perf_counter(), done, 0
        self._done_before = done

    def tell(self, stage: str, share: float) -> None:
        """Move the bar."""
        words = STAGES[stage]
        if stage in ("solve", "train", "measure"):
            words = f"iteration {self._done + 1} of {self._iterations}: {words}"
        self._tell(words, share)

    def on_iteration(self, record: IterationRecord) -> None:
        """Print one line, above the bar."""
        from ssa_psro.cli.run_output import iteration_line

        self._done += 1
        mean_s = (perf_counter() - self._begun) / (self._done - self._done_before)
        left_s = mean_s * (self._iterations - self._done)
        stderr().print(iteration_line(record, self._iterations, left_s), soft_wrap=True)


def _greeting(run: Run) -> str:
    study, done = run.study, len(run.records)
    begun = f", {done} of them done" if done else ""
    return (
        f"{study.name}, seed {study.seed}: up to {study.solver.iterations} "
        f"iterations{begun} → {run.folder}"
    )
