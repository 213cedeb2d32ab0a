"""A run for people: a line an iteration, and what came of it all."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from ssa_psro.cli.output import print_json, print_table, shown, stdout, table
from ssa_psro.metagame.structure.ratings import SUPPORT_MASS
from ssa_psro.psro import IterationRecord
from ssa_psro.study import Run, Solution

if TYPE_CHECKING:
    from ssa_psro.metagame.intervals import Interval
    from ssa_psro.scenario import FileReport

STOPPED = {
    "iterations": "all iterations done",
    "tolerance": "approximate exploitability below the tolerance",
}


def iteration_line(record: IterationRecord, iterations: int, left_s: float) -> Text:
    """One line on a finished iteration.

    Args:
        record: what it found.
        iterations: how many there are at most.
        left_s: an estimate of the time that the others may take.
    """
    gains = ", ".join(
        f"{side.side} {side.gain.mean:+.4f} (best member {side.incumbent_gain.mean:+.4f})"
        for side in record.sides
    )
    seconds = sum(record.seconds.values())
    left = f", at most {duration(left_s)} left" if record.iteration < iterations else ""
    return Text.assemble(
        (f"{record.iteration:3d}/{iterations} ", "bold"),
        f"exploitability approx {shown(record.approx_exploitability, 4)}, "
        f"restricted {record.restricted_exploitability:.4f}; gains {gains}",
        (f"; {duration(seconds)}{left}", "dim"),
    )


def print_run(run: Run, report: Path, *, as_json: bool, files: Sequence[FileReport] = ()) -> None:
    """Print the outcome of a finished run; ``files`` of element sets in JSON only."""
    assert run.solution is not None, "only finished runs are printed"
    if as_json:
        print_json(
            {
                "folder": str(run.folder),
                "report": str(report),
                "files": files,
                "manifest": run.manifest,
                "iterations": run.records,
                "solution": run.solution,
            }
        )
        return
    print_table(
        f"{run.scenario.name}: what freshly trained responses gain on held-out episodes",
        _iterations(run),
        "Mean [95 % interval]; the iterate to use is bold.",
    )
    print_table("Mixtures of the iterate to use", _mixtures(run))
    print_table("Equilibrium of all policies", _figures(run.solution))
    console = stdout()
    console.print(f"run folder  {run.folder}", soft_wrap=True)
    console.print(f"report      {report}", soft_wrap=True)


def duration(seconds: float) -> str:
    """``40 s``, ``3 min`` or ``2.5 h``."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def _iterations(run: Run) -> Table:
    lines = table(
        "#",
        "approx. exploitability",
        "restricted",
        "gain Blue",
        "gain Red",
    )
    for record in run.records:
        chosen = record is run.best_record
        lines.add_row(
            str(record.iteration),
            shown(record.approx_exploitability, 4),
            f"{record.restricted_exploitability:.4f}",
            *(_brief(side.gain) for side in record.sides),
            style="bold" if chosen else "",
        )
    return lines


def _mixtures(run: Run) -> Table:
    """Who plays in the iterate to use."""
    assert run.best_record is not None, "a finished run has a best iterate"
    lines = Table.grid(padding=(0, 2))
    for side in run.best_record.sides:
        played = [
            f"{probability:.3f} {name}"
            for name, probability in zip(side.names, side.mixture, strict=True)
            if probability > SUPPORT_MASS
        ]
        lines.add_row(side.side.capitalize(), ", ".join(sorted(played, reverse=True)))
    return lines


def _figures(solution: Solution) -> Table:
    lines = Table.grid(padding=(0, 2))
    for side in solution.sides:
        lines.add_row(f"value for {side.side.capitalize()}", shown(side.value, 4, signed=True))
    lines.add_row("cyclic share", shown(solution.cyclic_share, 3))
    lines.add_row("solved by", f"{solution.method}, gap {solution.gap:.0e}")
    lines.add_row("stopped", STOPPED[solution.stopped])
    return lines


def _brief(interval: Interval) -> str:
    return f"{interval.mean:+.4f} ±{(interval.high - interval.low) / 2:.4f}"
