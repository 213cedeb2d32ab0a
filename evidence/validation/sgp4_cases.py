"""Published verification cases of SGP4, through this package's reader and propagation.

Vallado, Crawford, Hujsak and Kelso, "Revisiting Spacetrack Report #3", AIAA 2006-6753: 33 element
sets and their TEME positions. Both files come inside the ``sgp4`` package, which is installed with
this one, so they are not copied.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from evidence.validation.figures import Figure
from ssa_psro.catalogs.checks import teme_positions_km
from ssa_psro.catalogs.records import Accepted, Record
from ssa_psro.catalogs.tle import read_tle

REFERENCE = "AIAA 2006-6753"
LINE_LENGTH = 69
"""Longer lines of the cases carry the times to try."""


class Case(NamedTuple):
    """One element set and its published path.

    Attributes:
        record: what the reader makes of the element set.
        minutes: ``[T]`` after the epoch, whole seconds in all cases.
        positions_km: ``[T, 3]``, TEME.
    """

    record: Record
    minutes: NDArray[np.float64]
    positions_km: NDArray[np.float64]


def cases() -> list[Case]:
    """All cases in their published order."""
    folder = files("sgp4")
    lines = folder.joinpath("SGP4-VER.TLE").read_text("ascii").splitlines()
    elements = [line[:LINE_LENGTH] for line in lines if line[:2] in ("1 ", "2 ")]
    records = [
        next(iter(read_tle("\n".join(pair))))
        for pair in zip(elements[::2], elements[1::2], strict=True)
    ]
    paths = list(_paths(folder.joinpath("tcppver.out").read_text("ascii")))
    return [
        Case(record, path[:, 0], path[:, 1:4]) for record, path in zip(records, paths, strict=True)
    ]


def _paths(text: str) -> Iterator[NDArray[np.float64]]:
    """Minutes and positions ``[T, 4]`` of each case; a line that ends in ``xx`` begins one."""
    rows: list[list[float]] = []
    for line in [*text.splitlines()[1:], "xx"]:
        if line.rstrip().endswith("xx"):
            yield np.array(rows)
            rows = []
        else:
            rows.append([float(number) for number in line.split()[:4]])


def measure(folder: Path) -> list[Figure]:
    """The largest distance from a published position, and how many cases can be used."""
    published = cases()
    usable = [case for case in published if isinstance(case.record, Accepted)]
    errors_mm = np.concatenate([1e6 * _errors_km(case) for case in usable])
    subject = "33 published cases"
    return [
        Figure(subject, "read without complaint", len(usable), "", REFERENCE, 29, 33),
        Figure(subject, "positions compared", len(errors_mm), "", REFERENCE, low=500),
        Figure(subject, "largest error", float(errors_mm.max()), "mm", REFERENCE, high=10.0),
        Figure(subject, "median error", float(np.median(errors_mm)), "mm", REFERENCE, high=1.0),
    ]


def _errors_km(case: Case) -> NDArray[np.float64]:
    assert isinstance(case.record, Accepted)
    element_set = case.record.element_set
    # some cases follow an object into the air, to the surface
    times_s = 60.0 * case.minutes
    found = teme_positions_km([element_set], element_set.epoch, times_s, lowest_km=0.0)[:, 0]
    return np.asarray(np.linalg.norm(found - case.positions_km, axis=1))
