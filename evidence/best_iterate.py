"""Which iterate to use: ``python -m evidence.best_iterate [--seeds 20] [--output FOLDER]``.

In games whose exploitability is known exactly, three choices are compared: the iterate over which
its own responses gained least (the rule of earlier versions), the one that ``best_record`` takes by
all members there are in the end, and the last one. Beside them stand the mixtures of the final
table, whom nobody has answered, and how far the figure that each rule prints lies below the truth.

Writes a row a run to ``FOLDER/best-iterate.csv`` and prints the table; ``--write PAGE`` puts it
into a page. One core, about ten minutes.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ssa_psro.experiments.plan import Arm, Plan
from ssa_psro.experiments.setting_up import set_up
from ssa_psro.findings.wording import Form
from ssa_psro.games.protocol import exact_curve, exact_end
from ssa_psro.metagame.intervals import student_interval
from ssa_psro.metagame.solvers import make_solver
from ssa_psro.psro import Population, StopRule, initial_state, run_psro
from ssa_psro.randomness import derive_seed
from ssa_psro.report.csv_files import write_rows
from ssa_psro.report.markdown import markdown, renew

EPISODES = 2
"""Of every payoff and gain: they are exact, but intervals want two."""

MARK = "best-iterate"
GAIN, LEVEL = Form(3, signed=True), Form(3)

Row = dict[str, Any]


def _plan(name: str, game: str, learner: str, iterations: int, start: str, **settings: Any) -> Plan:
    return Plan(
        name=name,
        question="Which iterate?",
        claim="None.",
        expected_minutes=1,
        game=game,
        learner=learner,
        settings=settings,
        iterations=iterations,
        reference=start,
        arms=(Arm(name=start, start=start),),
    )


PLANE: Mapping[str, Any] = {"steps": 30, "rate": 0.1, "ascent": "adam"}

PLANS = (
    _plan("mixture", "non-transitive-mixture", "gradient", 15, "scratch", spread=3.0, **PLANE),
    _plan("mixture-fusion", "non-transitive-mixture", "gradient", 15, "fusion", **PLANE),
    _plan("kuhn", "kuhn", "ppo", 10, "scratch", steps=2048),
    _plan("leduc", "leduc", "ppo", 10, "scratch", steps=8192),
)
"""Games, learners and budgets small enough that trainings fail now and then."""


def run_of(plan: Plan, seed: int) -> Row:
    """One run, and the exact exploitability of what each rule would have used."""
    root = derive_seed(seed, plan.name)
    ready = set_up(plan, plan.arms[0], root)
    row, column = ready.initial
    result = run_psro(
        initial_state(
            (Population("row", (row,)), Population("column", (column,))),
            seed=root,
            episodes_per_cell=EPISODES,
        ),
        judge=ready.game.judge,
        mix=ready.game.mix,
        solve=make_solver("nash"),
        oracle=ready.oracle,
        start=plan.arms[0].start_of,
        stop=StopRule(plan.iterations),
        seed=root,
        held_out_episodes=EPISODES,
    )
    truth = [point.exploitability for point in exact_curve(ready.game, result.state)]
    assert result.best is not None
    old = int(np.argmin([_own_bound(record) for record in result.state.records]))
    new = result.best.iteration - 1
    return {
        "game": plan.name,
        "seed": seed,
        "old_iteration": old + 1,
        "new_iteration": new + 1,
        "old": truth[old],
        "new": truth[new],
        "last": truth[-1],
        "final_table": exact_end(ready.game, result).exploitability,
        "least": min(truth),
        "old_printed": _own_bound(result.state.records[old]),
        "new_printed": result.best.approx_exploitability.mean,
    }


def _own_bound(record: Any) -> float:
    """What the rule of earlier versions went by: the gains of the iterate's own responses."""
    gains = np.array([side.gain.mean for side in record.sides])
    return float(np.maximum(gains, 0).mean() + np.maximum(-gains, 0).mean())


COMPARED = (("new", "old"), ("new", "last"), ("old", "last"), ("new", "final_table"))


def table_of(rows: Sequence[Row]) -> str:
    """The table, and under it how often each choice was better, equal and worse."""
    head = ["game", "runs", "old rule", "new rule", "last", "final table", "least there was"]
    head += ["printed / true, old", "printed / true, new"]
    names = list(dict.fromkeys(row["game"] for row in rows))
    lines = [head]
    for name in [*names, "all"]:
        some = [row for row in rows if name in (row["game"], "all")]
        means = [_mean(some, key) for key in ("old", "new", "last", "final_table", "least")]
        shares = [_mean(some, f"{key}_printed", key) for key in ("old", "new")]
        lines.append([name, str(len(some)), *means, *shares])
    counts = [["exact exploitability", "less", "equal", "greater", "difference [95 %]"]]
    counts += [_count(rows, one, other) for one, other in COMPARED]
    return f"{markdown(lines)}\n{markdown(counts)}"


def _mean(rows: Sequence[Row], key: str, divisor: str = "") -> str:
    values = [row[key] for row in rows]
    if divisor:
        return f"{sum(values) / sum(row[divisor] for row in rows):.2f}"
    return LEVEL.number(float(np.mean(values)))


def _count(rows: Sequence[Row], one: str, other: str) -> list[str]:
    away = np.array([row[one] - row[other] for row in rows])
    signs = np.where(np.abs(away) < 1e-9, 0, np.sign(away))
    counted = [str(int((signs == sign).sum())) for sign in (-1, 0, 1)]
    names = [f"{name} rule" if name in ("old", "new") else name for name in (one, other)]
    named = " against ".join(names).replace("_", " ")
    return [named, *counted, GAIN.interval(student_interval(away))]


def all_runs(plans: Sequence[Plan], seeds: int) -> Iterator[Row]:
    """A row a run."""
    for seed in range(1, seeds + 1):
        for plan in plans:
            yield run_of(plan, seed)


def main() -> None:
    """Make the runs, write them down and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--games", nargs="+", default=[plan.name for plan in PLANS])
    parser.add_argument("--output", type=Path, default=Path("best-iterate"))
    parser.add_argument("--write", type=Path, metavar="PAGE")
    arguments = parser.parse_args()
    rows = list[Row]()
    for row in all_runs([plan for plan in PLANS if plan.name in arguments.games], arguments.seeds):
        rows.append(row)
        write_rows(arguments.output / f"{MARK}.csv", rows)
    found = table_of(rows)
    print(found)
    if arguments.write:
        page = arguments.write.read_text("utf-8")
        arguments.write.write_text(renew(page, {MARK: found}), "utf-8")


if __name__ == "__main__":
    main()
