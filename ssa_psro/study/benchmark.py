"""How fast this version works on this machine, in numbers that can be set against another's.

Every number is of wall time, the best of some rounds, since whatever else runs on a machine only
ever takes time. What is compiled is compiled before.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import geometric_mean
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any, Final

import numpy as np

from ssa_psro.game import CoverageGame, game_of
from ssa_psro.games.coverage import Coverage
from ssa_psro.geometry import build_arena
from ssa_psro.inputs.documents import parse_json
from ssa_psro.learn import make_oracle
from ssa_psro.learn.protocol import Member, OracleRequest
from ssa_psro.metagame.solvers import make_solver
from ssa_psro.policies import HEURISTICS, Policy, make_policy, play
from ssa_psro.policies.match import batches
from ssa_psro.randomness import derive_seed, episode_seeds
from ssa_psro.scenario import Scenario
from ssa_psro.work import Workers

PAIRS: Final = (
    ("aggressive", "reactive"),
    ("information", "information"),
    ("random", "random"),
    ("blinding", "shielded"),
)
"""Who plays: cheap and dear doctrines, with denial and without."""
ORACLES: Final = ("cma-es", "ppo")
TABLE: Final = 40
"""Policies a side in the payoff table that is solved."""
FIRST: Final = """
from ssa_psro.games.coverage import Coverage
from ssa_psro.policies import make_policy
from ssa_psro.randomness import episode_seeds
from ssa_psro.study import load_study
import sys
policy, game = make_policy("reactive"), Coverage(load_study(sys.argv[1]).scenario)
game.judge(policy, policy, episode_seeds(0, "first", count=2))
"""
"""What a new process does until it has played its first match."""

Times = dict[str, float]
"""By name: seconds where it ends in ``_s``, milliseconds in ``_ms``, else numbers a second."""


def measure(scenario: Path, game: Scenario, *, episodes: int, workers: Sequence[int]) -> Times:
    """One round of everything.

    Args:
        scenario: file of the game.
        game: read from it.
        episodes: of each pair, and so many in each training.
        workers: numbers of threads that episodes are played in.
    """
    engine = game_of(game)
    found = {
        f"episode, {' v '.join(pair)}, {count} thread{'s' * (count > 1)}_ms": episode_ms(
            engine, pair, episodes, count
        )
        for count in workers
        for pair in PAIRS
    }
    for oracle in ORACLES:
        found[f"decisions of {oracle}"] = decisions_per_s(game, oracle, episodes)
    found[f"equilibrium of {TABLE} x {TABLE}_ms"] = 1e3 * _seconds(_solve)
    with TemporaryDirectory() as cache:
        found["tables, made_s"] = _seconds(lambda: build_arena(game, cache_dir=Path(cache)))
        found["tables, found_s"] = _seconds(lambda: build_arena(game, cache_dir=Path(cache)))
    line = [sys.executable, "-c", FIRST, str(scenario)]
    found["first match of a process_s"] = _seconds(lambda: subprocess.run(line, check=True))
    return found


def episode_ms(game: CoverageGame, pair: tuple[str, str], episodes: int, workers: int) -> float:
    """Milliseconds an episode, in so many threads."""
    blue, red = (make_policy(name) for name in pair)
    seeds = episode_seeds(0, "engine-benchmark", count=episodes)
    play(game, blue, red, seeds[:2])
    parts = [seeds[some] for some in batches(game, episodes)]
    with Workers(workers) as hands:
        list(hands.in_threads(lambda part: play(game, blue, red, part), parts[:workers]))
        return (
            1e3
            * _seconds(lambda: list(hands.in_threads(lambda p: play(game, blue, red, p), parts)))
            / episodes
        )


def decisions_per_s(scenario: Scenario, oracle: str, episodes: int) -> float:
    """Decisions a second of one process that trains, validation included."""
    game, decisions = Coverage(scenario), episodes * scenario.window.decisions
    members = tuple(
        Member[Policy](name, make_policy(name), constant_action=np.array(made().weights))
        for name, made in HEURISTICS.items()
    )
    mixture = np.full(len(members), 1.0 / len(members))
    request = OracleRequest[Policy](
        side=0,
        iteration=1,
        name="benchmark",
        opponents=members,
        opponent_mixture=mixture,
        learners=members,
        learner_mixture=mixture,
        learner_scores=np.zeros(len(members)),
        start="heuristic",
        seed=derive_seed(0, "benchmark"),
    )
    train = make_oracle(oracle, game, {"steps": decisions, "validation_episodes": 2}, 0)
    make_oracle(oracle, game, {"steps": 1, "validation_episodes": 2}, 0)(request)
    return decisions / _seconds(lambda: train(request))


def measure_there(python: str, arguments: Sequence[str]) -> Times:
    """One round by another interpreter and the version that is installed there.

    Raises:
        ValueError: it answers nothing that can be read.
    """
    line = [python, "-m", "ssa_psro", "bench", *arguments, "--rounds", "1", "--json"]
    found = subprocess.run(line, capture_output=True, text=True, check=False)
    if found.returncode != 0:
        raise ValueError(found.stderr.strip() or f"exit code {found.returncode}")
    return {name: float(value) for name, value in parse_json(found.stdout)["times"].items()}


def best(rounds: Sequence[Times]) -> Times:
    """The best of each number: the least time, the most a second."""
    return {
        name: (min if is_time(name) else max)(one[name] for one in rounds) for name in rounds[0]
    }


def is_time(name: str) -> bool:
    """Whether less is better."""
    return name.endswith(("_s", "_ms"))


def times_faster(other: Times, here: Times) -> Times:
    """How many times faster this version is, by name, where both have measured it."""
    return {
        name: other[name] / here[name] if is_time(name) else here[name] / other[name]
        for name in here
        if name in other
    }


def overall(ratios: Mapping[str, float]) -> float:
    """The geometric mean of ratios."""
    return geometric_mean(list(ratios.values()))


def _solve() -> Any:
    payoffs = np.random.default_rng(0).normal(size=(TABLE, TABLE))
    return make_solver("nash")(np.stack([payoffs, -payoffs], axis=2))


def _seconds(work: Callable[[], object]) -> float:
    begun = perf_counter()
    work()
    return perf_counter() - begun
