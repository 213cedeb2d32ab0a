"""How fast NashConv is computed: ``python -m evidence.exact_speed [GAME ...]``.

Prints, for each game, the CPU milliseconds of one NashConv here, in OpenSpiel's compiled code and
in its Python code, all of the same random policies, and by how much the answers differ. OpenSpiel
walks its states again every time; that is what a flattened tree saves. Its Python code is asked
in small games only, since it takes minutes in the others.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from importlib import import_module
from time import process_time
from typing import Any

import numpy as np

from ssa_psro.games.trees.behaviour import Behaviour, nash_conv
from ssa_psro.games.trees.open_spiel import GAMES, SOURCES, load_open_spiel, make_game
from ssa_psro.games.trees.tree import GameTree
from ssa_psro.randomness import generator

Pair = tuple[Behaviour, Behaviour]
Answer = Callable[[], float]

OURS = "here"
SMALL_NODES = 10_000
"""Nodes up to which OpenSpiel's Python code is asked too."""

MEASURED_S = 0.2
"""CPU seconds that each is measured for, if one answer does not take longer."""


def random_pair(tree: GameTree) -> Pair:
    """Behaviours with probabilities drawn uniformly and scaled to sum to 1."""
    row, column = (_random(tree, side) for side in (0, 1))
    return row, column


def _random(tree: GameTree, side: int) -> Behaviour:
    legal = tree.legal[side]
    drawn = generator(0, "exact speed", side).random(legal.shape) * legal
    return Behaviour(side, drawn / drawn.sum(axis=1, keepdims=True))


def open_spiel_table(tree: GameTree, pair: Pair) -> dict[str, list[tuple[int, float]]]:
    """A pair of policies as OpenSpiel takes them: actions and probabilities by label."""
    return {
        label: [(int(action), float(row[action])) for action in np.flatnonzero(legal)]
        for policy in pair
        for label, row, legal in zip(
            tree.labels[policy.side], policy.probabilities, tree.legal[policy.side], strict=True
        )
    }


def compiled_answer(game: Any, tree: GameTree, pair: Pair) -> Answer:
    """NashConv by OpenSpiel's compiled code."""
    pyspiel: Any = import_module("pyspiel")
    policy = pyspiel.TabularPolicy(open_spiel_table(tree, pair))
    return lambda: float(pyspiel.nash_conv(game, policy, True))


def python_answer(game: Any, tree: GameTree, pair: Pair) -> Answer:
    """NashConv by OpenSpiel's Python code."""
    algorithm: Any = import_module("open_spiel.python.algorithms.exploitability")
    policies: Any = import_module("open_spiel.python.policy")
    policy = policies.TabularPolicy(game)
    for label, actions in open_spiel_table(tree, pair).items():
        for action, probability in actions:
            policy.action_probability_array[policy.state_lookup[label], action] = probability
    return lambda: float(algorithm.nash_conv(game, policy))


def compare(name: str) -> dict[str, object]:
    """All answers for one game, with times as multiples of ours."""
    tree, game = make_game(name), load_open_spiel(SOURCES[name])
    pair = random_pair(tree)
    ways = {OURS: lambda: nash_conv(tree, *pair), "open_spiel": compiled_answer(game, tree, pair)}
    if tree.player.size <= SMALL_NODES:
        ways["open_spiel_python"] = python_answer(game, tree, pair)
    values = [answer() for answer in ways.values()]  # compilation is not timed
    ms = {way: 1e3 * _seconds(answer) for way, answer in ways.items()}
    return {
        "nodes": tree.player.size,
        "cpu_ms": {way: round(value, 4) for way, value in ms.items()},
        "ratio": {way: round(value / ms[OURS], 1) for way, value in ms.items() if way != OURS},
        "largest_difference": max(values) - min(values),
    }


def _seconds(answer: Answer) -> float:
    """CPU seconds of one answer, averaged."""
    started, count = process_time(), 0
    while not count or (spent := process_time() - started) < MEASURED_S:
        answer()
        count += 1
    return spent / count


def main() -> None:
    """Measure and print one JSON object."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("games", nargs="*", default=list(GAMES), help="names of games; all of them")
    names = parser.parse_args().games
    print(json.dumps({name: compare(name) for name in names}, indent=2))


if __name__ == "__main__":
    main()
