"""One run of one arm with one seed: the unit of work."""

from __future__ import annotations

from dataclasses import dataclass
from time import process_time
from typing import Any

from ssa_psro.benchmarks.experiments.bad_solvers import experiment_solver
from ssa_psro.benchmarks.experiments.measuring import Row, iteration_rows, response_rows
from ssa_psro.benchmarks.experiments.plan import Arm, Plan
from ssa_psro.benchmarks.experiments.setting_up import SetUp, set_up
from ssa_psro.benchmarks.experiments.variants import VARIANTS
from ssa_psro.psro import Population, PsroResult, StopRule, initial_state, run_psro
from ssa_psro.randomness import derive_seed

EPISODES = 2
"""Of every cell of the payoff table: payoffs are exact, but intervals want two."""

HELD_OUT = 4
"""With several responses a side, half of them choose the strongest."""


@dataclass(frozen=True)
class Cell:
    """What one process does at a time.

    Attributes:
        plan: the experiment.
        arm: name of the arm.
        seed: from 1.
    """

    plan: Plan
    arm: str
    seed: int


@dataclass(frozen=True)
class Outcome:
    """What one run found.

    Attributes:
        iterations: see ``measuring.iteration_rows``.
        responses: see ``measuring.response_rows``.
    """

    iterations: list[Row]
    responses: list[Row]


def run_cell(cell: Cell) -> Outcome:
    """Run PSRO and measure it exactly; a pure function, durations aside.

    All arms of one seed share the random numbers of the game, of the initial policies and of the
    first initialisation: differences between arms are paired.
    """
    arm, seed = cell.plan.arm(cell.arm), derive_seed(cell.seed, cell.plan.game)
    ready = set_up(cell.plan, arm, seed)
    begun = process_time()
    result = _solve(cell.plan, arm, ready, seed)
    cpu_s = process_time() - begun
    key: Row = {"arm": arm.name, "seed": cell.seed}
    rows: list[Row] = [{**key, **row, "cpu_s": None} for row in iteration_rows(ready, result)]
    rows[-1]["cpu_s"] = cpu_s
    return Outcome(
        rows,
        [{**key, **row} for row in response_rows(result.state.records)],
    )


def _solve(plan: Plan, arm: Arm, ready: SetUp, seed: int) -> PsroResult[Any]:
    row, column = ready.initial
    populations = (Population("row", (row,)), Population("column", (column,)))
    return run_psro(
        initial_state(populations, seed=seed, episodes_per_cell=EPISODES),
        judge=ready.game.judge,
        mix=ready.game.mix,
        solve=experiment_solver(arm.meta_solver),
        oracle=ready.oracle,
        start=arm.start_of,
        stop=StopRule(iterations=plan.iterations),
        seed=seed,
        held_out_episodes=HELD_OUT,
        targets=VARIANTS[arm.variant].targets,
    )
