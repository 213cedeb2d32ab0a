"""OMM in JSON, a list of flat objects, as CelesTrak and space-track.org publish it.

Objects are read one by one, so a damaged or cut-off one costs no other.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from ssa_psro.catalogs.omm_fields import REQUIRED, omm_record, rejected
from ssa_psro.catalogs.places import Places
from ssa_psro.catalogs.records import Record

LABELS = re.compile(r'"(OBJECT_NAME|NORAD_CAT_ID)"\s*:\s*"?([^",}\n]*)')
MEND = "Mend the braces, quotes and commas, or copy the record again from the source."


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
        if labels := dict(LABELS.findall(text, end, until)):
            problem = "not JSON: the opening brace is missing"
            yield rejected(places.next(end), labels, problem, MEND)
        if start < 0:
            return
        try:
            fields, end = DECODER.raw_decode(text, start)
        except (ValueError, RecursionError) as error:
            end = text.find("{", start + 1) % (len(text) + 1)  # -1 becomes the length
            labels = dict(LABELS.findall(text, start, end))
            yield rejected(places.next(start), labels, f"not JSON: {_message(error)}", MEND)
        else:
            if _is_wrapper(fields):
                end = start + 1
            else:
                yield omm_record(places.next(start), fields)
        start = text.find("{", end)


def _is_wrapper(fields: dict[str, object]) -> bool:
    """Whether an object is no record but holds a list of them."""
    return fields.keys().isdisjoint(REQUIRED) and any(
        isinstance(value, list) for value in fields.values()
    )


def _message(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} in line {error.lineno}"
    return "nested too deeply" if isinstance(error, RecursionError) else str(error)
