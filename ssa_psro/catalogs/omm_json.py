"""OMM in JSON: a list of flat objects, as CelesTrak and space-track.org publish it.

The two lines of a TLE as values are read too, and objects within others, such as by their numbers.
As in the other notations a damaged record costs no other. Of what is damaged no more than a
record's length is looked at twice, so that no file takes long.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from ssa_psro.catalogs.omm_fields import REQUIRED, omm_record, rejected
from ssa_psro.catalogs.records import LONGEST_LINE, Places, Record
from ssa_psro.catalogs.tle import element_line, tle_record

JSON_LABELS = re.compile(r'(?i)"(OBJECT_NAME|NORAD_CAT_ID)"\s*:\s*"?([^",}\n]*)')
MEND_JSON = "Mend the braces, quotes and commas, or copy the record again from the source."


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Keys and values of an object; where a key comes twice, two records have run together."""
    fields = {key.upper(): value for key, value in pairs}
    if len(fields) < len(pairs):
        raise ValueError("a key is given twice")
    return fields


DECODER = json.JSONDecoder(
    parse_int=str, parse_float=str, parse_constant=str, object_pairs_hook=_once
)
"""Numbers stay the texts they are, so that numbers in quotes and without are read alike."""


LONGEST_NEST = 2_000
"""The same of an object that holds a brace; published ones hold none."""
MOST_WRAPPERS = 20
"""Objects around a list of records."""


def read_omm_json(text: str) -> Iterator[Record]:
    """The records of a file in the order they stand in it.

    1. An object starts at a brace and is decoded as far as it goes.
    2. One that holds others is no record: those are.
    3. One that is not JSON is rejected, and ends at the next brace.
    4. Labels outside objects are what is left of a record that lost its brace.
    """
    places = Places(text)
    end, start, wrappers = 0, text.find("{"), 0
    while True:
        if labels := _json_labels(text, end, start if start >= 0 else len(text)):
            problem = "not JSON: the opening brace is missing"
            yield rejected(places.next(end), labels, problem, MEND_JSON)
        if start < 0:
            return
        end = following = text.find("{", start + 1) % (len(text) + 1)  # -1 becomes the length
        may_wrap = wrappers < MOST_WRAPPERS
        try:
            fields, after = _decoded(text, start, following, within=wrappers > 0)
        except (ValueError, RecursionError) as error:
            labels = _json_labels(text, start, following)
            if may_wrap and not labels and _is_opening(text[start:following]):
                wrappers += 1
            else:
                place = places.next(start)
                problem = f"not JSON: {_message(error, places.line)}"
                yield rejected(place, labels, problem, MEND_JSON)
        else:
            if may_wrap and _is_wrapper(fields):
                wrappers += 1
            else:
                wrappers, end = 0, after
                yield _of_json(places.next(start), fields)
        start = text.find("{", end)


def _json_labels(text: str, start: int, end: int) -> dict[str, object]:
    return {key.upper(): value for key, value in JSON_LABELS.findall(text, start, end)}


def _is_opening(head: str) -> bool:
    """Whether an object goes on with another, right after ``head``."""
    return head.rstrip().endswith((":", "["))


def _decoded(
    text: str, start: int, following: int, *, within: bool
) -> tuple[dict[str, object], int]:
    """The object that starts there, and where it ends: before the next brace, or with that in it.

    ``within`` others, objects that hold objects are not looked at as a whole.

    Raises:
        ValueError: it is not JSON, or longer than a record.
    """
    head = text[start : min(following, start + LONGEST_LINE)]
    try:
        fields, length = DECODER.raw_decode(head)
    except json.JSONDecodeError as error:
        ended = error.pos == len(head) or error.msg.startswith("Unterminated")
        if not ended or (within and _is_opening(head)):
            raise
        fields, length = DECODER.raw_decode(text[start : start + LONGEST_NEST])
    return fields, start + length


def _of_json(place: str, fields: dict[str, object]) -> Record:
    """The record of an object: of an OMM, or of the two lines of a TLE where it has only these."""
    lines = _element_lines(fields)
    if not all(lines) or not fields.keys().isdisjoint(REQUIRED):
        return omm_record(place, fields)
    names = (fields.get(key) for key in ("OBJECT_NAME", "TLE_LINE0", "TLE0", "LINE0", "NAME"))
    return tle_record(place, next((one for one in names if isinstance(one, str)), ""), *lines)


def _element_lines(fields: dict[str, object]) -> tuple[str, str]:
    """Both lines of a TLE among the values, each in one of its own or both in one; else empty."""
    texts = [value for value in fields.values() if isinstance(value, str)]
    lines = [line.strip() for text in texts for line in text.splitlines()]
    first, second = (next((one for one in lines if element_line(one) == kind), "") for kind in "12")
    return first, second


def _is_wrapper(fields: dict[str, object]) -> bool:
    """Whether an object is no record but holds others."""
    holds = any(isinstance(value, (list, dict)) for value in fields.values())
    return holds and fields.keys().isdisjoint(REQUIRED) and not all(_element_lines(fields))


def _message(error: Exception, line: int) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} in line {line + error.lineno - 1}"
    return "nested too deeply" if isinstance(error, RecursionError) else str(error)
