"""Reading a run folder, whole or interrupted. Needs no learning library and plays nothing.

1. The manifest's format says whether this package can read the folder at all.
2. Every file must be what was written, see :mod:`ssa_psro.study.integrity`.
3. ``scenario.json`` is read by today's schema: keys that were added since have their defaults.
4. A record commits its iteration. Members and payoffs without one were cut short, and passed over.
"""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass, replace
from hashlib import sha256
from html import escape
from itertools import pairwise
from math import prod
from pathlib import Path

from ssa_psro.errors import Fault, RunFolderError, ScenarioError, to_paste
from ssa_psro.inputs.array_files import machine_bytes
from ssa_psro.inputs.documents import FROM_BACKUP
from ssa_psro.metagame.payoffs import PayoffTable
from ssa_psro.psro import IterationRecord, PsroState, initial_state, recomputed
from ssa_psro.scenario import Scenario
from ssa_psro.scenario.identity import LABELS, RULES_SINCE, RULES_VERSION, digest
from ssa_psro.scenario.schema import SIDES
from ssa_psro.study import folder as layout
from ssa_psro.study.committed import read_populations, read_records, read_table
from ssa_psro.study.folder import Manifest, MemberFile
from ssa_psro.study.integrity import (
    FolderReader,
    format_of,
    reader_of,
    refuse_traps,
)
from ssa_psro.study.outcome import CoverageSeries, Solution, series_from_arrays
from ssa_psro.study.study import Study, parse_study_json

MADE_BY_ANOTHER = "Use the version that made the run"

EPISODE_BYTES = 4 * 8
"""Of payoffs and scores of both sides in an episode."""

MOST_COVERAGE_BYTES = 200_000_000
"""Of the best iterate played out; a hundred thousand steps take 30 MB."""


@dataclass(frozen=True, eq=False, repr=False)
class Run:
    """The committed content of a run folder.

    Attributes:
        folder: where it is.
        manifest: what was run, with what, and how far it got.
        study: what is run, overrides and extensions included.
        state: populations, whose policies are their descriptions; payoffs, unplayed if the run
            was cut short before they were; one record an iteration.
        solution: the outcome; ``None`` until the run has ended.
        coverage: the best iterate played out; ``None`` until the run has ended.
    """

    folder: Path
    manifest: Manifest
    study: Study
    state: PsroState[MemberFile]
    solution: Solution | None
    coverage: CoverageSeries | None

    def __repr__(self) -> str:
        done = len(self.records)
        iterations = f"{done} of {self.study.solver.iterations} iterations"
        return (
            f"Run({self.study.name!r}, {iterations}, {self.manifest.status}, {str(self.folder)!r})"
        )

    def _repr_html_(self) -> str:
        """The same line, for a notebook."""
        return f"<code>{escape(repr(self))}</code>"

    @property
    def scenario(self) -> Scenario:
        """The game."""
        return self.study.scenario

    @property
    def source(self) -> Path:
        """The scenario file as it was given; paths in it are relative to where it was then."""
        return self.folder / layout.SOURCE

    @property
    def finished(self) -> bool:
        """Whether the outcome has been written."""
        return self.manifest.status == "finished"

    @property
    def records(self) -> tuple[IterationRecord, ...]:
        """One an iteration, in order."""
        return self.state.records

    @property
    def table(self) -> PayoffTable:
        """Payoffs of all committed members."""
        return self.state.table

    @property
    def best_record(self) -> IterationRecord | None:
        """The record of the iterate to use, as last measured; ``None`` until the run has ended."""
        if self.solution is None:
            return None
        return recomputed(self.records)[self.solution.best_iteration - 1]


def open_run(folder: str | Path) -> Run:
    """What has been committed to a run folder.

    Args:
        folder: its path.

    Raises:
        RunFolderError: it is no run folder, or damaged; with every fault.
    """
    folder = Path(folder)
    refuse_others(folder)
    return read_run(reader_of(folder))


