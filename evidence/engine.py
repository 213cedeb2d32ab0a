"""How fast the game plays: ``python -m evidence.engine SCENARIO [--beside PYTHON]``.

Prints, for some pairs of heuristics, milliseconds of one core and of several an episode: the
fastest of some rounds, since whatever else runs on a machine only ever takes time. With
``--beside`` the interpreter of another checkout, in which an earlier version is installed, plays
the same in turn with this one, and the ratio of the two is told.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from statistics import geometric_mean
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

Rates = dict[str, dict[str, float]]
"""Milliseconds an episode, by number of workers and pair."""


def measure(game: CoverageGame, pair: tuple[str, str], episodes: int, workers: int) -> float:
    """Wall milliseconds an episode, compilation excluded."""
    blue, red = (make_policy(name) for name in pair)
    seeds = episode_seeds(0, "engine-benchmark", count=episodes)
    play(game, blue, red, seeds[:2])
    parts = [seeds[some] for some in batches(game, episodes)]
    with Workers(workers) as hands:
        list(hands.in_threads(lambda part: play(game, blue, red, part), parts[:workers]))
        started = perf_counter()
        list(hands.in_threads(lambda part: play(game, blue, red, part), parts))
        return 1e3 * (perf_counter() - started) / episodes


def measure_all(scenario: str, episodes: int, workers: Sequence[int]) -> Rates:
    """One round of all pairs."""
    game = game_of(load_scenario(scenario))
    return {
        str(count): {" v ".join(pair): measure(game, pair, episodes, count) for pair in PAIRS}
        for count in workers
    }


def measure_there(python: str, arguments: argparse.Namespace) -> Rates:
    """One round by another interpreter and the version that is installed there."""
    counts = [str(count) for count in arguments.workers]
    command = [python, __file__, arguments.scenario, "--rounds", "1", "--workers", *counts]
    command += ["--episodes", str(arguments.episodes)]
    found = subprocess.run(command, capture_output=True, text=True, check=True)
    return dict(json.loads(found.stdout)["ms_per_episode"])


def fastest(rounds: Sequence[Rates]) -> Rates:
    """The least of each number."""
    return {
        count: {pair: min(one[count][pair] for one in rounds) for pair in pairs}
        for count, pairs in rounds[0].items()
    }


def times_faster(before: Rates, now: Rates) -> Rates:
    """Ratios of each number, and their geometric mean."""
    ratios = {
        count: {pair: ms / now[count][pair] for pair, ms in pairs.items()}
        for count, pairs in before.items()
    }
    return {
        count: {**pairs, "geometric mean": geometric_mean(list(pairs.values()))}
        for count, pairs in ratios.items()
    }


def main() -> None:
    """Measure and print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scenario")
    parser.add_argument("--episodes", type=int, default=128)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--workers", type=int, nargs="+", default=[1])
    parser.add_argument("--beside", metavar="PYTHON", help="interpreter with another version")
    arguments = parser.parse_args()
    here: list[Rates] = []
    there: list[Rates] = []
    for _ in range(arguments.rounds):
        if arguments.beside is None:
            here.append(measure_all(arguments.scenario, arguments.episodes, arguments.workers))
        else:
            here.append(measure_there(sys.executable, arguments))
            there.append(measure_there(arguments.beside, arguments))
    document: dict[str, object] = {"ms_per_episode": fastest(here)}
    if there:
        faster = times_faster(fastest(there), fastest(here))
        document |= {"beside": fastest(there), "times_faster": faster}
    print(json.dumps(document, indent=2))


if __name__ == "__main__":
    main()
