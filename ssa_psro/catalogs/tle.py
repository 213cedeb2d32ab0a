"""Two- and three-line element sets, the legacy format (columns: CelesTrak, *FAQs: TLE Format*).

Files may mix records with and without names, end lines in CR LF, put ``0 `` before names, and
leave blank lines. Ids of 100000 to 339999 are written in Alpha-5.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import chain, islice, pairwise
from typing import NamedTuple

from ssa_psro.catalogs.checks import checked
from ssa_psro.catalogs.element_set import ALPHA5, ElementSet
from ssa_psro.catalogs.records import (
    Accepted,
    Record,
    RecordError,
    Rejected,
    decimal,
    lines_of,
    plain_name,
)

LINE_LENGTH = 69
FIRST_YEAR = 57
"""Two-digit years from here on are of the twentieth century."""
COLUMNS = {
    "1": re.compile(r"1 .{5}. .{8} .{2}[ \d]{2}\d\.\d{8} .{10} .{8} .{8} . [ \d]{3}\d$", re.ASCII),
    "2": re.compile(
        r"2 .{5} [ \d]{3}\.\d{4} [ \d]{3}\.\d{4} \d{7} [ \d]{3}\.\d{4} [ \d]{3}\.\d{4} "
        r"[ \d]{2}\.\d{8}[ \d]{4}\d$",
        re.ASCII,
    ),
}
"""Blanks, points and digits of each line up to its check digit."""
FOREIGN_THEORIES = {"3": "PPT3", "4": "SGP4-XP", "6": "special perturbations"}
"""Ephemeris types whose elements SGP4 would misread."""

ELEMENT_LINE = re.compile(r"[12] (?:[ A-Z0-9][ 0-9]{3}[0-9]|.{58})")
CATALOG_ID = re.compile(rf" {{0,4}}\d{{1,5}}|[{ALPHA5}]\d{{4}}", re.ASCII)
LAUNCH = re.compile(r"(\d\d)(\d{3})([A-Z]{1,3})", re.ASCII)
DAY = re.compile(r"( {0,2}\d{1,3})(\.\d{1,8})?", re.ASCII)
YEAR = re.compile(r" ?\d{1,2}", re.ASCII)
ASSUMED_POINT = re.compile(r"([ +-])(\d{5})([ +-]\d)", re.ASCII)
ECCENTRICITY = re.compile(r"\d{7}", re.ASCII)

WORTH = bytes(
    int(chr(code)) if chr(code) in "123456789" else chr(code) == "-" for code in range(256)
)
"""What each character counts in a checksum."""

SIZES = re.compile(r"(?: \d+\.\d){3}(?: -?\d+\.\d.*)?$", re.ASCII)
"""Length, width and depth in metres, and a magnitude, as lists of visual observers have them."""

COPY_AGAIN = "Copy both element lines again from the source."


class Line(NamedTuple):
    """A line that is not blank, and its number counted from 1."""

    number: int
    text: str


def read_tle(text: str) -> Iterator[Record]:
    """The records of a file in the order they stand in it.

    1. A line that starts with ``1 `` or ``2 `` and goes on like one is an element line; others are
       names.
    2. A name waits for a line 1, a line 1 must be followed by a line 2.
    3. Two lines of one object the wrong way round are one rejected record.
    4. Whatever has lost its partner is rejected on its own.
    """
    lines = _lines(text)
    ahead: deque[Line | None] = deque([*islice(lines, 2)])
    name: Line | None = None
    while (line := _next(ahead, lines)) is not None:
        kind, following, after = element_line(line.text), ahead[0], ahead[1]
        if not kind:
            if name:
                yield _nameless(name)
            name = line
            continue
        if kind == "1" and following and element_line(following.text) == "2":
            _next(ahead, lines)
            yield _pair(name, line, following)
        elif kind == "2" and following and _belongs(following, line, after):
            _next(ahead, lines)
            yield _swapped(name, line)
        else:
            yield _half(name, line, kind)
        name = None
    if name:
        yield _nameless(name)


def _lines(text: str) -> Iterator[Line | None]:
    """Lines that are neither blank nor comments; then three times nothing."""
    stripped = (Line(number, line.strip()) for number, line in lines_of(text))
    filled = (line for line in stripped if line.text)
    for line, after in pairwise(chain(filled, [None])):
        if line and not _is_comment(line, after):
            yield line
    yield from (None, None, None)


def _next(ahead: deque[Line | None], lines: Iterator[Line | None]) -> Line | None:
    """The next line, while two more are seen ahead."""
    ahead.append(next(lines, None))
    return ahead.popleft()


def _is_comment(line: Line, after: Line | None) -> bool:
    """Whether a line begins with # and is not a name: ``#NAME`` right above a line 1."""
    if not line.text.startswith("#"):
        return False
    return line.text[1:2] in ("", " ", "#") or not after or element_line(after.text) != "1"