def read_run(reader: FolderReader) -> Run:
    """What ``reader`` finds in its folder, which is one of a format that is read.

    Raises:
        RunFolderError: it is damaged; with every fault.
    """
    folder, manifest = reader.folder, _manifest(reader)
    study = _study(reader, manifest)
    records = read_records(reader)
    if manifest is None or study is None or records is None:
        raise RunFolderError(str(folder), reader.faults)
    populations = read_populations(reader, manifest, records)
    solution, coverage = _outcome(reader, manifest, len(records))
    if populations is None:
        raise RunFolderError(str(folder), reader.faults)
    episodes, sides = study.solver.episodes_per_cell, [len(one.members) for one in populations]
    if episodes * prod(sides) * EPISODE_BYTES > machine_bytes():
        problem = "payoffs of so many episodes do not fit into the memory of this machine"
        cure = "Open it where there is more."
        fault = Fault("solver.episodes_per_cell", episodes, problem, cure)
        raise RunFolderError(str(folder), [*reader.faults, fault])
    state = initial_state(populations, seed=study.seed, episodes_per_cell=episodes)
    table = read_table(reader, state.table, records)
    if reader.faults:
        raise RunFolderError(str(folder), reader.faults)
    return Run(folder, manifest, study, PsroState(populations, table, records), solution, coverage)


def refuse_other_rules(run: Run) -> None:
    """Let nobody play on with a run that was played by other rules than this package's.

    Raises:
        RunFolderError: it was.
    """
    made_under = run.manifest.rules_version
    if made_under == RULES_VERSION:
        return
    install = f"pip install 'ssa-psro<{RULES_SINCE}'"
    if made_under > RULES_VERSION:
        install = layout.command_to_install(run.manifest.versions)
    cure = (
        f"This version plays rules {RULES_VERSION}, and nothing of both is mixed. To go on: "
        f"{install}. Or start a new run of the same scenario: {_command_anew(run)}"
    )
    key = f"{layout.MANIFEST}: rules_version"
    fault = Fault(key, made_under, "the run was made under other rules of the game", cure)
    raise RunFolderError(str(run.folder), [fault])


def _command_anew(run: Run) -> str:
    """The command that made a run, without the folder; in Python, where there was none."""
    given = run.manifest.command
    if given[:2] != ("ssa-psro", "run"):
        return f"ssa_psro.solve(ssa_psro.open_run({str(run.folder)!r}).study, 'NEW-FOLDER')"
    kept = [
        word
        for before, word in pairwise(("", *given))
        if "--output" not in (before, word) and not word.startswith("--output=")
    ]
    return shlex.join(kept)


def finished_run(folder: str | Path) -> Run:
    """The run in a folder, for those who play on with it.

    Raises:
        RunFolderError: it is no run folder, damaged, made under other rules, or not finished.
    """
    run = open_run(folder)
    refuse_other_rules(run)
    if not run.finished:
        cure = f"Finish it first: {to_paste('resume', folder)}"
        raise RunFolderError(str(folder), [Fault("the run", None, "is not finished", cure)])
    return run


def is_run_folder(folder: Path) -> bool:
    """Whether there is a manifest, sound or not."""
    return (folder / layout.MANIFEST).is_file()


def standing_of(folder: Path) -> tuple[int, bool, bool]:
    """How far a run is: iterations committed, first payoffs written, outcome written.

    Raises:
        RunFolderError: the manifest cannot be read.
    """
    iterations = len(list((folder / layout.ITERATIONS).glob("*.json")))
    manifest = _manifest(reader := reader_of(folder))
    if manifest is None:
        raise RunFolderError(str(folder), reader.faults)
    return iterations, (folder / layout.PAYOFFS).exists(), manifest.status == "finished"


