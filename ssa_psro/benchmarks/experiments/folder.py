"""The folder of an experiment: what is done, what is not, and how it was made.

A run is written whole or not at all, so that an interrupted experiment goes on with the runs that
are missing. Which of them it finds does not change any of the others::

    OUTPUT/NAME/
        manifest.json            plan, hashes of its arms, versions, command, wall time
        runs/ARM-SEED.csv        a row an iteration
        runs/ARM-SEED.responses.csv
        iterations.csv           all of these in one
        summary.csv, *.png       see `summary` and `figures`
    OUTPUT/results.csv           the arms of all experiments, see `results`
"""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ssa_psro.benchmarks.experiments.cell import Cell, Outcome
from ssa_psro.benchmarks.experiments.measuring import Row
from ssa_psro.benchmarks.experiments.plan import Plan
from ssa_psro.errors import Fault, RunFolderError
from ssa_psro.runs.files import write_bytes
from ssa_psro.runs.versions import current_versions

MANIFEST = "manifest.json"
TEXTS = ("arm", "side", "name", "target", "start", "kept", "quantity", "versus")
"""Columns that are never read as numbers."""


@dataclass(frozen=True)
class Folder:
    """Where an experiment is written.

    Attributes:
        path: of the folder.
    """

    path: Path

    def open(self, plan: Plan) -> None:
        """Make the folder the plan's, or see that it is.

        Raises:
            RunFolderError: it holds runs of another plan; nothing is mixed.
        """
        hashes = {arm.name: plan.hash_of(arm) for arm in plan.arms}
        known = self._manifest().get("arms", {})
        faults = [
            Fault(name, None, "has changed since its runs were made", "Give another --output.")
            for name, content in hashes.items()
            if known.get(name, content) != content
        ]
        if faults:
            raise RunFolderError(str(self.path), faults)
        self._write_manifest({"arms": {**known, **hashes}})

    def missing(self, plan: Plan) -> list[Cell]:
        """The runs that are still to be made, one seed after the other."""
        return [
            Cell(plan, arm.name, seed)
            for seed in range(1, plan.seeds + 1)
            for arm in plan.arms
            if not self._run(arm.name, seed).is_file()
        ]

    def write(self, cell: Cell, outcome: Outcome) -> None:
        """Write down a finished run."""
        run = self._run(cell.arm, cell.seed)
        write_rows(run.with_suffix(".responses.csv"), outcome.responses)
        write_rows(run, outcome.iterations)  # last: a run that has this is done

    def rows(self, plan: Plan) -> list[Row]:
        """Rows of all iterations of all runs of the plan, arm by arm."""
        return self._gathered(plan, ".csv")

    def responses(self, plan: Plan) -> list[Row]:
        """Rows of all responses of all runs of the plan, arm by arm."""
        return self._gathered(plan, ".responses.csv")

    def finish(self, plan: Plan, *, smoke: bool, wall_s: float) -> None:
        """Note how the experiment was made; ``wall_s`` is added to that of earlier sessions."""
        before = float(self._manifest().get("wall_s", 0.0))
        self._write_manifest(
            {
                "experiment": plan.name,
                "smoke": smoke,
                "finished": datetime.now(UTC).isoformat(timespec="seconds"),
                "command": ["python", "-m", "ssa_psro.benchmarks.experiments", *sys.argv[1:]],
                "versions": current_versions(),
                "wall_s": round(before + wall_s, 1),
                "plan": plan.model_dump(mode="json"),
            }
        )

    def _gathered(self, plan: Plan, ending: str) -> list[Row]:
        return [
            row
            for arm in plan.arms
            for seed in range(1, plan.seeds + 1)
            for row in read_rows(self._run(arm.name, seed).with_suffix(ending))
        ]

    def _run(self, arm: str, seed: int) -> Path:
        return self.path / "runs" / f"{arm}-{seed}.csv"

    def _manifest(self) -> dict[str, Any]:
        path = self.path / MANIFEST
        if not path.is_file():
            return {}
        try:
            found = json.loads(path.read_text("utf-8"))
        except ValueError:
            found = None
        if not isinstance(found, dict):
            fault = Fault(MANIFEST, None, "is damaged", "Remove it, and the runs beside it.")
            raise RunFolderError(str(self.path), [fault])
        return found

    def _write_manifest(self, update: Mapping[str, Any]) -> None:
        content = json.dumps({**self._manifest(), **update}, indent=2) + "\n"
        write_bytes(self.path / MANIFEST, content.encode())


def write_rows(path: Path, rows: Sequence[Row]) -> None:
    """Write a CSV file at once or not at all; columns in the order in which they first appear."""
    columns = list(dict.fromkeys(key for row in rows for key in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    write_bytes(path, text.getvalue().encode())


def read_rows(path: Path) -> Iterable[Row]:
    """Rows of a CSV file; what looks like a number is one, what is empty is ``None``."""
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield {key: text if key in TEXTS else _value(text) for key, text in row.items()}


def _value(text: str) -> str | float | int | None:
    if not text:
        return None
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text
