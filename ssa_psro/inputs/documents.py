"""Dataclasses as JSON files, checked field by field when they are read."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final, TypeVar

from pydantic import TypeAdapter, ValidationError

from ssa_psro.errors import Fault, shortened
from ssa_psro.inputs.files import write_bytes
from ssa_psro.inputs.opening import in_words, read_bytes

D = TypeVar("D")

FROM_BACKUP = "Restore it from a copy, or start the run anew."
MOST_FAULTS = 5
"""Faults of one file that are told; a file that is quite another thing would have hundreds."""

LARGEST_DOCUMENT_BYTES: Final = 20_000_000
"""Of one record; 200 policies a side take about 1 MB."""

_ADAPTERS: dict[type, TypeAdapter[Any]] = {}


def write_document(path: Path, document: Any) -> None:
    """Write a dataclass instance as JSON, at once or not at all.

    Raises:
        ValueError: a number in it is not finite, which JSON cannot say.
    """
    write_bytes(path, document_bytes(document))


def document_bytes(document: Any) -> bytes:
    """A dataclass instance as the content of a JSON file.

    Raises:
        ValueError: a number in it is not finite, which JSON cannot say.
    """
    return (json.dumps(asdict(document), indent=2, allow_nan=False) + "\n").encode()


def read_document(folder: Path, path: Path, kind: type[D], faults: list[Fault]) -> D | None:
    """The instance of dataclass ``kind`` in a JSON file; ``None``, and faults, if there is none.

    Keys that ``kind`` does not have are passed over.

    Args:
        folder: the run folder; faults name the file relative to it.
        path: the file.
        kind: the dataclass.
        faults: appended to.
    """
    key = str(path.relative_to(folder))
    try:
        text = read_bytes(path, LARGEST_DOCUMENT_BYTES, folder)
        parse_json(text)
        return _adapter(kind).validate_json(text, strict=True)
    except ValidationError as error:
        faults += _field_faults(key, error)
    except FileNotFoundError:
        faults.append(Fault(key, None, "is missing", FROM_BACKUP))
    except OSError as error:
        faults.append(Fault(key, None, in_words(error), FROM_BACKUP))
    except ValueError as error:
        faults.append(Fault(key, None, f"cannot be read: {error}", FROM_BACKUP))
    return None


def parse_json(text: bytes | str) -> Any:
    """What JSON says, read strictly.

    Raises:
        ValueError: it is no JSON, holds a number that JSON has not, or is nested too deeply.
    """
    try:
        return json.loads(text, parse_constant=_refuse)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def _field_faults(key: str, error: ValidationError) -> Iterable[Fault]:
    for found in error.errors(include_url=False, include_context=False)[:MOST_FAULTS]:
        place = shortened(".".join(str(part) for part in found["loc"]))
        value = None if found["type"] == "missing" else found["input"]
        yield Fault(f"{key}: {place}", value, found["msg"].lower(), FROM_BACKUP)


def _adapter(kind: type[D]) -> TypeAdapter[D]:
    if kind not in _ADAPTERS:  # making one takes longer than reading a file
        _ADAPTERS[kind] = TypeAdapter(kind)
    return _ADAPTERS[kind]


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not a number that JSON has")
