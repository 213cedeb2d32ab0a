"""Catalogue files in; element sets and a list of everything that could not be used out."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path

from ssa_psro.catalogs.element_set import ElementSet, alike, identity
from ssa_psro.catalogs.records import Accepted, CatalogFile, Record, RecordError, Rejected
from ssa_psro.errors import CatalogError, Fault, did_you_mean

LARGEST_FILE_BYTES = 500_000_000
"""Ten times the whole public catalogue as XML; anything beyond this is some other file."""

GZIP = b"\x1f\x8b"
"""How a file begins that is compressed."""

SPACES = dict.fromkeys(map(ord, "\u00a0\u2007\u202f"), " ")
"""Spaces that do not break, as text copied from web pages has them."""

Span = tuple[datetime, datetime]
Reader = Callable[[str], Iterator[Record]]

FORMATS: dict[str, tuple[str, str, re.Pattern[str]]] = {
    "omm-xml": ("ssa_psro.catalogs.omm_formats", "read_omm_xml", re.compile(r"<(?:\w+:)?omm[\s>]")),
    "omm-json": (
        "ssa_psro.catalogs.omm_formats",
        "read_omm_json",
        re.compile(r'"[A-Za-z_0-9]+"\s*:'),
    ),
    "omm-kvn": (
        "ssa_psro.catalogs.omm_formats",
        "read_omm_kvn",
        re.compile(r"^[ \t]*(?:CCSDS_OMM_VERS|OBJECT_NAME|EPOCH|MEAN_MOTION)[ \t]*=", re.MULTILINE),
    ),
    "omm-csv": (
        "ssa_psro.catalogs.omm_formats",
        "read_omm_csv",
        re.compile(
            r"^(?=.*(?:EPOCH|MEAN_MOTION|ECCENTRICITY))(?:[^,;\t\n]*[,;\t]){6}", re.MULTILINE
        ),
    ),
    "tle": (
        "ssa_psro.catalogs.tle",
        "read_tle",
        re.compile(r"^ ?[12] (?:[ A-Z0-9][ 0-9]{3}[0-9]|.{58})", re.MULTILINE),
    ),
}
"""Every format: module and name of its reader, and what gives it away. The first match is it."""

SUPPORTED = "Use TLE (two or three lines), or OMM in JSON, CSV, XML or KVN."


def read_catalog(path: str | Path, near: Span | None = None) -> CatalogFile:
    """The element sets in the file at ``path``; its format is found from its content.

    1. Every record is read and checked on its own; one that is damaged does not touch the next.
    2. Of several records of one object (by ``alike``) one is kept: the nearest, or the newest.
    3. Whatever is not kept is in ``rejected``, with its place, its problem and a cure.

    Args:
        path: a text file, as downloaded; it may be compressed by gzip.
        near: first and last instant that the epoch of what is kept is nearest to, or in which it is
            the newest; the newest of all is kept, if not given.

    Raises:
        CatalogError: the file is missing, empty, too large, or of no known format.
    """
    path = Path(path)
    text = read_text(path)
    kind = _format_of(path, text)
    module, name, _ = FORMATS[kind]
    reader: Reader = getattr(import_module(module), name)
    try:
        records = _settled(reader(text), near)
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
    """The text of a file, with plain line ends and spaces; bytes that are not UTF-8 are marked.

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
    if content.startswith(GZIP):
        content = _unpacked(path, content)
    if len(content) > LARGEST_FILE_BYTES:
        problem = f"is larger than {LARGEST_FILE_BYTES // 10**6} MB"
        raise _unusable(path, problem, "Split it, or check that it is a catalogue.")
    # some shells redirect downloads into UTF-16
    utf16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    text = content.decode("utf-16" if utf16 else "utf-8-sig", errors="replace")
    if not text.strip():
        raise _unusable(path, "is empty", "Download it again.")
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(SPACES)


def _unpacked(path: Path, content: bytes) -> bytes:
    """What gzip made small, as far as a catalogue may be long."""
    try:
        return zlib.decompressobj(wbits=zlib.MAX_WBITS | 16).decompress(
            content, LARGEST_FILE_BYTES + 1
        )
    except zlib.error as error:
        raise _unusable(path, f"is damaged gzip: {error}", "Download it again.") from None


def _format_of(path: Path, text: str) -> str:
    for kind, (_, _, sign) in FORMATS.items():
        if sign.search(text):
            return kind
    raise _unusable(path, "holds no element sets of a known format", SUPPORTED)


def _settled(records: Iterable[Record], near: Span | None) -> list[Record]:
    """``records``, with all but the best of each object rejected."""
    kept: dict[str, list[int]] = {}
    sorted_out: list[Record] = []
    for record in records:
        if isinstance(record, Accepted):
            same = kept.setdefault(identity(record.element_set), [])
            for at, earlier in enumerate(same):
                first = sorted_out[earlier]
                assert isinstance(first, Accepted)
                if alike(first.element_set, record.element_set):
                    record = _settle(sorted_out, earlier, first, record, near)
                    if isinstance(record, Accepted):
                        same[at] = len(sorted_out)
                    break
            else:
                same.append(len(sorted_out))
        sorted_out.append(record)
    return sorted_out


def _settle(
    records: list[Record], at: int, first: Accepted, later: Accepted, near: Span | None
) -> Record:
    """Reject the worse of two records of one object: in its place, or by what is returned."""
    if better(later.element_set, first.element_set, near):
        records[at] = _superseded(first, later)
        return later
    return _superseded(later, first)


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


def _superseded(worse: Accepted, used: Accepted) -> Rejected:
    one = worse.element_set
    problem = f"duplicate id: {used.place} has {why_better(used.element_set, one)}"
    return Rejected(worse.place, one.name, one.catalog_id, problem, "Nothing: that one is used.")


def _unusable(path: Path, problem: str, cure: str) -> CatalogError:
    return CatalogError(str(path), [Fault("the file", None, problem, cure)])


def _not_found(path: Path) -> CatalogError:
    """A missing file, with the nearest name in its folder."""
    if not path.parent.is_dir():
        return _unusable(path, f"no such folder: {path.parent}", "Check the path.")
    names = [file.name for file in path.parent.iterdir() if file.is_file()]
    cure = did_you_mean(path.name, names) if len(names) in range(1, 50) else "Check the path."
    return _unusable(path, "no such file", cure)
