"""Running an experiment: what is missing is run, in several processes, and summed up.

The unit of work is one run of one arm with one seed. It is written whole or not at all, so that an
interrupted experiment goes on with the runs that are missing. Which of them it finds does not
change any of the others::

    OUTPUT/NAME/
        manifest.json            plan, hashes of its arms, versions, command, wall time
        runs/ARM-SEED.csv        a row an iteration
        runs/ARM-SEED.responses.csv
        iterations.csv           all of these in one
        summary.csv, *.png       see `summary` and `figures`
    OUTPUT/results.csv           the arms of all experiments, see `results`
"""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from ssa_psro.errors import Fault, RunFolderError, UsageError, plain_words
from ssa_psro.experiments.alone import alone_rows
from ssa_psro.experiments.figures import draw
from ssa_psro.experiments.plan import Arm, Plan
from ssa_psro.experiments.setting_up import GAMES, SetUp, set_up, settings_from
from ssa_psro.experiments.summary import Row, Summary, iteration_rows, response_rows, summarise
from ssa_psro.experiments.variants import VARIANTS, experiment_solver
from ssa_psro.inputs.cells import as_meant
from ssa_psro.inputs.documents import LARGEST_DOCUMENT_BYTES, parse_json
from ssa_psro.inputs.files import write_bytes
from ssa_psro.inputs.opening import in_words, read_bytes
from ssa_psro.psro import Population, PsroResult, StopRule, initial_state, run_psro
from ssa_psro.randomness import derive_seed
from ssa_psro.report.csv_files import write_rows
from ssa_psro.study.folder import changed_versions, current_versions
from ssa_psro.work import ThisMachine, Workers

EPISODES = 2
"""Of every cell of the payoff table: payoffs are exact, but intervals want two."""

HELD_OUT = 4
"""Of every deviation, likewise; each half of them chooses whom the other measures."""

LARGEST_ROWS_BYTES = 100_000_000
"""Of a file of results."""


@dataclass(frozen=True)
class Cell:
    """What one process does at a time.

    Attributes:
        plan: the experiment.
        arm: name of the arm.
        seed: from 1.
    """

    plan: Plan
    arm: str
    seed: int


@dataclass(frozen=True)
class Outcome:
    """What one run found.

    Attributes:
        iterations: see ``summary.iteration_rows``.
        responses: see ``summary.response_rows``.
    """

    iterations: list[Row]
    responses: list[Row]


def run_cell(cell: Cell) -> Outcome:
    """Run PSRO and measure it exactly; a pure function, durations aside.

    All arms of one seed share the random numbers of the game, of the initial policies and of the
    first initialisation: differences between arms are paired.
    """
    arm, seed = cell.plan.arm(cell.arm), derive_seed(cell.seed, cell.plan.game)
    ready = set_up(cell.plan, arm, seed)
    begun = process_time()
    if VARIANTS[arm.variant].alone:
        settings = settings_from(cell.plan.learner, cell.plan.settings_of(arm), "tree")
        found, responses = alone_rows(cell.plan, ready, settings, seed), list[Row]()
    else:
        result = solved_by(cell.plan, arm, ready, seed)
        found = iteration_rows(ready, result)
        responses = list(response_rows(result.state.records))
    cpu_s = process_time() - begun
    key: Row = {"arm": arm.name, "seed": cell.seed}
    rows: list[Row] = [{**key, **row, "cpu_s": None} for row in found]
    rows[-1]["cpu_s"] = cpu_s
    return Outcome(rows, [{**key, **row} for row in responses])


def solved_by(plan: Plan, arm: Arm, ready: SetUp, seed: int) -> PsroResult[Any]:
    """The finished run of an arm that has a population; a pure function, durations aside.

    Raises:
        UsageError: it has none.
    """
    if VARIANTS[arm.variant].alone:
        cure = "Choose an arm with a population."
        raise UsageError("arms", [Fault(arm.name, arm.variant, "has no population", cure)])
    names = ("both", "both") if plan.shared else ("row", "column")
    row, column = map(Population, names, ((member,) for member in ready.initial))
    return run_psro(
        initial_state((row, column), seed=seed, episodes_per_cell=EPISODES),
        judge=ready.game.judge,
        mix=ready.game.mix,
        solve=experiment_solver(arm.meta_solver, arm.solver_settings, shared=plan.shared),
        oracle=ready.oracle,
        start=arm.start_of,
        stop=StopRule(iterations=plan.iterations),
        seed=seed,
        held_out_episodes=HELD_OUT,
        targets=VARIANTS[arm.variant].targets,
        shared=plan.shared,
    )


MANIFEST = "manifest.json"
TEXTS = ("arm", "side", "name", "target", "start", "kept", "quantity", "versus", "verdict")
"""Columns that are never read as numbers."""


