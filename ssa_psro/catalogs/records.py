"""What readers hand on: records that are sound, records that are not, and the file they form."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
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
    rows = list(zip(catalog.accepted, catalog.places, problems, strict=True))
    rejected = [
        Rejected(place, one.name, one.catalog_id, problem, cure)
        for one, place, problem in rows
        if problem
    ]
    kept = keep(catalog, [one for one, _, problem in rows if not problem])
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
