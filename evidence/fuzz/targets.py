"""The readers, each as a function of the bytes of a file.

A target returns when the bytes are read, or refused as users are told of it. Any other exception
is a fault of ours.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Final
from zipfile import ZipFile

from ssa_psro.catalogs import read_catalog
from ssa_psro.catalogs.particulars import read_attributes, read_forecasts
from ssa_psro.errors import Fault, InputError, UsageError
from ssa_psro.experiments.plan_reading import load_plan
from ssa_psro.experiments.running import read_manifest, read_rows
from ssa_psro.geometry.cache import load_tables
from ssa_psro.inputs.array_files import StoredArrays
from ssa_psro.inputs.documents import parse_document
from ssa_psro.inputs.files import unpacked_weights
from ssa_psro.metagame.payoffs import PayoffTable
from ssa_psro.psro import IterationRecord
from ssa_psro.study import load_study, open_run
from ssa_psro.study.audit.document import read_audit
from ssa_psro.study.audit.storage import Answer
from ssa_psro.study.folder import Manifest, MemberFile
from ssa_psro.study.outcome import Solution
from ssa_psro.study.policies import restore
from ssa_psro.study.study import parse_study_json
from ssa_psro.trace.files import load_trace

ROOT: Final = Path(__file__).parents[2]
CORPUS: Final = ROOT / "tests/inputs/corpus"
FOLDER: Final = ROOT / "tests/study/folders/format-3"
DOCUMENTS: Final = (Manifest, IterationRecord, MemberFile, Solution, Answer)
TABLE_SHAPES: Final = {"position_km": (2, 3, 3), "quality": (2, 3), "denial": (2, 3)}
PAYOFFS: Final = ("rows", "columns", "seeds", "samples", "scores")
END: Final = b"\n--\n"
"""Between the parts of a file that stands for several."""

Target = Callable[[bytes, Path], object]
"""The bytes of a file, and where it may be written."""


def scenario(content: bytes, path: Path) -> object:
    """A scenario file, with the study in it."""
    return load_study(_written(content, path))


def scenario_json(content: bytes, path: Path) -> object:
    """The scenario in a run folder."""
    return parse_study_json(content.decode(errors="replace"), str(path))


def plan(content: bytes, path: Path) -> object:
    """An experiment file."""
    return load_plan(_written(content, path))


def experiment(content: bytes, path: Path) -> object:
    """The manifest of an experiment, or its results."""
    _written(content, path)
    return read_manifest(path) if content.startswith(b"{") else list(read_rows(path))


def document(content: bytes, path: Path) -> object:
    """A record of a run folder; the first byte says which."""
    faults: list[Fault] = []
    kind = DOCUMENTS[content[0] % len(DOCUMENTS)] if content else Manifest
    return parse_document("the file", content[1:], kind, faults)


def arrays(content: bytes, path: Path) -> object:
    """The bytes of an ``.npz`` file."""
    return _or_oserror(lambda: dict(StoredArrays(content, 10_000_000)))


def members(content: bytes, path: Path) -> object:
    """What is in an ``.npz`` file, in an archive that is sound; the first byte says which.

    Payoffs of which every array is another, or a trace of which one array is.
    """
    number, rest = content[0] if content else 0, content[1:]
    if not number:
        stored = dict(zip(PAYOFFS, rest.split(END), strict=False))
    else:
        stored = dict(_trace_members())
        stored[list(stored)[number % len(stored)]] = rest
    with ZipFile(path, "w") as archive:
        for name, member in stored.items():
            archive.writestr(f"{name}.npy", member)
    if number:
        return load_trace(path)
    return _or_oserror(lambda: PayoffTable.from_arrays(StoredArrays(path.read_bytes(), 10**7)))


def trace(content: bytes, path: Path) -> object:
    """A recorded episode."""
    return load_trace(_written(content, path))


def weights(content: bytes, path: Path) -> object:
    """The parameters of a network."""
    return _or_oserror(lambda: unpacked_weights(content))


def catalog(content: bytes, path: Path) -> object:
    """A file of element sets of any format."""
    return read_catalog(_written(content, path))


def attributes(content: bytes, path: Path) -> object:
    """A table of what is known of objects."""
    return read_attributes(_written(content, path))


def forecasts(content: bytes, path: Path) -> object:
    """A table of manoeuvre windows."""
    return read_forecasts(_written(content, path))


def tables(content: bytes, path: Path) -> object:
    """Access tables in the cache."""
    return load_tables(_written(content, path), TABLE_SHAPES)


def run_folder(content: bytes, path: Path) -> object:
    """A run folder in which one file is another; the first byte says which."""
    names = _names()
    name = names[content[0] % len(names)] if content else names[0]
    folder = _copy(path.parent)
    whole = (folder / name).read_bytes()
    try:
        _written(content[1:], folder / name)
        run = open_run(folder)
        restore(run)
        return read_audit(folder)
    finally:
        _written(whole, folder / name)


TARGETS: Final[Mapping[str, Target]] = {
    one.__name__.replace("_", "-"): one
    for one in (
        scenario,
        scenario_json,
        plan,
        experiment,
        document,
        arrays,
        members,
        trace,
        weights,
        catalog,
        attributes,
        forecasts,
        tables,
        run_folder,
    )
}
"""Every reader, by name."""


def refused(target: Target, content: bytes, path: Path) -> str | None:
    """How a target refuses the bytes; ``None`` if it reads them. Raises whatever else it raises."""
    try:
        target(content, path)
    except InputError as error:
        if not error.faults:
            raise
        return str(error)
    return None


def seeds(name: str) -> list[bytes]:
    """What a search begins with: small files that are sound, and what was found to matter."""
    kept = [one.read_bytes() for one in sorted((CORPUS / name).glob("*"))]
    if name == "run-folder":
        kept += [bytes([n]) + (FOLDER / one).read_bytes() for n, one in enumerate(_names())]
    return kept


@cache
def _trace_members() -> dict[str, bytes]:
    """The ``.npy`` files of a trace, by name."""
    with ZipFile(CORPUS / "trace" / "whole") as archive:
        return {one.removesuffix(".npy"): archive.read(one) for one in archive.namelist()}


@cache
def _names() -> list[str]:
    return sorted(str(one.relative_to(FOLDER)) for one in FOLDER.rglob("*") if one.is_file())


def _copy(folder: Path) -> Path:
    """A run folder that may be changed, made once."""
    copy = folder / "run"
    if not copy.exists():
        shutil.copytree(FOLDER, copy)
    return copy


def _written(content: bytes, path: Path) -> Path:
    path.write_bytes(content)
    return path


def _or_oserror(read: Callable[[], object]) -> object:
    """What is read; those who call it tell its ``OSError`` as a fault of theirs."""
    try:
        return read()
    except OSError as error:
        raise UsageError("the file", [Fault("the file", None, str(error), "Mend it.")]) from None


def workplace() -> Path:
    """A name for files, in a folder of their own."""
    return Path(tempfile.mkdtemp(prefix="fuzz-")) / "file"
