"""The four notations of an OMM: texts by key out of JSON, CSV, XML and KVN.

All follow one rule: records are cut out and read one by one, so that a damaged or cut-off one costs
no other and is told with its place.

- *JSON*: a list of flat objects, as CelesTrak and space-track.org publish it; keys in lower case
  and the two lines of a TLE as values are read too.
- *CSV*: a line of keys, then an object a line, as the same two do; separated by commas, semicolons
  or tabs.
- *XML*: one message, or many in an NDM (CCSDS 502.0-B-3, 8; CCSDS 505.0-B). A document type
  declaration is refused, so there are no entities to expand or to fetch.
- *KVN*: ``KEY = value [unit]`` a line (CCSDS 502.0-B-3, 7.3), one message after another.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from ssa_psro.catalogs.omm_fields import REQUIRED, omm_record, rejected
from ssa_psro.catalogs.records import Places, Record, RecordError
from ssa_psro.catalogs.tle import element_line, tle_record
from ssa_psro.errors import did_you_mean

KNOWN = frozenset(("OBJECT_NAME", "NORAD_CAT_ID", *REQUIRED))
"""Keys that tell a record, and come once in it."""

JSON_LABELS = re.compile(r'"(OBJECT_NAME|NORAD_CAT_ID)"\s*:\s*"?([^",}\n]*)')
MEND_JSON = "Mend the braces, quotes and commas, or copy the record again from the source."


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Keys and values of an object; where a key comes twice, two records have run together."""
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise ValueError("a key is given twice")
    return fields


DECODER = json.JSONDecoder(
    parse_int=str, parse_float=str, parse_constant=str, object_pairs_hook=_once
)
"""Numbers stay the texts they are, so that numbers in quotes and without are read alike."""


def read_omm_json(text: str) -> Iterator[Record]:
    """The records of a file in the order they stand in it.

    1. An object starts at a brace and is decoded as far as it goes.
    2. One that is not JSON is rejected, and ends at the next brace.
    3. Labels outside objects are what is left of a record that lost its brace.
    """
    places = Places(text)
    end, start = 0, text.find("{")
    while True:
        until = start if start >= 0 else len(text)
        if labels := dict(JSON_LABELS.findall(text, end, until)):
            problem = "not JSON: the opening brace is missing"
            yield rejected(places.next(end), labels, problem, MEND_JSON)
        if start < 0:
            return
        try:
            fields, end = DECODER.raw_decode(text, start)
        except (ValueError, RecursionError) as error:
            end = text.find("{", start + 1) % (len(text) + 1)  # -1 becomes the length
            labels = dict(JSON_LABELS.findall(text, start, end))
            yield rejected(places.next(start), labels, f"not JSON: {_message(error)}", MEND_JSON)
        else:
            fields = {key.upper(): value for key, value in fields.items()}
            if _is_wrapper(fields):
                end = start + 1
            else:
                yield _of_json(places.next(start), fields)
        start = text.find("{", end)


def _of_json(place: str, fields: dict[str, object]) -> Record:
    """The record of an object: of an OMM, or of the two lines of a TLE where it has only these."""
    texts = [value.strip() for value in fields.values() if isinstance(value, str)]
    lines = [next((one for one in texts if element_line(one) == kind), "") for kind in "12"]
    if not all(lines) or not fields.keys().isdisjoint(REQUIRED):
        return omm_record(place, fields)
    names = (fields.get(key) for key in ("OBJECT_NAME", "TLE_LINE0", "TLE0", "LINE0", "NAME"))
    return tle_record(place, next((one for one in names if isinstance(one, str)), ""), *lines)


def _is_wrapper(fields: dict[str, object]) -> bool:
    """Whether an object is no record but holds a list of them."""
    return fields.keys().isdisjoint(REQUIRED) and any(
        isinstance(value, list) for value in fields.values()
    )


def _message(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} in line {error.lineno}"
    return "nested too deeply" if isinstance(error, RecursionError) else str(error)


FEWEST_KEYS = 3
"""Known keys that make a line the line of keys, so that one misspelt key is told by its name."""

SEPARATORS = ",;\t"
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
    for number, line in enumerate(text.split("\n"), 1):
        if not header:
            separator = max(SEPARATORS, key=lambda one: len(KNOWN.intersection(line.split(one))))
        values = _values(line, separator)
        # whatever stands above the keys, such as a note of where the file is from, is no record
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
        yield rejected(place, labels, "not CSV: a quote is out of place", COPY_ROW)
    elif len(values) == len(header):
        yield omm_record(place, dict(zip(header, values, strict=True)))
    else:
        problem = f"has {len(values)} values for {len(header)} keys"
        yield rejected(place, dict(zip(header, values, strict=False)), problem, COPY_ROW)
        if len(values) >= 2 * len(header) - 1:
            last = values[-len(header) :]
            yield rejected(place, dict(zip(header, last, strict=True)), problem, COPY_ROW)


def _values(line: str, separator: str) -> list[str] | None:
    try:
        return next(csv.reader([line], strict=True, delimiter=separator), [])
    except csv.Error:
        return None


START = re.compile(r"<(?:\w+:)?omm[\s>]")
END = re.compile(r"</(?:\w+:)?omm\s*>")
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
XML_LABELS = re.compile(r"<(?:\w+:)?(OBJECT_NAME|NORAD_CAT_ID)>([^<]*)<")
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
    text = COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), text)
    places = Places(text)
    starts = [start.start() for start in START.finditer(text)]
    yield from _outside(text, 0, starts[0] if starts else len(text), places)
    for start, following in zip(starts, [*starts[1:], len(text)], strict=True):
        place = places.next(start)
        end = END.search(text, start, following)
        if not end:
            labels = dict(XML_LABELS.findall(text, start, following))
            yield rejected(place, labels, "not XML: the end tag is missing", MEND_XML)
            continue
        yield _record(place, text[start : end.end()], places.line)
        yield from _outside(text, end.end(), following, places)


def _outside(text: str, start: int, end: int, places: Places) -> Iterator[Record]:
    """What is left of a message between two others."""
    if labels := dict(XML_LABELS.findall(text, start, end)):
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
    return rejected(place, dict(XML_LABELS.findall(message)), problem, MEND_XML)


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
        key = tag.rpartition(":")[2]
        if key in KNOWN and key in fields:
            raise RecordError(f"{key} is given twice", MEND_XML)
        if value := "".join(texts).strip():
            fields[key] = f"{value} [{units}]" if units else value
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
    for number, line in enumerate(text.split("\n"), 1):
        line = line.strip()
        if not line or line.startswith(IGNORED):
            continue
        key, equals, value = line.partition("=")
        key = key.rstrip() if equals else KEY_END.split(line, maxsplit=1)[0]
        if key == FIRST_KEY or (key in KNOWN and key in message.fields):
            yield from message.records()
            message = Message(number)
        message.fields[key] = value.strip()
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
