"""Catalogue files in; element sets and a list of everything that could not be used out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from pathlib import Path

from ssa_psro.catalogs.element_set import identity
from ssa_psro.catalogs.records import Accepted, CatalogFile, Record, RecordError, Rejected
from ssa_psro.errors import CatalogError, Fault, did_you_mean

LARGEST_FILE_BYTES = 500_000_000
"""Ten times the whole public catalogue as XML; anything beyond this is some other file."""

Reader = Callable[[str], Iterator[Record]]

FORMATS: dict[str, tuple[str, str, re.Pattern[str]]] = {
    "omm-xml": ("ssa_psro.catalogs.omm_formats", "read_omm_xml", re.compile(r"<(?:\w+:)?omm[\s>]")),
    "omm-json": ("ssa_psro.catalogs.omm_formats", "read_omm_json", re.compile(r'"[A-Z_]+"\s*:')),
    "omm-kvn": (
        "ssa_psro.catalogs.omm_formats",
        "read_omm_kvn",
        re.compile(r"^[ \t]*(?:CCSDS_OMM_VERS|OBJECT_NAME|EPOCH|MEAN_MOTION)[ \t]*=", re.MULTILINE),
    ),
    "omm-csv": (
        "ssa_psro.catalogs.omm_formats",
        "read_omm_csv",
        re.compile(r"^(?=.*(?:EPOCH|MEAN_MOTION|ECCENTRICITY))(?:[^,\n]*,){6}", re.MULTILINE),
    ),
    "tle": (
        "ssa_psro.catalogs.tle",
        "read_tle",
        re.compile(r"^ ?[12] (?:[ A-Z0-9][ 0-9]{3}[0-9]|.{58})", re.MULTILINE),
    ),
}
"""Every format: module and name of its reader, and what gives it away. The first match is it."""

SUPPORTED = "Use TLE (two or three lines), or OMM in JSON, CSV, XML or KVN."


def read_catalog(path: str | Path) -> CatalogFile:
    """The element sets in the file at ``path``; its format is found from its content.

    1. Every record is read and checked on its own; one that is damaged does not touch the next.
    2. Of several records of one object (by ``identity``) the one with the newest epoch is kept.
    3. Whatever is not kept is in ``rejected``, with its place, its problem and a cure.

    Args:
        path: a text file, as downloaded.

    Raises:
        CatalogError: the file is missing, empty, too large, or of no known format.
    """
    path = Path(path)
    text = read_text(path)
    kind = _format_of(path, text)
    module, name, _ = FORMATS[kind]
    reader: Reader = getattr(import_module(module), name)
    try:
        records = _newest(reader(text))
    except RecordError as damage:
        raise _unusable(path, damage.problem, damage.cure) from None
    accepted = [record for record in records if isinstance(record, Accepted)]
    return CatalogFile(
        path=path,
        format=kind,
        accepted=tuple(record.element_set for record in accepted),
        rejected=tuple(record for record in records if isinstance(record, Rejected)),
        places=tuple(record.place for record in accepted),
    )


def read_text(path: Path) -> str:
    """The text of a file, with plain line ends; bytes that are not UTF-8 are marked, not fatal.

    Raises:
        CatalogError: the file is missing, empty, too large, or cannot be read.
    """
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE_BYTES + 1)
    except FileNotFoundError:
        raise _not_found(path) from None
    except IsADirectoryError:
        raise _unusable(path, "is a folder, not a file", "Name a file inside it.") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise _unusable(path, f"cannot be read: {reason}", "Check the path.") from None
    if len(content) > LARGEST_FILE_BYTES:
        problem = f"is larger than {LARGEST_FILE_BYTES // 10**6} MB"
        raise _unusable(path, problem, "Split it, or check that it is a catalogue.")
    # some shells redirect downloads into UTF-16
    utf16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    text = content.decode("utf-16" if utf16 else "utf-8-sig", errors="replace")
    if not text.strip():
        raise _unusable(path, "is empty", "Download it again.")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _format_of(path: Path, text: str) -> str:
    for kind, (_, _, sign) in FORMATS.items():
        if sign.search(text):
            return kind
    raise _unusable(path, "holds no element sets of a known format", SUPPORTED)


def _newest(records: Iterable[Record]) -> list[Record]:
    """``records``, with all but the newest of each object rejected."""
    kept: dict[str, int] = {}
    sorted_out: list[Record] = []
    for record in records:
        if isinstance(record, Accepted):
            key = identity(record.element_set)
            earlier = kept.setdefault(key, len(sorted_out))
            if earlier < len(sorted_out):
                record = _settle(sorted_out, earlier, record)
                if isinstance(record, Accepted):
                    kept[key] = len(sorted_out)
        sorted_out.append(record)
    return sorted_out


def _settle(records: list[Record], earlier: int, later: Accepted) -> Record:
    """Reject the older of two records of one object: in its place, or by what is returned."""
    first = records[earlier]
    assert isinstance(first, Accepted)
    if later.element_set.epoch > first.element_set.epoch:
        records[earlier] = _superseded(first, later)
        return later
    return _superseded(later, first)


def _superseded(older: Accepted, newer: Accepted) -> Rejected:
    one = older.element_set
    same = one.epoch == newer.element_set.epoch
    problem = f"duplicate id: {newer.place} has {'the same' if same else 'a newer'} epoch"
    return Rejected(older.place, one.name, one.catalog_id, problem, "Nothing: that one is used.")


def _unusable(path: Path, problem: str, cure: str) -> CatalogError:
    return CatalogError(str(path), [Fault("the file", None, problem, cure)])


def _not_found(path: Path) -> CatalogError:
    """A missing file, with the nearest name in its folder."""
    if not path.parent.is_dir():
        return _unusable(path, f"no such folder: {path.parent}", "Check the path.")
    names = [file.name for file in path.parent.iterdir() if file.is_file()]
    cure = did_you_mean(path.name, names) if len(names) in range(1, 50) else "Check the path."
    return _unusable(path, "no such file", cure)