@dataclass(frozen=True)
class Folder:
    """Where an experiment is written.

    Attributes:
        path: of the folder.
    """

    path: Path

    def open(self, plan: Plan) -> None:
        """Make the folder the plan's, or see that it is.

        Raises:
            RunFolderError: it holds runs of another plan, or of other versions; nothing is mixed.
        """
        hashes = {arm.name: plan.hash_of(arm) for arm in plan.arms}
        manifest = self._manifest()
        known, versions = manifest.get("arms", {}), manifest.get("versions")
        faults = [
            Fault(name, None, "has changed since its runs were made", "Give another --output.")
            for name, content in hashes.items()
            if known.get(name, content) != content
        ]
        if versions and any(self.path.glob("runs/*.csv")):
            cure = "Give another --output, or go on with that version."
            faults += [
                Fault(name, now, f"made the runs that are there as {then}", cure)
                for name, (then, now) in changed_versions(versions).items()
            ]
        if faults:
            raise RunFolderError(str(self.path), faults)
        self._write_manifest({"arms": {**known, **hashes}, "versions": current_versions()})

    def missing(self, plan: Plan) -> list[Cell]:
        """The runs that are still to be made, one seed after the other."""
        return [
            Cell(plan, arm.name, seed)
            for seed in range(1, plan.seeds + 1)
            for arm in plan.arms
            if not self._run(arm.name, seed).is_file()
        ]

    def write(self, cell: Cell, outcome: Outcome) -> None:
        """Write down a finished run."""
        run = self._run(cell.arm, cell.seed)
        write_rows(run.with_suffix(".responses.csv"), outcome.responses)
        write_rows(run, outcome.iterations)  # last: a run that has this is done

    def rows(self, plan: Plan) -> list[Row]:
        """Rows of all iterations of all runs of the plan, arm by arm."""
        return self._gathered(plan, ".csv")

    def responses(self, plan: Plan) -> list[Row]:
        """Rows of all responses of all runs of the plan, arm by arm."""
        return self._gathered(plan, ".responses.csv")

    def finish(self, plan: Plan, *, smoke: bool, wall_s: float) -> None:
        """Note how the experiment was made; ``wall_s`` is added to that of earlier sessions."""
        before = float(self._manifest().get("wall_s", 0.0))
        self._write_manifest(
            {
                "experiment": plan.name,
                "smoke": smoke,
                "finished": datetime.now(UTC).isoformat(timespec="seconds"),
                "command": plain_words(["ssa-psro", *sys.argv[1:]]),
                "wall_s": round(before + wall_s, 1),
                "plan": plan.model_dump(mode="json"),
            }
        )

    def _gathered(self, plan: Plan, ending: str) -> list[Row]:
        return [
            row
            for arm in plan.arms
            for seed in range(1, plan.seeds + 1)
            for row in read_rows(self._run(arm.name, seed).with_suffix(ending))
        ]

    def _run(self, arm: str, seed: int) -> Path:
        return self.path / "runs" / f"{arm}-{seed}.csv"

    def _manifest(self) -> dict[str, Any]:
        path = self.path / MANIFEST
        if not path.is_file():
            return {}
        return read_manifest(path)

    def _write_manifest(self, update: Mapping[str, Any]) -> None:
        content = json.dumps({**self._manifest(), **update}, indent=2) + "\n"
        write_bytes(self.path / MANIFEST, content.encode())


def read_manifest(path: Path) -> dict[str, Any]:
    """How an experiment was made. Raises ``RunFolderError`` where the file does not say."""
    problem = "is damaged"
    try:
        found = parse_json(read_bytes(path, LARGEST_DOCUMENT_BYTES))
        if isinstance(found, dict):
            return found
    except OSError as error:
        problem = in_words(error)
    except ValueError as error:
        problem = f"is damaged: {error}"
    fault = Fault(MANIFEST, None, problem, "Remove it, and the runs beside it.")
    raise RunFolderError(str(path.parent), [fault])


def read_rows(path: Path) -> Iterable[Row]:
    """Rows of a CSV file; what looks like a number is one, what is empty is ``None``.

    Raises:
        RunFolderError: the file cannot be read or is damaged.
    """
    try:
        text = read_bytes(path, LARGEST_ROWS_BYTES).decode()
        for row in csv.DictReader(io.StringIO(text, newline=""), strict=True):
            if None in row or None in row.values():
                raise ValueError("a row is longer or shorter than the first")
            cells = {key: as_meant(cell) for key, cell in row.items()}
            yield {key: cell if key in TEXTS else _value(cell) for key, cell in cells.items()}
    except OSError as error:
        problem = in_words(error)
    except (ValueError, csv.Error) as error:
        problem = f"is damaged: {error}"
    else:
        return
    fault = Fault(path.name, None, problem, "Remove it, and run the experiment again.")
    raise RunFolderError(str(path.parent), [fault])


def _value(text: str) -> str | float | int | None:
    if not text:
        return None
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


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
    how many there are. Long ones have a process of their own: after twenty runs on Liar's Dice
    workers had grown to 2 GB.

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
    apart = not smoke and GAMES[plan.game] == "tree"
    with Workers(executor=ThisMachine(workers, fresh=apart)) as hands:
        done = hands.in_processes(partial(_make, folder), missing)
        for number, told in enumerate(done, 1):
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
