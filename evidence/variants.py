"""Variants at equal budget: ``python -m evidence.variants SCENARIO --vary KEY VALUES``.

Runs PSRO once for every value of one key and every seed, everything else being equal, and tells

- what the fresh responses of each iteration gain (approximate exploitability). A stronger oracle
  finds *more* to gain, so alone this figure misleads;
- the *pooled* exploitability of each run's last equilibrium: what the best of the responses of
  all variants with that seed gains, the same yardstick for all;
- training and total wall time.

No run stops early. Figures go to ``OUTPUT.csv``, the curves to ``OUTPUT.png``; run folders stay in
``OUTPUT/``, so that an interrupted benchmark goes on where it stopped. ``--write PAGE`` puts a
table into a page, at the mark that is named like ``OUTPUT``.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from evidence.pooled import pooled_exploitability
from evidence.variants_figure import draw_variants
from ssa_psro.findings.wording import Form
from ssa_psro.metagame.intervals import Interval, student_interval
from ssa_psro.report.markdown import markdown, renew
from ssa_psro.study import Run, is_run_folder
from ssa_psro.study.solve import execute
from ssa_psro.study.study import Override, load_study, overridden
from ssa_psro.study.writing import create
from ssa_psro.work import Workers

COLUMNS = ("variant", "seed", "iteration", "quantity", "value", "low", "high")
NO_EARLY_STOP: dict[str, Override] = {"solver.tolerance": 0.0}

LEVEL = Form(3)

Row = tuple[str, int, int, str, float, float, float]


def solve(scenario: Path, overrides: Mapping[str, Override], folder: Path, workers: int) -> Run:
    """The finished run of one variant and one seed, made or continued."""
    values = {**NO_EARLY_STOP, **overrides}
    if not is_run_folder(folder):
        create(
            folder,
            overridden(load_study(scenario).study, values),
            source=scenario.read_text("utf-8-sig"),
            overrides=values,
            command=[sys.executable, "-m", "evidence.variants", *sys.argv[1:]],
        )
    return execute(folder, workers=Workers(workers))


def rows_of(variant: str, run: Run, pooled: Interval) -> Iterable[Row]:
    """Every figure of one run."""
    seed = run.study.seed
    for record in run.records:
        key = (variant, seed, record.iteration)
        yield (*key, "approx_exploitability", *_bounds(record.approx_exploitability))
        for side in record.sides:
            yield (*key, f"gain_{side.side}", *_bounds(side.gain))
        yield (*key, "train_s", *3 * (record.seconds["train"],))
        yield (*key, "total_s", *3 * (sum(record.seconds.values()),))
    last = len(run.records)
    yield (variant, seed, last, "pooled_exploitability", *_bounds(pooled))


def summary_of(rows: Sequence[Row]) -> list[tuple[str, str, int, Interval]]:
    """Mean over seeds and its Student t interval, of each variant, quantity and iteration."""
    groups: dict[tuple[str, str, int], list[float]] = {}
    for variant, _, iteration, quantity, value, *_ in rows:
        groups.setdefault((variant, quantity, iteration), []).append(value)
    return [(*key, student_interval(np.array(values))) for key, values in groups.items()]


def table_of(summary: Sequence[tuple[str, str, int, Interval]]) -> str:
    """What each variant's own responses gain, by iteration, and what the pooled ones do."""
    cells = {(name, quantity, iteration): found for name, quantity, iteration, found in summary}
    last = max(iteration for *_, iteration in cells)
    shown = [("approx_exploitability", iteration) for iteration in range(1, last + 1)]
    shown.append(("pooled_exploitability", last))
    others = [str(iteration) for _, iteration in shown[1:-1]]
    head = ["", "own responses, iteration 1", *others, "pooled, last equilibrium"]
    names = dict.fromkeys(name for name, *_ in cells)
    rows = [[name, *(LEVEL.interval(cells[name, *key]) for key in shown)] for name in names]
    return markdown([head, *rows])


def rows_in(path: Path) -> list[Row]:
    """The figures in a file that a benchmark has written."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            (name, int(seed), int(iteration), quantity, *map(float, numbers))
            for name, seed, iteration, quantity, *numbers in [*csv.reader(file)][1:]
        ]


def main() -> None:
    """Run the benchmark, print its table, write its figures."""
    arguments = _arguments()
    key, *values = arguments.vary
    fixed = dict(map(assignment, arguments.set))
    rows: list[Row] = []
    for seed in range(1, arguments.seeds + 1):
        solved = {
            value: solve(
                arguments.scenario,
                {"seed": seed, **fixed, key: _plain(value)},
                arguments.output / f"{value}-{seed}",
                arguments.workers,
            )
            for value in values
        }
        pooled = pooled_exploitability(solved, seed=seed, workers=arguments.workers)
        for value, run in solved.items():
            rows += rows_of(value, run, pooled[value])
        _write(arguments.output.with_suffix(".csv"), rows)
    summary = summary_of(rows)
    draw_variants(key, rows, summary, arguments.output.with_suffix(".png"))
    _print(key, summary, arguments.seeds)
    if arguments.write:
        renew(arguments.write, {arguments.output.name: table_of(summary)})


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=(__doc__ or "").split("\n")[0],
        epilog="example: python -m evidence.variants scenarios/quickstart.toml "
        "--vary solver.target vanilla rectified anytime uniform --seeds 3",
    )
    parser.add_argument("scenario", type=Path)
    parser.add_argument(
        "--vary", nargs="+", required=True, metavar=("KEY", "VALUE"), help="a scenario key"
    )
    parser.add_argument(
        "--set", action="append", default=[], metavar="KEY=VALUE", help="the same in all runs"
    )
    parser.add_argument("--seeds", type=int, default=3, help="two or more")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--output", type=Path, default=Path("variants"))
    parser.add_argument("--write", type=Path, metavar="PAGE")
    found = parser.parse_args()
    if len(found.vary) < 3 or found.seeds < 2:
        parser.error("give --vary a key and two values or more, and --seeds two or more")
    return found


def assignment(text: str) -> tuple[str, Override]:
    """Key and value of ``KEY=VALUE``."""
    key, _, value = text.partition("=")
    return key, _plain(value)


def _plain(text: str) -> Override:
    """A number where the text is one."""
    try:
        number = json.loads(text)
    except ValueError:
        return text
    return number if isinstance(number, int | float) else text


def _bounds(interval: Interval) -> tuple[float, float, float]:
    return interval.mean, interval.low, interval.high


def _write(path: Path, rows: Sequence[Row]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows)


def _print(key: str, summary: Sequence[tuple[str, str, int, Interval]], seeds: int) -> None:
    variants = list(dict.fromkeys(variant for variant, *_ in summary))
    title = f"{key}: mean over {seeds} seeds [95 % interval]"
    lines = Table("quantity", "iteration", *variants, title=title)
    cells = {(quantity, iteration, name): found for name, quantity, iteration, found in summary}
    for quantity, iteration in dict.fromkeys((key[0], key[1]) for key in cells):
        found = [cells[quantity, iteration, name] for name in variants]
        lines.add_row(quantity, str(iteration), *(str(interval) for interval in found))
    Console(width=160).print(lines)


if __name__ == "__main__":
    main()
