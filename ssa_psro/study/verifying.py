"""Every file of a run folder, and whether it is what was written. Nothing is changed or played."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from pathlib import Path

from ssa_psro.errors import Fault, RunFolderError
from ssa_psro.inputs.documents import parse_json
from ssa_psro.inputs.files import UNFINISHED
from ssa_psro.inputs.seals import Seal, seal_of
from ssa_psro.study import folder as layout
from ssa_psro.study.audit import document as audits
from ssa_psro.study.audit.document import read_audit
from ssa_psro.study.integrity import CHANGED, FolderReader, entries_of, reader_of
from ssa_psro.study.reading import read_run, refuse_others

FREE = (layout.LOCK, layout.TURN, layout.LOG, f"{layout.REPORT}/{layout.LOCK}")
"""Files that nothing reads."""
OWN = (
    layout.WORK,
    "populations",
    layout.ITERATIONS,
    layout.PAYOFFS,
    layout.SOLUTION,
    layout.COVERAGE,
)
"""What a run writes before it counts."""


class Condition(StrEnum):
    """What is known of a file."""

    SOUND = "is what was written"
    DAMAGED = "is damaged"
    UNPROTECTED = "has no checksum"
    UNCOMMITTED = "is of work that was cut short or is under way, and does not count"
    FREE = "is free text, which nothing reads"
    FOREIGN = "is no part of the run"


@dataclass(frozen=True)
class Verified:
    """What was found in a run folder.

    Attributes:
        format: of the folder; ``None`` where it cannot be told.
        files: what is known of each, by path.
        faults: all there are; missing files are among them, but not among ``files``.
    """

    format: int | None
    files: dict[str, Condition]
    faults: tuple[Fault, ...]


def verify(folder: Path) -> Verified:
    """Read everything in a run folder once, its audits and its report too.

    Raises:
        RunFolderError: it is no run folder, of another format, or holds links or pipes.
    """
    refuse_others(folder)
    reader = reader_of(folder)
    try:
        manifest = read_run(reader).manifest.format
    except RunFolderError:
        manifest = None
    for described in sorted([*folder.glob(f"{audits.FOLDER}*/"), *folder.glob(layout.ATTACKERS)]):
        _look_at_responses(reader, described)
    listed = _look_at_report(reader)
    paths = [Path(entry.path) for entry in entries_of(folder) if entry.is_file()]
    files = {reader.key(path): _standing(reader, path, listed) for path in paths}
    return Verified(manifest, files, tuple({str(one): one for one in reader.faults}.values()))


def _look_at_responses(reader: FolderReader, folder: Path) -> None:
    """Every response that has been described, and the findings of an audit."""
    if folder.name == audits.FOLDER:
        try:
            read_audit(reader.folder)
        except RunFolderError as error:
            reader.faults += error.faults
    for path in sorted(folder.rglob("*.json")):
        content = reader.sealed_content(path)
        if content is None:
            continue
        try:
            document = parse_json(content)
        except ValueError:
            document = None
        if not isinstance(document, dict):
            reader.blame(path, CHANGED)
            continue
        digest, weights = document.get("sha256"), layout.weights_path(path)
        if isinstance(digest, str):
            reader.vouch({reader.key(weights): digest})
            reader.content(weights)


def _look_at_report(reader: FolderReader) -> set[str]:
    """What the report's list names. Its last line vouches for the others."""
    report = reader.folder / layout.REPORT
    if not (report / layout.SUMS).is_file():
        return set()
    path = report / layout.SUMS
    *lines, last = path.read_bytes().splitlines(keepends=True) or [b""]
    if last != f"# {sha256(b''.join(lines)).hexdigest()}\n".encode():
        reader.blame(path, CHANGED)
        return {reader.key(path)}
    listed = [line.decode().rstrip("\n").partition("  ") for line in lines]
    reader.vouch({f"{layout.REPORT}/{name}": digest for digest, _, name in listed})
    for _, _, name in listed:
        reader.content(report / name)
    return {reader.key(path), *(f"{layout.REPORT}/{name}" for _, _, name in listed)}


def _standing(reader: FolderReader, path: Path, listed: set[str]) -> Condition:
    key = reader.key(path)
    if any(fault.key.split(": ")[0] == key for fault in reader.faults):
        return Condition.DAMAGED
    if key in reader.vouched or key in listed:
        return Condition.SOUND
    if key in reader.found:
        whole = seal_of(path.read_bytes()) == Seal.WHOLE
        return Condition.SOUND if whole else Condition.UNPROTECTED
    if key in FREE:
        return Condition.FREE
    if key.startswith((*OWN, f"{audits.FOLDER}/")) or key.endswith(UNFINISHED):
        return Condition.UNCOMMITTED
    inside = key.startswith(f"{layout.REPORT}/") and not listed
    return (
        Condition.UNPROTECTED
        if inside or key in (layout.SOURCE, layout.SCENARIO)
        else Condition.FOREIGN
    )


def in_words(found: Verified) -> Iterator[tuple[str, str]]:
    """How many files there are of each standing, and their names where they are few."""
    for standing in Condition:
        names = [name for name, one in found.files.items() if one == standing]
        if names:
            few = f": {', '.join(names)}" if len(names) < 6 else ""
            yield f"{len(names)}", f"{standing.value}{few}"
