"""Catalogue files in; element sets and a list of everything that could not be used out."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path

from ssa_psro.catalogs.element_set import ElementSet, canonical_id, identities, shared_ids
from ssa_psro.catalogs.records import (
    Accepted,
    CatalogFile,
    Record,
    RecordError,
    Rejected,
    plain_name,
)
from ssa_psro.errors import CatalogError, Fault, did_you_mean
from ssa_psro.inputs.opening import in_words, read_bytes, unpacked

LARGEST_FILE_BYTES = 500_000_000
"""Ten times the whole public catalogue as XML; anything beyond this is some other file."""

LONGEST_PREFACE = 1_000_000
"""Characters in which a file has to show its format."""
MOST_DAMAGED = 100_000
"""Records; three times as many as there are objects in the whole public catalogue."""

GZIP = b"\x1f\x8b"
"""How a file begins that is compressed."""
PACKED = {
    b"PK\x03\x04": "zip",
    b"BZh": "bzip2",
    b"\xfd7zXZ": "xz",
    b"7z\xbc\xaf": "7z",
    b"\x28\xb5\x2f\xfd": "zstd",
}
"""The same of other programs, which are told but not read."""

PLAIN: dict[int, str | None] = {
    **dict.fromkeys((0xA0, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000), " "),
    0x2212: "-",
    **dict.fromkeys((0xAD, 0x200B, 0x200E, 0x200F, 0x2060, 0xFEFF), None),
}
"""What text copied from web pages and joined files has instead of spaces, minus and nothing."""

OWN_NUMBER = "Give it a number of its own if it is another object."
CHECK = "Check that it is a catalogue."

Span = tuple[datetime, datetime]
Reader = Callable[[str], Iterator[Record]]

FORMATS: dict[str, tuple[str, str, re.Pattern[str]]] = {
    "omm-xml": (
        "ssa_psro.catalogs.omm_formats",
        "read_omm_xml",
        re.compile(r"(?i)<(?:\w+:)?omm[\s>]"),
    ),
    "omm-json": (
        "ssa_psro.catalogs.omm_json",
        "read_omm_json",
        re.compile(r'"[A-Za-z_0-9]+"\s*:'),
    ),
    "omm-kvn": (
        "ssa_psro.catalogs.omm_formats",
        "read_omm_kvn",
        re.compile(
            r"(?i)^[ \t]*(?:CCSDS_OMM_VERS|OBJECT_NAME|EPOCH|MEAN_MOTION)[ \t]*=", re.MULTILINE
        ),
    ),
    "omm-csv": (
        "ssa_psro.catalogs.omm_formats",
        "read_omm_csv",
        re.compile(
            r"(?i)^(?=(?:.*[,;\t|])?[ \"]*(?:EPOCH|MEAN_MOTION|ECCENTRICITY)[ \"]*(?:[,;\t|]|$))"
            r"(?:[^,;\t|\n]*[,;\t|]){6}",
            re.MULTILINE,
        ),
    ),
    "tle": (
        "ssa_psro.catalogs.tle",
        "read_tle",
        re.compile(r"^[ \t]*[12] (?:[ A-Z0-9][ 0-9]{3}[0-9]|.{58})", re.MULTILINE),
    ),
}
"""Every format: module and name of its reader, and what gives it away. The first match is it."""

SUPPORTED = "Use TLE (two or three lines), or OMM in JSON, CSV, XML or KVN."


def read_catalog(path: str | Path, near: Span | None = None) -> CatalogFile:
    """The element sets in the file at ``path``; its format is found from its content.

    1. Every record is read and checked on its own; one that is damaged does not touch the next.
    2. Of several records of one object (by ``identities``) one is kept: the nearest, or the newest.
    3. Whatever is not kept is in ``rejected``, with its place, its problem and a cure.

    Args:
        path: a text file, as downloaded; it may be compressed by gzip.
        near: first and last instant that the epoch of what is kept is nearest to, or in which it is
            the newest; the newest of all is kept, if not given.

    Raises:
        CatalogError: the file is missing, empty, too large or of no known format, or nearly all of
            it is damaged.
    """
    path = Path(path)
    text = read_text(path)
    kind = _format_of(path, text)
    module, name, _ = FORMATS[kind]
    reader: Reader = getattr(import_module(module), name)
    try:
        records = _settled(_within_limits(reader(text)), near)
    except RecordError as damage:
        raise _unusable(path, damage.problem, damage.cure) from None
    if not records:
        raise _unusable(path, "holds no element sets that can be found", SUPPORTED)
    accepted = [record for record in records if isinstance(record, Accepted)]
    return CatalogFile(
        path=path,
        format=kind,
        accepted=tuple(record.element_set for record in accepted),
        rejected=tuple(record for record in records if isinstance(record, Rejected)),
        places=tuple(record.place for record in accepted),
    )


def read_text(path: Path) -> str:
    """The text of a file, with plain line ends and spaces; bytes that are not UTF-8 are marked.

    Raises:
        CatalogError: the file is missing, empty, too large, or cannot be read.
    """
    try:
        content = read_bytes(path, LARGEST_FILE_BYTES)
        if content.startswith(GZIP):
            content = unpacked(content, LARGEST_FILE_BYTES)
    except FileNotFoundError:
        raise _not_found(path) from None
    except IsADirectoryError as error:
        raise _unusable(path, in_words(error), "Name a file inside it.") from None
    except OSError as error:
        raise _unusable(path, in_words(error), CHECK) from None
    for mark, kind in PACKED.items():
        if content.startswith(mark):
            raise _unusable(path, f"is compressed ({kind})", "Unpack it first.")
    if content[257:262] == b"ustar":
        raise _unusable(path, "is an archive (tar)", "Unpack it first.")
    # some shells redirect downloads into UTF-16
    utf16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    text = content.decode("utf-16" if utf16 else "utf-8-sig", errors="replace")
    if not text.strip():
        raise _unusable(path, "is empty", "Download it again.")
    text = text.rstrip("\0\x1a")  # how old systems end files
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(PLAIN)


def _format_of(path: Path, text: str) -> str:
    head = text[:LONGEST_PREFACE]
    for kind, (_, _, sign) in FORMATS.items():
        if sign.search(head):
            return kind
    begins = plain_name(text[:200])[:40]
    problem = f"holds no element sets of a known format (it begins with {begins!r})"
    raise _unusable(path, problem, SUPPORTED)


def _within_limits(records: Iterable[Record]) -> list[Record]:
    """All records. Raises ``RecordError`` where more of them are damaged than a file can mean."""
    found, damaged = [], 0
    for record in records:
        found.append(record)
        damaged += isinstance(record, Rejected)
        if damaged > MOST_DAMAGED:
            first = next(one for one in found if isinstance(one, Rejected))
            problem = f"has more than {MOST_DAMAGED} damaged records, such as {first.place}: "
            raise RecordError(problem + first.problem, CHECK)
    return found


def _settled(records: list[Record], near: Span | None) -> list[Record]:
    """``records``, with all but the best of each object rejected."""
    accepted = [record for record in records if isinstance(record, Accepted)]
    shared = shared_ids([record.element_set for record in accepted])
    accepted = [_marked(record, shared) for record in accepted]
    used: dict[str, Accepted] = {}
    keys = identities([record.element_set for record in accepted])
    for key, record in zip(keys, accepted, strict=True):
        best = used.setdefault(key, record)
        if better(record.element_set, best.element_set, near):
            used[key] = record
    settled = iter(
        [_or_superseded(one, used[key]) for key, one in zip(keys, accepted, strict=True)]
    )
    return [next(settled) if isinstance(record, Accepted) else record for record in records]


def better(one: ElementSet, other: ElementSet, near: Span | None) -> bool:
    """Whether an element set is nearer to a span than another, or as near and newer."""
    away, other_away = _away(one, near), _away(other, near)
    return one.epoch > other.epoch if away == other_away else away < other_away


def _away(one: ElementSet, near: Span | None) -> timedelta:
    """How long before or after a span the epoch is; nothing within it."""
    if near is None:
        return timedelta(0)
    return max(near[0] - one.epoch, one.epoch - near[1], timedelta(0))


def why_better(used: ElementSet, one: ElementSet) -> str:
    """What the element set that is used has, and the other one has not."""
    if one.epoch == used.epoch:
        return "the same epoch"
    return "a newer epoch" if used.epoch > one.epoch else "an epoch nearer to the window"


def _marked(record: Accepted, shared: Collection[str]) -> Accepted:
    """``record``, knowing whether its id is shared: later nobody sees all that bore it."""
    one = record.element_set
    if canonical_id(one.catalog_id) not in shared:
        return record
    return replace(record, element_set=replace(one, shares_id=True))


def _or_superseded(record: Accepted, used: Accepted) -> Record:
    """``record``, or why another one of its object is used."""
    if record is used:
        return record
    one = record.element_set
    problem, cure = superseded(used.element_set, used.place, one)
    return Rejected(record.place, one.name, one.catalog_id, problem, cure)


def superseded(used: ElementSet, where: str, one: ElementSet) -> tuple[str, str]:
    """Why ``used``, which stands somewhere else, is used instead of ``one``; and what to do."""
    problem = f"duplicate id: {where} has {why_better(used, one)}"
    if used.epoch == one.epoch and not used.flies_as(one):
        return f"{problem}, and another orbit", OWN_NUMBER
    if used.name == one.name:
        return problem, "Nothing: that one is used."
    return f"{problem}, as {used.name}", OWN_NUMBER


def _unusable(path: Path, problem: str, cure: str) -> CatalogError:
    return CatalogError(str(path), [Fault("the file", None, problem, cure)])


def _not_found(path: Path) -> CatalogError:
    """A missing file, with the nearest name in its folder."""
    if not path.parent.is_dir():
        return _unusable(path, f"no such folder: {path.parent}", "Check the path.")
    names = [file.name for file in path.parent.iterdir() if file.is_file()]
    cure = did_you_mean(path.name, names) if len(names) in range(1, 50) else "Check the path."
    return _unusable(path, "no such file", cure)