def element_line(text: str) -> str:
    """``"1"`` or ``"2"`` for an element line, nothing for anything else, such as a name."""
    return text[0] if ELEMENT_LINE.match(text) else ""


def _belongs(first: Line, second: Line, after: Line | None) -> bool:
    """Whether ``first`` is the line 1 of the line 2 before it, and not that of one ``after`` it."""
    if element_line(first.text) != "1" or first.text[2:7] != second.text[2:7]:
        return False
    return not (after and element_line(after.text) == "2" and after.text[2:7] == first.text[2:7])


def _swapped(name: Line | None, line: Line) -> Rejected:
    problem, catalog_id = "line 2 stands before line 1", line.text[2:7].strip()
    return Rejected(f"line {line.number}", _name(name), catalog_id, problem, "Swap the two lines.")


def _nameless(name: Line) -> Rejected:
    problem = "name without element lines"
    return Rejected(f"line {name.number}", _name(name), "", problem, COPY_AGAIN)


def _half(name: Line | None, line: Line, kind: str) -> Rejected:
    problem = "line 1 without a line 2" if kind == "1" else "line 2 without a line 1"
    catalog_id = line.text[2:7].strip()
    return Rejected(f"line {line.number}", _name(name), catalog_id, problem, COPY_AGAIN)


def _pair(name: Line | None, first: Line, second: Line) -> Record:
    return tle_record(f"line {first.number}", name.text if name else "", first.text, second.text)


def tle_record(place: str, name: str, first: str, second: str) -> Record:
    """The record of two element lines, or why they are none; ``name`` as it stands above them."""
    name = _plain(name)
    try:
        return Accepted(place, checked(_element_set(name, first, second)))
    except RecordError as damage:
        return Rejected(place, name, first[2:7].strip(), damage.problem, damage.cure)


def _name(line: Line | None) -> str:
    return _plain(line.text) if line else ""


def _plain(name: str) -> str:
    """A name without the mark of its line, and without the sizes that some lists put behind it."""
    return SIZES.sub("", plain_name(re.sub(r"^(?:0(?: |$)|#)", "", name)))


def _element_set(name: str, first: str, second: str) -> ElementSet:
    """Raises ``RecordError`` at the first thing wrong with the two lines."""
    if not (_lacks_check_digit(first) and _lacks_check_digit(second)):
        for number, line in ((1, first), (2, second)):
            _check_whole(line, number)
    catalog_id = _catalog_id(first)
    if _catalog_id(second) != catalog_id:
        problem = f"lines of two objects: {first[2:7].strip()} and {second[2:7].strip()}"
        raise RecordError(problem, COPY_AGAIN)
    _check_theory(first)
    return ElementSet(
        name=name or catalog_id,
        catalog_id=catalog_id,
        designator=_designator(first[9:17].strip()),
        epoch=_epoch(first[18:20], first[20:32]),
        mean_motion_rev_day=decimal(second[52:63], "mean motion"),
        eccentricity=_eccentricity(second[26:33]),
        inclination_deg=decimal(second[8:16], "inclination"),
        raan_deg=decimal(second[17:25], "right ascension of the node"),
        argument_of_perigee_deg=decimal(second[34:42], "argument of perigee"),
        mean_anomaly_deg=decimal(second[43:51], "mean anomaly"),
        bstar=_assumed_point(first[53:61], "B*"),
        mean_motion_dot=decimal(first[33:43], "derivative of mean motion"),
        mean_motion_ddot=_assumed_point(first[44:52], "second derivative of mean motion"),
    )


