"""Whether a run folder is what was written: a chain of checksums, and nothing but files in it.

Documents and arrays end in a checksum of their own (:mod:`ssa_psro.inputs.seals`). What was written
before them, and counts from then on, stands with its checksum in their key ``sha256``: the files a
run began with in the manifest; members, and the record before, in the record that commits them;
parameters in the description of their network; the last record and the outcome in the manifest of a
finished run. The payoffs, a file that grows, are vouched for by what they say, see
:func:`payoffs_digest`.

A folder may come from a stranger: links out of it, pipes and names that lead elsewhere are refused
before anything is read or written.
"""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

import numpy as np

from ssa_psro.errors import Fault, RunFolderError
from ssa_psro.inputs.array_files import MOST_BYTES, StoredArrays
from ssa_psro.inputs.documents import (
    FROM_BACKUP,
    LARGEST_DOCUMENT_BYTES,
    parse_document,
    parse_json,
)
from ssa_psro.inputs.opening import in_words, read_bytes
from ssa_psro.inputs.seals import Seal, seal_of
from ssa_psro.metagame.payoffs import PayoffTable
from ssa_psro.study import folder as layout

D = TypeVar("D")

CHANGED = "is not the file that was written"
SEALED_SINCE = 4
"""The first format all of whose documents and arrays end in a checksum."""
PAYOFFS = "payoffs"
"""What stands in a record for the payoffs that it commits."""
LONGEST_NAME = 100
KINDS = {
    stat.S_IFLNK: "a symbolic link",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


def entries_of(folder: Path) -> Iterator[os.DirEntry[str]]:
    """Whatever lies in a folder and in those within it, by name; links are not followed.

    Others may be adding to the folder, and removing from it.
    """
    for entry in sorted(os.scandir(folder), key=lambda one: one.name):
        yield entry
        if entry.is_dir(follow_symlinks=False):
            with suppress(FileNotFoundError):
                yield from entries_of(Path(entry.path))


def refuse_traps(folder: Path) -> None:
    """Let a folder hold files and folders only: a link would be written through, a pipe waited for.

    Raises:
        RunFolderError: it holds anything else; with every fault.
    """
    faults = []
    for entry in entries_of(folder):
        if entry.is_file(follow_symlinks=False) or entry.is_dir(follow_symlinks=False):
            continue
        with suppress(FileNotFoundError):
            mode = entry.stat(follow_symlinks=False).st_mode
            what = KINDS.get(stat.S_IFMT(mode), "something else")
            cure = "Remove it, or put a copy of the file in its place."
            key = Path(entry.path).relative_to(folder).as_posix()
            faults.append(Fault(key, None, f"is {what}, not a file", cure))
    if faults:
        raise RunFolderError(str(folder), faults)


def is_plain(name: str) -> bool:
    """Whether a member's name is fit for a file: one in the folder it is meant for."""
    apart = any(one in name for one in "/\\\0")
    return bool(name) and len(name) <= LONGEST_NAME and not name.startswith(".") and not apart


def payoffs_digest(table: PayoffTable) -> str:
    """Checksum of payoffs (hex): of names, seeds and every number, however they are stored."""
    whole = sha256()
    for name, array in sorted(table.to_arrays().items()):
        plain = np.ascontiguousarray(array)
        whole.update(f"{name} {plain.dtype.str} {plain.shape} ".encode())
        whole.update(plain.tobytes())
    return whole.hexdigest()


@dataclass
class FolderReader:
    """Reads the files of one run folder, and notes what is wrong with them.

    Attributes:
        folder: where they are.
        sealed: whether documents and arrays must end in a checksum.
        faults: found so far.
        vouched: checksums (hex) that files must have, by path.
        found: checksums that files have, by path, of those that were read.
    """

    folder: Path
    sealed: bool = False
    faults: list[Fault] = field(default_factory=list)
    vouched: dict[str, str] = field(default_factory=dict)
    found: dict[str, str] = field(default_factory=dict)

    def key(self, path: Path) -> str:
        """What a file is called: its path in the folder."""
        return path.relative_to(self.folder).as_posix()

    def blame(self, path: Path, problem: str, value: object = None) -> None:
        """Note a fault of a file."""
        self.faults.append(Fault(self.key(path), value, problem, FROM_BACKUP))

    def content(self, path: Path) -> bytes | None:
        """The bytes of a file; ``None``, and a fault, if it is missing or was changed."""
        try:
            content = read_bytes(path, MOST_BYTES, self.folder)
        except OSError as error:
            missing = isinstance(error, FileNotFoundError)
            self.blame(path, "is missing" if missing else in_words(error))
            return None
        key, digest = self.key(path), sha256(content).hexdigest()
        self.found[key] = digest
        if self.vouched.get(key, digest) == digest:
            return content
        self.blame(path, CHANGED)
        return None

    def sealed_content(self, path: Path) -> bytes | None:
        """The same of a file that ends in its checksum."""
        content = self.content(path)
        seal = Seal.WHOLE if content is None else seal_of(content)
        if seal == Seal.BROKEN or (seal == Seal.NONE and self.sealed):
            self.blame(path, CHANGED)
            return None
        return content

    def document(self, path: Path, kind: type[D]) -> D | None:
        """The dataclass instance in a JSON file, and what it vouches for."""
        content = self.sealed_content(path)
        if content is None:
            return None
        document = parse_document(self.key(path), content, kind, self.faults)
        if document is not None:
            self.vouch(json.loads(content).get("sha256"))
        return document

    def arrays(self, path: Path, most_bytes: int = MOST_BYTES) -> StoredArrays | None:
        """The arrays in an ``.npz`` file, none of them unpacked yet.

        Raises:
            OSError: it is damaged, or would unpack to more than ``most_bytes``.
        """
        content = self.sealed_content(path)
        return None if content is None else StoredArrays(content, most_bytes)

    def vouch(self, digests: object) -> None:
        """Note which checksums files must have; those that were read already are looked at."""
        for key, digest in digests.items() if isinstance(digests, Mapping) else ():
            if self.found.get(key, digest) != digest:
                self.faults.append(Fault(key, None, CHANGED, FROM_BACKUP))
            self.vouched[key] = digest


def reader_of(folder: Path) -> FolderReader:
    """A reader of a folder that asks for as many checksums as the folder's format has."""
    found = format_of(folder / layout.MANIFEST)
    return FolderReader(folder, sealed=found is None or found >= SEALED_SINCE)


def format_of(path: Path) -> int | None:
    """The format that a JSON file names; ``None`` where it names none."""
    try:
        document = parse_json(read_bytes(path, LARGEST_DOCUMENT_BYTES, path.parent))
    except (OSError, ValueError):
        return None  # what is wrong with it is told where it is read
    found = document.get("format") if isinstance(document, dict) else None
    return found if type(found) is int else None
