"""Reading a run folder, whole or interrupted. Needs no learning library and plays nothing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ssa_psro.errors import Fault, RunFolderError, ScenarioError
from ssa_psro.metagame.payoffs import PayoffTable
from ssa_psro.psro import IterationRecord, PsroState, initial_state
from ssa_psro.runs import layout
from ssa_psro.runs.committed import read_populations, read_records, read_table
from ssa_psro.runs.documents import FROM_BACKUP, read_document
from ssa_psro.runs.files import read_arrays
from ssa_psro.runs.manifest import Manifest
from ssa_psro.runs.members import MemberFile
from ssa_psro.runs.series import CoverageSeries, series_from_arrays
from ssa_psro.runs.solution import Solution
from ssa_psro.scenario import Scenario, content_hash, parse_scenario_json
from ssa_psro.scenario.schema import SIDES


@dataclass(frozen=True, eq=False)
class Run:
    """The committed content of a run folder.

    Attributes:
        folder: where it is.
        manifest: what was run, with what, and how far it got.
        scenario: what is run, overrides and extensions included.
        state: populations, whose policies are their descriptions; payoffs, unplayed if the run
            was cut short before they were; one record an iteration.
        solution: the outcome; ``None`` until the run has ended.
        coverage: the best iterate played out; ``None`` until the run has ended.
    """

    folder: Path
    manifest: Manifest
    scenario: Scenario
    state: PsroState[MemberFile]
    solution: Solution | None
    coverage: CoverageSeries | None

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
        """The record of the iterate to use; ``None`` until the run has ended."""
        return None if self.solution is None else self.records[self.solution.best_iteration - 1]


def open_run(folder: Path) -> Run:
    """What has been committed to a run folder.

    Raises:
        RunFolderError: it is no run folder, or damaged; with every fault.
    """
    faults: list[Fault] = []
    manifest = _manifest(folder, faults)
    scenario = _scenario(folder, manifest, faults)
    records = read_records(folder, faults)
    if manifest is None or scenario is None or records is None:
        raise RunFolderError(str(folder), faults)
    populations = read_populations(folder, manifest, records, faults)
    solution, coverage = _outcome(folder, manifest, len(records), faults)
    if populations is None:
        raise RunFolderError(str(folder), faults)
    state = initial_state(
        populations, seed=scenario.seed, episodes_per_cell=scenario.solver.episodes_per_cell
    )
    table = read_table(folder, state.table, records, faults)
    if faults:
        raise RunFolderError(str(folder), faults)
    return Run(
        folder, manifest, scenario, PsroState(populations, table, records), solution, coverage
    )


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
    manifest = read_document(folder, path, Manifest, faults)
    if manifest is not None and manifest.format != layout.FORMAT:
        cure = f"This package reads format {layout.FORMAT}; use the version that made the run."
        fault = Fault(f"{layout.MANIFEST}: format", manifest.format, "is another format", cure)
        raise RunFolderError(str(folder), [fault])
    if manifest is not None and set(manifest.populations) != set(SIDES):
        key, found = f"{layout.MANIFEST}: populations", sorted(manifest.populations)
        faults.append(Fault(key, found, "are not of Blue and Red", FROM_BACKUP))
        return None
    return manifest


def _scenario(folder: Path, manifest: Manifest | None, faults: list[Fault]) -> Scenario | None:
    path = folder / layout.SCENARIO
    try:
        scenario = parse_scenario_json(path.read_text("utf-8"), layout.SCENARIO)
    except (OSError, UnicodeDecodeError) as error:
        faults.append(Fault(layout.SCENARIO, None, f"cannot be read: {error}", FROM_BACKUP))
        return None
    except ScenarioError as error:
        faults += [
            Fault(f"{layout.SCENARIO}: {f.key}", f.value, f.problem, f.cure) for f in error.faults
        ]
        return None
    if manifest is not None and content_hash(scenario) != manifest.content_hash:
        problem = "is not the scenario that this run was made from"
        faults.append(Fault(layout.SCENARIO, scenario.name, problem, FROM_BACKUP))
        return None
    return scenario if manifest is None else _extended(scenario, manifest.extended_to)


def _extended(scenario: Scenario, iterations: int | None) -> Scenario:
    if iterations is None:
        return scenario
    solver = scenario.solver.model_copy(update={"iterations": iterations})
    return scenario.model_copy(update={"solver": solver})


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
