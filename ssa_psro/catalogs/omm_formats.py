"""Three notations of an OMM: texts by key out of CSV, XML and KVN; ``omm_json`` is the fourth.

All follow one rule: records are cut out and read one by one, so that a damaged or cut-off one costs
no other and is told with its place.

- *CSV*: a line of keys, then an object a line, as CelesTrak and space-track.org publish it;
  separated by commas, semicolons, tabs or bars.
- *XML*: one message, or many in an NDM (CCSDS 502.0-B-3, 8; CCSDS 505.0-B). A document type
  declaration is refused, so there are no entities to expand or to fetch.
- *KVN*: ``KEY = value [unit]`` a line (CCSDS 502.0-B-3, 7.3), one message after another.

Keys may be in lower case. Reading takes a time in proportion to the length of a file, whatever is
in it: of what is damaged, no more than a record's length is looked at twice.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from itertools import chain, pairwise
from xml.parsers import expat

from ssa_psro.catalogs.omm_fields import REQUIRED, omm_record, rejected
from ssa_psro.catalogs.records import LONGEST_LINE, Places, Record, RecordError, lines_of
from ssa_psro.errors import did_you_mean
from ssa_psro.inputs.cells import as_meant

MOST_KEYS = 1000
"""Of a message; a standard one has about 40."""

KNOWN = frozenset(("OBJECT_NAME", "NORAD_CAT_ID", *REQUIRED))
"""Keys that tell a record, and come once in it."""

FEWEST_KEYS = 3
"""Known keys that make a line the line of keys, so that one misspelt key is told by its name."""

SEPARATORS = ",;\t|"
"""What may stand between the values of a table; the one that makes most keys does."""

COPY_ROW = "Copy the line again from the source."


def read_omm_csv(text: str) -> Iterator[Record]:
    """The records of a file in the order they stand in it.

    Lines are split one by one, since no value of an OMM spans lines: a quote that is never closed
    then costs one record instead of the rest of the file.

    Raises:
        RecordError: the line of keys lacks one that is required.
    """
    header: list[str] = []
    separator = ","
    for number, line in lines_of(text):
        if not header:
            separator = separator_of(line.upper(), KNOWN)
        values = split_cells(line, separator)
        # whatever stands above the keys, such as a note of where the file is from, is no record
        if not header and len(KNOWN.intersection(_keys(values))) >= FEWEST_KEYS:
            header = _header(_keys(values))
        elif line.strip():
            yield from _records(f"line {number}", header, line, separator, values)


def _keys(values: list[str] | None) -> list[str]:
    return [value.strip().upper() for value in values or ()]


def _header(keys: list[str]) -> list[str]:
    """The keys of the columns. Raises ``RecordError`` if one that is required is missing."""
    for key in REQUIRED:
        if key not in keys:
            raise RecordError(f"the line of keys lacks {key}", did_you_mean(key, keys))
    for key in KNOWN:
        if keys.count(key) > 1:
            raise RecordError(f"the line of keys has {key} twice", "Keep one of the columns.")
    return keys


def _records(
    place: str, header: list[str], line: str, separator: str, values: list[str] | None
) -> Iterator[Record]:
    """The record of a line; two that are rejected where the break between them is lost."""
    if not header:
        problem = "stands before the line of keys"
        yield rejected(place, {}, problem, "Begin the file with OBJECT_NAME,OBJECT_ID,EPOCH,...")
    elif values is None:
        labels = line[:LONGEST_LINE].replace('"', "").split(separator)
        found = dict(zip(header, labels, strict=False))
        yield rejected(place, found, f"not CSV: {why_unread(line)}", COPY_ROW)
    elif len(values) == len(header):
        yield omm_record(place, dict(zip(header, values, strict=True)))
    else:
        problem = f"has {len(values)} values for {len(header)} keys"
        yield rejected(place, dict(zip(header, values, strict=False)), problem, COPY_ROW)
        if len(values) >= 2 * len(header) - 1:
            last = values[-len(header) :]
            yield rejected(place, dict(zip(header, last, strict=True)), problem, COPY_ROW)


def separator_of(line: str, known: Collection[str]) -> str:
    """What stands between the keys of a line: whatever makes most of them known."""
    line = line[:LONGEST_LINE]
    found = {one: {key.strip(' "') for key in line.split(one)} for one in SEPARATORS}
    return max(SEPARATORS, key=lambda one: len(found[one].intersection(known)))


def split_cells(line: str, separator: str) -> list[str] | None:
    """The values in a line of a table; ``None`` where it cannot be read, see ``why_unread``."""
    if len(line) > LONGEST_LINE:
        return None
    try:
        cells = next(csv.reader([line], strict=True, delimiter=separator), [])
    except csv.Error:
        return None
    return [as_meant(cell) for cell in cells] if "'" in line else cells


def why_unread(line: str) -> str:
    """What keeps a line from being split into cells."""
    too_long = f"is longer than {LONGEST_LINE} characters"
    return too_long if len(line) > LONGEST_LINE else "a quote is out of place"


START = re.compile(r"(?i)<(?:\w+:)?omm[\s>]")
END = re.compile(r"(?i)</(?:\w+:)?omm\s*>")
XML_LABELS = re.compile(r"(?i)<(?:\w+:)?(OBJECT_NAME|NORAD_CAT_ID)>([^<]*)<")
MEND_XML = "Mend the tags, or copy the message again from the source."


def read_omm_xml(text: str) -> Iterator[Record]:
    """The records of a file in the order they stand in it; namespaces may be there or not.

    1. A message reaches from its start tag to its end tag, at most to the next start tag.
    2. Labels outside messages are what is left of one that lost its start tag.

    Raises:
        RecordError: the file declares a document type.
    """
    if "<!DOCTYPE" in text:
        cure = "Remove it: element sets need no entities."
        raise RecordError("declares a document type, which may hide harmful entities", cure)
    text = _without_comments(text)
    places = Places(text)
    starts = chain((start.start() for start in START.finditer(text)), [len(text)])
    yield from _outside(text, 0, (first := next(starts)), places)
    for start, following in pairwise(chain([first], starts)):
        place = places.next(start)
        end = END.search(text, start, following)
        if not end:
            labels = _xml_labels(text, start, following)
            yield rejected(place, labels, "not XML: the end tag is missing", MEND_XML)
            continue
        yield _record(place, text[start : end.end()], places.line)
        yield from _outside(text, end.end(), following, places)


def _without_comments(text: str) -> str:
    """``text`` with its comments replaced by as many line ends; one that never ends is none."""
    parts, at = [], 0
    while (start := text.find("<!--", at)) >= 0 and (end := text.find("-->", start + 4)) >= 0:
        parts += [text[at:start], "\n" * text.count("\n", start, end)]
        at = end + len("-->")
    return "".join([*parts, text[at:]])


def _xml_labels(text: str, start: int, end: int) -> dict[str, object]:
    return {key.upper(): value for key, value in XML_LABELS.findall(text, start, end)}


def _outside(text: str, start: int, end: int, places: Places) -> Iterator[Record]:
    """What is left of a message between two others."""
    if labels := _xml_labels(text, start, end):
        problem = "not XML: the start tag is missing"
        yield rejected(places.next(start), labels, problem, MEND_XML)


def _record(place: str, message: str, line: int) -> Record:
    """The record in the text from its start tag to its end tag."""
    try:
        return omm_record(place, _fields(message))
    except expat.ExpatError as error:
        problem = f"not XML: {expat.ErrorString(error.code)} in line {line + error.lineno - 1}"
    except RecordError as damage:
        problem = damage.problem
    return rejected(place, _xml_labels(message, 0, len(message)), problem, MEND_XML)


def _fields(message: str) -> dict[str, str]:
    """The texts of the elements, with their units in brackets.

    Raises:
        RecordError: an element that comes once comes twice.
        expat.ExpatError: it is not XML.
    """
    fields: dict[str, str] = {}
    texts: list[str] = []
    units = ""

    def start(_: str, attributes: dict[str, str]) -> None:
        nonlocal units
        texts.clear()
        units = attributes.get("units", "")

    def end(tag: str) -> None:
        key = tag.rpartition(":")[2].upper()
        if key in KNOWN and key in fields:
            raise RecordError(f"{key} is given twice", MEND_XML)
        if value := "".join(texts).strip():
            fields[key] = f"{value} [{units}]" if units else value
        if len(fields) > MOST_KEYS:
            raise RecordError(f"has more than {MOST_KEYS} keys", MEND_XML)
        texts.clear()

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = texts.append
    parser.Parse(message, True)
    return fields


FIRST_KEY = "CCSDS_OMM_VERS"
IGNORED = ("COMMENT", "USER_DEFINED_", "#")
"""How lines begin that say nothing about the orbit."""
COPY_LINE = "Copy the message again from the source."

KEY_END = re.compile(r"[\s=]")


def read_omm_kvn(text: str) -> Iterator[Record]:
    """The records of a file in the order they stand in it.

    A message starts with its version. A key that comes once starts one too when it comes again, so
    that two messages do not run together where the version of the second is damaged.
    """
    # a message has no end mark: it is handed on when the next one starts, or the file ends
    message = Message(1)
    for number, line in lines_of(text):
        line = line.strip()
        key, equals, value = line.partition("=")
        key = (key.rstrip() if equals else KEY_END.split(line, maxsplit=1)[0]).upper()
        if not line or key.startswith(IGNORED):
            continue
        if key == FIRST_KEY or (key in KNOWN and key in message.fields):
            yield from message.records()
            message = Message(number)
        if len(message.fields) < MOST_KEYS:
            message.fields[key] = value.strip()
        elif not message.problem:
            message.problem = f"line {number} is one of more than {MOST_KEYS}"
        if not equals and not message.problem:
            message.problem = f"line {number} is not KEY = value"
    yield from message.records()


@dataclass
class Message:
    """What has been read of one message.

    Attributes:
        line: its first line, counted from 1.
        fields: texts by key.
        problem: the first line that is none of KVN; empty so far.
    """

    line: int
    fields: dict[str, object] = field(default_factory=dict)
    problem: str = ""

    def records(self) -> Iterator[Record]:
        """The record that the lines make; none where there were no lines."""
        place = f"line {self.line}"
        if self.problem:
            yield rejected(place, self.fields, self.problem, COPY_LINE)
        elif self.fields:
            yield omm_record(place, self.fields)
