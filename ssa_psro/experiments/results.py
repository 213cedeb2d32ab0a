"""One table of all experiments in a folder: game, variant, start weights, exploitability.

The tables of ``docs/fusion-findings.md``, one an experiment.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from ssa_psro.experiments.marked_page import markdown
from ssa_psro.experiments.plan import Plan
from ssa_psro.experiments.running import MANIFEST, read_rows
from ssa_psro.experiments.summary import Row

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


COMPARED = {
    "exploitability": "at the end",
    "best_exploitability": "lowest",
    "mean_exploitability": "mean over iterations",
}
WHERE_DRAWN = {
    "starts": ("start_gain", "gain before training"),
    "entropy": ("entropy", "entropy of the mixture [nat]"),
    "actions": ("row_action_1", "first action, row player"),
}
"""What else is told, where the experiment has a figure of it."""
LAST = {"wall_s": "wall time [s]", "start_share": "of it for start weights"}


def tables_in(folder: Path) -> dict[str, str]:
    """A Markdown table of every finished experiment inside ``folder``, by name."""
    return {plan.name: _table(plan, path) for path, plan in finished_plans(folder)}


def _table(plan: Plan, folder: Path) -> str:
    told = {
        **dict(more for figure, more in WHERE_DRAWN.items() if figure in plan.figures),
        **LAST,
    }
    found = {(row["arm"], row["quantity"]): row for row in read_rows(folder / "summary.csv")}
    quantities = [one for one in told if any(found.get((arm.name, one)) for arm in plan.arms)]
    if not any(found[arm.name, "start_share"]["mean"] for arm in plan.arms):
        quantities.remove("start_share")  # only learners of tree games measure it
    head = ["arm", "versus", *(cell for one in COMPARED.values() for cell in (one, "difference"))]
    rows = [[*head, *(told[one] for one in quantities)]]
    for arm in plan.arms:
        standards = [found[arm.name, one] for one in COMPARED]
        versus = "" if standards[0]["difference"] is None else standards[0]["versus"]
        cells = [arm.name, versus]
        for row in standards:
            cells += [_interval(row), _difference(row)]
        rows.append([*cells, *(_shown(one, found.get((arm.name, one))) for one in quantities)])
    return markdown(rows)


def _difference(row: Row) -> str:
    """In bold if its interval excludes 0."""
    if row["difference"] is None:
        return ""
    low, high = row["difference_low"], row["difference_high"]
    text = f"{row['difference']:+.3f} [{low:+.3f}, {high:+.3f}]"
    return f"**{text}**" if low > 0.0 or high < 0.0 else text


def _interval(row: Row) -> str:
    return f"{row['mean']:.3f} [{row['low']:.3f}, {row['high']:.3f}]"


def _seconds(row: Row) -> str:
    return f"{row['mean']:.3g}"


def _share(row: Row) -> str:
    return f"{100.0 * row['mean']:.2g} %"


_WRITERS: Mapping[str, Callable[[Row], str]] = {"wall_s": _seconds, "start_share": _share}


def _shown(quantity: str, row: Row | None) -> str:
    """Nothing where runs lack the quantity, as rectified ones do that train several at once."""
    return "" if row is None else _WRITERS.get(quantity, _interval)(row)
