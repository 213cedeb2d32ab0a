"""Start weights at equal budget: ``python -m ssa_psro.benchmarks.start_weights SCENARIO``.

Runs PSRO once for every start rule and seed, everything else being equal, and tells

- what the fresh responses of each iteration gain (approximate exploitability). A better start
  makes a stronger oracle, which finds *more* to gain: so alone this figure misleads;
- the *pooled* exploitability of each run's last equilibrium: what the best of the responses of
  all rules with that seed gains, the same yardstick for all;
- training and total wall time.

Run folders stay, so that an interrupted benchmark goes on where it stopped.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from ssa_psro.benchmarks.pooled import pooled_exploitability
from ssa_psro.metagame.intervals import Interval, student_interval
from ssa_psro.runs import Run, is_run_folder
from ssa_psro.runs.execution import execute
from ssa_psro.runs.manifest import Override
from ssa_psro.runs.overrides import overridden
from ssa_psro.runs.writing import create
from ssa_psro.scenario import load_scenario

STARTS = ("scratch", "inherit-last", "heuristic", "fusion")
COLUMNS = ("start", "seed", "iteration", "quantity", "value", "low", "high")

Row = tuple[str, int, int, str, float, float, float]


def solve(scenario: Path, start: str, seed: int, folder: Path, workers: int) -> Run:
    """The finished run of one rule and one seed, made or continued."""
    overrides: dict[str, Override] = {
        "seed": seed,
        "oracle.start": start,
        "oracle.fusion_from_iteration": 1,  # as the other rules
        "solver.tolerance": 0.0,  # no early stop: an equal budget for all
    }
    if not is_run_folder(folder):
        create(
            folder,
            overridden(load_scenario(scenario), overrides),
            source=scenario.read_text("utf-8-sig"),
            overrides=overrides,
            command=[sys.executable, "-m", "ssa_psro.benchmarks.start_weights", *sys.argv[1:]],
        )
    return execute(folder, workers=workers)


def rows_of(start: str, run: Run, pooled: Interval) -> Iterable[Row]:
    """Every figure of one run."""
    seed = run.scenario.seed
    for record in run.records:
        key = (start, seed, record.iteration)
        yield (*key, "approx_exploitability", *_bounds(record.approx_exploitability))
        for side in record.sides:
            yield (*key, f"gain_{side.side}", *_bounds(side.gain))
        yield (*key, "train_s", *3 * (record.seconds["train"],))
        yield (*key, "total_s", *3 * (sum(record.seconds.values()),))
    last = len(run.records)
    yield (start, seed, last, "pooled_exploitability", *_bounds(pooled))


def summary_of(rows: Sequence[Row]) -> list[tuple[str, str, int, Interval]]:
    """Mean over seeds and its Student t interval, of each rule, quantity and iteration."""
    groups: dict[tuple[str, str, int], list[float]] = {}
    for start, _, iteration, quantity, value, *_ in rows:
        groups.setdefault((start, quantity, iteration), []).append(value)
    return [(*key, student_interval(np.array(values))) for key, values in groups.items()]


def main() -> None:
    """Run the benchmark, print its table and write its figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("scenario", type=Path)
    parser.add_argument("--seeds", type=int, default=3, help="two or more")
    parser.add_argument("--starts", nargs="+", default=STARTS)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--output", type=Path, default=Path("start-weights.csv"))
    arguments = parser.parse_args()
    runs = arguments.output.with_suffix("")
    rows: list[Row] = []
    for seed in range(1, arguments.seeds + 1):
        solved = {
            start: solve(
                arguments.scenario, start, seed, runs / f"{start}-{seed}", arguments.workers
            )
            for start in arguments.starts
        }
        pooled = pooled_exploitability(solved, seed=seed, workers=arguments.workers)
        for start, run in solved.items():
            rows += rows_of(start, run, pooled[start])
        _write(arguments.output, rows)
    _print(summary_of(rows))


def _bounds(interval: Interval) -> tuple[float, float, float]:
    return interval.mean, interval.low, interval.high


def _write(path: Path, rows: Sequence[Row]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows)


def _print(summary: Sequence[tuple[str, str, int, Interval]]) -> None:
    starts = list(dict.fromkeys(start for start, *_ in summary))
    lines = Table("quantity", "iteration", *starts, title="Mean over seeds [95 % interval]")
    cells = {(quantity, iteration, start): found for start, quantity, iteration, found in summary}
    for quantity, iteration in dict.fromkeys((key[0], key[1]) for key in cells):
        found = [cells[quantity, iteration, start] for start in starts]
        lines.add_row(quantity, str(iteration), *(str(interval) for interval in found))
    Console(width=160).print(lines)


if __name__ == "__main__":
    main()
