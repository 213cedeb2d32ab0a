"""PSRO with exact best responses on game trees: who is at which exploitability when.

Both programs start from uniform policies and answer, iteration by iteration, the equilibrium of the
meta-game with the best of all policies (double oracle), ``psro_v2`` as its example does by default.
Processor time counts without the measuring. The goal is the lowest NashConv that the peer comes to;
its time is that of its first being there, ours that of being there for good.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import takewhile
from typing import Any

import numpy as np

from evidence.peers.psro_v2.own import Clock, solved
from evidence.peers.turns import Answer, Task, Told, Turn
from ssa_psro.games.matrix import MatrixGame
from ssa_psro.games.protocol import exact_curve, exact_end
from ssa_psro.games.trees.game import TreeGame
from ssa_psro.games.trees.open_spiel import SOURCES, make_game
from ssa_psro.learn import make_oracle

GAMES = {"kuhn": 6, "leduc": 12}
"""Iterations of the peer; ours does ``OWN`` times as many, in case that it needs more."""
OWN = 3
MATRIX_SIZE, MATRIX_ITERATIONS = 30, 20
TABLE_EPISODES = 1000
"""That the peer plays for a payoff, the default of its example; ours are exact."""

EXACT = 1e-9
"""NashConv below which the rest is rounding."""

Curve = list[tuple[float, float]]
"""Processor seconds and NashConv after each iteration, from none."""


class NeverThereError(Exception):
    """There is no time to compare."""


def task(game: str) -> Task:
    """A game and how long it is played."""
    return {
        "work": "psro-exact",
        "name": game,
        "game": SOURCES[game],
        "iterations": GAMES[game],
        "table_episodes": TABLE_EPISODES,
    }


tasks = {game: partial(task, game) for game in GAMES}


def matrix_task() -> Task:
    """A zero-sum game of normal payoffs, long enough for double oracle to come to an end."""
    payoffs = np.random.default_rng(MATRIX_SIZE).normal(size=(MATRIX_SIZE, MATRIX_SIZE))
    return {
        "work": "psro-exact",
        "payoffs": payoffs.tolist(),
        "iterations": MATRIX_ITERATIONS,
    }


def psro(task: Task) -> tuple[Callable[[], tuple[Answer, int]], Told]:
    """The same in this package; loading the game is outside the measurement for both."""
    game: Any = TreeGame(make_game(task["name"])) if "name" in task else None
    first: Any = None
    if game is None:
        game = MatrixGame.of(np.array(task["payoffs"]))
        first = game.pure(0, 0), game.pure(1, 0)

    def run() -> tuple[Curve, int]:
        clock = Clock()
        oracle = make_oracle("exact", game, {}, 1)
        result = solved(game, OWN * task["iterations"], oracle, 1, clock, first)
        found = [*exact_curve(game, result.state), exact_end(game, result)]
        cpu_s = [float(mark["cpu_s"]) for mark in clock.marks]
        return list(zip(cpu_s, (one.nash_conv for one in found), strict=True)), 1

    return run, lambda curve: curve


def reached(ours: Curve, theirs: Curve) -> tuple[Turn, Turn]:
    """Processor time of both to the peer's lowest NashConv.

    Raises:
        NeverThereError: we do not get there, or the peer gets nowhere.
    """
    if min(nash_conv for _, nash_conv in theirs) >= theirs[0][1]:
        raise NeverThereError("the peer does not come below where it starts")
    goal = max(EXACT, min(nash_conv for _, nash_conv in theirs))
    their_s = next(cpu_s for cpu_s, nash_conv in theirs if nash_conv <= goal)
    kept = list(takewhile(lambda point: point[1] <= goal, reversed(ours)))
    if not kept:
        raise NeverThereError(f"this package does not come to a NashConv of {goal:.4f}")
    own_s = kept[-1][0]
    return Turn(own_s, own_s, 1), Turn(their_s, their_s, 1)


def disagreement(ours: Any, theirs: Any) -> dict[str, float]:
    """What both come to."""
    return {
        "peer_lowest_nash_conv": min(value for _, value in theirs),
        "own_lowest_nash_conv": min(value for _, value in ours),
        "peer_iterations": len(theirs) - 1,
        "own_iterations": len(ours) - 1,
    }
