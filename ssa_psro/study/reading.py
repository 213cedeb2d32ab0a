"""Reading a run folder, whole or interrupted. Needs no learning library and plays nothing.

1. The manifest's format says whether this package can read the folder at all.
2. ``scenario.json`` must be, byte for byte, what the folder was made with. It is read by today's
   schema: keys that were added since have their defaults.
3. A record commits its iteration. Members and payoffs without one were cut short, and passed over.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from html import escape
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ssa_psro.errors import Fault, RunFolderError, ScenarioError, to_paste
from ssa_psro.inputs.documents import FROM_BACKUP, read_document
from ssa_psro.inputs.files import read_arrays
from ssa_psro.learn.protocol import Member
from ssa_psro.metagame.payoffs import PayoffTable
from ssa_psro.psro import IterationRecord, Population, PsroState, initial_state, recomputed
from ssa_psro.scenario import Scenario
from ssa_psro.scenario.identity import LABELS, RULES_SINCE, RULES_VERSION, digest
from ssa_psro.scenario.schema import SIDES
from ssa_psro.study import folder as layout
from ssa_psro.study.folder import Manifest, MemberFile
from ssa_psro.study.outcome import CoverageSeries, Solution, series_from_arrays
from ssa_psro.study.study import Study, parse_study_json

MADE_BY_ANOTHER = "Use the version that made the run"


def read_records(folder: Path, faults: list[Fault]) -> tuple[IterationRecord, ...] | None:
    """All records, which must be numbered without a gap; ``None`` if any is unusable."""
    paths = sorted((folder / layout.ITERATIONS).glob("*.json"))
    found = len(faults)
    records = []
    for iteration in range(1, len(paths) + 1):
        path = layout.record_path(folder, iteration)
        record = read_document(folder, path, IterationRecord, faults)
        if record is not None:
            records.append(record)
            if record.iteration != iteration:
                key = f"{path.relative_to(folder)}: iteration"
                faults.append(Fault(key, record.iteration, f"is not {iteration}", FROM_BACKUP))
    return tuple(records) if len(faults) == found else None


def read_populations(
    folder: Path, manifest: Manifest, records: Sequence[IterationRecord], faults: list[Fault]
) -> tuple[Population[MemberFile], Population[MemberFile]] | None:
    """Whom each side began with, and one member for every record; ``None`` if any is unusable."""
    found = len(faults)
    sides = []
    for number, side in enumerate(SIDES):
        trained = [one.name for r in records for one in r.sides[number].responses]
        names = [*manifest.populations[side], *trained]
        paths = [layout.member_path(folder, side, n, name) for n, name in enumerate(names)]
        files = [read_document(folder, path, MemberFile, faults) for path in paths]
        for name, path, file in zip(names, paths, files, strict=True):
            if file is not None:
                key = path.relative_to(folder).as_posix()
                faults += _member_faults(path, key, name, file)
                vouched = manifest.sha256.get(key)
                if vouched and sha256(path.read_bytes()).hexdigest() != vouched:
                    faults.append(Fault(key, None, "is not the file that was written", FROM_BACKUP))
        sides.append((side, tuple(Member(file.name, file) for file in files if file is not None)))
    if len(faults) > found:
        return None
    blue, red = (Population(side, members) for side, members in sides)
    return blue, red


def _member_faults(path: Path, key: str, name: str, file: MemberFile) -> list[Fault]:
    if file.name != name:
        return [Fault(f"{key}: name", file.name, f"is not {name}", FROM_BACKUP)]
    if file.kind == "heuristic" and file.doctrine is None:
        return [Fault(f"{key}: doctrine", None, "is missing", FROM_BACKUP)]
    weights = layout.weights_path(path)
    if file.kind == "doctrine-network" and not weights.is_file():
        return [Fault(key.replace(path.name, weights.name), None, "is missing", FROM_BACKUP)]
    return []


def read_table(
    folder: Path,
    unplayed: PayoffTable,
    records: Sequence[IterationRecord],
    faults: list[Fault],
) -> PayoffTable:
    """The committed payoffs: the file may also hold those of an iteration that was cut short."""
    path = folder / layout.PAYOFFS
    if not path.exists() and not records:
        return unplayed
    try:
        table = PayoffTable.from_arrays(read_arrays(path))
        return _committed(table, unplayed, records)
    except Exception as error:  # numpy, zipfile and zlib raise many kinds on a damaged file
        faults.append(Fault(layout.PAYOFFS, None, f"cannot be used: {error}", FROM_BACKUP))
    return unplayed


def _committed(
    table: PayoffTable, unplayed: PayoffTable, records: Sequence[IterationRecord]
) -> PayoffTable:
    n, m = len(unplayed.rows), len(unplayed.columns)
    if table.rows[:n] != unplayed.rows or table.columns[:m] != unplayed.columns:
        raise ValueError("its policies are not those of the populations")
    if not np.array_equal(table.seeds, unplayed.seeds):
        raise ValueError("its episodes are not those of this scenario and seed")
    kept = [one for one in (table.samples, table.scores) if one is not None]
    if any(one.dtype != np.float64 for one in kept):
        raise ValueError("its payoffs are not numbers of double precision")
    if not records:  # of the first payoffs nothing tells how many there were: play them again
        return table if table.samples.shape == unplayed.samples.shape else unplayed
    return _as_recorded(table, unplayed, np.array(records[-1].episodes))


def _as_recorded(
    table: PayoffTable, unplayed: PayoffTable, episodes: NDArray[np.int64]
) -> PayoffTable:
    """The table with the episodes that the last record tells of, and no others."""
    n, m = len(unplayed.rows), len(unplayed.columns)
    samples = table.samples[:n, :m].copy()
    scores = None if table.scores is None else table.scores[:n, :m].copy()
    if episodes.shape != samples.shape[:2]:
        raise ValueError("its cells are not those of the last record")
    for kept in (samples, scores):
        if kept is not None:
            kept[np.arange(len(table.seeds)) >= episodes[..., None]] = np.nan
    recorded = PayoffTable(unplayed.rows, unplayed.columns, table.seeds, samples, scores)
    if not np.array_equal(recorded.count, episodes):
        raise ValueError("episodes are missing")
    return recorded


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
    folder, faults = Path(folder), list[Fault]()
    manifest = _manifest(folder, faults)
    study = _study(folder, manifest, faults)
    records = read_records(folder, faults)
    if manifest is None or study is None or records is None:
        raise RunFolderError(str(folder), faults)
    populations = read_populations(folder, manifest, records, faults)
    solution, coverage = _outcome(folder, manifest, len(records), faults)
    if populations is None:
        raise RunFolderError(str(folder), faults)
    state = initial_state(
        populations, seed=study.seed, episodes_per_cell=study.solver.episodes_per_cell
    )
    table = read_table(folder, state.table, records, faults)
    if faults:
        raise RunFolderError(str(folder), faults)
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


def _manifest(folder: Path, faults: list[Fault]) -> Manifest | None:
    """The manifest. Raises ``RunFolderError`` where nothing else is worth a look."""
    path = folder / layout.MANIFEST
    if not path.is_file():
        problem = "has no manifest.json" if folder.is_dir() else "no such folder"
        cure = "Name a folder that ssa-psro run has made, such as runs/quickstart-1."
        raise RunFolderError(str(folder), [Fault("the folder", None, problem, cure)])
    _refuse_other_formats(folder, path)
    manifest = read_document(folder, path, Manifest, faults)
    if manifest is not None and set(manifest.populations) != set(SIDES):
        key, found = f"{layout.MANIFEST}: populations", sorted(manifest.populations)
        faults.append(Fault(key, found, "are not of Blue and Red", FROM_BACKUP))
        return None
    return manifest


def _refuse_other_formats(folder: Path, path: Path) -> None:
    """Raise ``RunFolderError`` where nothing but the format can be told of a manifest."""
    try:
        document = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return  # what is wrong with it is told where it is read
    found = document.get("format") if isinstance(document, dict) else None
    if type(found) is int and found not in layout.READABLE:
        known = f"{layout.READABLE[0]} to {layout.READABLE[-1]}"
        command = layout.command_to_install(document.get("versions"))
        cure = f"This package reads formats {known}. {MADE_BY_ANOTHER}: {command}"
        fault = Fault(f"{layout.MANIFEST}: format", found, "is another format", cure)
        raise RunFolderError(str(folder), [fault])


def _study(folder: Path, manifest: Manifest | None, faults: list[Fault]) -> Study | None:
    path = folder / layout.SCENARIO
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
    folder: Path, manifest: Manifest, iterations: int, faults: list[Fault]
) -> tuple[Solution | None, CoverageSeries | None]:
    if manifest.status != "finished":
        return None, None
    solution = read_document(folder, folder / layout.SOLUTION, Solution, faults)
    if solution is not None and not 1 <= solution.best_iteration <= iterations:
        key = f"{layout.SOLUTION}: best_iteration"
        faults.append(Fault(key, solution.best_iteration, "has no record", FROM_BACKUP))
    try:
        return solution, series_from_arrays(read_arrays(folder / layout.COVERAGE))
    except Exception as error:  # numpy, zipfile and zlib raise many kinds on a damaged file
        faults.append(Fault(layout.COVERAGE, None, f"cannot be used: {error}", FROM_BACKUP))
    return solution, None
