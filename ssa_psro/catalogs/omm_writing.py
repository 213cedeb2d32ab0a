"""Element sets as OMM files in the four notations, keys and order as CelesTrak publishes them.

Numbers are written so that reading gives the same floats again. The text depends on nothing but
the arguments, so equal catalogues are equal files.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from xml.sax.saxutils import escape

from ssa_psro.catalogs.checks import QUANTITIES
from ssa_psro.catalogs.element_set import ElementSet
from ssa_psro.catalogs.omm_fields import UNKNOWN
from ssa_psro.errors import Fault, UsageError
from ssa_psro.inputs.cells import csv_text
from ssa_psro.inputs.files import replacing

Value = str | int | float
Message = dict[str, Value]

VERSION = "3.0"
ORIGINATOR = "SSA-PSRO"
METADATA: Message = {
    "CENTER_NAME": "EARTH",
    "REF_FRAME": "TEME",
    "TIME_SYSTEM": "UTC",
    "MEAN_ELEMENT_THEORY": "SGP4",
}
MEAN_ELEMENTS = ("EPOCH", *(one.key for one in QUANTITIES[:6]))
TLE_PARAMETERS = (
    "EPHEMERIS_TYPE",
    "CLASSIFICATION_TYPE",
    "NORAD_CAT_ID",
    "ELEMENT_SET_NO",
    "REV_AT_EPOCH",
    *(one.key for one in QUANTITIES[6:]),
)


def write_catalog(
    path: str | Path, element_sets: Sequence[ElementSet], *, created: datetime
) -> None:
    """Write ``element_sets`` to ``path`` in the notation that its ending names.

    Args:
        path: ends in one of ``WRITERS``.
        element_sets: in the order to be written.
        created: goes into the header of KVN and XML; an argument, so that files can be made again.

    Raises:
        UsageError: the ending is unknown, or the file cannot be written.
    """
    path = Path(path)
    write_texts({path: omm_text(path, element_sets, created=created)})


def omm_text(path: Path, element_sets: Sequence[ElementSet], *, created: datetime) -> str:
    """What ``write_catalog`` would write to ``path``. Raises ``UsageError`` on its ending."""
    if path.suffix.lower() not in WRITERS:
        cure = f"End it in one of {', '.join(WRITERS)}."
        raise UsageError(str(path), [Fault("the file", path.suffix, "unknown ending", cure)])
    write = WRITERS[path.suffix.lower()]
    return write([_message(one) for one in element_sets], _instant(created))


def write_texts(texts: Mapping[Path, str]) -> None:
    """Write texts as UTF-8; none, if there is no place for one. Raises ``UsageError``."""
    with ExitStack() as stack:  # what was there may be precious
        for path, text in texts.items():
            try:
                stack.enter_context(replacing(path)).write(text.encode())
            except OSError as error:
                reason = error.strerror or str(error)
                problem = f"cannot be written: {reason}"
                fault = Fault("the file", None, problem, "Choose another path.")
                raise UsageError(str(path), [fault]) from None


def _message(element_set: ElementSet) -> Message:
    """Keys and values of one element set."""
    catalog_id = element_set.catalog_id
    elements: Message = {one.key: float(getattr(element_set, one.field)) for one in QUANTITIES}
    tle: Message = {
        "EPHEMERIS_TYPE": 0,
        "CLASSIFICATION_TYPE": "U",
        "NORAD_CAT_ID": int(catalog_id) if catalog_id.isdecimal() else catalog_id,
        "ELEMENT_SET_NO": 999,
        "REV_AT_EPOCH": 0,
    }
    values = {"EPOCH": _instant(element_set.epoch), **elements, **tle}
    named: Message = {"OBJECT_NAME": element_set.name, "OBJECT_ID": element_set.designator}
    return named | {key: values[key] for key in (*MEAN_ELEMENTS, *TLE_PARAMETERS)}


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")


def _json(messages: list[Message], _: str) -> str:
    """A list with an object a line."""
    lines = ",\n".join(json.dumps(message, ensure_ascii=False) for message in messages)
    return f"[\n{lines}\n]\n"


def _csv(messages: list[Message], _: str) -> str:
    keys = ["OBJECT_NAME", "OBJECT_ID", *MEAN_ELEMENTS, *TLE_PARAMETERS]
    return csv_text([keys, *([message[key] for key in keys] for message in messages)])


def _kvn(messages: list[Message], created: str) -> str:
    """Messages with a blank line between them."""
    header: Message = {"CCSDS_OMM_VERS": VERSION}
    header |= {"CREATION_DATE": created, "ORIGINATOR": ORIGINATOR}
    return "\n".join(
        "".join(f"{key:<20} = {value}\n" for key, value in (header | _with_metadata(one)).items())
        for one in messages
    )


def _metadata(message: Message) -> Message:
    """Where the standard has no empty values (CCSDS 502.0-B-3, 7.5): it says UNKNOWN instead."""
    name, designator = message["OBJECT_NAME"], message["OBJECT_ID"] or UNKNOWN
    return {"OBJECT_NAME": name, "OBJECT_ID": designator} | METADATA


def _with_metadata(message: Message) -> Message:
    head = _metadata(message)
    return head | message | head


def _xml(messages: list[Message], created: str) -> str:
    """One NDM with a message an object."""
    body = "".join(_omm(message, created) for message in messages)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<ndm>\n{body}</ndm>\n'


def _omm(message: Message, created: str) -> str:
    header = _tags({"CREATION_DATE": created, "ORIGINATOR": ORIGINATOR})
    metadata = _tags(_metadata(message))
    mean, tle = (
        _tags({key: message[key] for key in keys}) for keys in (MEAN_ELEMENTS, TLE_PARAMETERS)
    )
    return (
        f'<omm id="CCSDS_OMM_VERS" version="{VERSION}">\n<header>{header}</header>\n'
        f"<body><segment>\n<metadata>{metadata}</metadata>\n<data>\n"
        f"<meanElements>{mean}</meanElements>\n<tleParameters>{tle}</tleParameters>\n"
        f"</data>\n</segment></body>\n</omm>\n"
    )


def _tags(message: Message) -> str:
    return "".join(f"<{key}>{escape(str(value))}</{key}>" for key, value in message.items())


WRITERS: dict[str, Callable[[list[Message], str], str]] = {
    ".json": _json,
    ".csv": _csv,
    ".xml": _xml,
    ".kvn": _kvn,
}
"""The notations by the ending of their files."""
