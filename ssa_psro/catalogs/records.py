"""What readers hand on: records that are sound, records that are not, and the file they form."""

from __future__ import annotations

from dataclasses import dataclass
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

    def __str__(self) -> str:
        who = " ".join(filter(None, (self.name, self.catalog_id and f"[{self.catalog_id}]")))
        return f"{self.place}: {who or 'unnamed object'}: {self.problem}. {self.cure}"


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
