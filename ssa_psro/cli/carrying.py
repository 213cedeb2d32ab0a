"""Carrying a run folder through to its end: solved, attacked, reported and printed.

``run``, ``resume`` and ``work`` differ in how they come to the folder, not in what follows.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from ssa_psro.cli.hands import Hands
from ssa_psro.cli.options import Attack
from ssa_psro.cli.output import (
    print_facts,
    print_json,
    print_table,
    progress,
    stderr,
    stdout,
    stopped,
)
from ssa_psro.errors import to_paste
from ssa_psro.progress import StageProgress

if TYPE_CHECKING:
    from rich.text import Text

    from ssa_psro.psro import IterationRecord
    from ssa_psro.scenario import FileReport
    from ssa_psro.study import Run, Session, Study
    from ssa_psro.study.audit import Audit

STAGES = {
    "tables": "access tables",
    "solve": "meta-game",
    "train": "training responses",
    "measure": "held-out episodes",
    "play": "payoffs",
    "equilibrium": "equilibrium with intervals",
    "coverage": "coverage of the best iterate",
    "rivalry": "price of rivalry",
    "baselines": "heuristics beside the mixtures",
}
"""The stages of a run in words."""


def carry_through(
    folder: Path,
    hands: Hands,
    *,
    audit: Attack,
    as_json: bool,
    files: Sequence[FileReport] = (),
    session: Session | None = None,
) -> None:
    """Execute a run folder, attack its outcome, write its report and print all that.

    Args:
        folder: of the run.
        hands: who works.
        audit: of the outcome, unless there is one already.
        as_json: print one document.
        files: what became of the files of element sets, for that document.
        session: in which the run is resumed, if it is.

    Raises:
        RunFolderError: it is damaged, or another process works on it; or the session would change
            nothing.
        typer.Exit: interrupted; how to go on has been said.
    """
    from ssa_psro.study.writing import resumed, tidy

    writer = hands.writer
    try:
        run = writer.opened(folder)
        if session is not None:
            run = resumed(run, session)
        if not run.finished:
            run = _execute(run, hands, session)
        attacked = _attacked(run, hands, audit)
        with writer.turn(folder):
            report = _report(run)
        writer.leave(folder)
    except KeyboardInterrupt as interrupt:
        tidy(folder)
        again = to_paste(writer.command, folder, *_option(audit))
        raise stopped(interrupt, f"Go on by: {again}") from None
    if as_json:
        print_json(_document(run, attacked, report, files))
    else:
        _print(run, attacked, report)


def _execute(run: Run, hands: Hands, session: Session | None) -> Run:
    from ssa_psro.study.solve import execute

    stderr().print(_greeting(run), soft_wrap=True)
    with progress() as tell:
        teller = _Teller(run.study, tell, done=len(run.records))
        with hands.workers(teller.tell) as workers:
            return execute(
                run.folder, workers=workers, on_iteration=teller.on_iteration, session=session
            )


def _option(audit: Attack) -> tuple[str, ...]:
    return () if audit == Attack.SHORT else ("--audit", audit.value)


def _attacked(run: Run, hands: Hands, audit: Attack) -> Audit | None:
    """The audit in the run folder; made as asked for, if there is none."""
    from ssa_psro.cli.commands.audit import STAGES as AUDIT_STAGES
    from ssa_psro.scenario.identity import RULES_VERSION
    from ssa_psro.study.audit import read_audit, settings_of
    from ssa_psro.study.audit.execution import audit as attack

    found = read_audit(run.folder)
    playable = run.manifest.rules_version == RULES_VERSION
    if found is not None or audit == Attack.NONE or not playable:
        return found
    settings = settings_of(run.study, short=audit == Attack.SHORT)
    with hands.at_work(AUDIT_STAGES) as workers:
        return attack(run.folder, settings, workers)


def _report(run: Run) -> Path:
    """The page of a finished run's report, written unless it is newer than what it tells of."""
    from ssa_psro.findings import content_of
    from ssa_psro.report.writing import FOLDER, PAGE, write_content
    from ssa_psro.study.audit import document
    from ssa_psro.study.folder import MANIFEST, SUMS

    page, last = run.folder / FOLDER / PAGE, run.folder / FOLDER / SUMS
    told = (run.folder / MANIFEST, run.folder / document.FOLDER / document.DOCUMENT)
    if last.is_file() and all(
        last.stat().st_mtime >= path.stat().st_mtime for path in told if path.is_file()
    ):
        return page
    with progress() as tell:
        tell("report", 0.0)
        return write_content(content_of(run), on_share=partial(tell, "report"))


