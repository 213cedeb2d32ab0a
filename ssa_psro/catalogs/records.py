"""What readers hand on: records that are sound, records that are not, and the file they form.

With what all readers need for it: names that can be printed, numbers as catalogue files write them,
and where a record stands in formats in which it is not a line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from io import StringIO
from pathlib import Path

from ssa_psro.catalogs.element_set import ElementSet


@dataclass(frozen=True, slots=True)
class Rejected:
    """One record that is not used, and why.

    Attributes:
        place: where it stands in the file, such as ``line 12`` or ``record 3 (line 64)``.
        name: of the object, as far as it can be read.
        catalog_id: of the object, as far as it can be read.
        problem: what is wrong, in a few words.
        cure: what to do about it.
    """

    place: str
    name: str
    catalog_id: str
    problem: str
    cure: str

    @property
    def label(self) -> str:
        """Name and id of the object, as far as they are known."""
        named = (self.name, self.catalog_id and f"[{self.catalog_id}]")
        return " ".join(filter(None, named)) or "unnamed object"

    def __str__(self) -> str:
        return f"{self.place}: {self.label}: {self.problem}. {self.cure}"


@dataclass(frozen=True, slots=True)
class Accepted:
    """One sound record and where it stands."""

    place: str
    element_set: ElementSet


Record = Accepted | Rejected


class RecordError(Exception):
    """A record that cannot be used; one that leaves a reader concerns the whole file.

    Attributes:
        problem: what is wrong, in a few words.
        cure: what to do about it.
    """

    def __init__(self, problem: str, cure: str) -> None:
        self.problem, self.cure = problem, cure
        super().__init__(problem)


@dataclass(frozen=True)
class CatalogFile:
    """What a catalogue file holds.

    Attributes:
        path: the file.
        format: a key of ``reading.FORMATS``, such as ``omm-json``.
        accepted: the element sets that can be used, in the order of the file, one an object.
        rejected: every other record, in the order of the file.
        places: where each of ``accepted`` stands in the file.
    """

    path: Path
    format: str
    accepted: tuple[ElementSet, ...]
    rejected: tuple[Rejected, ...]
    places: tuple[str, ...]


def reject(catalog: CatalogFile, problems: Sequence[str], cure: str) -> CatalogFile:
    """``catalog`` with every accepted element set that has a problem rejected for it.

    Args:
        catalog: as read.
        problems: one for each of ``catalog.accepted``; empty where there is none.
        cure: of all of them.
    """
    rows = zip(catalog.accepted, problems, strict=True)
    return reject_each(catalog, {id(one): (problem, cure) for one, problem in rows if problem})


def reject_each(catalog: CatalogFile, reasons: Mapping[int, tuple[str, str]]) -> CatalogFile:
    """``catalog`` with element sets rejected for problems, each with its cure, by their ``id``."""
    rows = zip(catalog.accepted, catalog.places, strict=True)
    rejected = [
        Rejected(place, one.name, one.catalog_id, *reasons[id(one)])
        for one, place in rows
        if id(one) in reasons
    ]
    kept = keep(catalog, [one for one in catalog.accepted if id(one) not in reasons])
    return replace(kept, rejected=(*catalog.rejected, *rejected))


def keep(catalog: CatalogFile, wanted: Iterable[ElementSet]) -> CatalogFile:
    """``catalog`` with only those of its element sets that are wanted; the others are passed over.

    An element set is wanted as an object, not for being equal to one.
    """
    known = set(map(id, wanted))
    rows = zip(catalog.accepted, catalog.places, strict=True)
    left = [(one, place) for one, place in rows if id(one) in known]
    accepted, places = tuple(one for one, _ in left), tuple(place for _, place in left)
    return replace(catalog, accepted=accepted, places=places)


LONGEST_LINE = 100_000
"""Characters of a line of a table, and of an object in JSON."""

LONGEST = 80
"""Characters of a name that are kept; published names have at most 25."""


def plain_name(text: str) -> str:
    """``text`` in printable characters, with single spaces, and not longer than ``LONGEST``."""
    name = " ".join(text.split())
    if not name.isprintable():
        name = "".join(character for character in name if character.isprintable())
    return name[:LONGEST]


DECIMAL = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
"""Stricter than ``float``, which takes ``1_0`` and nan."""


def decimal(text: str, what: str) -> float:
    """The number that ``text`` writes; infinite where it is too large.

    Raises:
        RecordError: it writes none. ``what`` names it.
    """
    stripped = text.strip()
    if not DECIMAL.fullmatch(stripped):
        raise RecordError(
            f"{what} is not a number (found {stripped[:40]!r})", f"Write {what} as 1.25."
        )
    return float(stripped)


def lines_of(text: str) -> Iterator[tuple[int, str]]:
    """The lines of a text and their numbers from 1, one after another: all would fill a memory."""
    for number, line in enumerate(StringIO(text), 1):
        yield number, line.removesuffix("\n")


class Places:
    """Numbers the records of a text that is read from its start to its end."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._records, self._line, self._counted = 0, 1, 0

    def next(self, position: int) -> str:
        """Place of the next record, which starts at ``position``; positions must not fall."""
        self._records += 1
        self._line += self._text.count("\n", self._counted, position)
        self._counted = position
        return f"record {self._records} (line {self._line})"

    @property
    def line(self) -> int:
        """Line of the latest record, counted from 1."""
        return self._line