def _lacks_check_digit(line: str) -> bool:
    """Whether a line ends before its check digit, and everything else is where it belongs.

    One that has lost a character elsewhere is as long; only where both lines of a record are short
    and their columns fit is that how the file was written.
    """
    return len(line) == LINE_LENGTH - 1 and COLUMNS[line[0]].match(line) is not None


def _check_whole(line: str, number: int) -> None:
    if len(line) != LINE_LENGTH:
        problem = f"line {number} has {len(line)} characters instead of {LINE_LENGTH}"
        raise RecordError(problem, COPY_AGAIN)
    if line[-1] != (wanted := checksum(line)):
        problem = f"checksum of line {number} is {line[-1]!r} where its digits give {wanted}"
        raise RecordError(problem, COPY_AGAIN)


def checksum(line: str) -> str:
    """The last digit of the sum of the first 68 characters; a minus sign counts 1, letters 0."""
    # translated as bytes, all at once: a catalogue has tens of thousands of lines
    body = line[: LINE_LENGTH - 1].encode("ascii", "replace")
    return str(sum(body.translate(WORTH)) % 10)


def _catalog_id(line: str) -> str:
    field = line[2:7]
    if not CATALOG_ID.fullmatch(field):
        cure = COPY_AGAIN if field.strip() else "Write 00000 where there is no number yet."
        raise RecordError(f"{field!r} is not a catalogue number", cure)
    return field.strip().lstrip("0") or "0"


def _check_theory(line: str) -> None:
    theory = FOREIGN_THEORIES.get(line[62])
    if theory:
        raise RecordError(f"elements of {theory}, not of SGP4", "Ask the source for SGP4 elements.")


def _designator(field: str) -> str:
    """``98067A`` as ``1998-067A``; anything else as it stands."""
    launch = LAUNCH.fullmatch(field)
    return f"{_year(int(launch[1]))}-{launch[2]}{launch[3]}" if launch else plain_name(field)


def _year(two_digits: int) -> int:
    return two_digits + (1900 if two_digits >= FIRST_YEAR else 2000)


def _epoch(year_field: str, day_field: str) -> datetime:
    """Year and day of the year; eight decimals of a day are a whole number of microseconds."""
    day = DAY.fullmatch(day_field.rstrip())
    if not (day and YEAR.fullmatch(year_field)):
        found = f"{year_field}{day_field}"
        raise RecordError(f"epoch is not a year and day (found {found!r})", COPY_AGAIN)
    new_year = datetime(_year(int(year_field)), 1, 1, tzinfo=UTC)
    fraction = timedelta(microseconds=round(float(day[2] or 0.0) * 86_400e6))
    epoch = new_year + timedelta(days=int(day[1]) - 1) + fraction
    if epoch.year != new_year.year:
        raise RecordError(f"epoch has day {day_field.strip()} of year {new_year.year}", COPY_AGAIN)
    return epoch


def _eccentricity(field: str) -> float:
    if not ECCENTRICITY.fullmatch(field):
        raise RecordError(f"eccentricity is not seven digits (found {field!r})", COPY_AGAIN)
    return float(f"0.{field}")


def _assumed_point(field: str, what: str) -> float:
    """`` 21966-3`` is 0.21966e-3."""
    parts = ASSUMED_POINT.fullmatch(field)
    if not parts:
        raise RecordError(f"{what} is not like 12345-6 (found {field!r})", COPY_AGAIN)
    return float(f"{parts[1].strip()}.{parts[2]}e{parts[3].strip()}")
