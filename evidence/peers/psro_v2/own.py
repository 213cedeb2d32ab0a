"""What this package does in the same game: PSRO with PPO, measured as the other program is.

``python -m evidence.peers.psro_v2.own`` prints the same lines as ``peer.py``. Both clocks
start with loading the game, imports being done, and stand still while NashConv is computed.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterator
from dataclasses import asdict, replace
from itertools import accumulate
from time import perf_counter, process_time
from typing import Any

from ssa_psro.games.protocol import exact_curve, exact_end
from ssa_psro.games.trees.behaviour import Behaviour
from ssa_psro.games.trees.game import TreeGame
from ssa_psro.games.trees.open_spiel import make_game
from ssa_psro.learn import make_oracle
from ssa_psro.learn.algorithms.ppo import PpoSettings
from ssa_psro.learn.protocol import Oracle
from ssa_psro.metagame.solvers import make_solver
from ssa_psro.psro import Population, PsroResult, PsroState, StopRule, initial_state, run_psro
from ssa_psro.randomness import derive_seed

GAME = "leduc"

SETTINGS = PpoSettings(**TreeGame.defaults["ppo"])
"""What game trees have for PPO."""

EPISODES = 2
"""Of every payoff and gain: they are exact, but intervals want two."""

SIDES = 2

Row = dict[str, Any]


class Clock:
    """Wall and processor time since it was made, noted whenever a state is complete."""

    def __init__(self) -> None:
        self.begun = perf_counter(), process_time()
        self.marks: list[Row] = []

    def __call__(self, state: PsroState[Behaviour]) -> None:
        """Note the time."""
        wall, cpu = self.begun
        self.marks.append({"wall_s": perf_counter() - wall, "cpu_s": process_time() - cpu})


def rows(game: str, iterations: int, settings: PpoSettings, seed: int) -> Iterator[Row]:
    """A row before the first iteration and one after each; what measuring takes does not count."""
    import torch  # noqa: F401  so that no run pays for it

    clock = Clock()
    tree_game, root = TreeGame(make_game(game)), derive_seed(seed, game)
    oracle = make_oracle("ppo", tree_game, asdict(settings), root)
    result = solved(tree_game, iterations, oracle, root, clock)
    curve = [*exact_curve(tree_game, result.state), exact_end(tree_game, result)]
    for number, (mark, found) in enumerate(zip(clock.marks, curve, strict=True)):
        yield {
            "iteration": number,
            **mark,
            "episodes_per_player": _spent(result, "episodes")[number] / SIDES,
            "steps_per_player": _spent(result, "decisions")[number] / SIDES,
            "table_episodes": 0,
            "nash_conv": found.nash_conv,
        }


def solved(
    game: Any,
    iterations: int,
    oracle: Oracle[Any],
    seed: int,
    clock: Clock,
    first: tuple[Any, Any] | None = None,
) -> PsroResult[Any]:
    """PSRO with Nash mixtures from uniform policies, or from ``first``; the clock marks states."""
    begins = first or tuple(game.uniform(side) for side in range(SIDES))
    row, column = (
        Population(name, (one,)) for name, one in zip(("row", "column"), begins, strict=True)
    )
    return run_psro(
        initial_state((row, column), seed=seed, episodes_per_cell=EPISODES),
        judge=game.judge,
        mix=game.mix,
        solve=make_solver("nash"),
        oracle=oracle,
        start=lambda iteration: "scratch",
        stop=StopRule(iterations=iterations),
        seed=seed,
        held_out_episodes=EPISODES,
        on_state=clock,
    )


def _spent(result: PsroResult[Behaviour], fact: str) -> list[float]:
    """Running totals over iterations, from nothing."""
    of_each = (
        sum(float(one.facts[fact] or 0) for side in record.sides for one in side.responses)
        for record in result.state.records
    )
    return list(accumulate(of_each, initial=0.0))


def main() -> None:
    """Print a line of CSV an iteration, all at the end."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--iterations", type=int, default=20)
    parser.add_argument("--steps", type=int, default=SETTINGS.steps, help="a response")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    settings = replace(SETTINGS, steps=options.steps)
    found = list(rows(GAME, options.iterations, settings, options.seed))
    writer = csv.DictWriter(sys.stdout, found[0], lineterminator="\n")
    writer.writeheader()
    writer.writerows(found)


if __name__ == "__main__":
    main()
