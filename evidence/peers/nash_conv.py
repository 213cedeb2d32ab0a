"""NashConv of random policies in game trees, here and in OpenSpiel's compiled code.

OpenSpiel walks its states again every time; that is what a flattened tree saves.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import Any

import numpy as np

from evidence.peers.turns import Answer, Task, Told
from ssa_psro.games.trees.behaviour import Behaviour, nash_conv
from ssa_psro.games.trees.open_spiel import SOURCES, make_game
from ssa_psro.games.trees.tree import GameTree
from ssa_psro.randomness import generator

GAMES = ("kuhn", "leduc")
Pair = tuple[Behaviour, Behaviour]


def random_pair(tree: GameTree) -> Pair:
    """Behaviours with probabilities drawn uniformly and scaled to sum to 1."""
    row, column = (_random(tree, side) for side in (0, 1))
    return row, column


def _random(tree: GameTree, side: int) -> Behaviour:
    legal = tree.legal[side]
    drawn = generator(0, "exact speed", side).random(legal.shape) * legal
    return Behaviour(side, drawn / drawn.sum(axis=1, keepdims=True))


def table(tree: GameTree, pair: Pair) -> dict[str, list[tuple[int, float]]]:
    """A pair of policies as OpenSpiel takes them: actions and probabilities by label."""
    return {
        label: [(int(action), float(row[action])) for action in np.flatnonzero(legal)]
        for policy in pair
        for label, row, legal in zip(
            tree.labels[policy.side], policy.probabilities, tree.legal[policy.side], strict=True
        )
    }


def python_answer(game: Any, tree: GameTree, pair: Pair) -> Callable[[], float]:
    """NashConv by OpenSpiel's Python code, which takes minutes in all but small games."""
    algorithm: Any = import_module("open_spiel.python.algorithms.exploitability")
    policies: Any = import_module("open_spiel.python.policy")
    policy = policies.TabularPolicy(game)
    for label, actions in table(tree, pair).items():
        for action, probability in actions:
            policy.action_probability_array[policy.state_lookup[label], action] = probability
    return lambda: float(algorithm.nash_conv(game, policy))


def task(game: str) -> Task:
    """A game as OpenSpiel calls it, and a random policy of both players."""
    tree = make_game(game)
    return {
        "work": "nash-conv",
        "name": game,
        "game": SOURCES[game],
        "policy": table(tree, random_pair(tree)),
        "repeats": 20 if game == "leduc" else 200,
    }


tasks = {game: partial(task, game) for game in GAMES}


def answer(task: Task) -> tuple[Callable[[], tuple[Answer, int]], Told]:
    """NashConv of the flattened tree."""
    tree = make_game(task["name"])
    pair = random_pair(tree)

    def run() -> tuple[Answer, int]:
        return nash_conv(tree, *pair), 1

    return run, float


def disagreement(ours: Any, theirs: Any) -> dict[str, float]:
    """The difference of the two numbers."""
    return {"nash_conv": ours, "apart": abs(ours - theirs)}
