"""Sweep files in, checked sweeps out, or one error with every fault in the file.

1. The keys of the file, each for itself and together.
2. The scenario that it names, and what all points have of it.
3. Whether there are such keys and policies.
4. The scenario of every point, read as if its file said so. What is wrong at every point with a
   value is that value's fault, all else a point's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ssa_psro.errors import Fault, InputError, ScenarioError, UsageError, did_you_mean
from ssa_psro.game.engine import KEPT
from ssa_psro.inputs.paths import unknown_at, values_at
from ssa_psro.inputs.reading import read
from ssa_psro.inputs.sections import enough, is_sound
from ssa_psro.inputs.text_files import FileKind
from ssa_psro.policies import HEURISTICS
from ssa_psro.progress import Progress, untold
from ssa_psro.scenario import FileReport, geometry_hash
from ssa_psro.scenario.memory import PROGRAM_BYTES
from ssa_psro.scenario.shipped import shipped_scenarios
from ssa_psro.study.limits import disk_of, memory_of
from ssa_psro.study.study import (
    LoadedStudy,
    Study,
    StudyInFile,
    document_of,
    load_study,
    overridden,
)
from ssa_psro.sweeps.plan import Place, Sweep, SweepInFile, faults_of_seeds, plain, shown


class SweepError(InputError):
    """A sweep file that cannot be carried out."""


POINT_BYTES: Final = 16_384.0
"""What a tournament's point takes of a disk with blocks of 4 kB: a folder, a file of two blocks,
and its rows in the table. Measured by ``du`` in sweeps of two axes as 14.0 kB with two policies and
14.5 kB with all; longer names and more axes make longer rows."""

SWEEP_FILE: Final = FileKind("sweep file", "denial.toml", SweepError)


@dataclass(frozen=True)
class Needs:
    """What a sweep takes at most, counted from its points.

    Attributes:
        memory_bytes: of the largest point, beside its game.
        world_bytes: of the largest game in one process, its tables not counted.
        tables_bytes: of the largest game's tables, which processes share.
        disk_bytes: of all points.
        games: different geometries, each of which needs tables of its own.
    """

    memory_bytes: float
    world_bytes: float
    tables_bytes: float
    disk_bytes: float
    games: int

    def memory_in(self, processes: int) -> float:
        """Bytes that so many processes hold at once."""
        own = PROGRAM_BYTES + KEPT * self.world_bytes + self.memory_bytes
        return self.tables_in(processes) + processes * own

    def tables_in(self, processes: int) -> float:
        """Bytes of tables that so many processes look at, whoever does."""
        return min(self.games, KEPT * processes) * self.tables_bytes


@dataclass(frozen=True)
class LoadedSweep:
    """A sweep, and where it comes from.

    Attributes:
        sweep: every point of which is sound.
        text: of its file.
        files: what became of the files of element sets that its scenario names.
        needs: what it takes.
    """

    sweep: Sweep
    text: str
    files: tuple[FileReport, ...]
    needs: Needs


def load_sweep(
    path: str | Path, seeds: Sequence[int] | None = None, tell: Progress = untold
) -> LoadedSweep:
    """The sweep in the TOML file at ``path``.

    Args:
        path: a file in UTF-8.
        seeds: in place of the file's.
        tell: told the share of the points that have been checked.

    Raises:
        SweepError: with every fault.
    """
    path = Path(path)
    document = SWEEP_FILE.read_toml(path)
    faults = list(faults_of_seeds(seeds or (), "--seeds"))
    if seeds is not None and isinstance(document, dict):
        document = document | {"seeds": list(seeds)}
    reading = read(SweepInFile, document)
    draft, faults = reading.section, faults + reading.faults
    faults += _unknown_keys(draft)
    if is_sound(draft, "tournament.policies"):
        faults += _unknown_policies(draft)
    loaded: LoadedStudy | None = None
    try:
        if is_sound(draft, "scenario"):
            loaded = load_study(_scenario_of(draft.scenario, path.parent))
    except InputError as error:
        faults += (_of_scenario(one, error.source) for one in error.faults)
    if loaded is not None and is_sound(draft, "set") and not _unknown(draft, "set"):
        faults += _faults_of_setting(loaded.study, draft.settings)
    if faults or loaded is None:
        raise SweepError(str(path), enough(faults))
    base = overridden(loaded.study, draft.settings)
    faults = _own_values(draft, base)
    if not faults:
        sweep = Sweep(draft, base)
        studies, faults = _studies(sweep, tell)
    if faults:
        raise SweepError(str(path), enough(faults))
    text, needs = path.read_text("utf-8-sig"), _needs(draft, studies)
    return LoadedSweep(sweep, text, loaded.files, needs)


def _scenario_of(name: str, folder: Path) -> Path:
    """The scenario that a sweep file names.

    Raises:
        UsageError: there is none.
    """
    path, shipped = folder / name, shipped_scenarios()
    if path.is_file() or name not in shipped:
        if path.exists() or path.suffix:
            return path
        cure = did_you_mean(name, shipped)
        fault = Fault("scenario", name, "neither a file nor a shipped scenario", cure)
        raise UsageError("sweep", [fault])
    return shipped[name]


def _of_scenario(fault: Fault, source: str) -> Fault:
    """A fault in the scenario's file, as one of the sweep's."""
    if fault.key == "scenario":
        return fault
    return Fault(f"scenario {source}: {fault.key}", fault.value, fault.problem, fault.cure)


def _unknown_keys(draft: SweepInFile) -> list[Fault]:
    """Keys that no scenario has."""
    return [*_unknown(draft, "set"), *_unknown(draft, "axes")]


def _unknown(draft: SweepInFile, section: str) -> list[Fault]:
    keys: list[tuple[str, str]] = []
    if section == "set" and is_sound(draft, "set"):
        keys = [(f"set.{key}", key) for key in draft.settings]
    elif section == "axes" and is_sound(draft, "axes"):
        keys = [
            (f"axes[{number}].keys[{place}]", key)
            for number, axis in enumerate(draft.axes)
            if is_sound(axis, "keys")
            for place, key in enumerate(axis.keys)
        ]
    cures = ((at, key, unknown_at(StudyInFile, key)) for at, key in keys)
    return [Fault(at, key, "no scenario has this key", cure) for at, key, cure in cures if cure]


def _unknown_policies(draft: SweepInFile) -> Iterator[Fault]:
    for place, name in enumerate(draft.meeting.policies):
        if name not in HEURISTICS:
            at, problem = f"tournament.policies[{place}]", "not one of the heuristics"
            yield Fault(at, name, problem, did_you_mean(name, HEURISTICS))


def _faults_of_setting(study: Study, settings: Mapping[str, Any]) -> list[Fault]:
    """What is wrong once all points have what they are to have."""
    try:
        overridden(study, settings)
    except ScenarioError as error:
        return [_of_set(one, settings) for one in error.faults]
    return []


def _of_set(fault: Fault, settings: Mapping[str, Any]) -> Fault:
    """A fault by the key of ``set`` that it is of, where it is of one."""
    known = next((key for key in settings if _is_of(fault.key, key)), None)
    if known is None:
        return Fault(f"set: {fault.key}", fault.value, fault.problem, fault.cure)
    where = "" if known == fault.key else f"{fault.key} "
    return Fault(f"set.{known}", fault.value, f"{where}{fault.problem}", fault.cure)


def _is_of(path: str, key: str) -> bool:
    """Whether a fault's path is that of a key, of an entry of it or of what is below it."""
    start = key.split("[]")[0]
    return path == key or path.startswith((f"{start}.", f"{start}["))


