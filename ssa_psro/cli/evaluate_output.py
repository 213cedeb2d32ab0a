"""A transfer for people, and as files."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING

from ssa_psro.cli.output import print_table, shown, stdout, table, to_json
from ssa_psro.errors import Fault, UsageError
from ssa_psro.metagame.intervals import Interval
from ssa_psro.study.transfer import Crossing, Transfer

if TYPE_CHECKING:
    from rich.table import Table

COLUMNS = ("scenario", "home", "objects", "quantity", "side", "mean", "low", "high", "episodes")

NOTE = (
    "Payoffs on held-out episodes. Gain over the heuristics: what a side gets more by playing the "
    "run's mixture instead of the heuristics' equilibrium, against that equilibrium; mean of both "
    "sides. Known policies: the best heuristic or member of the run against the run's mixtures, "
    "chosen on other episodes: a lower bound of their exploitability. They gain over the "
    "heuristics: the same of the heuristics' equilibrium. Coverage scores: both sides play the "
    "run's mixtures."
)


def print_transfer(found: Transfer) -> None:
    """Print a block a scenario, the run's own first, since one line would not hold it all."""
    whom = "the final equilibrium" if found.iteration is None else f"iterate {found.iteration}"
    stdout().print(f"How {whom} of {found.run} carries over\n", style="bold", soft_wrap=True)
    for one in found.crossings:
        home = "home, " if one.home else ""
        print_table(f"{one.scenario} ({home}{one.objects} objects)", _block(one))
    stdout().print(NOTE, style="dim")


def _block(one: Crossing) -> Table:
    """What there is to say of one scenario, a line each."""
    lines = table("", "mean [95 % interval]")
    lines.add_row("gain over the heuristics", shown(one.gain, 3, signed=True))
    lines.add_row("known policies gain over the run", shown(one.known_exploitability, 3))
    lines.add_row("    most as Blue", one.deviators[0])
    lines.add_row("    most as Red", one.deviators[1])
    lines.add_row("they gain over the heuristics", shown(one.heuristic_exploitability, 3))
    for side, score in zip(("Blue", "Red"), one.scores, strict=True):
        lines.add_row(f"coverage score of {side}", shown(score, 3))
    return lines


def write_transfer(found: Transfer, folder: Path) -> None:
    """Write ``transfer.json`` and ``transfer.csv``.

    Raises:
        UsageError: the folder cannot be made or written to.
    """
    try:
        _write(found, folder)
    except OSError as error:
        problem = f"cannot be written: {error.strerror or error}"
        cure = "Name a folder that can be made or written to."
        raise UsageError("command line", [Fault("--output", str(folder), problem, cure)]) from None


def _write(found: Transfer, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "transfer.json").write_text(to_json(vars(found)), "utf-8")
    with (folder / "transfer.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for one in found.crossings:
            for quantity, side, interval in _figures(one):
                numbers = (interval.mean, interval.low, interval.high, interval.count)
                writer.writerow((one.scenario, one.home, one.objects, quantity, side, *numbers))


def _figures(one: Crossing) -> list[tuple[str, str, Interval]]:
    pairs = {"value": one.values, "score": one.scores, "gain": one.gains}
    return [
        *(
            (quantity, side, interval)
            for quantity, both in pairs.items()
            for side, interval in zip(("blue", "red"), both, strict=True)
        ),
        ("gain", "both", one.gain),
        ("known_exploitability", "both", one.known_exploitability),
        ("heuristic_exploitability", "both", one.heuristic_exploitability),
    ]
