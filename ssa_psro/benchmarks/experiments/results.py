"""One table of all experiments in a folder: game, variant, start weights, exploitability."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from ssa_psro.benchmarks.experiments.folder import MANIFEST, read_rows
from ssa_psro.benchmarks.experiments.measuring import Row
from ssa_psro.benchmarks.experiments.plan import Plan

WITH_INTERVALS = ("exploitability", "best_exploitability", "mean_exploitability")
PLAIN = ("steps", "episodes", "wall_s", "cpu_s")
CHOICES = ("variant", "start", "from_iteration", "meta_solver")
COLUMNS = ("low", "high", "versus", "difference", "difference_low", "difference_high")


def results_in(folder: Path) -> list[Row]:
    """A row for every arm of every finished experiment in the folders inside ``folder``.

    Exploitabilities come with their intervals, and with the difference from the arm that they are
    compared with, paired by seed; steps, episodes and durations are means over seeds.
    """
    return [row for path, plan in finished_plans(folder) for row in _arms(path, plan)]


def finished_plans(folder: Path) -> Iterator[tuple[Path, Plan]]:
    """Folders of the finished experiments inside ``folder``, and what was run there."""
    for manifest in sorted(folder.glob(f"*/{MANIFEST}")):
        document = json.loads(manifest.read_text("utf-8")).get("plan")
        if document is not None and (manifest.parent / "summary.csv").is_file():
            yield manifest.parent, Plan.model_validate(document)


def _arms(path: Path, plan: Plan) -> list[Row]:
    found = {(row["arm"], row["quantity"]): row for row in read_rows(path / "summary.csv")}
    return [_row(plan, arm.name, found) for arm in plan.arms]


def _row(plan: Plan, name: str, found: dict[tuple[str, str], Row]) -> Row:
    row: Row = {
        "experiment": plan.name,
        "game": plan.game,
        "learner": plan.learner,
        "arm": name,
        **plan.arm(name).model_dump(include=set(CHOICES)),
        "seeds": plan.seeds,
        "iterations": plan.iterations,
    }
    for quantity in WITH_INTERVALS:
        one = found[name, quantity]
        row[quantity] = one["mean"]
        row |= {f"{quantity}_{key}": one[key] for key in COLUMNS}
    return row | {quantity: found[name, quantity]["mean"] for quantity in PLAIN}
