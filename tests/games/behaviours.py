"""Trees, built once, and random policies for them."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from ssa_psro.games.trees.behaviour import Behaviour
from ssa_psro.games.trees.open_spiel import GAMES, make_game
from ssa_psro.games.trees.tree import GameTree

tree_of = cache(make_game)

every_game = [
    pytest.param(name, marks=pytest.mark.slow) if name == "liars-dice" else name for name in GAMES
]
"""Parameters of a test that all games pass; the largest takes seconds to build."""


def random_behaviour(tree: GameTree, side: int, seed: int, pure_share: float = 0.3) -> Behaviour:
    """Any distribution over legal actions; in some information sets one action alone.

    Pure choices leave parts of the tree unreached, where mistakes like to hide.
    """
    rng = np.random.default_rng([seed, side])
    legal = tree.legal[side]
    drawn = rng.random(legal.shape) * legal
    pure = rng.random(len(legal)) < pure_share
    drawn[pure] = np.where(drawn == drawn.max(axis=1, keepdims=True), 1.0, 0.0)[pure]
    return Behaviour(side, drawn / drawn.sum(axis=1, keepdims=True))


def random_pair(tree: GameTree, seed: int) -> tuple[Behaviour, Behaviour]:
    """One for each side."""
    return random_behaviour(tree, 0, seed), random_behaviour(tree, 1, seed)


def walked_payoff(tree: GameTree, row: Behaviour, column: Behaviour, node: int = 0) -> float:
    """Expected payoff by walking the tree, as slowly and plainly as can be."""
    children = range(tree.first_child[node], tree.first_child[node] + tree.child_count[node])
    player = tree.player[node]
    if player == 3:
        return float(tree.payoff[node])
    total = 0.0
    for child in children:
        if player == 2:
            share = tree.chance[child]
        else:
            table = (row, column)[player].probabilities
            share = table[tree.infoset[node], tree.action[child]]
        total += share * walked_payoff(tree, row, column, child)
    return total
