"""The folder of a sweep: its plan, its points, each measured whole or not at all, and their table.

::

    sweep.json, sweep.toml, scenario.json   what is asked for: the plan, its file, the scenario
    points/NAME/tournament.json             a point of a tournament: its numbers
    points/NAME/run/                        a point of a run: a run folder
    points/NAME/failed.json                 why a point failed; the next call tries it again
    sweep.csv                               all numbers, one a row, renewed after every point
    map.png                                 see :mod:`ssa_psro.sweeps.figure`
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from time import perf_counter
from typing import Any, Final

from ssa_psro.errors import Fault, RunFolderError, plain_words
from ssa_psro.inputs.array_files import machine_bytes
from ssa_psro.inputs.documents import document_bytes, write_document
from ssa_psro.inputs.files import appearing, write_bytes
from ssa_psro.inputs.reading import read
from ssa_psro.report.csv_files import write_rows
from ssa_psro.scenario.identity import RULES_VERSION
from ssa_psro.study.audit import read_audit
from ssa_psro.study.folder import current_versions, now
from ssa_psro.study.holding import one_at_a_time, writing_to
from ssa_psro.study.integrity import FolderReader
from ssa_psro.study.reading import is_run_folder, open_run
from ssa_psro.study.study import dump_study, parse_study_json
from ssa_psro.sweeps.measuring import Measured, carried_out
from ssa_psro.sweeps.plan import Sweep, SweepInFile, SweepPoint, is_number, plain, shown
from ssa_psro.sweeps.reading import LoadedSweep, SweepError

FORMAT: Final = 1
MANIFEST: Final = "sweep.json"
SOURCE: Final = "sweep.toml"
BASE: Final = "scenario.json"
POINTS: Final = "points"
TOURNAMENT: Final = "tournament.json"
RUN: Final = "run"
FAILED: Final = "failed.json"
TABLE: Final = "sweep.csv"
AGAIN: Final = "give the same command again: points that are done are kept"
PATIENCE: Final = 10.0
"""The table is not renewed before so many times as long have gone by as that takes."""


@dataclass(frozen=True)
class SweepManifest:
    """The head of a sweep's folder.

    Attributes:
        format: of the folder.
        name: of the sweep.
        identity: see ``Sweep.identity``.
        plan: every key of its file.
        created: time in UTC, ISO 8601.
        command: that made the folder.
        versions: of Python and the packages that results can depend on.
        rules_version: of the game's rules.
        sha256: of ``scenario.json`` (hex).
    """

    format: int
    name: str
    identity: str
    plan: Mapping[str, Any]
    created: str
    command: tuple[str, ...]
    versions: Mapping[str, str]
    rules_version: int
    sha256: Mapping[str, str]


@dataclass(frozen=True)
class MeasuredPoint:
    """What a tournament found at a point, as its file has it."""

    name: str
    identity: str
    found: tuple[Measured, ...]


@dataclass(frozen=True)
class Failure:
    """Why a point failed.

    Attributes:
        name: of the point.
        at: its values and its seed, for people.
        error: what kind of failure it was.
        reason: what was said.
        trace: where it happened.
    """

    name: str
    at: str
    error: str
    reason: str
    trace: str


def is_sweep_folder(folder: Path) -> bool:
    """Whether there is a sweep's manifest, sound or not."""
    return (folder / MANIFEST).is_file()


def read_manifest(folder: Path) -> SweepManifest:
    """The head of a sweep's folder. Raises ``RunFolderError`` where there is none, or damaged."""
    reader = FolderReader(folder, sealed=True)
    found = reader.document(folder / MANIFEST, SweepManifest)
    if found is None:
        raise RunFolderError(str(folder), reader.faults)
    return found


def open_sweep(folder: Path) -> Sweep:
    """The sweep that a folder holds.

    Raises:
        RunFolderError: it holds none, is damaged, or was made under other rules.
    """
    manifest, reader = read_manifest(folder), FolderReader(folder)
    reader.vouch(manifest.sha256)
    content = reader.content(folder / BASE)
    if content is None:
        raise RunFolderError(str(folder), reader.faults)
    source, plan = str(folder / BASE), dict(manifest.plan)
    settings = read(SweepInFile, plan).checked(str(folder / MANIFEST), RunFolderError)
    sweep = Sweep(settings, parse_study_json(content.decode(), source))
    if sweep.identity != manifest.identity:
        cure = "Make the sweep anew, or go on with the version of ssa-psro that made it."
        problem = "was made by another version, or under other rules of the game"
        raise RunFolderError(str(folder), [Fault(MANIFEST, manifest.rules_version, problem, cure)])
    return sweep


