"""One population, two, or none at equal decisions: ``python -m evidence.equal_decisions SCENARIO``.

Solves a scenario by PSRO with one population and with two, with responses that start by fusion and
from scratch, and trains self-play with as many decisions, without and with an entropy bonus. All
are attacked alike. No run stops early. ``OUTPUT/equal-decisions.csv`` has a line an arm, seed and
budget of the attack; run folders stay in ``--work``, so that an interrupted benchmark goes on.
``--write PAGE`` puts the largest gains found into a page.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import ssa_psro
from evidence.variants import assignment, solve
from ssa_psro.report.csv_files import write_rows
from ssa_psro.report.markdown import markdown, renew
from ssa_psro.study import Run
from ssa_psro.study.audit import Findings
from ssa_psro.study.study import Override

ARMS: Mapping[str, Mapping[str, Override]] = {
    "fusion": {"solver.populations": "shared"},
    "scratch": {"solver.populations": "shared", "oracle.start": "scratch"},
    "separate": {"solver.populations": "separate"},
}
"""What differs from the scenario; the first is compared with self-play, too."""

BONUSES = (0.0, 0.05)
"""Weights of self-play's entropy bonus."""

IN_WORDS = {
    "fusion": "PSRO, one population, starts by fusion",
    "scratch": "PSRO, one population, starts from scratch",
    "separate": "PSRO, two populations, starts by fusion",
    "self-play, 0": "self-play by PPO",
    "self-play, 0.05": "self-play by PPO, entropy bonus of 0.05",
}
MARK = "equal-decisions"

BUDGETS, EPISODES = (50_000, 200_000), 400
"""Of the attack."""

ATTACK = 76
"""What is added to a run's seed to attack it; self-play has the attack's, another for each run."""


def decisions_of(run: Run) -> int:
    """Of all trainings; where one population is trained in both seats, each training once."""
    found = [
        response.facts["decisions"]
        for record in run.records
        for side in record.populations
        for response in side.responses
    ]
    return sum(one for one in found if isinstance(one, int))


def rows_of(arm: str, seed: int, decisions: int, found: Findings) -> Iterator[dict[str, Any]]:
    """The attack curve of an arm."""
    for point in found.points:
        yield {
            "arm": arm,
            "seed": seed,
            "decisions": decisions,
            "iterate": found.iteration,
            "budget": point.budget,
            "trainings": point.trainings,
            "gain": point.bound.mean,
            "gain_low": point.bound.low,
            "gain_high": point.bound.high,
            "episodes": point.bound.count,
        }


def compared(
    scenario: Path, same: Mapping[str, Override], seed: int, work: Path, workers: int
) -> Iterator[dict[str, Any]]:
    """Rows of all arms of one seed; ``same`` differs from the scenario in all of them."""
    runs = {
        arm: solve(scenario, {"seed": seed, **same, **values}, work / f"{arm}-{seed}", workers)
        for arm, values in ARMS.items()
    }
    asked: dict[str, Any] = {"budgets": BUDGETS, "episodes": EPISODES, "seed": ATTACK + seed}
    for arm, run in runs.items():
        best = ssa_psro.audit(run, **asked, workers=workers).best
        assert best is not None, "it has just been attacked"
        yield from rows_of(arm, seed, decisions_of(run), best)
    for bonus in BONUSES:
        first = next(iter(runs.values()))
        played = ssa_psro.audit(first, **asked, self_play=True, entropy=bonus, workers=workers)
        assert played.self_play is not None, "it has just been attacked"
        decisions = 2 * played.self_play.decisions
        yield from rows_of(f"self-play, {bonus:g}", seed, decisions, played.self_play.findings)


def table_of(rows: Sequence[Mapping[str, Any]]) -> str:
    """What the longest attack gains over each arm, seed by seed, as Markdown.

    Args:
        rows: as in the file, by ascending budget.
    """
    last = {(row["arm"], int(row["seed"])): row for row in rows}
    seeds = sorted({seed for _, seed in last})
    lines = [["Arm", "Decisions", *(f"seed {seed}" for seed in seeds), "mean"]]
    for arm, words in IN_WORDS.items():
        own = [last[arm, seed] for seed in seeds]
        gains = [[float(one[key]) for key in ("gain", "gain_low", "gain_high")] for one in own]
        mean = sum(gain for gain, *_ in gains) / len(gains)
        decisions = max(int(one["decisions"]) for one in own)
        told = [f"{gain:.4f} [{low:.4f}, {high:.4f}]" for gain, low, high in gains]
        lines.append([words, f"{decisions:,}", *told, f"{mean:.3f}"])
    return markdown(lines)


def main() -> None:
    """Compare, and write ``equal-decisions.csv``."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        epilog="example: python -m evidence.equal_decisions scenarios/quickstart.toml "
        "--output figures",
    )
    parser.add_argument("scenario", type=Path)
    parser.add_argument(
        "--set", action="append", default=[], metavar="KEY=VALUE", help="the same in all arms"
    )
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--work", type=Path, default=Path("runs/equal-decisions"))
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--write", type=Path, metavar="PAGE")
    arguments = parser.parse_args()
    same = dict(map(assignment, arguments.set))
    rows: list[dict[str, Any]] = []
    for seed in range(1, arguments.seeds + 1):
        rows += compared(arguments.scenario, same, seed, arguments.work, arguments.workers)
        write_rows(arguments.output / f"{MARK}.csv", rows)
        print(f"seed {seed} of {arguments.seeds}", flush=True)
    print(table_of(rows))
    if arguments.write:
        renew(arguments.write, {MARK: table_of(rows)})


if __name__ == "__main__":
    main()
