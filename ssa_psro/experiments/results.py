"""What experiments found, as tables.

One of all experiments in a folder for ``results.csv``, one of an experiment for a terminal, and
one of an experiment for ``docs/fusion-findings.md``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from pydantic import ValidationError

from ssa_psro.errors import Fault, RunFolderError
from ssa_psro.experiments.plan import Plan
from ssa_psro.experiments.running import MANIFEST, read_manifest, read_rows
from ssa_psro.experiments.summary import Row, Summary, seeds_to_decide
from ssa_psro.findings.table import Column, Table, Value, make_table
from ssa_psro.findings.wording import Form, percent
from ssa_psro.metagame.intervals import Interval
from ssa_psro.report.markdown import markdown_table

Found = Mapping[tuple[str, str], Row]
"""Rows of a summary by arm and quantity."""

SUMMARY = "summary.csv"

LEVEL, CHANGE, BRIEF = Form(3), Form(3, signed=True), Form(4, notation="g")

SHOWN = ("exploitability", "mean_exploitability", "steps", "wall_s")
COMPARED_IN_BRIEF = "mean_exploitability"
"""Quantities in the table for a terminal; ``summary.csv`` has all."""

WITH_INTERVALS = ("exploitability", "best_exploitability", "mean_exploitability")
PLAIN = ("steps", "episodes", "wall_s", "cpu_s")
CHOICES = ("variant", "start", "from_iteration", "meta_solver")
COLUMNS = ("low", "high", "versus", "difference", "difference_low", "difference_high")
NEEDED = frozenset({"arm", "quantity", "mean", "seeds", *COLUMNS})
"""Columns of ``summary.csv``; where there is a margin, ``verdict``, too."""


WRITERS_IN_BRIEF: Mapping[str, Callable[[Interval], str]] = {
    "steps": lambda found: f"{found.mean:,.0f}",  # a budget, spent alike by all seeds or nearly
}


def results_in(folder: Path) -> list[Row]:
    """A row for every arm of every finished experiment in the folders inside ``folder``.

    Exploitabilities come with their intervals, and with the difference from the arm that they are
    compared with, paired by seed; steps, episodes and durations are means over seeds.
    """
    return [row for path, plan in finished_plans(folder) for row in _arms(path, plan)]


def finished_plans(folder: Path) -> Iterator[tuple[Path, Plan]]:
    """Folders of the finished experiments inside ``folder``, and what was run there."""
    for manifest in sorted(folder.glob(f"*/{MANIFEST}")):
        document = read_manifest(manifest).get("plan")
        if document is not None and (manifest.parent / SUMMARY).is_file():
            try:
                plan = Plan.model_validate(document)
            except ValidationError as error:
                raise _unusable(manifest, f"holds no plan: {error.error_count()} faults") from None
            yield manifest.parent, plan


def _found(folder: Path, plan: Plan) -> dict[tuple[str, str], Row]:
    """Rows of a summary by arm and quantity."""
    rows = list(read_rows(folder / SUMMARY))
    needed = NEEDED | {"verdict"} if plan.margin else NEEDED
    if any(needed - row.keys() for row in rows):
        raise _unusable(folder / SUMMARY, "lacks a column")
    found = {(row["arm"], row["quantity"]): row for row in rows}
    for arm in plan.arms:
        for quantity in (*WITH_INTERVALS, *PLAIN, "start_share", plan.endpoint):
            if (arm.name, quantity) not in found:
                raise _unusable(folder / SUMMARY, f"lacks {quantity} of {arm.name}")
    return found


def _smoke(folder: Path) -> bool:
    """Whether budgets were such as to show only that everything works."""
    return bool(read_manifest(folder / MANIFEST).get("smoke"))


def _unusable(path: Path, problem: str) -> RunFolderError:
    cure = "Remove it, and run the experiment again."
    return RunFolderError(str(path.parent), [Fault(path.name, None, problem, cure)])


def _arms(path: Path, plan: Plan) -> list[Row]:
    found, smoke = _found(path, plan), _smoke(path)
    return [_row(plan, arm.name, found) | {"smoke": smoke} for arm in plan.arms]


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
WHERE_DRAWN: Mapping[str, Mapping[str, str]] = {
    "starts": {"start_gain": "gain before training"},
    "entropy": {
        "entropy": "entropy of the mixture [nat]",
        "spread_share": "iterations with two policies or more",
        "spread_start_gain": "gain before training in these",
        "spread_end_gain": "gain after training in these",
    },
    "actions": {"row_action_1": "first action, row player"},
}
"""What else is told, where the experiment has a figure of it."""
LAST = {"wall_s": "wall time [s]", "start_share": "of it for start weights"}


def tables_in(folder: Path) -> dict[str, str]:
    """Every finished experiment inside ``folder`` in Markdown, by name: a table, and a line under
    it with seeds and steps."""
    return {
        plan.name: f"{markdown_table(_table(plan, path))}\n{_budget(plan, path)}\n"
        for path, plan in finished_plans(folder)
    }


def arm_table(plan: Plan, summary: Summary) -> Table:
    """The most important figures, a line an arm."""
    columns = (
        Column("arm"),
        *(Column(one, write=WRITERS_IN_BRIEF.get(one, BRIEF.interval)) for one in SHOWN),
        Column(f"{COMPARED_IN_BRIEF}, less that of"),
    )
    rows: list[tuple[Value, ...]] = []
    for arm in plan.arms:
        found = (summary.find(arm.name, quantity) for quantity in SHOWN)
        compared = summary.find(arm.name, COMPARED_IN_BRIEF)
        told = ""
        if compared is not None and compared.difference is not None:
            told = f"{BRIEF.interval(compared.difference)} {compared.versus}"
        rows.append((arm.name, *(one.mean if one else None for one in found), told))
    title = f"{plan.name} ({plan.game}): mean over {plan.seeds} seeds [95 % interval]"
    return make_table(plan.name, title, columns, rows)


def _table(plan: Plan, folder: Path) -> Table:
    """Exploitabilities with their differences, and what else the figures are about."""
    found = _found(folder, plan)
    told = _told(plan, found)
    columns = (
        Column("arm"),
        Column("versus"),
        *(
            column
            for heading in COMPARED.values()
            for column in (
                Column(heading, write=LEVEL.interval),
                Column("difference", write=_difference),
            )
        ),
        *(Column(heading, write=WRITERS.get(one, LEVEL.interval)) for one, heading in told.items()),
    )
    rows = [_cells(arm.name, found, list(told)) for arm in plan.arms]
    if plan.margin:
        heading = f"verdict {COMPARED.get(plan.endpoint, plan.endpoint)}, ±{plan.margin:g}"
        columns = (*columns, Column(heading))
        rows = [
            (*row, _verdict(found[arm.name, plan.endpoint], plan.margin))
            for row, arm in zip(rows, plan.arms, strict=True)
        ]
    return make_table(plan.name, plan.question, columns, rows)


def _verdict(row: Row, margin: float) -> str:
    """Of the endpoint; where it is open, with the seeds that would likely decide."""
    difference = interval_of(row, "difference")
    if row["verdict"] != "undecided" or difference is None:
        return str(row["verdict"])
    return f"undecided, {seeds_to_decide(difference, margin):,} seeds"


def _budget(plan: Plan, folder: Path) -> str:
    """What every arm was given."""
    found = _found(folder, plan)
    steps = sorted({round(found[arm.name, "steps"]["mean"]) for arm in plan.arms})
    told = " to ".join(f"{one:,}" for one in dict.fromkeys((steps[0], steps[-1])))
    only = (
        " A smoke run: it shows that everything works, and nothing else." if _smoke(folder) else ""
    )
    return f"{plan.seeds} seeds, {told} steps a run.{only}"


def _told(plan: Plan, found: Found) -> dict[str, str]:
    """What is told beside exploitabilities, and how it is called."""
    drawn = {
        one: more for figure in plan.figures for one, more in WHERE_DRAWN.get(figure, {}).items()
    }
    quantities = {
        one: heading
        for one, heading in {**drawn, **LAST}.items()
        if any(found.get((arm.name, one)) for arm in plan.arms)
    }
    if not any(found[arm.name, "start_share"]["mean"] for arm in plan.arms):
        quantities.pop("start_share", None)  # only learners of tree games measure it
    return quantities


def _cells(arm: str, found: Found, quantities: Sequence[str]) -> tuple[Value, ...]:
    """One arm; nothing where runs lack a quantity, as rectified ones do that train several."""
    standards = [found[arm, one] for one in COMPARED]
    versus = "" if standards[0]["difference"] is None else standards[0]["versus"]
    compared = (interval_of(row, kind) for row in standards for kind in ("", "difference"))
    others = (found.get((arm, one)) for one in quantities)
    return (arm, versus, *compared, *(interval_of(row) if row else None for row in others))


def interval_of(row: Row, kind: str = "") -> Interval | None:
    """What a row of ``summary.csv`` has for a mean, or, with ``kind`` ``"difference"``, for a
    difference from the standard; ``None`` where there is none."""
    names = (kind, f"{kind}_low", f"{kind}_high") if kind else ("mean", "low", "high")
    mean, low, high = (row[name] for name in names)
    return None if mean is None else Interval(mean, low, high, row["seeds"])


def _difference(found: Interval) -> str:
    """In bold if its interval excludes 0."""
    text = CHANGE.interval(found)
    return f"**{text}**" if found.low > 0.0 or found.high < 0.0 else text


WRITERS: Mapping[str, Callable[[Interval], str]] = {
    "wall_s": lambda found: f"{found.mean:.3g}",
    "start_share": lambda found: f"{100.0 * found.mean:.2g} %",
    "spread_share": lambda found: percent(found.mean),
}
"""Quantities that are told without their interval."""
