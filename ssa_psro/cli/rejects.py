"""Records of files that a scenario could not use: a short warning, or the end of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ssa_psro.scenario import FileReport

MOST_SHOWN = 3
"""Rejected records that a warning shows of one file."""


def warn_of_rejects(files: Sequence[FileReport]) -> None:
    """Say on stderr how many records of each file were rejected, and why the first ones."""
    from rich.text import Text

    from ssa_psro.cli.output import stderr

    for file in files:
        if not file.rejected:
            continue
        count = len(file.rejected)
        heading = f": {count} of {file.records} {_records(file)} rejected, {file.used} used"
        lines = [f"\n  {one}" for one in file.rejected[:MOST_SHOWN]]
        if count > MOST_SHOWN:
            lines.append(f"\n  … and {count - MOST_SHOWN} more; --json lists them all")
        text = Text.assemble((file.path, "bold yellow"), heading, *lines)
        stderr().print(text, soft_wrap=True)


def _records(file: FileReport) -> str:
    """What the records of a file are; CSV files of attributes and windows have rows."""
    return "rows" if file.format == "csv" else "element sets"


def refuse_rejects(path: Path, files: Sequence[FileReport]) -> None:
    """Raise ``ScenarioError`` with every rejected record, if there are any."""
    from ssa_psro.errors import Fault, ScenarioError

    faults = [
        Fault(f"{file.path}: {one.place}, {one.label}", None, one.problem, one.cure)
        for file in files
        for one in file.rejected
    ]
    if faults:
        raise ScenarioError(str(path), faults)
