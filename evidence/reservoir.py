"""What leaving cells out costs: ``python -m evidence.reservoir SCENARIO``.

The heuristics and random changes of them meet in both seats, once in full. The sampler
``reservoir`` then gets to see part of that table, for several choices of the part, with and without
confirming what the equilibrium depends on. Everything is compared with the full table, noise and
all, so that what differs is due to the imputed cells alone. Prints one JSON object.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import cast

import numpy as np

from ssa_psro.arrays import Floats, Seeds
from ssa_psro.games.coverage import Coverage
from ssa_psro.metagame.estimates import regret_interval
from ssa_psro.metagame.exploitability import restricted_exploitability
from ssa_psro.metagame.payoffs import PayoffTable, play_missing
from ssa_psro.metagame.sampling.impute import Imputation, impute
from ssa_psro.metagame.sampling.reservoir import ReservoirSampler
from ssa_psro.metagame.solvers import make_solver
from ssa_psro.policies import HEURISTICS, ConstantDoctrine, Policy, make_policy
from ssa_psro.randomness import episode_seeds, generator
from ssa_psro.scenario import load_scenario
from ssa_psro.work import Workers

CHANGE = 0.3
"""Standard deviation of the change of each weight of a heuristic; weights lie in [-1, 1]."""


def population(changed: int) -> list[Policy]:
    """The heuristics, then ``changed`` variations of them in turn."""
    heuristics = [make_policy(name) for name in HEURISTICS]
    policies: list[Policy] = [*heuristics]
    for number in range(changed):
        parent = heuristics[number % len(heuristics)]
        change = generator(0, "reservoir-benchmark", number).normal(0, CHANGE, parent.weights.size)
        weights = np.clip(parent.weights + change, -1, 1)
        policies.append(ConstantDoctrine(f"{parent.name}-{number}", tuple(weights.tolist())))
    return policies


def outcome(full: PayoffTable, share: float, seed: int, confirm: bool) -> dict[str, float]:
    """What one choice of cells leads to, against the full table."""

    def judge(row: int, column: int, seeds: Seeds, /) -> Floats:
        return cast(Floats, full.samples[row, column])

    numbers = range(len(full.rows))
    sampler = ReservoirSampler(make_solver("nash"), share, seed, confirm)
    unplayed = PayoffTable.unplayed(full.rows, full.columns, full.seeds)
    imputed = impute(sampler.play(unplayed, numbers, numbers, judge=judge))
    return _compared(full, imputed)


def _compared(full: PayoffTable, imputed: Imputation) -> dict[str, float]:
    truth, found = (make_solver("nash")(table.mean) for table in (full, imputed.table))
    wrong = (imputed.table.mean - full.mean)[imputed.imputed][:, 0]
    loss = restricted_exploitability(full.mean, found.row, found.column)
    interval = regret_interval(imputed.table, found.row, found.column)
    return {
        "cells_played": float(1 - imputed.imputed.mean()),
        "error_by_left_out_cells": imputed.error[0],
        "error_of_imputed_cells": float(np.sqrt((wrong**2).mean())) if wrong.size else 0.0,
        "spread_of_cells": imputed.spread[0],
        "value_bias": found.value[0] - truth.value[0],
        "value_error": abs(found.value[0] - truth.value[0]),
        "mixture_distance": float(np.abs(found.row - truth.row).sum() / 2),
        "exploitability_in_full_table": loss,
        "exploitability_upper_bound": interval.high,
        "bound_holds": float(loss <= interval.high),
    }


def compare(full: PayoffTable, shares: list[float], choices: int) -> dict[str, dict[str, float]]:
    """Means over ``choices`` random choices of cells, by share and way."""
    found = {}
    for share in shares:
        for confirm in (False, True):
            outcomes = [outcome(full, share, seed, confirm) for seed in range(choices)]
            name = f"{share:.0%}{', confirmed' if confirm else ''}"
            found[name] = {
                key: float(np.mean([one[key] for one in outcomes])) for key in outcomes[0]
            }
    return found


def main() -> None:
    """Play, measure and print one JSON object."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("scenario", type=Path)
    parser.add_argument("--changed", type=int, default=20, help="policies beside the heuristics")
    parser.add_argument("--episodes", type=int, default=10, help="of every cell")
    parser.add_argument("--shares", type=float, nargs="+", default=[0.25, 0.5])
    parser.add_argument("--choices", type=int, default=10, help="of cells, to average over")
    parser.add_argument("--workers", type=int, default=2)
    arguments = parser.parse_args()
    judge = Coverage(load_scenario(arguments.scenario)).judge
    policies = population(arguments.changed)
    names = [policy.name for policy in policies]
    seeds = episode_seeds(0, "reservoir-benchmark", count=arguments.episodes)
    full = play_missing(
        PayoffTable.unplayed(names, names, seeds),
        policies,
        policies,
        judge=judge,
        map_cells=Workers(arguments.workers).in_threads,
    )
    found = compare(full, arguments.shares, arguments.choices)
    print(json.dumps({"cells": full.count.size, "compared": found}, indent=2))


if __name__ == "__main__":
    main()
