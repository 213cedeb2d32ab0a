"""The keys of an Orbit Mean-Elements Message, whatever notation it came in (CCSDS 502.0-B-3, 4.2).

Readers of JSON, CSV, XML and KVN hand on texts by key; what they mean is decided here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from ssa_psro.catalogs.checks import DOWNLOAD, QUANTITIES, checked
from ssa_psro.catalogs.element_set import ElementSet, whole
from ssa_psro.catalogs.records import Accepted, Record, RecordError, Rejected, decimal, plain_name
from ssa_psro.errors import did_you_mean

Fields = Mapping[str, object]
"""Texts by key; a value of another type is a fault of that record."""

FIXED = {
    "CENTER_NAME": ("EARTH",),
    "REF_FRAME": ("TEME", "TEMEOFDATE"),
    "TIME_SYSTEM": ("UTC",),
    "MEAN_ELEMENT_THEORY": ("SGP4", "SGP/SGP4"),
    "EPHEMERIS_TYPE": ("0", "2"),
}
"""Keys with one meaning SGP4 can follow; where they are left out, that is what is meant.

Ephemeris type 2 is SGP4; catalogues are published with 0. Types 3, 4 and 6 are other theories.
"""

LONGEST_DESIGNATOR = 20
"""Characters that are kept; published ones have at most 11."""
LABELS = ("OBJECT_NAME", "OBJECT_ID")
MOST_KEYS = 5
"""Of what is no element set, so many are told."""
UNKNOWN = "UNKNOWN"
"""International designator of what has none, where it must not be empty."""

OPTIONAL = {"MEAN_MOTION_DOT", "MEAN_MOTION_DDOT"}
"""Elements of which SGP4 makes no use."""
REQUIRED = ("EPOCH", *(one.key for one in QUANTITIES if one.key not in OPTIONAL))

CATALOG_ID = re.compile(r"[A-Z]?\d{1,20}", re.ASCII)
EPOCH = re.compile(
    r"(\d{4})-(?:(\d\d)-(\d\d)|(\d{3}))[Tt ](\d\d):(\d\d):(\d\d)(\.\d*)?"
    r"(?: ?(?:[Zz]|UTC)|([+-]\d\d(?::?\d\d)?))?",
    re.ASCII,
)


def omm_record(place: str, fields: Fields) -> Record:
    """The record in ``fields``, or why it is none."""
    try:
        return Accepted(place, checked(_element_set(fields)))
    except RecordError as damage:
        return rejected(place, fields, damage.problem, damage.cure)


def rejected(place: str, fields: Fields, problem: str, cure: str) -> Rejected:
    """A record at fault, with the name and the id that it says it has."""
    name, catalog_id = (
        plain_name(_text_or_nothing(fields, key)) for key in ("OBJECT_NAME", "NORAD_CAT_ID")
    )
    return Rejected(place, name, catalog_id, problem, cure)


def _element_set(fields: Fields) -> ElementSet:
    """Raises ``RecordError`` at the first thing wrong with a record."""
    for key, allowed in FIXED.items():
        _check_fixed(fields, key, allowed)
    designator = plain_name(_text_or_nothing(fields, "OBJECT_ID"))[:LONGEST_DESIGNATOR]
    if designator.upper() == UNKNOWN:
        designator = ""
    catalog_id = _catalog_id(fields, designator)
    elements: dict[str, Any] = {
        field: _number(fields, key, unit) for field, key, unit, _, _ in QUANTITIES
    }
    return ElementSet(
        name=plain_name(_text_or_nothing(fields, "OBJECT_NAME")) or catalog_id,
        catalog_id=catalog_id,
        designator=designator,
        epoch=omm_epoch(_text(fields, "EPOCH")),
        **elements,
    )


def _check_fixed(fields: Fields, key: str, allowed: tuple[str, ...]) -> None:
    found = whole(_text_or_nothing(fields, key).strip().upper())
    if found and found not in allowed:
        cure = f"Only {key} = {allowed[0]} can be used; ask the source for such elements."
        raise RecordError(f"unsupported {key} = {plain_name(found)}", cure)


def _catalog_id(fields: Fields, designator: str) -> str:
    """NORAD_CAT_ID, which is optional; the international designator stands in for it."""
    text = whole(_text_or_nothing(fields, "NORAD_CAT_ID").strip().upper())
    if not text and designator:
        return designator
    if not text and all(_text_or_nothing(fields, key).strip() for key in LABELS):
        return "0"  # its designator is said to be unknown: the name tells the object
    if not text and fields.keys().isdisjoint(REQUIRED):
        keys = ", ".join(plain_name(key) for key in list(fields)[:MOST_KEYS])
        raise RecordError(f"is no element set: it has {keys or 'nothing'}", DOWNLOAD)
    if not text:
        raise RecordError("neither NORAD_CAT_ID nor OBJECT_ID is there", "Add NORAD_CAT_ID.")
    if not CATALOG_ID.fullmatch(text):
        problem = f"NORAD_CAT_ID is not a catalogue number (found {text[:40]!r})"
        raise RecordError(problem, "Write digits, as in 25544 or 799501234.")
    return text.lstrip("0") or "0"


def _number(fields: Fields, key: str, unit: str) -> float:
    if key in OPTIONAL and not _text_or_nothing(fields, key).strip():
        return 0.0
    text = _text(fields, key)
    if text.endswith("]") and "[" in text:
        text, _, found = text[:-1].rpartition("[")
        _check_unit(key, found, unit)
    return decimal(text, key)


def _check_unit(key: str, found: str, unit: str) -> None:
    if found.strip().lower() not in ("", unit.lower(), "n/a"):
        cure = f"Write it in {unit or 'no unit'}."
        raise RecordError(
            f"{key} is in {plain_name(found)!r} instead of {unit or 'no unit'!r}", cure
        )


def _text(fields: Fields, key: str) -> str:
    """The text of a key that has to be there."""
    text = _text_or_nothing(fields, key).strip()
    if not text:
        known = {*REQUIRED, *OPTIONAL}
        near = [found for found in fields if found not in known]
        hint = did_you_mean(key, near) if near else ""
        cure = hint if hint.startswith("Did") else f"Add {key}."
        raise RecordError(f"{key} is missing", cure)
    return text


def _text_or_nothing(fields: Fields, key: str) -> str:
    value = fields.get(key)
    if value is None:
        return ""
    return value if isinstance(value, str) else repr(value)


WRITE_UTC = "Write UTC, as in 2026-05-30T10:07:48.556128."


def any_instant(text: str) -> datetime:
    """The instant written as in an OMM, or in ISO 8601 with another time zone; in UTC.

    Raises:
        RecordError: it is written otherwise, or names no instant.
    """
    try:
        return omm_epoch(text)
    except RecordError:
        try:
            found = datetime.fromisoformat(text)
            if found.tzinfo is not None:
                return found.astimezone(UTC)
        except (ValueError, OverflowError):
            pass
        raise


def omm_epoch(text: str) -> datetime:
    """The instant written ``2026-05-30T10:07:48.556128`` or ``2026-150T10:07:48``, in UTC.

    Raises:
        RecordError: it is written otherwise, or names no instant.
    """
    parts = EPOCH.fullmatch(text)
    if parts and (parts[9] or "").strip("+-:0"):
        raise RecordError(f"EPOCH is not in UTC (found {text[:40]!r})", WRITE_UTC)
    try:
        if not parts:
            raise ValueError
        year, month, day, of_year, hour, minute, second = (int(n or 1) for n in parts.groups()[:7])
        if second > (60 if (hour, minute) == (23, 59) else 59):
            raise ValueError
        start = datetime(year, month, day, hour, minute, tzinfo=UTC)
        # second 60 is a leap second, which days of 86,400 s do not have: it is the next second
        epoch = start + timedelta(days=of_year - 1, seconds=second)
        # rounded, since fractions may be written finer than a microsecond
        epoch += timedelta(microseconds=round(float(f"0{parts[8] or '.'}0") * 1e6))
    except (ValueError, OverflowError):
        problem = f"EPOCH is not a date and time (found {text[:40]!r})"
        raise RecordError(problem, WRITE_UTC) from None
    if (start + timedelta(days=of_year - 1)).year != year:
        raise RecordError(f"EPOCH has day {of_year} of year {year}", "Write a day of the year.")
    return epoch
