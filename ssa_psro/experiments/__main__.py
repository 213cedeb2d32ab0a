"""Experiments from files: ``python -m ssa_psro.experiments FILE... --output FOLDER``.

Every file gives a folder ``FOLDER/NAME`` with its runs, CSV files, figures and manifest, and
``FOLDER/results.csv`` has the arms of all of them. A second call goes on where the first one
stopped. Example:

    python -m ssa_psro.experiments scenarios/experiments/c-liars-dice.toml --smoke
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from ssa_psro.errors import InputError
from ssa_psro.experiments.marked_page import renew, tables_of
from ssa_psro.experiments.plan import Plan
from ssa_psro.experiments.plan_reading import load_plan
from ssa_psro.experiments.results import results_in, tables_in
from ssa_psro.experiments.running import Folder, run_plan, write_rows
from ssa_psro.experiments.summary import Finding, Summary
from ssa_psro.metagame.intervals import Interval

SHOWN = ("exploitability", "mean_exploitability", "steps", "wall_s")
"""Quantities in the printed table; ``summary.csv`` has all."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the experiments and print their tables; the exit code."""
    options = _parser().parse_args(arguments)
    try:
        plans = [_chosen(load_plan(file), options) for file in options.files]
        for plan in plans:
            summary = run_plan(
                plan,
                Folder(options.output / plan.name),
                workers=options.workers,
                smoke=options.smoke,
                tell=lambda line: print(line, file=sys.stderr, flush=True),
            )
            Console(width=160).print(table_of(plan, summary))
        write_rows(options.output / "results.csv", results_in(options.output))
        if options.page:
            page = options.page.read_text("utf-8")
            written = {**tables_of(page), **tables_in(options.output)}
            options.page.write_text(renew(page, written), encoding="utf-8")
    except InputError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def table_of(plan: Plan, summary: Summary) -> Table:
    """The most important figures, a line an arm."""
    title = f"{plan.name} ({plan.game}): mean over {plan.seeds} seeds [95 % interval]"
    table = Table("arm", *SHOWN, "mean_exploitability, less that of", title=title)
    for arm in plan.arms:
        found = [summary.find(arm.name, quantity) for quantity in SHOWN]
        compared = summary.find(arm.name, "mean_exploitability")
        table.add_row(arm.name, *map(_shown, found), _compared(compared))
    return table


def _chosen(plan: Plan, options: argparse.Namespace) -> Plan:
    plan = plan.smoked() if options.smoke else plan
    return plan if options.seeds is None else plan.with_seeds(options.seeds)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m ssa_psro.experiments",
        description=(__doc__ or "").split("\n\n")[1],
    )
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE", help="experiment files")
    parser.add_argument("--output", type=Path, default=Path("experiments"))
    parser.add_argument(
        "--page", type=Path, help="Markdown page whose tables of finished experiments to renew"
    )
    parser.add_argument("--smoke", action="store_true", help="small budgets: does it work?")
    parser.add_argument("--workers", type=int, default=2, help="processes")
    parser.add_argument("--seeds", type=_seeds, help="runs of each arm, 2 or more")
    return parser


def _seeds(text: str) -> int:
    if not text.isdigit() or int(text) < 2:
        raise argparse.ArgumentTypeError("give 2 or more: fewer have no interval")
    return int(text)


def _shown(finding: Finding | None) -> str:
    return "" if finding is None else _told(finding.mean)


def _told(found: Interval) -> str:
    return f"{found.mean:.4g} [{found.low:.4g}, {found.high:.4g}]"


def _compared(finding: Finding | None) -> str:
    if finding is None or finding.difference is None:
        return ""
    return f"{_told(finding.difference)} {finding.versus}"


if __name__ == "__main__":
    sys.exit(main())