def refuse_others(folder: Path) -> None:
    """Look at nothing else in a folder that is no run folder, or none that can be read.

    Raises:
        RunFolderError: it has no manifest, another format, or holds links or pipes.
    """
    path = folder / layout.MANIFEST
    if not path.is_file():
        problem = "has no manifest.json" if folder.is_dir() else "no such folder"
        cure = "Name a folder that ssa-psro run has made, such as runs/quickstart-1."
        raise RunFolderError(str(folder), [Fault("the folder", None, problem, cure)])
    refuse_traps(folder)
    found = format_of(path)
    if found not in (None, *layout.READABLE):
        known = f"{layout.READABLE[0]} to {layout.READABLE[-1]}"
        command = layout.command_to_install(json.loads(path.read_bytes()).get("versions"))
        cure = f"This package reads formats {known}. {MADE_BY_ANOTHER}: {command}"
        fault = Fault(f"{layout.MANIFEST}: format", found, "is another format", cure)
        raise RunFolderError(str(folder), [fault])


def _manifest(reader: FolderReader) -> Manifest | None:
    manifest = reader.document(reader.folder / layout.MANIFEST, Manifest)
    if manifest is not None and set(manifest.populations) != set(SIDES):
        key, found = f"{layout.MANIFEST}: populations", sorted(manifest.populations)
        fault = Fault(key, found, "are not of Blue and Red", FROM_BACKUP)
        reader.faults.append(fault)
        return None
    return manifest


def _study(reader: FolderReader, manifest: Manifest | None) -> Study | None:
    path, faults = reader.folder / layout.SCENARIO, reader.faults
    if layout.SOURCE in reader.vouched:
        reader.content(reader.folder / layout.SOURCE)
    try:
        content = path.read_bytes()
        study = parse_study_json(content.decode(), layout.SCENARIO)
    except (OSError, UnicodeDecodeError) as error:
        faults.append(Fault(layout.SCENARIO, None, f"cannot be read: {error}", FROM_BACKUP))
        return None
    except ScenarioError as error:
        whole = manifest is not None and _is_as_written(content, manifest)
        made_by = layout.command_to_install(manifest.versions if manifest else {})
        faults += [
            Fault(
                f"{layout.SCENARIO}: {f.key}",
                f.value,
                f.problem,
                f"{MADE_BY_ANOTHER}: {made_by}" if whole else f.cure,
            )
            for f in error.faults
        ]
        return None
    if manifest is None:
        return study
    if not _is_as_written(content, manifest):
        problem = "is not the scenario that this run was made from"
        faults.append(Fault(layout.SCENARIO, study.name, problem, FROM_BACKUP))
        return None
    return _extended(study, manifest.extended_to)


def _is_as_written(content: bytes, manifest: Manifest) -> bool:
    """Whether ``content`` is the scenario.json that the folder was made with.

    Format 1 vouches for all that it says but the labels.
    """
    if manifest.format > 1:
        return sha256(content).hexdigest() == manifest.sha256.get(layout.SCENARIO)
    try:
        stored = json.loads(content)
        return digest({k: stored[k] for k in stored if k not in LABELS}) == manifest.content_hash
    except (ValueError, TypeError, RecursionError):
        return False


def _extended(study: Study, iterations: int | None) -> Study:
    if iterations is None:
        return study
    return replace(study, solver=study.solver.model_copy(update={"iterations": iterations}))


def _outcome(
    reader: FolderReader, manifest: Manifest, iterations: int
) -> tuple[Solution | None, CoverageSeries | None]:
    if manifest.status != "finished":
        return None, None
    solution = reader.document(reader.folder / layout.SOLUTION, Solution)
    if solution is not None and not 1 <= solution.best_iteration <= iterations:
        key = f"{layout.SOLUTION}: best_iteration"
        fault = Fault(key, solution.best_iteration, "has no record", FROM_BACKUP)
        reader.faults.append(fault)
    path = reader.folder / layout.COVERAGE
    try:
        arrays = reader.arrays(path, MOST_COVERAGE_BYTES)
        return solution, None if arrays is None else series_from_arrays(arrays)
    except Exception as error:  # numpy, zipfile and zlib raise many kinds on a damaged file
        reader.blame(path, f"cannot be used: {error}")
    return solution, None
