"""Which iterate to use: ``python -m evidence.best_iterate [--seeds 20] [--output FOLDER]``.

In games whose exploitability is known exactly, three choices are compared: the iterate over which
its own responses gained least (the rule of earlier versions), the one that ``best_record`` takes by
all members there are in the end, and the last one. Beside them stand the mixtures of the final
table, whom nobody has answered, and how far the figure that each rule prints lies below the truth.

Writes a row a run to ``FOLDER/best-iterate.csv``, draws ``best-iterate.png`` and prints the table;
``--write PAGE`` puts it into a page. One core, about ten minutes; ``--seeds 0`` makes no runs and
tells of the rows that are there.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ssa_psro.experiments.figures import COLOURS
from ssa_psro.experiments.plan import Arm, Plan
from ssa_psro.experiments.setting_up import set_up
from ssa_psro.findings.wording import Form
from ssa_psro.games.protocol import exact_curve, exact_end
from ssa_psro.metagame.intervals import student_interval
from ssa_psro.metagame.payoffs import PayoffTable
from ssa_psro.metagame.solvers import make_solver
from ssa_psro.psro import IterationRecord, Population, StopRule, initial_state, run_psro
from ssa_psro.psro.review import table_gains
from ssa_psro.randomness import derive_seed
from ssa_psro.report.csv_files import write_rows
from ssa_psro.report.drawing import save_png, settings
from ssa_psro.report.markdown import markdown, renew
from ssa_psro.report.style import INK

EPISODES = 2
"""Of every payoff and gain: they are exact, but intervals want two."""

MARK = "best-iterate"
GAIN, LEVEL = Form(3, signed=True), Form(3)

Row = dict[str, Any]


def _plan(
    name: str, game: str, learner: str, iterations: int, start: str = "scratch", **settings: Any
) -> Plan:
    return Plan(
        name=game,
        claim=name,
        question="Which iterate?",
        expected_minutes=1,
        game=game,
        learner=learner,
        settings=settings,
        iterations=iterations,
        reference=start,
        arms=(Arm(name=start, start=start),),
    )


MIXTURE = "non-transitive-mixture"

PLANS = (
    _plan("mixture, gradient", MIXTURE, "gradient", 15, steps=10, ascent="adam", spread=3.0),
    _plan("mixture, CMA-ES", MIXTURE, "cma-es", 15, steps=40),
    _plan("Kuhn, PPO", "kuhn", "ppo", 10, steps=8192),
    _plan("Leduc, PPO and fusion", "leduc", "ppo", 12, "fusion", steps=12288),
)
"""Budgets with which trainings fail now and then, as those of larger games do."""


def run_of(plan: Plan, seed: int) -> Row:
    """One run, and the exact exploitability of what each rule would have used."""
    root = derive_seed(seed, plan.claim)
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
    records = result.state.records
    old = int(np.argmin([_old_bound(record) for record in records]))
    new = result.best.iteration - 1
    return {
        "game": plan.claim,
        "seed": seed,
        "old_iteration": old + 1,
        "new_iteration": new + 1,
        "old": truth[old],
        "new": truth[new],
        "last": truth[-1],
        "final_table": exact_end(ready.game, result).exploitability,
        "least": min(truth),
        "old_printed": _own_gain(records[old]),
        "new_printed": result.best.approx_exploitability.mean,
        "all_true": sum(truth),
        "all_own": sum(map(_own_gain, records)),
        "all_members": sum(_members_gain(record, result.state.table) for record in records),
    }


def _own_gain(record: IterationRecord) -> float:
    """What the iterate's own responses gain, mean of both sides."""
    return float(np.mean([max(0.0, side.gain.mean) for side in record.sides]))


def _old_bound(record: IterationRecord) -> float:
    """What earlier versions went by: their own gain, and by how much they are known to fail."""
    return _own_gain(record) + float(np.mean([side.shortfall for side in record.sides]))


def _members_gain(record: IterationRecord, table: PayoffTable) -> float:
    """What the strongest of all members gains, mean of both sides."""
    return float(np.mean([max(0.0, gains.max()) for gains in table_gains(record, table)]))


COMPARED = (("new", "old"), ("new", "last"), ("old", "last"), ("new", "final_table"))


