"""How fast the game plays: ``python -m evidence.engine SCENARIO [--workers N]``.

Prints, for some pairs of heuristics, episodes per second and joint steps per second. A joint step
is every sensor of both sides for one ``step_s``.
"""

from __future__ import annotations

import argparse
import json
import os
from time import perf_counter

from ssa_psro.game import CoverageGame, game_of
from ssa_psro.policies import make_policy, play
from ssa_psro.policies.match import batches
from ssa_psro.randomness import episode_seeds
from ssa_psro.scenario import load_scenario
from ssa_psro.work import Workers

PAIRS = (
    ("aggressive", "reactive"),
    ("information", "information"),
    ("random", "random"),
    ("blinding", "shielded"),
)


def measure(game: CoverageGame, pair: tuple[str, str], episodes: int, workers: Workers) -> float:
    """Wall seconds for ``episodes`` episodes, compilation excluded."""
    blue, red = (make_policy(name) for name in pair)
    seeds = episode_seeds(0, "engine-benchmark", count=episodes)
    play(game, blue, red, seeds[:2])
    parts = [seeds[some] for some in batches(game, episodes)]
    started = perf_counter()
    list(workers.in_threads(lambda part: play(game, blue, red, part), parts))
    return perf_counter() - started


def main() -> None:
    """Measure and print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scenario")
    parser.add_argument("--episodes", type=int, default=256)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    arguments = parser.parse_args()
    game = game_of(load_scenario(arguments.scenario))
    steps = game.world.rules.steps
    rates = {}
    with Workers(arguments.workers) as workers:
        for pair in PAIRS:
            rate = arguments.episodes / measure(game, pair, arguments.episodes, workers)
            rates[" v ".join(pair)] = {
                "episodes_per_s": round(rate, 1),
                "joint_steps_per_s": round(rate * steps),
            }
    print(json.dumps({"workers": arguments.workers, "steps": steps, "pairs": rates}, indent=2))


if __name__ == "__main__":
    main()