def prepare(folder: Path, loaded: LoadedSweep, *, command: Sequence[str], workers: int) -> None:
    """Make the folder of a sweep, or see that it is this sweep's.

    Args:
        folder: must not exist, be empty, or hold the same sweep; what it is called and how it is
            drawn may differ.
        loaded: what is asked for.
        command: the command line.
        workers: how many points are measured side by side.

    Raises:
        SweepError: this machine has not the memory or the disk for it.
        RunFolderError: there is something else, or it cannot be made.
    """
    sweep = loaded.sweep
    base = dump_study(sweep.base).encode()
    manifest = SweepManifest(
        format=FORMAT,
        name=sweep.plan.name,
        identity=sweep.identity,
        plan=sweep.plan.model_dump(mode="json", exclude_none=True),
        created=now(),
        command=plain_words(command),
        versions=current_versions(),
        rules_version=RULES_VERSION,
        sha256={BASE: sha256(base).hexdigest()},
    )
    if not is_sweep_folder(folder):
        refuse_what_cannot_fit(loaded, folder, workers)
        content = {SOURCE: loaded.text.encode(), BASE: base, MANIFEST: document_bytes(manifest)}
        try:
            with appearing(folder) as made:
                for name, one in content.items():
                    write_bytes(made / name, one)
            return
        except OSError as error:
            if not is_sweep_folder(folder):  # else somebody else has just made it
                problem = f"cannot be made: {error.strerror or error}"
                fault = Fault("the folder", None, problem, "Name another --output.")
                raise RunFolderError(str(folder), [fault]) from None
    held = read_manifest(folder)
    if held.identity != manifest.identity:
        problem, cure = f"holds another sweep, {held.name}", "Name another --output."
        raise RunFolderError(str(folder), [Fault("the folder", None, problem, cure)])
    if dict(held.plan) != dict(manifest.plan):
        with writing_to(folder, AGAIN):
            write_document(folder / MANIFEST, replace(held, plan=manifest.plan))


def refuse_what_cannot_fit(loaded: LoadedSweep, folder: Path, workers: int) -> None:
    """See that this machine has the memory and the disk for all points.

    Raises:
        SweepError: it has not.
    """
    there = next(one for one in (folder.absolute(), *folder.absolute().parents) if one.is_dir())
    free = float(shutil.disk_usage(there).free)
    asked = (
        (loaded.needs.memory_in(workers), machine_bytes(), "memory", "Use fewer --workers."),
        (loaded.needs.disk_bytes, free, f"free disk in {there}", "Write fewer values or seeds."),
    )
    faults = [
        Fault(
            "axes",
            None,
            f"take {need / 1e9:,.1f} GB, and there are {most / 1e9:,.1f} GB of {what}",
            cure,
        )
        for need, most, what, cure in asked
        if need > most
    ]
    if faults:
        raise SweepError(loaded.sweep.plan.name, faults)


def found_at(sweep: Sweep, folder: Path, point: SweepPoint) -> Sequence[Measured] | None:
    """What was measured at a point; ``None`` where that is not done, or damaged."""
    own = folder / POINTS / point.name
    if sweep.plan.measure == "run":
        return _found_in_run(own / RUN, audited=sweep.plan.audited)
    path = own / TOURNAMENT
    found = FolderReader(own, sealed=True).document(path, MeasuredPoint) if path.exists() else None
    return found.found if found is not None and found.identity == sweep.identity else None


def _found_in_run(folder: Path, *, audited: bool) -> Sequence[Measured] | None:
    if not is_run_folder(folder):
        return None
    try:
        run, attack = open_run(folder), read_audit(folder)
    except RunFolderError:
        return None  # what is wrong with it is told where it is carried on
    return carried_out(run, attack) if run.finished and (attack or not audited) else None


@dataclass
class SweepStanding:
    """How far a sweep is.

    Attributes:
        sweep: that is carried out.
        folder: where.
        found: what was measured, by the name of the point.
        failures: why points failed, likewise.
    """

    sweep: Sweep
    folder: Path
    found: dict[str, Sequence[Measured]] = field(default_factory=dict)
    failures: dict[str, Failure] = field(default_factory=dict)
    _next_s: float = 0.0

    @property
    def missing(self) -> list[SweepPoint]:
        """Points that have neither been measured nor failed."""
        known = self.found.keys() | self.failures.keys()
        return [point for point in self.sweep.points if point.name not in known]

    def look(self) -> None:
        """See what there is by now."""
        self.failures = {}
        for point in self.sweep.points:
            if point.name in self.found:
                continue
            found = found_at(self.sweep, self.folder, point)
            if found is not None:
                self.found[point.name] = found
            elif (failure := _failure(self.folder / POINTS / point.name)) is not None:
                self.failures[point.name] = failure

    def renew(self, *, soon: bool = False) -> None:
        """Look, and write the table; ``soon``: unless that was done only just now."""
        begun = perf_counter()
        if soon and begun < self._next_s:
            return
        with one_at_a_time(self.folder), writing_to(self.folder, AGAIN):
            self.look()
            write_rows(self.folder / TABLE, self.rows())
        self._next_s = perf_counter() + PATIENCE * (perf_counter() - begun)

    def rows(self) -> list[dict[str, Any]]:
        """The table: a row a number, point after point."""
        columns = self.sweep.plan.columns
        rows = []
        for point in self.sweep.points:
            values = (plain(one) if is_number(one) else shown(one) for one in point.place)
            key = {**dict(zip(columns, values, strict=True)), "seed": point.seed}
            for one in self.found.get(point.name, ()):
                told, value = {"quantity": one.quantity, "whose": one.whose}, one.value
                bounds = {"value": value.mean, "low": value.low, "high": value.high}
                rows.append({**key, **told, **bounds, "count": value.count})
        return rows


def _failure(own: Path) -> Failure | None:
    path = own / FAILED
    return FolderReader(own, sealed=True).document(path, Failure) if path.exists() else None