class _Teller:
    """Words for what a run tells, with the number of the iteration and the time it may take."""

    def __init__(self, study: Study, tell: StageProgress, *, done: int) -> None:
        self._iterations = study.solver.iterations
        self._tell, self._begun, self._done = tell, perf_counter(), done
        self._done_before = done

    def tell(self, stage: str, share: float) -> None:
        """Move the bar."""
        words = STAGES[stage]
        if stage in ("solve", "train", "measure"):
            words = f"iteration {self._done + 1} of {self._iterations}: {words}"
        self._tell(words, share)

    def on_iteration(self, record: IterationRecord) -> None:
        """Print one line, above the bar."""
        self._done = record.iteration  # others may have brought some through meanwhile
        mean_s = (perf_counter() - self._begun) / (self._done - self._done_before)
        left_s = mean_s * (self._iterations - self._done)
        stderr().print(_line(record, self._iterations, left_s), soft_wrap=True)


def _greeting(run: Run) -> str:
    study, done = run.study, len(run.records)
    begun = f", {done} of them done" if done else ""
    populations = "one population for both sides" if study.shared else "a population a side"
    return (
        f"{study.name}, seed {study.seed}: up to {study.solver.iterations} "
        f"iterations{begun}, {populations} → {run.folder}"
    )


def _line(record: IterationRecord, iterations: int, left_s: float) -> Text:
    """One line on a finished iteration.

    Args:
        record: what it found.
        iterations: how many there are at most.
        left_s: an estimate of the time that the others may take.
    """
    from rich.text import Text

    from ssa_psro.findings.wording import Form, duration

    level, gain = Form(4), Form(4, signed=True)
    gains = ", ".join(
        f"{side.side} {gain.number(side.gain.mean)} "
        f"(best member {gain.number(side.incumbent_gain.mean)})"
        for side in record.populations
    )
    left = f", at most {duration(left_s)} left" if record.iteration < iterations else ""
    return Text.assemble(
        (f"{record.iteration:3d}/{iterations} ", "bold"),
        f"exploitability approx {level.interval(record.approx_exploitability)}, "
        f"restricted {level.number(record.restricted_exploitability)}; gains {gains}",
        (f"; {duration(sum(record.seconds.values()))}{left}", "dim"),
    )


def _document(
    run: Run, audit: Audit | None, report: Path, files: Sequence[FileReport]
) -> dict[str, object]:
    from ssa_psro.findings.verdict import verdict_of

    return {
        "folder": str(run.folder),
        "report": str(report),
        "files": files,
        "manifest": run.manifest,
        "iterations": run.records,
        "verdict": verdict_of(run, audit),
        "solved": run.manifest.stopped == "tolerance",
        "tolerance": run.study.solver.tolerance,
        "approx_exploitability": run.best_record.approx_exploitability if run.best_record else None,
        "solution": run.solution,
        "audit": audit,
    }


def _print(run: Run, audit: Audit | None, report: Path) -> None:
    """The outcome of a finished run: a line an iteration, and what came of it all."""
    from rich.text import Text

    from ssa_psro.findings.audit import audit_facts, subjects_of
    from ssa_psro.findings.headline import mixture_facts, solution_facts
    from ssa_psro.findings.iterations import iterations_in_brief
    from ssa_psro.findings.rivalry import price_in_brief, seated_in_words
    from ssa_psro.findings.verdict import verdict_of

    assert run.solution is not None, "only finished runs are printed"
    assert run.best_record is not None, "a finished run has a best iterate"
    print_table(iterations_in_brief(run.scenario.name, run.records, run.best_record))
    for sentence in verdict_of(run, audit):
        stdout().print(Text.assemble((f"{sentence.question} ", "bold"), sentence.answer))
    print_facts("Mixtures of the iterate to use", mixture_facts(run.best_record))
    if audit is not None:
        for whom, found in subjects_of(audit):
            print_facts(f"The attack on {whom}", audit_facts(audit, found))
    if run.solution.best_price is not None:
        print_table(price_in_brief(run.solution.best_price, run.scenario.rules.rivalry))
    print_facts(
        "Equilibrium of the last table, which nobody has tested", solution_facts(run.solution)
    )
    if run.solution.seated is not None:
        stdout().print(seated_in_words(run.solution.seated))
    stdout().print(f"run folder  {run.folder}", soft_wrap=True)
    stdout().print(f"report      {report}", soft_wrap=True)