def table_of(rows: Sequence[Row]) -> str:
    """The table, and under it how often each choice was better, equal and worse."""
    head = ["game", "runs", "old rule", "new rule", "last", "final table", "least there was"]
    head += ["printed / true, old", "printed / true, new"]
    head += ["all iterates: own gain / true", "all members' / true"]
    names = list(dict.fromkeys(row["game"] for row in rows))
    lines = [head]
    for name in [*names, "all"]:
        some = [row for row in rows if name in (row["game"], "all")]
        means = [_mean(some, key) for key in ("old", "new", "last", "final_table", "least")]
        shares = [_share(some, f"{key}_printed", key) for key in ("old", "new")]
        shares += [_share(some, key, "all_true") for key in ("all_own", "all_members")]
        lines.append([name, str(len(some)), *means, *shares])
    counts = [["exact exploitability", "less", "equal", "greater", "difference [95 %]"]]
    counts += [_count(rows, one, other) for one, other in COMPARED]
    return f"{markdown(lines)}\n{markdown(counts)}"


def _mean(rows: Sequence[Row], key: str) -> str:
    return LEVEL.number(float(np.mean([row[key] for row in rows])))


def _share(rows: Sequence[Row], key: str, whole: str) -> str:
    return f"{sum(row[key] for row in rows) / sum(row[whole] for row in rows):.2f}"


def _count(rows: Sequence[Row], one: str, other: str) -> list[str]:
    away = np.array([row[one] - row[other] for row in rows])
    signs = np.where(np.abs(away) < 1e-9, 0, np.sign(away))
    counted = [str(int((signs == sign).sum())) for sign in (-1, 0, 1)]
    names = [f"{name} rule" if name in ("old", "new") else name for name in (one, other)]
    named = " against ".join(names).replace("_", " ")
    return [named, *counted, GAIN.interval(student_interval(away))]


def draw(rows: Sequence[Row], path: Path) -> None:
    """A panel a game: what is printed with the iterate to use against what it truly loses."""
    from matplotlib.figure import Figure

    games = list(dict.fromkeys(row["game"] for row in rows))
    with settings():
        figure = Figure(figsize=(2.9 * len(games), 3.6), layout="constrained")
        axes = np.atleast_1d(figure.subplots(1, len(games)))
        for game, ax in zip(games, axes, strict=True):
            some = [row for row in rows if row["game"] == game]
            end = 1.08 * max(max(row["old"], row["new"]) for row in some)
            ax.plot([0.0, end], [0.0, end], color=INK, lw=0.8)
            for rule, colour, marker in (("old", COLOURS[2], "s"), ("new", COLOURS[1], "o")):
                true, printed = ([row[key] for row in some] for key in (rule, f"{rule}_printed"))
                ax.plot(true, printed, marker, color=colour, ms=5, alpha=0.7, label=f"{rule} rule")
            ax.set(xlim=(0.0, end), ylim=(-0.03 * end, end), title=game, aspect="equal")
        axes[0].set_ylabel("Printed with the iterate to use")
        figure.supxlabel("Its exact exploitability, NashConv / 2 [payoff]; on the line: the truth")
        figure.legend(*axes[0].get_legend_handles_labels(), loc="outside upper right", ncols=2)
        save_png(figure, path)


def stored(path: Path) -> list[Row]:
    """The rows of an earlier call."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [{k: v if k == "game" else float(v) for k, v in row.items()} for row in rows]


def all_runs(plans: Sequence[Plan], seeds: int) -> Iterator[Row]:
    """A row a run."""
    for seed in range(1, seeds + 1):
        for plan in plans:
            yield run_of(plan, seed)


def main() -> None:
    """Make the runs, write them down and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--games", nargs="+", default=[plan.claim for plan in PLANS])
    parser.add_argument("--output", type=Path, default=Path("best-iterate"))
    parser.add_argument("--write", type=Path, metavar="PAGE")
    arguments = parser.parse_args()
    path = arguments.output / f"{MARK}.csv"
    rows = stored(path) if arguments.seeds == 0 else []
    for row in all_runs([plan for plan in PLANS if plan.claim in arguments.games], arguments.seeds):
        rows.append(row)
        write_rows(path, rows)
    draw(rows, path.with_suffix(".png"))
    found = table_of(rows)
    print(found)
    if arguments.write:
        renew(arguments.write, {MARK: found})


if __name__ == "__main__":
    main()
