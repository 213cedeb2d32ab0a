"""Playing a game tree against a fixed opponent, many episodes side by side, compiled.

Chance and the opponent move inside, so that a learner only ever stands where it is its turn. Every
slot draws from a stream of its own (SplitMix64; Steele, Lea & Flood 2014): what happens in one
depends on its seed and its actions alone.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ssa_psro.arrays import Floats, Integers, Seeds
from ssa_psro.benchmarks.games.behaviour import Behaviour
from ssa_psro.benchmarks.games.tree import TERMINAL, GameTree
from ssa_psro.compiled import compiled, entry_point

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)
_TO_UNIT = 2.0**-53


class Deck(NamedTuple):
    """A game tree as one learner meets it.

    Attributes:
        player: ``[H]``, as in ``GameTree``.
        infoset: ``[H]``.
        first_child: ``[H]``.
        child_count: ``[H]``.
        action: ``[H]``.
        likelihood: ``[H]`` probability of the edge into a node where chance or the opponent has
            moved, 1 where the learner has.
        payoff: ``[H]`` to the learner at terminals, 0 elsewhere.
    """

    player: NDArray[np.int8]
    infoset: NDArray[np.int32]
    first_child: NDArray[np.int32]
    child_count: NDArray[np.int32]
    action: NDArray[np.int32]
    likelihood: Floats
    payoff: Floats


def deck_of(tree: GameTree, opponent: Behaviour) -> Deck:
    """The game as it is to the other side of ``opponent``."""
    likelihood = tree.chance.copy()
    mine, theirs = 1 - opponent.side, opponent.side
    movers = np.flatnonzero(tree.player == theirs)
    children = [tree.first_child[movers] + k for k in range(tree.actions)]
    for number, child in enumerate(children):
        there = tree.child_count[movers] > number
        table = opponent.probabilities[tree.infoset[movers[there]]]
        reached = child[there]
        likelihood[reached] = table[np.arange(reached.size), tree.action[reached]]
    payoff = tree.payoff if mine == 0 else -tree.payoff
    return Deck(
        tree.player,
        tree.infoset,
        tree.first_child,
        tree.child_count,
        tree.action,
        likelihood,
        payoff,
    )


@entry_point
def visits(deck: Deck) -> Floats:
    """Probability ``[H]`` that chance and the opponent let the learner reach each node."""
    reach = np.ones(deck.player.size)
    for node in range(deck.player.size):
        first = deck.first_child[node]
        for child in range(first, first + deck.child_count[node]):
            reach[child] = reach[node] * deck.likelihood[child]
    return reach


@entry_point
def deal(deck: Deck, side: int, streams: Seeds, nodes: Integers, dealt: Integers) -> None:
    """Begin an episode in every slot; ``nodes`` ``[E]`` are where ``side`` has its first turn.

    Episodes that end before ``side`` has had a turn are dealt again, and counted in ``dealt``.
    """
    for slot in range(nodes.size):
        nodes[slot] = _first_turn(deck, side, streams, slot, dealt)


@entry_point
def advance(
    deck: Deck,
    side: int,
    streams: Seeds,
    nodes: Integers,
    dealt: Integers,
    actions: Integers,
    payoffs: Floats,
    over: NDArray[np.bool_],
) -> int:
    """Take ``actions`` ``[E]`` and play on until it is the turn of ``side`` again in every slot.

    Args:
        deck: the game.
        side: the learner's.
        streams: random numbers of each slot, ``[E]``; changed.
        nodes: where each slot stands, ``[E]``; changed. A finished episode is followed by the next.
        dealt: how many episodes each slot has begun, ``[E]``; changed.
        actions: what the learner does in each slot.
        payoffs: of the episodes that end now, ``[E]``, 0 elsewhere; filled in.
        over: whose episode ends now, ``[E]``; filled in.

    Returns:
        The first slot whose action is illegal, where everything stops; -1 if none is.
    """
    for slot in range(nodes.size):
        node = _child_of(deck, nodes[slot], actions[slot])
        if node < 0:
            return slot
        node = _walk(deck, side, streams, slot, node)
        over[slot] = deck.player[node] == TERMINAL
        payoffs[slot] = deck.payoff[node]
        nodes[slot] = _first_turn(deck, side, streams, slot, dealt) if over[slot] else node
    return -1


@compiled
def _child_of(deck: Deck, node: int, action: int) -> int:
    first = deck.first_child[node]
    for child in range(first, first + deck.child_count[node]):
        if deck.action[child] == action:
            return int(child)
    return -1


@compiled
def _first_turn(deck: Deck, side: int, streams: Seeds, slot: int, dealt: Integers) -> int:
    node = -1
    while node < 0 or deck.player[node] == TERMINAL:
        dealt[slot] += 1
        node = _walk(deck, side, streams, slot, 0)
    return node


@compiled
def _walk(deck: Deck, side: int, streams: Seeds, slot: int, node: int) -> int:
    """Let chance and the opponent move until it is the turn of ``side``, or over."""
    while deck.player[node] != side and deck.player[node] != TERMINAL:
        left = _draw(streams, slot)
        child = deck.first_child[node]
        last = child + deck.child_count[node] - 1
        left -= deck.likelihood[child]
        while left >= 0.0 and child < last:
            child += 1
            left -= deck.likelihood[child]
        # probabilities that sum to a little less than 1 must not lead to where none leads
        while deck.likelihood[child] == 0.0:
            child -= 1
        node = child
    return node


@compiled
def _draw(streams: Seeds, slot: int) -> float:
    """The next number in [0, 1) of a slot's stream."""
    streams[slot] += _GOLDEN
    z = streams[slot]
    z = (z ^ (z >> np.uint64(30))) * _FIRST
    z = (z ^ (z >> np.uint64(27))) * _SECOND
    return float((z ^ (z >> np.uint64(31))) >> np.uint64(11)) * _TO_UNIT
