"""OMM in XML, one or many in an NDM (CCSDS 502.0-B-3, 8; CCSDS 505.0-B).

Each message is cut out and parsed on its own: a damaged one then costs no other, and its line is
known. A document type declaration is refused, so there are no entities to expand or to fetch.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.parsers import expat

from ssa_psro.catalogs.omm_fields import REQUIRED, omm_record, rejected
from ssa_psro.catalogs.places import Places
from ssa_psro.catalogs.records import Record, RecordError

START = re.compile(r"<(?:\w+:)?omm[\s>]")
END = re.compile(r"</(?:\w+:)?omm\s*>")
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
LABELS = re.compile(r"<(?:\w+:)?(OBJECT_NAME|NORAD_CAT_ID)>([^<]*)<")
ONCE = frozenset(("OBJECT_NAME", "NORAD_CAT_ID", *REQUIRED))
"""Elements that come once a message."""

MEND = "Mend the tags, or copy the message again from the source."


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
            labels = dict(LABELS.findall(text, start, following))
            yield rejected(place, labels, "not XML: the end tag is missing", MEND)
            continue
        yield _record(place, text[start : end.end()], places.line)
        yield from _outside(text, end.end(), following, places)


def _outside(text: str, start: int, end: int, places: Places) -> Iterator[Record]:
    """What is left of a message between two others."""
    if labels := dict(LABELS.findall(text, start, end)):
        problem = "not XML: the start tag is missing"
        yield rejected(places.next(start), labels, problem, MEND)


def _record(place: str, message: str, line: int) -> Record:
    """The record in the text from its start tag to its end tag."""
    try:
        return omm_record(place, _fields(message))
    except expat.ExpatError as error:
        problem = f"not XML: {expat.ErrorString(error.code)} in line {line + error.lineno - 1}"
    except RecordError as damage:
        problem = damage.problem
    return rejected(place, dict(LABELS.findall(message)), problem, MEND)


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
        if key in ONCE and key in fields:
            raise RecordError(f"{key} is given twice", MEND)
        if value := "".join(texts).strip():
            fields[key] = f"{value} [{units}]" if units else value
        texts.clear()

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = texts.append
    parser.Parse(message, True)
    return fields
