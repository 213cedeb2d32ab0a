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
from ssa_psro.inputs.opening import size
from ssa_psro.inputs.seals import sealed_document

D = TypeVar("D")

FROM_BACKUP = "Restore it from a copy, or start the run anew."
MOST_FAULTS = 5
"""Faults of one file that are told; a file that is quite another thing would have hundreds."""

MOST_LISTED: Final = 1000
"""Faults of one file that are looked at one by one."""
LARGEST_DOCUMENT_BYTES: Final = 20_000_000
"""Of one record; 200 policies a side take about 1 MB."""

MOST_VALUES: Final = 500_000
"""Of one record: what is wrong with one takes a hundredfold its memory to say."""

_ADAPTERS: dict[type, TypeAdapter[Any]] = {}


def write_document(path: Path, document: Any, **more: Any) -> None:
    """Write a dataclass instance as a sealed JSON file, at once or not at all.

    Raises:
        ValueError: a number in it is not finite, which JSON cannot say.
    """
    write_bytes(path, document_bytes(document, **more))


def document_bytes(document: Any, **more: Any) -> bytes:
    """A dataclass instance, and what else there is to say of it, as a sealed JSON file.

    Raises:
        ValueError: a number in it is not finite, which JSON cannot say.
    """
    text = json.dumps({**asdict(document), **more}, indent=2, allow_nan=False) + "\n"
    return sealed_document(text.encode())


def parse_document(key: str, content: bytes, kind: type[D], faults: list[Fault]) -> D | None:
    """The instance of dataclass ``kind`` in a JSON file; ``None``, and faults, if there is none.

    Keys that ``kind`` does not have are passed over.

    Args:
        key: what faults call the file.
        content: of the file.
        kind: the dataclass.
        faults: appended to.
    """
    try:
        if len(content) > LARGEST_DOCUMENT_BYTES:
            raise ValueError(f"it is larger than {size(LARGEST_DOCUMENT_BYTES)}")
        if _count(parse_json(content)) > MOST_VALUES:
            raise ValueError(f"it holds more than {MOST_VALUES} values")
        return _adapter(kind).validate_json(content, strict=True)
    except ValidationError as error:
        faults += _field_faults(key, error)
    except ValueError as error:
        faults.append(Fault(key, None, f"cannot be read: {error}", FROM_BACKUP))
    return None


def parse_json(text: bytes | str) -> Any:
    """What JSON says, read strictly.

    Raises:
        ValueError: it is no JSON, holds a number that JSON has not or a key twice, or is nested
            too deeply.
    """
    try:
        return json.loads(text, parse_constant=_refuse, object_pairs_hook=once)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object none of whose keys stands twice. Raises ``ValueError``."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"it has the key {next(n for n in names if names.count(n) > 1)!r} twice")
    return found


def _count(document: Any) -> int:
    """How many values there are in a document, those that hold others included."""
    level, count = [document], 0
    while level:
        count += len(level)
        many = [one for one in level if isinstance(one, (dict, list))]
        inner = (one.values() if isinstance(one, dict) else one for one in many)
        level = [item for items in inner for item in items]
    return count


def _field_faults(key: str, error: ValidationError) -> Iterable[Fault]:
    if error.error_count() > MOST_LISTED:
        problem = f"has {error.error_count()} values that do not belong there"
        yield Fault(key, None, problem, FROM_BACKUP)
        return
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
