"""``ssa-psro bench``: how fast this version is on this machine, and beside another version."""

from __future__ import annotations

import os
import platform
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ssa_psro.cli.options import AsJson, ScenarioFile, WorkerCount, cores
from ssa_psro.cli.output import print_json, print_table, progress, stdout

if TYPE_CHECKING:
    from ssa_psro.findings import Table
    from ssa_psro.study.benchmark import Times

EXAMPLES = (
    "ssa-psro bench scenarios/contested-72h.toml",
    "ssa-psro bench scenarios/contested-72h.toml --beside ../before/.venv/bin/python --json",
)


def command(
    scenario: ScenarioFile,
    episodes: Annotated[
        int, typer.Option(min=2, max=10_000, metavar="N", help="Played of each kind.")
    ] = 64,
    rounds: Annotated[
        int, typer.Option(min=1, max=100, metavar="N", help="Of which the best counts.")
    ] = 3,
    beside: Annotated[
        Path | None,
        typer.Option(
            metavar="PYTHON",
            help="Interpreter in which another version is installed: both take turns.",
            show_default=False,
        ),
    ] = None,
    workers: WorkerCount = None,
    as_json: AsJson = False,
) -> None:
    """Measure how fast episodes are played, responses trained, tables made and games solved.

    Each number is the best of some rounds. Speeds of different machines, or of different times on a
    busy one, cannot be compared; with --beside, two versions work in turn, and their ratio can.
    """
    from ssa_psro.cli.opening import limit_threads
    from ssa_psro.study import load_study
    from ssa_psro.study.benchmark import best, measure, overall, times_faster
    from ssa_psro.study.folder import current_versions

    game, most = load_study(scenario).scenario, workers or cores()
    counts = sorted({1, most})
    limit_threads(most)
    here, there = [], []
    with progress({"rounds": "measuring"}) as tell:
        for number in range(rounds):
            tell("rounds", number / rounds)
            here.append(measure(scenario, game, episodes=episodes, workers=counts))
            if beside is not None:
                there.append(_there(beside, scenario, episodes, most))
    times, other = best(here), best(there) if there else {}
    ratios = times_faster(other, times)
    if as_json:
        document = {
            "scenario": game.name,
            "machine": f"{platform.machine()}, {os.cpu_count()} processors",
            "versions": current_versions(),
            "episodes": episodes,
            "rounds": rounds,
            "times": times,
        }
        compared = {"beside": other, "times_faster": ratios} if there else {}
        print_json({**document, **compared})
        return
    print_table(_table(game.name, times, other, ratios))
    if ratios:
        stdout().print(f"{overall(ratios):.2f} times as fast (geometric mean)")


def _there(python: Path, scenario: Path, episodes: int, workers: int) -> Times:
    from ssa_psro.errors import Fault, UsageError
    from ssa_psro.study.benchmark import measure_there

    given = [str(scenario), "--episodes", str(episodes), "--workers", str(workers)]
    try:
        return measure_there(str(python), given)
    except (OSError, ValueError) as error:
        problem = f"cannot measure: {str(error).splitlines()[0]}"
        cure = "Name the Python of an environment in which ssa-psro has this command."
        raise UsageError("command line", [Fault("--beside", str(python), problem, cure)]) from None


def _table(name: str, times: Times, other: Times, ratios: Times) -> Table:
    from ssa_psro.findings import Column, make_table
    from ssa_psro.study.benchmark import is_time

    def told(value: float | None, key: str) -> str:
        unit = {"s": " s", "ms": " ms"}[key.rpartition("_")[2]] if is_time(key) else " / s"
        return "" if value is None else f"{value:,.3g}{unit}"

    columns = [Column("what", "", "What is measured"), Column("here", "", "This version")]
    columns += [Column("there", "", "The other"), Column("ratio", "", "Times as fast")] * bool(
        other
    )
    rows = []
    for key, value in times.items():
        words = key.rpartition("_")[0] if is_time(key) else key
        compared = [told(other.get(key), key), f"{ratios[key]:.2f}" if key in ratios else ""]
        rows.append((words, told(value, key), *(compared if other else [])))
    return make_table("bench", f"{name}: how fast", tuple(columns), rows)