def _own_values(draft: SweepInFile, base: Study) -> list[Fault]:
    """Lines go through the scenario's own values, which the keys of an axis must have alike."""
    if not draft.lines:
        return []
    document, faults = document_of(base), []
    for number, axis in enumerate(draft.axes):
        found = [value for key in axis.keys for value in values_at(document, key)]
        if len({repr(plain(value)) for value in found}) != 1:
            problem = "the scenario has no value to go through"
            if found:
                listed = ", ".join(shown(value) for value in found)
                problem = f"the scenario has different values at these keys: {listed}"
            cure = "Give them one value in [set], or use one axis a key."
            faults.append(Fault(f"axes[{number}].keys", list(axis.keys), problem, cure))
    return faults


def _studies(sweep: Sweep, tell: Progress) -> tuple[list[Study], list[Fault]]:
    """The study of every place, and what is wrong with them; seeds make no difference."""
    studies, found = [], defaultdict[Fault, list[Place]](list)
    for done, place in enumerate(sweep.places, start=1):
        try:
            studies.append(overridden(sweep.base, sweep.changes_at(place)))
        except ScenarioError as error:
            for one in error.faults:
                value = shown(one.value) if isinstance(one.value, (list, dict)) else one.value
                found[Fault(one.key, value, one.problem, one.cure)].append(place)
        tell(done / len(sweep.places))
    faults = [told for fault, places in found.items() for told in _blamed(sweep, fault, places)]
    return studies, faults


def _needs(plan: SweepInFile, studies: Sequence[Study]) -> Needs:
    """What all points take, every study with every seed."""
    if plan.measure == "run":
        memory = [sum(memory_of(study).values()) for study in studies]
        disk = sum(sum(disk_of(study).values()) for study in studies)
    else:
        cells = (len(plan.meeting.policies) or len(HEURISTICS)) ** 2
        # payoffs, scores and custody of both sides, as played and over both seats; then resamples
        numbers = cells * (12 * plan.meeting.episodes + 4 * plan.meeting.resamples)
        memory, disk = [8.0 * numbers], POINT_BYTES * len(studies)
    scenarios = [study.scenario for study in studies]
    own = max(one.memory_bytes - one.shared_bytes for one in scenarios)
    return Needs(
        memory_bytes=max(memory),
        world_bytes=own - PROGRAM_BYTES,
        tables_bytes=max(one.shared_bytes for one in scenarios),
        disk_bytes=disk * len(plan.seeds),
        games=len({geometry_hash(one) for one in scenarios}),
    )


def _blamed(sweep: Sweep, fault: Fault, places: Sequence[Place]) -> Iterator[Fault]:
    """A fault of points, said of the values that have it wherever they stand."""
    left = list(places)
    for number, axis in enumerate(sweep.plan.axes):
        if not any(_is_of(fault.key, key) for key in axis.keys):
            continue
        for order, value in enumerate(axis.values):
            having = [place for place in sweep.places if plain(place[number]) == plain(value)]
            if having and all(place in places for place in having):
                problem = f"{fault.key} {fault.problem}"
                yield Fault(f"axes[{number}].values[{order}]", fault.value, problem, fault.cure)
                left = [place for place in left if place not in having]
    if left:
        more = f", and {len(left) - 1} more" if len(left) > 1 else ""
        problem = f"{fault.key} {fault.problem}"
        at = f"the point {sweep.words_at(left[0])}{more}"
        yield Fault(at, fault.value, problem, fault.cure)
