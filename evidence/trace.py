"""What a trace costs, and whether its causes add up: ``python -m evidence.trace SCENARIO``.

Prints episodes per second with and without traces, played in turns in one run, with their ratio;
the size of a stored trace; how many object-steps without custody have other than one cause, over
episodes of random pairs of heuristics; and whether the hours that are recovered without denial are
those of a replay.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np

from ssa_psro.game import CoverageGame, game_of
from ssa_psro.policies import HEURISTICS, make_policy, play
from ssa_psro.randomness import episode_seeds, generator
from ssa_psro.scenario import load_scenario
from ssa_psro.trace import record
from ssa_psro.trace.causes import (
    CAUSES,
    Cause,
    WithoutDenial,
    cause_steps,
    causes_of,
    recovered_steps,
)
from ssa_psro.trace.files import save_trace

PAIR = ("information", "blinding")
ROUNDS = 5


def cost(game: CoverageGame, episodes: int) -> dict[str, float]:
    """Episodes per second, median of rounds that alternate."""
    blue, red = (make_policy(name) for name in PAIR)
    seeds = episode_seeds(0, "trace", count=episodes)
    seconds: dict[str, list[float]] = {"play": [], "record": []}
    for some in (seeds[:1], *[seeds] * ROUNDS):  # the first compiles
        for name, function in (("play", play), ("record", record)):
            started = perf_counter()
            function(game, blue, red, some)
            seconds[name].append(perf_counter() - started)
    spent = {name: median(some[1:]) for name, some in seconds.items()}
    return {
        "episodes_per_s": round(episodes / spent["play"], 1),
        "traced_episodes_per_s": round(episodes / spent["record"], 1),
        "ratio": round(spent["record"] / spent["play"], 2),
    }


def size(game: CoverageGame) -> dict[str, int]:
    """Of one episode's trace, in memory and in its file."""
    blue, red = (make_policy(name) for name in PAIR)
    (trace,) = record(game, blue, red, episode_seeds(0, "trace", count=1))
    plain = [
        a for part in vars(trace).values() for a in (part if isinstance(part, tuple) else [part])
    ]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "trace.npz"
        save_trace(path, trace)
        stored = path.stat().st_size
    return {"memory_bytes": sum(np.asarray(a).nbytes for a in plain), "file_bytes": stored}


def causes(game: CoverageGame, episodes: int) -> dict[str, object]:
    """Episodes of random pairs of heuristics, their causes held against what was played."""
    random = generator(0, "trace")
    seeds = episode_seeds(1, "trace", count=episodes)
    totals, wrong, unlike, objects = np.zeros((2, len(Cause))), 0, 0, 0
    for seed in seeds:
        blue, red = (make_policy(str(name)) for name in random.choice(list(HEURISTICS), 2))
        one = np.array([seed])
        (trace,) = record(game, blue, red, one)
        found = causes_of(game, trace)
        steps = cause_steps(found)
        wrong += int(((found == Cause.CUSTODY) != trace.custody).sum())
        whole = steps[..., 1:].sum(axis=2) + trace.custody.sum(axis=1)
        wrong += int((whole != trace.steps).sum())
        objects += steps.shape[1]
        totals += steps.sum(axis=1)
        freed = play(game, blue, WithoutDenial(red, game.objects, game.sensors), one)
        gain = recovered_steps(game, blue, red, one)[0, 0].mean() / trace.steps
        custody = play(game, blue, red, one).statistics["custody"][0, 0]
        unlike += abs(freed.statistics["custody"][0, 0] - custody - gain) > 1e-12
    shares = totals[:, 1:] / totals[:, 1:].sum(axis=1, keepdims=True)
    return {
        "episodes": episodes,
        "objects": objects,
        "object_steps_without_one_cause": wrong,
        "replays_unlike_recovered": int(unlike),
        "share_of_time_without_custody": {
            CAUSES[cause]: shares[:, cause - 1].round(4).tolist() for cause in CAUSES
        },
    }


def main() -> None:
    """Measure and print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scenario")
    parser.add_argument("--episodes", type=int, default=100)
    arguments = parser.parse_args()
    game = game_of(load_scenario(arguments.scenario))
    found = {"cost": cost(game, 32), "size": size(game), "causes": causes(game, arguments.episodes)}
    print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
