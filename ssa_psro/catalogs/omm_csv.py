"""OMM in CSV: a line of keys, then an object a line, as CelesTrak and space-track.org do."""

from __future__ import annotations

import csv
from collections.abc import Iterator

from ssa_psro.catalogs.omm_fields import REQUIRED, omm_record, rejected
from ssa_psro.catalogs.records import Record, RecordError
from ssa_psro.errors import did_you_mean

KNOWN = {"OBJECT_NAME", "NORAD_CAT_ID", *REQUIRED}
FEWEST_KEYS = 3
"""Known keys that make a line the line of keys, so that one misspelt key is told by its name."""

COPY_AGAIN = "Copy the line again from the source."


def read_omm_csv(text: str) -> Iterator[Record]:
    """The records of a file in the order they stand in it.

    Lines are split one by one, since no value of an OMM spans lines: a quote that is never closed
    then costs one record instead of the rest of the file.

    Raises:
        RecordError: the line of keys lacks one that is required.
    """
    header: list[str] = []
    for number, line in enumerate(text.split("\n"), 1):
        values = _values(line)
        if not header and len(KNOWN.intersection(values or ())) >= FEWEST_KEYS:
            header = _header(values or [])
        elif line.strip():
            yield from _records(f"line {number}", header, line, values)


def _header(values: list[str]) -> list[str]:
    """The keys of the columns. Raises ``RecordError`` if one that is required is missing."""
    keys = [value.strip() for value in values]
    for key in REQUIRED:
        if key not in keys:
            raise RecordError(f"the line of keys lacks {key}", did_you_mean(key, keys))
    return keys


def _records(
    place: str, header: list[str], line: str, values: list[str] | None
) -> Iterator[Record]:
    """The record of a line; two that are rejected where the break between them is lost."""
    if not header:
        problem = "stands before the line of keys"
        yield rejected(place, {}, problem, "Begin the file with OBJECT_NAME,OBJECT_ID,EPOCH,...")
    elif values is None:
        labels = dict(zip(header, line.replace('"', "").split(","), strict=False))
        yield rejected(place, labels, "not CSV: a quote is out of place", COPY_AGAIN)
    elif len(values) == len(header):
        yield omm_record(place, dict(zip(header, values, strict=True)))
    else:
        problem = f"has {len(values)} values for {len(header)} keys"
        yield rejected(place, dict(zip(header, values, strict=False)), problem, COPY_AGAIN)
        if len(values) >= 2 * len(header) - 1:
            last = values[-len(header) :]
            yield rejected(place, dict(zip(header, last, strict=True)), problem, COPY_AGAIN)


def _values(line: str) -> list[str] | None:
    try:
        return next(csv.reader([line], strict=True), [])
    except csv.Error:
        return None
