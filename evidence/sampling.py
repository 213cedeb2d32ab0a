"""Episodes that samplers need: ``python -m evidence.sampling SCENARIO``.

All heuristics meet in both seats. How many episodes until the interval of the restricted
exploitability of their equilibrium is as narrow as asked for:

- ``full, apart``: all cells equally often, every cell on episodes of its own. Its width is found by
  shuffling the played episodes of each cell, which leaves nothing in common;
- ``full``: the same on common episodes;
- ``adaptive``: see :mod:`ssa_psro.metagame.sampling.adaptive`.

The first two are scaled from the episodes played by the square root of their number. Prints one
JSON object.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np

from ssa_psro.arrays import Floats, Seeds
from ssa_psro.game import CoverageGame, game_of
from ssa_psro.games.coverage import Coverage
from ssa_psro.metagame.estimates import regret_interval
from ssa_psro.metagame.payoffs import PayoffTable, play_missing
from ssa_psro.metagame.sampling import SamplingOptions, make_sampler
from ssa_psro.metagame.solvers import make_solver
from ssa_psro.metagame.tournament import common_seed_reduction
from ssa_psro.policies import HEURISTICS, Policy, make_policy
from ssa_psro.randomness import episode_seeds
from ssa_psro.scenario import load_scenario
from ssa_psro.work import Mapper, Workers

SHUFFLES = 10


class RecordedJudge:
    """Looks up episodes that have been played, and plays the others.

    Attributes:
        played: with policies as in ``policies`` on both sides.
        policies: whom the numbers stand for that it is called with.
        game: what is played.
    """

    def __init__(self, played: PayoffTable, policies: list[Policy], game: CoverageGame) -> None:
        self.played, self.policies, self.judge = played, policies, Coverage.of(game).judge
        self.place = {seed: place for place, seed in enumerate(played.seeds.tolist())}

    def __call__(self, row: int, column: int, seeds: Seeds, /) -> Floats:
        """Payoffs of both players, ``[E, 2]``."""
        known = [self.place[seed] for seed in seeds.tolist() if seed in self.place]
        fresh = seeds[len(known) :]  # recorded episodes are the first ones
        found = self.played.samples[row, column, known]
        if not fresh.size:
            return found
        others = self.judge(self.policies[row], self.policies[column], fresh)
        return np.concatenate([found, others])


def half_width(table: PayoffTable) -> float:
    """Of the interval of the restricted exploitability of the table's Nash equilibrium."""
    found = make_solver("nash")(table.mean)
    interval = regret_interval(table, found.row, found.column)
    return (interval.high - interval.low) / 2


def apart(table: PayoffTable, rng: np.random.Generator) -> PayoffTable:
    """The table as if each cell had been played on episodes of its own."""
    samples = table.samples.copy()
    for cell in np.ndindex(*table.count.shape):
        samples[cell] = rng.permutation(samples[cell], axis=0)
    return PayoffTable(table.rows, table.columns, table.seeds.copy(), samples)


def measure(
    judge: RecordedJudge, seeds: Seeds, asked: float, first: int, map_cells: Mapper
) -> dict[str, object]:
    """Episodes that each way of sampling needs, and how they compare."""
    played = judge.played
    rng = np.random.default_rng(0)
    widths = {
        "full, apart": float(np.mean([half_width(apart(played, rng)) for _ in range(SHUFFLES)])),
        "full": half_width(played),
    }
    each = {name: len(played.seeds) * (width / asked) ** 2 for name, width in widths.items()}
    needed = {name: round(played.count.size * episodes) for name, episodes in each.items()}
    sampler = make_sampler(
        "adaptive", SamplingOptions(make_solver("nash"), half_width=asked, first=first)
    )
    numbers = range(len(played.rows))
    table = sampler.play(
        PayoffTable.unplayed(played.rows, played.columns, seeds),
        numbers,
        numbers,
        judge=judge,
        map_cells=map_cells,
    )
    needed["adaptive"] = int(table.count.sum())
    return {
        "half_width_asked": asked,
        "half_width_adaptive": half_width(table),
        "episodes_a_cell_full": each,
        "episodes": needed,
        "adaptive_over_full_apart": needed["adaptive"] / needed["full, apart"],
        "adaptive_over_full": needed["adaptive"] / needed["full"],
        "most_episodes_of_a_cell": int(table.count.max()),
        "cells_beyond_first": int((table.count > first).sum()),
        "common_seed_reduction": [common_seed_reduction(played, side) for side in (0, 1)],
    }


def main() -> None:
    """Play, measure and print one JSON object."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("scenario", type=Path)
    parser.add_argument("--episodes", type=int, default=40, help="of every cell, played in full")
    parser.add_argument("--half-width", type=float, default=0.01, help="payoff units")
    parser.add_argument("--first", type=int, default=5)
    parser.add_argument("--limit", type=int, default=1000, help="episodes of a cell at most")
    parser.add_argument("--seed", type=int, default=0, help="of the episodes")
    parser.add_argument("--workers", type=int, default=2)
    arguments = parser.parse_args()
    game = game_of(load_scenario(arguments.scenario))
    policies: list[Policy] = [make_policy(name) for name in HEURISTICS]
    seeds = episode_seeds(arguments.seed, "sampling-benchmark", count=arguments.limit)
    names, threads = list(HEURISTICS), Workers(arguments.workers).in_threads
    table = PayoffTable.unplayed(names, names, seeds[: arguments.episodes])
    played = play_missing(
        table, policies, policies, judge=Coverage.of(game).judge, map_cells=threads
    )
    judge = RecordedJudge(played, policies, game)
    found = measure(judge, seeds, arguments.half_width, arguments.first, threads)
    told = {"scenario": str(arguments.scenario), "seed": arguments.seed, **found}
    print(json.dumps(told, indent=2))


if __name__ == "__main__":
    main()
