"""A transfer for people, and as files."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING

from ssa_psro.cli.output import print_table, shown, table, to_json
from ssa_psro.errors import Fault, UsageError
from ssa_psro.metagame.intervals import Interval
from ssa_psro.transfer import Crossing, Transfer

if TYPE_CHECKING:
    from rich.table import Table

COLUMNS = ("scenario", "home", "objects", "quantity", "side", "mean", "low", "high", "episodes")


def print_transfer(found: Transfer) -> None:
    """Print a line a scenario, the run's own first."""
    whom = "the final equilibrium" if found.iteration is None else f"iterate {found.iteration}"
    lines = table(
        "scenario", "objects", "gain over the heuristics", "known policies gain", "heuristics lose"
    )
    for one in found.crossings:
        lines.add_row(
            f"{one.scenario} (home)" if one.home else one.scenario,
            str(one.objects),
            shown(one.gain, 3, signed=True),
            shown(one.known_exploitability, 3),
            shown(one.heuristic_exploitability, 3),
        )
    print_table(
        f"How {whom} of {found.run} carries over",
        lines,
        "Payoffs, mean [95 % interval] on held-out episodes. Gain: what a side gets more by "
        "playing the run's mixture instead of the heuristics' equilibrium, against that "
        "equilibrium; mean of both sides. Known policies: the best heuristic or member of the run "
        "against the run's mixtures, chosen on other episodes: a lower bound of their "
        "exploitability. The last column asks the same of the heuristics' equilibrium.",
    )
    print_table("Coverage scores when both sides play the run's mixtures", _scores(found))


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


def _scores(found: Transfer) -> Table:
    lines = table("scenario", "Blue", "Red", "best against Blue's", "best against Red's")
    for one in found.crossings:
        blue, red = one.scores
        lines.add_row(
            one.scenario, shown(blue, 3), shown(red, 3), one.deviators[1], one.deviators[0]
        )
    return lines
