"""What two run folders differ in, but for the named fields that tell of time and of commands."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

DURATIONS: Final = frozenset(
    {"seconds", "oracle_s", "training_s", "start_s"}
    | {"decisions_per_s", "share_in_game", "share_outside_torch"}
)
MASKED: Final = DURATIONS | {"created", "command", "resumed"}
"""When, how long, and by which commands: the keys of documents in which equal runs may differ."""
CHECKSUMS: Final = frozenset({"checksum"})
"""Of documents that hold such keys; checksums of documents in ``sha256`` likewise."""
FREE: Final = frozenset({"log.txt", "lock", "lock.turn", "SHA256SUMS"})
"""Files that tell of time alone, or of files whose checksums are looked at themselves."""
TIMED_COLUMNS: Final = frozenset({"training"})
"""Of CSV files; a column of documents is looked into."""
PROVENANCE: Final = re.compile(r"<tr><th[^>]*>(Command|Begun|Resumed)</th>.*?</tr>", re.DOTALL)
"""Rows of the page that say the same as the masked keys."""


def differences(one: Path, other: Path, *, report: bool = True) -> list[str]:
    """Paths in either folder of files that are missing in the other or differ.

    Args:
        one: a run folder.
        other: another.
        report: whether reports are compared too.
    """
    mine, theirs = (
        {path for path in _files(folder) if report or path.parts[0] != "report"}
        for folder in (one, other)
    )
    lone = [str(path) for path in sorted(mine ^ theirs)]
    return lone + [
        str(path) for path in sorted(mine & theirs) if _masked(one / path) != _masked(other / path)
    ]


def _files(folder: Path) -> set[Path]:
    found = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return {path for path in found if path.name not in FREE}


def _masked(path: Path) -> object:
    content = path.read_bytes()
    if path.suffix == ".json":
        return _without(json.loads(content))
    if path.suffix == ".csv":
        return list(_cells(content.decode()))
    if path.suffix == ".html":
        return PROVENANCE.sub("", content.decode())
    return content


def _without(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            key: _arrays(one) if key == "sha256" else _without(one)
            for key, one in value.items()
            if key not in MASKED | CHECKSUMS
        }
    return [_without(one) for one in value] if isinstance(value, list) else value


def _arrays(digests: Any) -> Any:
    """Checksums of files that hold no masked key."""
    if not isinstance(digests, dict):
        return digests
    kept = {key: one for key, one in digests.items() if not key.endswith(".json")}
    return {**kept, "documents": sorted(digests.keys() - kept.keys())}


def _cells(text: str) -> Iterator[list[object]]:
    rows = list(csv.reader(io.StringIO(text)))
    kept = [n for n, name in enumerate(rows[0]) if name not in TIMED_COLUMNS]
    for row in rows:
        cells = [row[n] for n in kept]
        yield [_without(json.loads(one)) if one.startswith("{") else one for one in cells]
